namespace SmallCnnGen.Zoo;

/// <summary>
/// Convolution, batch normalisation and ReLU6, as MobileNetV2 chains them.
/// Tensors: "&lt;name&gt;.0.*" (convolution) and "&lt;name&gt;.1.*" (normalisation).
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="kernel">Window: an int or an expression.</param>
/// <param name="stride">Step of the window: an int or an expression.</param>
/// <param name="groups">Groups: an int or an expression.</param>
[Conv("channels", Kernel = "kernel", Stride = "stride", Groups = "groups", Activation = Activation.ReLU6, Module = "0", BatchNormModule = "1")]
public sealed class ConvReLU6Attribute([ChannelCount] object channels, object kernel, [StageStride] object stride, object groups) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Window.</summary>
    public object Kernel { get; set; } = kernel;

    /// <summary>Step of the window.</summary>
    public object Stride { get; set; } = stride;

    /// <summary>Groups.</summary>
    public object Groups { get; set; } = groups;
}

/// <summary>
/// Inverted residual with linear bottleneck (Sandler 2018, arXiv 1801.04381, Table 1): 1x1 expansion, 3x3 depthwise
/// convolution, linear 1x1 projection; no expansion for a factor of 1. Parameters stand in the order of Table 2.
/// Tensors: torchvision's sequence "&lt;name&gt;.conv.0", "conv.1", ...
/// </summary>
/// <param name="t">Expansion factor.</param>
/// <param name="c">Output channels.</param>
/// <param name="s">Stride of the depthwise convolution.</param>
[ConvReLU6("in * t", 1, 1, 1, Name = "conv.#", When = "t != 1")]
[ConvReLU6("in * t", 3, "s", "in * t", Name = "conv.#")]
[Conv("c", Kernel = 1, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv.#")]
[BatchNorm(Name = "conv.#")]
[Add("input", When = "s == 1 && in == c")]
public sealed class MobileNetV2BottleneckAttribute(int t, [ChannelCount] int c, [StageStride] int s = 1) : BlockAttribute
{
    /// <summary>Expansion factor.</summary>
    public int T { get; set; } = t;

    /// <summary>Output channels.</summary>
    public int C { get; set; } = c;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int S { get; set; } = s;
}

/// <summary>
/// Last convolution of MobileNetV2. A width multiplier below 1 leaves its channels as they are (Sandler 2018, section 6.1).
/// Tensors: "&lt;name&gt;.0.*" (convolution) and "&lt;name&gt;.1.*" (normalisation).
/// </summary>
/// <param name="c">Output channels, 1280 at least.</param>
[ConvReLU6("max(c, 1280)", 1, 1, 1, Module = "")]
public sealed class MobileNetV2LastConvAttribute([ChannelCount] int c) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int C { get; set; } = c;
}

/// <summary>MobileNetV2 (Sandler 2018, arXiv 1801.04381, Table 2). Tensor names are torchvision's mobilenet_v2.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[ConvReLU6(32, 3, 2, 1, Name = "features.#")]
[MobileNetV2Bottleneck(t: 1, c: 16, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 24, s: 2, Repeat = 2, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 32, s: 2, Repeat = 3, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 64, s: 2, Repeat = 4, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 96, Repeat = 3, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 160, s: 2, Repeat = 3, Name = "features.#")]
[MobileNetV2Bottleneck(t: 6, c: 320, Name = "features.#")]
[MobileNetV2LastConv(c: 1280, Name = "features.#")]
[GlobalAveragePool]
[Dense("classes", Name = "classifier.1")]
public sealed partial class MobileNetV2;

/// <summary>MobileNetV2 with 1.4 times the channels (Sandler 2018, Table 4).</summary>
[Network(typeof(MobileNetV2), WidthMultiplier = 1.4)]
public sealed partial class MobileNetV2W140;

/// <summary>MobileNetV2 with three quarters of the channels.</summary>
[Network(typeof(MobileNetV2), WidthMultiplier = 0.75)]
public sealed partial class MobileNetV2W075;

/// <summary>MobileNetV2 with half of the channels.</summary>
[Network(typeof(MobileNetV2), WidthMultiplier = 0.5)]
public sealed partial class MobileNetV2W050;

/// <summary>MobileNetV2 for 192x192 pixels.</summary>
[Network(typeof(MobileNetV2), Height = 192, Width = 192)]
public sealed partial class MobileNetV2R192;

/// <summary>MobileNetV2 for 128x128 pixels.</summary>
[Network(typeof(MobileNetV2), Height = 128, Width = 128)]
public sealed partial class MobileNetV2R128;

/// <summary>MobileNetV2 for 96x96 pixels.</summary>
[Network(typeof(MobileNetV2), Height = 96, Width = 96)]
public sealed partial class MobileNetV2R96;
