using static SmallCnnGen.Activation;

namespace SmallCnnGen.Zoo;

/// <summary>
/// Convolution, batch normalisation and activation, as MobileNetV3 chains them.
/// Tensors: "&lt;name&gt;.0.*" (convolution) and "&lt;name&gt;.1.*" (normalisation).
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="kernel">Window: an int or an expression.</param>
/// <param name="stride">Step of the window: an int or an expression.</param>
/// <param name="groups">Groups: an int or an expression.</param>
/// <param name="activation">An <see cref="SmallCnnGen.Activation"/>, or the name of a block's parameter.</param>
[Conv("channels", Kernel = "kernel", Stride = "stride", Groups = "groups", Epsilon = 1e-3, Activation = "activation", Module = "0", BatchNormModule = "1")]
public sealed class MobileNetV3ConvAttribute([ChannelCount] object channels, object kernel, [StageStride] object stride, object groups, object activation)
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
    public object Activation { get; set; } = activation;
}

/// <summary>
/// MobileNetV3's block (Howard 2019, arXiv 1905.02244, Figure 4): 1x1 expansion, depthwise convolution,
/// squeeze-and-excitation with a quarter of the channels, linear 1x1 projection. There is no expansion when it would not
/// change the channels. Tensors: torchvision's sequence "&lt;name&gt;.block.0", "block.1", ...
/// </summary>
/// <param name="kernel">Window of the depthwise convolution: an int or an expression.</param>
/// <param name="expansion">Channels after the expansion: an int or an expression.</param>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="squeeze">Whether there is squeeze-and-excitation: a condition.</param>
/// <param name="activation">An <see cref="SmallCnnGen.Activation"/>, or the name of a block's parameter.</param>
/// <param name="stride">Stride of the depthwise convolution: an int or an expression.</param>
[MobileNetV3Conv("expansion", 1, 1, 1, "activation", Name = "block.#", When = "expansion != in")]
[MobileNetV3Conv("expansion", "kernel", "stride", "expansion", "activation", Name = "block.#")]
[SqueezeExcitation("round8(expansion / 4)", ReLU, HardSigmoid, Name = "block.#", When = "squeeze")]
[MobileNetV3Conv("channels", 1, 1, 1, None, Name = "block.#")]
[Add("input", When = "stride == 1 && in == channels")]
public sealed class MobileNetV3UnitAttribute(object kernel, object expansion, object channels, object squeeze, object activation, object stride)
    : BlockAttribute
{
    /// <summary>Window of the depthwise convolution.</summary>
    public object Kernel { get; set; } = kernel;

    /// <summary>Channels after the expansion.</summary>
    public object Expansion { get; set; } = expansion;

    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Whether there is squeeze-and-excitation.</summary>
    public object Squeeze { get; set; } = squeeze;

    /// <summary>Activation after expansion and depthwise convolution.</summary>
    public object Activation { get; set; } = activation;

    /// <summary>Stride of the depthwise convolution.</summary>
    public object Stride { get; set; } = stride;
}

/// <summary>
/// A row of MobileNetV3's tables, in the order of their columns. A width multiplier keeps the ratio of the expansion to
/// the input, which is how the paper's 0.75 networks are made.
/// </summary>
/// <param name="input">Input channels at width 1.</param>
/// <param name="kernel">Window of the depthwise convolution.</param>
/// <param name="expansion">"exp size": channels after the expansion at width 1.</param>
/// <param name="channels">"#out": output channels.</param>
/// <param name="squeeze">"SE": whether there is squeeze-and-excitation.</param>
/// <param name="activation">"NL": activation after expansion and depthwise convolution.</param>
/// <param name="stride">"s": stride of the depthwise convolution.</param>
[MobileNetV3Unit("kernel", "round8(in * expansion / input)", "channels", "squeeze", "activation", "stride", Module = "")]
public sealed class MobileNetV3BottleneckAttribute(
    int input, int kernel, int expansion, [ChannelCount] int channels, bool squeeze, Activation activation, [StageStride] int stride)
    : BlockAttribute
{
    /// <summary>Input channels at width 1.</summary>
    public int Input { get; set; } = input;

    /// <summary>Window of the depthwise convolution.</summary>
    public int Kernel { get; set; } = kernel;

    /// <summary>Channels after the expansion at width 1.</summary>
    public int Expansion { get; set; } = expansion;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Whether there is squeeze-and-excitation.</summary>
    public bool Squeeze { get; set; } = squeeze;

    /// <summary>Activation after expansion and depthwise convolution.</summary>
    public Activation Activation { get; set; } = activation;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// A row of MobileNetV3's tables whose expansion is scaled by a width multiplier on its own, as torchvision's width_mult
/// does.
/// </summary>
/// <param name="kernel">Window of the depthwise convolution.</param>
/// <param name="expansion">"exp size": channels after the expansion.</param>
/// <param name="channels">"#out": output channels.</param>
/// <param name="squeeze">"SE": whether there is squeeze-and-excitation.</param>
/// <param name="activation">"NL": activation after expansion and depthwise convolution.</param>
/// <param name="stride">"s": stride of the depthwise convolution.</param>
[MobileNetV3Unit("kernel", "expansion", "channels", "squeeze", "activation", "stride", Module = "")]
public sealed class MobileNetV3TorchvisionBottleneckAttribute(
    int kernel, [ChannelCount] int expansion, [ChannelCount] int channels, bool squeeze, Activation activation, [StageStride] int stride)
    : BlockAttribute
{
    /// <summary>Window of the depthwise convolution.</summary>
    public int Kernel { get; set; } = kernel;

    /// <summary>Channels after the expansion.</summary>
    public int Expansion { get; set; } = expansion;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Whether there is squeeze-and-excitation.</summary>
    public bool Squeeze { get; set; } = squeeze;

    /// <summary>Activation after expansion and depthwise convolution.</summary>
    public Activation Activation { get; set; } = activation;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>torchvision's MobileNetV3 classifier, whose hidden layer is scaled by a width multiplier.</summary>
/// <param name="hidden">Units of the hidden layer.</param>
/// <param name="classes">Classes: an int or an expression.</param>
[Dense("hidden", Activation = HardSwish, Name = "0")]
[Dense("classes", Name = "3")]
public sealed class MobileNetV3TorchvisionClassifierAttribute([ChannelCount] int hidden, object classes) : BlockAttribute
{
    /// <summary>Classes: an int or an expression.</summary>
    public object Classes { get; set; } = classes;

    /// <summary>Units of the hidden layer.</summary>
    public int Hidden { get; set; } = hidden;
}

/// <summary>MobileNetV3-Large (Howard 2019, arXiv 1905.02244, Table 1). Tensor names are torchvision's mobilenet_v3_large.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[MobileNetV3Conv(16, 3, 2, 1, HardSwish, Name = "features.#")]
[MobileNetV3Bottleneck(16, 3, 16, 16, false, ReLU, 1, Name = "features.#")]
[MobileNetV3Bottleneck(16, 3, 64, 24, false, ReLU, 2, Name = "features.#")]
[MobileNetV3Bottleneck(24, 3, 72, 24, false, ReLU, 1, Name = "features.#")]
[MobileNetV3Bottleneck(24, 5, 72, 40, true, ReLU, 2, Name = "features.#")]
[MobileNetV3Bottleneck(40, 5, 120, 40, true, ReLU, 1, Name = "features.#")]
[MobileNetV3Bottleneck(40, 5, 120, 40, true, ReLU, 1, Name = "features.#")]
[MobileNetV3Bottleneck(40, 3, 240, 80, false, HardSwish, 2, Name = "features.#")]
[MobileNetV3Bottleneck(80, 3, 200, 80, false, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(80, 3, 184, 80, false, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(80, 3, 184, 80, false, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(80, 3, 480, 112, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(112, 3, 672, 112, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(112, 5, 672, 160, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3Bottleneck(160, 5, 960, 160, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(160, 5, 960, 160, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Conv(960, 1, 1, 1, HardSwish, Name = "features.#")]
[GlobalAveragePool]
[Dense(1280, Activation = HardSwish, Name = "classifier.0")]
[Dense("classes", Name = "classifier.3")]
public sealed partial class MobileNetV3Large;

/// <summary>MobileNetV3-Large 0.75 of the paper's Table 3.</summary>
[Network(typeof(MobileNetV3Large), WidthMultiplier = 0.75)]
public sealed partial class MobileNetV3LargeW075;

/// <summary>
/// MobileNetV3-Small (Howard 2019, arXiv 1905.02244, Table 2). As in the authors' code and in torchvision, the last
/// convolution has no squeeze-and-excitation, though the table marks one. Tensor names are torchvision's mobilenet_v3_small.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[MobileNetV3Conv(16, 3, 2, 1, HardSwish, Name = "features.#")]
[MobileNetV3Bottleneck(16, 3, 16, 16, true, ReLU, 2, Name = "features.#")]
[MobileNetV3Bottleneck(16, 3, 72, 24, false, ReLU, 2, Name = "features.#")]
[MobileNetV3Bottleneck(24, 3, 88, 24, false, ReLU, 1, Name = "features.#")]
[MobileNetV3Bottleneck(24, 5, 96, 40, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3Bottleneck(40, 5, 240, 40, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(40, 5, 240, 40, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(40, 5, 120, 48, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(48, 5, 144, 48, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(48, 5, 288, 96, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3Bottleneck(96, 5, 576, 96, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Bottleneck(96, 5, 576, 96, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3Conv(576, 1, 1, 1, HardSwish, Name = "features.#")]
[GlobalAveragePool]
[Dense(1024, Activation = HardSwish, Name = "classifier.0")]
[Dense("classes", Name = "classifier.3")]
public sealed partial class MobileNetV3Small;

/// <summary>MobileNetV3-Small 0.75 of the paper's Table 3.</summary>
[Network(typeof(MobileNetV3Small), WidthMultiplier = 0.75)]
public sealed partial class MobileNetV3SmallW075;

/// <summary>MobileNetV3-Large whose width multiplier works as torchvision's width_mult; at width 1 it is the paper's.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[MobileNetV3Conv(16, 3, 2, 1, HardSwish, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 16, 16, false, ReLU, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 64, 24, false, ReLU, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 72, 24, false, ReLU, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 72, 40, true, ReLU, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 120, 40, true, ReLU, 1, Repeat = 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 240, 80, false, HardSwish, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 200, 80, false, HardSwish, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 184, 80, false, HardSwish, 1, Repeat = 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 480, 112, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 672, 112, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 672, 160, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 960, 160, true, HardSwish, 1, Repeat = 2, Name = "features.#")]
[MobileNetV3Conv(960, 1, 1, 1, HardSwish, Name = "features.#")]
[GlobalAveragePool]
[MobileNetV3TorchvisionClassifier(1280, "classes", Name = "classifier")]
public sealed partial class MobileNetV3LargeTorchvision;

/// <summary>torchvision's mobilenet_v3_large(width_mult=0.75).</summary>
[Network(typeof(MobileNetV3LargeTorchvision), WidthMultiplier = 0.75)]
public sealed partial class MobileNetV3LargeTorchvisionW075;

/// <summary>MobileNetV3-Small whose width multiplier works as torchvision's width_mult; at width 1 it is the paper's.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[MobileNetV3Conv(16, 3, 2, 1, HardSwish, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 16, 16, true, ReLU, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 72, 24, false, ReLU, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(3, 88, 24, false, ReLU, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 96, 40, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 240, 40, true, HardSwish, 1, Repeat = 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 120, 48, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 144, 48, true, HardSwish, 1, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 288, 96, true, HardSwish, 2, Name = "features.#")]
[MobileNetV3TorchvisionBottleneck(5, 576, 96, true, HardSwish, 1, Repeat = 2, Name = "features.#")]
[MobileNetV3Conv(576, 1, 1, 1, HardSwish, Name = "features.#")]
[GlobalAveragePool]
[MobileNetV3TorchvisionClassifier(1024, "classes", Name = "classifier")]
public sealed partial class MobileNetV3SmallTorchvision;

/// <summary>torchvision's mobilenet_v3_small(width_mult=0.75).</summary>
[Network(typeof(MobileNetV3SmallTorchvision), WidthMultiplier = 0.75)]
public sealed partial class MobileNetV3SmallTorchvisionW075;
