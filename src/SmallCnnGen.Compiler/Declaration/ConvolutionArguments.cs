using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>What the three convolution attributes share, read and resolved.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Step.</param>
/// <param name="Padding">Padding as declared.</param>
/// <param name="Dilation">Distance between taps.</param>
/// <param name="Weight">Name of the weight tensor.</param>
/// <param name="Bias">Name of the bias tensor, or null.</param>
/// <param name="Norm">Batch normalisation, or null.</param>
/// <param name="Activation">Activation.</param>
internal sealed record ConvolutionArguments(
    Pair Kernel,
    Pair Stride,
    PaddingChoice Padding,
    Pair Dilation,
    string Weight,
    string? Bias,
    BatchNormSpec? Norm,
    ActivationSpec Activation)
{
    /// <summary>Suffix of the convolution's own node: none when nothing follows it.</summary>
    public string ConvSuffix => Norm is null && Activation.IsNone ? string.Empty : ".conv";

    /// <summary>The window over an input.</summary>
    public Window WindowOver(TensorShape input) => new(Kernel, Stride, Padding.Resolve(input, Kernel, Stride, Dilation), Dilation);
}
