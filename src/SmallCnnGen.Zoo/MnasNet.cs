namespace SmallCnnGen.Zoo;

/// <summary>
/// MnasNet's mobile inverted bottleneck (Tan 2018, arXiv 1807.11626, Figure 7b and 7c): 1x1 expansion (none for a factor
/// of 1), depthwise convolution, squeeze-and-excitation with a quarter of the input's channels, linear 1x1 projection.
/// Tensors: "&lt;name&gt;.expand.*", "dw.*", "se.reduce.*", "se.expand.*" and "project.*".
/// </summary>
/// <param name="expansion">Expansion factor.</param>
/// <param name="kernel">Window of the depthwise convolution.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
/// <param name="squeeze">Whether there is squeeze-and-excitation.</param>
[Conv("in * expansion", Kernel = 1, Name = "expand", When = "expansion != 1")]
[DepthwiseConv(Kernel = "kernel", Stride = "stride", Name = "dw")]
[SqueezeExcitation("in / 4", first: "reduce", second: "expand", Name = "se", When = "squeeze")]
[Conv("channels", Kernel = 1, Activation = Activation.None, Name = "project")]
[Add("input", When = "stride == 1 && in == channels")]
public sealed class MnasNetBottleneckAttribute(int expansion, int kernel, [ChannelCount] int channels, [StageStride] int stride = 1, bool squeeze = false)
    : BlockAttribute
{
    /// <summary>Expansion factor.</summary>
    public int Expansion { get; set; } = expansion;

    /// <summary>Window of the depthwise convolution.</summary>
    public int Kernel { get; set; } = kernel;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;

    /// <summary>Whether there is squeeze-and-excitation.</summary>
    public bool Squeeze { get; set; } = squeeze;
}

/// <summary>
/// The bottleneck of torchvision's MnasNet: 1x1 expansion, depthwise convolution, linear 1x1 projection.
/// Tensors: "&lt;name&gt;.layers.0" to "layers.7".
/// </summary>
/// <param name="expand">Expansion factor.</param>
/// <param name="kernel">Window of the depthwise convolution.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
[Conv("in * expand", Kernel = 1, Module = "layers.0", BatchNormModule = "layers.1")]
[DepthwiseConv(Kernel = "kernel", Stride = "stride", Module = "layers.3", BatchNormModule = "layers.4")]
[Conv("channels", Kernel = 1, Activation = Activation.None, Module = "layers.6", BatchNormModule = "layers.7")]
[Add("input", When = "stride == 1 && in == channels")]
public sealed class MnasNetTorchvisionBottleneckAttribute(int expand, int kernel, [ChannelCount] int channels, [StageStride] int stride = 1)
    : BlockAttribute
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

/// <summary>MnasNet-A1 (Tan 2018, arXiv 1807.11626, Figure 7).</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Name = "stem")]
[MnasNetBottleneck(1, 3, 16, Name = "units.#")]
[MnasNetBottleneck(6, 3, 24, stride: 2, Repeat = 2, Name = "units.#")]
[MnasNetBottleneck(3, 5, 40, stride: 2, squeeze: true, Repeat = 3, Name = "units.#")]
[MnasNetBottleneck(6, 3, 80, stride: 2, Repeat = 4, Name = "units.#")]
[MnasNetBottleneck(6, 3, 112, squeeze: true, Repeat = 2, Name = "units.#")]
[MnasNetBottleneck(6, 5, 160, stride: 2, squeeze: true, Repeat = 3, Name = "units.#")]
[MnasNetBottleneck(6, 3, 320, Name = "units.#")]
[Conv(1280, Kernel = 1, Scale = false, Name = "last")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class MnasNetA1;

/// <summary>
/// MnasNet-B1, the search's result without squeeze-and-excitation, as torchvision has it (mnasnet1_0); its tensor names.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Module = "layers.0", BatchNormModule = "layers.1")]
[DepthwiseConv(Module = "layers.3", BatchNormModule = "layers.4")]
[Conv(16, Kernel = 1, Activation = Activation.None, Module = "layers.6", BatchNormModule = "layers.7")]
[MnasNetTorchvisionBottleneck(3, 3, 24, stride: 2, Repeat = 3, Name = "layers.8.#")]
[MnasNetTorchvisionBottleneck(3, 5, 40, stride: 2, Repeat = 3, Name = "layers.9.#")]
[MnasNetTorchvisionBottleneck(6, 5, 80, stride: 2, Repeat = 3, Name = "layers.10.#")]
[MnasNetTorchvisionBottleneck(6, 3, 96, Repeat = 2, Name = "layers.11.#")]
[MnasNetTorchvisionBottleneck(6, 5, 192, stride: 2, Repeat = 4, Name = "layers.12.#")]
[MnasNetTorchvisionBottleneck(6, 3, 320, Name = "layers.13.#")]
[Conv(1280, Kernel = 1, Scale = false, Module = "layers.14", BatchNormModule = "layers.15")]
[GlobalAveragePool]
[Dense("classes", Name = "classifier.1")]
public sealed partial class MnasNetB1;

/// <summary>torchvision's mnasnet0_5.</summary>
[Network(typeof(MnasNetB1), WidthMultiplier = 0.5)]
public sealed partial class MnasNetB1W050;

/// <summary>torchvision's mnasnet0_75.</summary>
[Network(typeof(MnasNetB1), WidthMultiplier = 0.75)]
public sealed partial class MnasNetB1W075;

/// <summary>torchvision's mnasnet1_3.</summary>
[Network(typeof(MnasNetB1), WidthMultiplier = 1.3)]
public sealed partial class MnasNetB1W130;
