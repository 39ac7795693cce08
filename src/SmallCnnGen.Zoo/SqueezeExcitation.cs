namespace SmallCnnGen.Zoo;

/// <summary>
/// Squeeze-and-excitation (Hu 2017, arXiv 1709.01507, Figure 2): the channels' means pass two 1x1 convolutions and scale
/// the channels. Tensors: "&lt;name&gt;.fc1.*" and "&lt;name&gt;.fc2.*" unless other names are given.
/// </summary>
/// <param name="squeeze">Channels between the two convolutions: an int or an expression.</param>
/// <param name="activation">Activation after the first convolution.</param>
/// <param name="gate">Activation after the second convolution.</param>
/// <param name="first">Tensor name of the first convolution.</param>
/// <param name="second">Tensor name of the second convolution.</param>
[GlobalAveragePool(Name = "pool")]
[Conv("squeeze", Kernel = 1, BatchNorm = false, Activation = "activation", Name = "fc1", Module = "first")]
[Conv("in", Kernel = 1, BatchNorm = false, Activation = "gate", Name = "fc2", Module = "second")]
[Multiply("input", Name = "scale")]
public sealed class SqueezeExcitationAttribute(
    object squeeze,
    Activation activation = Activation.ReLU,
    Activation gate = Activation.Sigmoid,
    string first = "fc1",
    string second = "fc2")
    : BlockAttribute
{
    /// <summary>Channels between the two convolutions.</summary>
    public object Squeeze { get; set; } = squeeze;

    /// <summary>Activation after the first convolution.</summary>
    public Activation Activation { get; set; } = activation;

    /// <summary>Activation after the second convolution.</summary>
    public Activation Gate { get; set; } = gate;

    /// <summary>Tensor name of the first convolution.</summary>
    public string First { get; set; } = first;

    /// <summary>Tensor name of the second convolution.</summary>
    public string Second { get; set; } = second;
}
