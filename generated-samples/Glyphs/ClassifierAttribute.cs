using SmallCnnGen;

namespace Glyphs;

/// <summary>
/// A block of this program's own, written like those that come with the package: a last 1x1 convolution, the mean over the
/// map, and a score for each class. Its layers name their tensors from the network's root ("head", "classifier"), because
/// that is where the weights files have them.
/// </summary>
/// <param name="channels">Channels of the convolution.</param>
/// <param name="classes">Classes.</param>
/// <param name="activation">Activation of the convolution.</param>
[Conv("channels", Kernel = 1, Activation = "activation", Name = "head")]
[GlobalAveragePool]
[Dense("classes", Name = "classifier")]
public sealed class ClassifierAttribute(int channels, int classes, Activation activation = Activation.ReLU) : BlockAttribute
{
    /// <summary>Channels of the convolution.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Classes.</summary>
    public int Classes { get; set; } = classes;

    /// <summary>Activation of the convolution.</summary>
    public Activation Activation { get; set; } = activation;
}
