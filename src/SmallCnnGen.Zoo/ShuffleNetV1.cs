namespace SmallCnnGen.Zoo;

/// <summary>
/// ShuffleNet unit (Zhang 2017, arXiv 1707.01083, Figure 2 b and c): grouped 1x1 convolution to a quarter of the
/// channels, channel shuffle, 3x3 depthwise convolution, grouped 1x1 convolution. With stride 1 the input is added; with
/// stride 2 it is average-pooled and put before the result.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
/// <param name="groups">Groups of the 1x1 convolutions: an int or an expression.</param>
/// <param name="excite">Whether squeeze-and-excitation ends the branch: a bool or an expression.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
/// <param name="groupedInput">
/// Whether the first copy's first 1x1 convolution is grouped too; not in stage 2, whose input is narrow.
/// </param>
[AveragePool(Kernel = 3, Stride = 2, Padding = 1, Name = "short", When = "stride == 2")]
[Conv("channels / 4", Kernel = 1, Groups = "groupedInput || index > 0 ? groups : 1", From = "input", Name = "gconv1")]
[Shuffle("groups", Name = "shuffle")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "dw")]
[Conv("stride == 1 ? channels : channels - in", Kernel = 1, Groups = "groups", Activation = Activation.None, Name = "gconv2")]
[ShuffleExcite(Name = "se", When = "excite")]
[Add("input", When = "stride == 1")]
[Concat("short", When = "stride == 2")]
[Activate(Activation.ReLU, Name = "relu")]
public sealed class ShuffleNetV1UnitAttribute([ChannelCount] object channels, object groups, object excite, [StageStride] int stride = 1, bool groupedInput = true)
    : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;

    /// <summary>Groups of the 1x1 convolutions.</summary>
    public object Groups { get; set; } = groups;

    /// <summary>Whether squeeze-and-excitation ends the branch.</summary>
    public object Excite { get; set; } = excite;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;

    /// <summary>Whether the first copy's first 1x1 convolution is grouped too.</summary>
    public bool GroupedInput { get; set; } = groupedInput;
}

/// <summary>
/// ShuffleNet (Zhang 2017, arXiv 1707.01083, Table 1, g = 3). The more groups, the more channels at the same cost: the
/// parameter "groups" chooses the table's column. conv1 has its own parameter because the paper's costs say that 1.5x
/// keeps its 24 channels while 0.5x and 2x scale them.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("groups", 3)]
[Parameter("channels", "groups == 1 ? 144 : groups == 2 ? 200 : groups == 3 ? 240 : groups == 4 ? 272 : 384")]
[Parameter("conv1", 24)]
[Parameter("excite", false)]
[Conv("conv1", Stride = 2, Scale = false, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[ShuffleNetV1Unit("channels", "groups", "excite", stride: 2, groupedInput: false, Repeat = 4, Name = "stages.stage2.#")]
[ShuffleNetV1Unit("2 * channels", "groups", "excite", stride: 2, Repeat = 8, Name = "stages.stage3.#")]
[ShuffleNetV1Unit("4 * channels", "groups", "excite", stride: 2, Repeat = 4, Name = "stages.stage4.#")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class ShuffleNetV1;

/// <summary>ShuffleNet without groups, and so without shuffles (Table 1, g = 1).</summary>
[Network(typeof(ShuffleNetV1)), Parameter("groups", 1)]
public sealed partial class ShuffleNetV1G1;

/// <summary>ShuffleNet with 2 groups (Table 1, g = 2).</summary>
[Network(typeof(ShuffleNetV1)), Parameter("groups", 2)]
public sealed partial class ShuffleNetV1G2;

/// <summary>ShuffleNet with 4 groups (Table 1, g = 4).</summary>
[Network(typeof(ShuffleNetV1)), Parameter("groups", 4)]
public sealed partial class ShuffleNetV1G4;

/// <summary>ShuffleNet with 8 groups (Table 1, g = 8).</summary>
[Network(typeof(ShuffleNetV1)), Parameter("groups", 8)]
public sealed partial class ShuffleNetV1G8;

/// <summary>ShuffleNet 0.5x, g = 3 (Table 2).</summary>
[Network(typeof(ShuffleNetV1), WidthMultiplier = 0.5), Parameter("conv1", 12)]
public sealed partial class ShuffleNetV1W050;

/// <summary>ShuffleNet 1.5x, g = 3 (Table 5).</summary>
[Network(typeof(ShuffleNetV1), WidthMultiplier = 1.5)]
public sealed partial class ShuffleNetV1W150;

/// <summary>ShuffleNet 2x, g = 3 (Table 5).</summary>
[Network(typeof(ShuffleNetV1), WidthMultiplier = 2), Parameter("conv1", 48)]
public sealed partial class ShuffleNetV1W200;

/// <summary>
/// ShuffleNet 2x, g = 3, with squeeze-and-excitation (Table 5). The paper leaves its place open: here it scales the
/// branch before it meets the shortcut.
/// </summary>
[Network(typeof(ShuffleNetV1W200)), Parameter("excite", true)]
public sealed partial class ShuffleNetV1W200SE;
