namespace SmallCnnGen.Zoo;

/// <summary>
/// Squeeze-and-excitation (Hu 2017, arXiv 1709.01507, Figure 3) as the ShuffleNets use it: the mean of each channel goes
/// through two 1x1 convolutions, ReLU between them, and a sigmoid, and scales the channel.
/// Tensors: "&lt;name&gt;.reduce.*" and "&lt;name&gt;.expand.*".
/// </summary>
/// <param name="reduction">How many times narrower the first convolution is.</param>
[GlobalAveragePool]
[Conv("max(1, in / reduction)", Kernel = 1, BatchNorm = false, Name = "reduce")]
[Conv("in", Kernel = 1, BatchNorm = false, Activation = Activation.Sigmoid, Name = "expand")]
[Multiply("input", "expand")]
public sealed class ShuffleExciteAttribute(int reduction = 16) : BlockAttribute
{
    /// <summary>How many times narrower the first convolution is.</summary>
    public int Reduction { get; set; } = reduction;
}
