using static SmallCnnGen.Activation;

namespace SmallCnnGen.Zoo;

/// <summary>
/// Convolution, batch normalisation and activation, as EfficientNet chains them.
/// Tensors: "&lt;name&gt;.0.*" (convolution) and "&lt;name&gt;.1.*" (normalisation).
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="kernel">Window: an int or an expression.</param>
/// <param name="stride">Step of the window: an int or an expression.</param>
/// <param name="groups">Groups: an int or an expression.</param>
/// <param name="activation">Activation after the normalisation.</param>
[Conv("channels", Kernel = "kernel", Stride = "stride", Groups = "groups", Activation = "activation", Module = "0", BatchNormModule = "1")]
public sealed class EfficientNetConvAttribute(
    [ChannelCount] object channels, object kernel, [StageStride] object stride, object groups, Activation activation = SiLU)
    : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Window.</summary>
    public object Kernel { get; set; } = kernel;

    /// <summary>Step of the window.</summary>
    public object Stride { get; set; } = stride;

    /// <summary>Groups.</summary>
    public object Groups { get; set; } = groups;

    /// <summary>Activation after the normalisation.</summary>
    public Activation Activation { get; set; } = activation;
}

/// <summary>
/// MBConv (Tan 2019, arXiv 1905.11946, section 4): 1x1 expansion (none for a factor of 1), depthwise convolution,
/// squeeze-and-excitation with a quarter of the input's channels, linear 1x1 projection.
/// Tensors: torchvision's sequence "&lt;name&gt;.block.0", "block.1", ...
/// </summary>
/// <param name="expand">Expansion factor.</param>
/// <param name="kernel">Window of the depthwise convolution.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
[EfficientNetConv("in * expand", 1, 1, 1, Name = "block.#", When = "expand != 1")]
[EfficientNetConv("in * expand", "kernel", "stride", "in * expand", Name = "block.#")]
[SqueezeExcitation("max(1, in / 4)", SiLU, Sigmoid, Name = "block.#")]
[EfficientNetConv("channels", 1, 1, 1, None, Name = "block.#")]
[Add("input", When = "stride == 1 && in == channels")]
public sealed class MBConvAttribute(int expand, int kernel, [ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Expansion factor.</summary>
    public int Expand { get; set; } = expand;

    /// <summary>Window of the depthwise convolution.</summary>
    public int Kernel { get; set; } = kernel;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>EfficientNet-B0 (Tan 2019, arXiv 1905.11946, Table 1). Tensor names are torchvision's efficientnet_b0.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[EfficientNetConv(32, 3, 2, 1, Name = "features.0")]
[MBConv(1, 3, 16, Name = "features.1.#")]
[MBConv(6, 3, 24, stride: 2, Repeat = 2, Name = "features.2.#")]
[MBConv(6, 5, 40, stride: 2, Repeat = 2, Name = "features.3.#")]
[MBConv(6, 3, 80, stride: 2, Repeat = 3, Name = "features.4.#")]
[MBConv(6, 5, 112, Repeat = 3, Name = "features.5.#")]
[MBConv(6, 5, 192, stride: 2, Repeat = 4, Name = "features.6.#")]
[MBConv(6, 3, 320, Name = "features.7.#")]
[EfficientNetConv(1280, 1, 1, 1, Name = "features.8")]
[GlobalAveragePool]
[Dense("classes", Name = "classifier.1")]
public sealed partial class EfficientNetB0;
