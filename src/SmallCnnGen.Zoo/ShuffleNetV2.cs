namespace SmallCnnGen.Zoo;

/// <summary>
/// ShuffleNet V2's unit (Ma 2018, arXiv 1807.11164, Figure 3 c and d): with stride 1 half of the channels pass unchanged
/// beside 1x1, depthwise 3x3 and 1x1 convolutions; with stride 2 both branches read the whole input. The halves are
/// joined and shuffled. Tensor names are torchvision's.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="stride">Stride of the depthwise convolutions.</param>
[Slice("in / 2", "in", When = "stride == 1")]
[Conv("channels / 2", Kernel = 1, Name = "pw1", Module = "branch2.0", BatchNormModule = "branch2.1")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "dw", Module = "branch2.3", BatchNormModule = "branch2.4")]
[Conv("channels / 2", Kernel = 1, Name = "right", Module = "branch2.5", BatchNormModule = "branch2.6")]
[Slice(0, "in / 2", From = "input", Name = "left", When = "stride == 1")]
[DepthwiseConv(Stride = 2, Activation = Activation.None, From = "input", Name = "leftDw", Module = "branch1.0", BatchNormModule = "branch1.1", When = "stride == 2")]
[Conv("channels / 2", Kernel = 1, Name = "left", Module = "branch1.2", BatchNormModule = "branch1.3", When = "stride == 2")]
[Concat("left", "right")]
[Shuffle(2)]
public sealed class ShuffleNetV2UnitAttribute([ChannelCount] object channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolutions.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// ShuffleNet V2 1x (Ma 2018, arXiv 1807.11164, Table 5) as torchvision has it. The table's columns differ in the
/// channels of stage 2, which double from stage to stage, and in those of conv5.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("channels", 116)]
[Parameter("conv5", 1024)]
[Conv(24, Stride = 2, Name = "conv1", Module = "conv1.0", BatchNormModule = "conv1.1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[ShuffleNetV2Unit("channels", stride: 2, Repeat = 4, Name = "stage2.#")]
[ShuffleNetV2Unit("2 * channels", stride: 2, Repeat = 8, Name = "stage3.#")]
[ShuffleNetV2Unit("4 * channels", stride: 2, Repeat = 4, Name = "stage4.#")]
[Conv("conv5", Kernel = 1, Name = "conv5", Module = "conv5.0", BatchNormModule = "conv5.1")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class ShuffleNetV2;

/// <summary>ShuffleNet V2 0.5x (Table 5), torchvision's shufflenet_v2_x0_5.</summary>
[Network(typeof(ShuffleNetV2)), Parameter("channels", 48)]
public sealed partial class ShuffleNetV2W050;

/// <summary>ShuffleNet V2 1.5x (Table 5), torchvision's shufflenet_v2_x1_5.</summary>
[Network(typeof(ShuffleNetV2)), Parameter("channels", 176)]
public sealed partial class ShuffleNetV2W150;

/// <summary>ShuffleNet V2 2x (Table 5), torchvision's shufflenet_v2_x2_0.</summary>
[Network(typeof(ShuffleNetV2)), Parameter("channels", 244), Parameter("conv5", 2048)]
public sealed partial class ShuffleNetV2W200;

/// <summary>
/// ShuffleNet V2's unit in the authors' released code (megvii-model/ShuffleNet-Series): the even channels pass and the
/// odd ones are worked on, so that no shuffle is left, and the projection of a unit with stride 2 keeps the input's
/// width. Only with these do the costs come out as Table 5 prints them.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="stride">Stride of the depthwise convolutions.</param>
[Slice(1, "in", Step = 2, When = "stride == 1")]
[Conv("channels / 2", Kernel = 1, Name = "pw1")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "dw")]
[Conv("stride == 1 ? channels / 2 : channels - in", Kernel = 1, Name = "pw2")]
[Slice(0, "in", Step = 2, From = "input", Name = "left", When = "stride == 1")]
[DepthwiseConv(Stride = 2, Activation = Activation.None, From = "input", Name = "proj.dw", When = "stride == 2")]
[Conv("in", Kernel = 1, Name = "left", Module = "proj.pw", When = "stride == 2")]
[Concat("left", "pw2")]
public sealed class ShuffleNetV2AuthorsUnitAttribute([ChannelCount] object channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolutions.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>ShuffleNet V2 1x (Table 5) as the authors released it; its classifier has no bias.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("channels", 116)]
[Parameter("conv5", 1024)]
[Conv(24, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[ShuffleNetV2AuthorsUnit("channels", stride: 2, Repeat = 4, Name = "stages.stage2.#")]
[ShuffleNetV2AuthorsUnit("2 * channels", stride: 2, Repeat = 8, Name = "stages.stage3.#")]
[ShuffleNetV2AuthorsUnit("4 * channels", stride: 2, Repeat = 4, Name = "stages.stage4.#")]
[Conv("conv5", Kernel = 1, Name = "conv5")]
[GlobalAveragePool]
[Dense("classes", Bias = false, Name = "head.fc")]
public sealed partial class ShuffleNetV2Authors;

/// <summary>ShuffleNet V2 0.5x as the authors released it.</summary>
[Network(typeof(ShuffleNetV2Authors)), Parameter("channels", 48)]
public sealed partial class ShuffleNetV2AuthorsW050;

/// <summary>ShuffleNet V2 1.5x as the authors released it.</summary>
[Network(typeof(ShuffleNetV2Authors)), Parameter("channels", 176)]
public sealed partial class ShuffleNetV2AuthorsW150;

/// <summary>ShuffleNet V2 2x as the authors released it.</summary>
[Network(typeof(ShuffleNetV2Authors)), Parameter("channels", 244), Parameter("conv5", 2048)]
public sealed partial class ShuffleNetV2AuthorsW200;

/// <summary>
/// ShuffleNet V2's unit with what the paper adds to it in Sections 3 and 4: squeeze-and-excitation, and, in V2*, a
/// depthwise convolution before the first 1x1 convolution, which widens the receptive field for detection.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="excite">Whether squeeze-and-excitation ends the right branch: a bool or an expression.</param>
/// <param name="star">Whether a depthwise convolution begins it: a bool or an expression.</param>
/// <param name="stride">Stride of the depthwise convolutions.</param>
[Slice("in / 2", "in", When = "stride == 1 && in == channels")]
[DepthwiseConv(Activation = Activation.None, Name = "pre", When = "star")]
[Conv("channels / 2", Kernel = 1, Name = "pw1")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "dw")]
[Conv("channels / 2", Kernel = 1, Name = "pw2")]
[ShuffleExcite(Name = "se", When = "excite")]
[Slice(0, "in / 2", From = "input", Name = "left", When = "stride == 1 && in == channels")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, From = "input", Name = "left.dw", When = "stride != 1 || in != channels")]
[Conv("channels / 2", Kernel = 1, Name = "left", Module = "left.pw", When = "stride != 1 || in != channels")]
[Concat("left", "pw2", When = "!excite")]
[Concat("left", "se", When = "excite")]
[Shuffle(2)]
public sealed class ShuffleNetV2ExtendedUnitAttribute([ChannelCount] object channels, object excite, object star, [StageStride] int stride = 1)
    : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Whether squeeze-and-excitation ends the right branch.</summary>
    public object Excite { get; set; } = excite;

    /// <summary>Whether a depthwise convolution begins the right branch.</summary>
    public object Star { get; set; } = star;

    /// <summary>Stride of the depthwise convolutions.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>ShuffleNet V2* 1x (Ma 2018, Section 4 and Table 7).</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("channels", 116)]
[Parameter("conv5", 1024)]
[Parameter("excite", false)]
[Parameter("star", true)]
[Conv(24, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[ShuffleNetV2ExtendedUnit("channels", "excite", "star", stride: 2, Repeat = 4, Name = "stages.stage2.#")]
[ShuffleNetV2ExtendedUnit("2 * channels", "excite", "star", stride: 2, Repeat = 8, Name = "stages.stage3.#")]
[ShuffleNetV2ExtendedUnit("4 * channels", "excite", "star", stride: 2, Repeat = 4, Name = "stages.stage4.#")]
[Conv("conv5", Kernel = 1, Name = "conv5")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class ShuffleNetV2Star;

/// <summary>
/// ShuffleNet V2 2x with squeeze-and-excitation (Table 8), at the end of the right branch with reduction 16, which the
/// paper leaves open.
/// </summary>
[Network(typeof(ShuffleNetV2Star)), Parameter("star", false), Parameter("excite", true), Parameter("channels", 244), Parameter("conv5", 2048)]
public sealed partial class ShuffleNetV2W200SE;

/// <summary>
/// ShuffleNet V2-50 (Ma 2018, Table 6; the layers are those of the appendix, as the reference kit remembers them).
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[ShuffleNetV2ExtendedUnit(244, false, false, Repeat = 3, Name = "stages.stage2.#")]
[ShuffleNetV2ExtendedUnit(488, false, false, stride: 2, Repeat = 4, Name = "stages.stage3.#")]
[ShuffleNetV2ExtendedUnit(976, false, false, stride: 2, Repeat = 6, Name = "stages.stage4.#")]
[ShuffleNetV2ExtendedUnit(1952, false, false, stride: 2, Repeat = 3, Name = "stages.stage5.#")]
[Conv(2048, Kernel = 1, Name = "conv5")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class ShuffleNetV2_50;

/// <summary>
/// The unit of SE-ShuffleNet V2-164 in the authors' released code (ShuffleNetV2.Large): even channels pass, or are
/// projected by a 3x3 convolution where the shape changes; odd ones go through 1x1, 3x3 in 8 groups, 1x1 and
/// squeeze-and-excitation, with a residual where the shape stays. A 1x1 convolution ends a unit with stride 2.
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the 3x3 convolutions.</param>
[Slice(0, "in", Step = 2, Name = "even")]
[Conv("channels / 2", Stride = "stride", Epsilon = 1e-9, Activation = Activation.None, Name = "proj", When = "stride != 1 || in != channels")]
[Slice(1, "in", Step = 2, From = "input", Name = "odd")]
[Conv("channels / 2", Kernel = 1, Epsilon = 1e-9, Name = "c1")]
[Conv("channels / 2", Stride = "stride", Groups = 8, Epsilon = 1e-9, Name = "c2")]
[Conv("channels / 2", Kernel = 1, Epsilon = 1e-9, Activation = Activation.None, Name = "c3")]
[ShuffleExcite(reduction: 1, Name = "se")]
[Concat("proj", When = "stride != 1 || in != channels")]
[Add("odd", Name = "residual", When = "stride == 1 && in == channels")]
[Concat("even", "residual", When = "stride == 1 && in == channels")]
[Activate(Activation.ReLU)]
[Conv("channels", Kernel = 1, Epsilon = 1e-9, Name = "down", When = "stride != 1")]
public sealed class SEShuffleNetV2UnitAttribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the 3x3 convolutions.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// SE-ShuffleNet V2-164 with residual (Ma 2018, Table 6; megvii-model/ShuffleNet-Series, ShuffleNetV2.Large), without the
/// auxiliary classifiers of its training.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Stride = 2, Epsilon = 1e-9, Name = "conv1.#")]
[Conv(64, Epsilon = 1e-9, Name = "conv1.#")]
[Conv(128, Epsilon = 1e-9, Name = "conv1.#")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[SEShuffleNetV2Unit(256, Repeat = 10, Name = "stages.stage2.#")]
[SEShuffleNetV2Unit(512, stride: 2, Repeat = 10, Name = "stages.stage3.#")]
[SEShuffleNetV2Unit(1024, stride: 2, Repeat = 23, Name = "stages.stage4.#")]
[SEShuffleNetV2Unit(2048, stride: 2, Repeat = 10, Name = "stages.stage5.#")]
[Conv(1280, Epsilon = 1e-9, Name = "last")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class SEShuffleNetV2_164;
