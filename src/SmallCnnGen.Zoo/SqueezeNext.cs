namespace SmallCnnGen.Zoo;

/// <summary>
/// SqueezeNext block (Gholami 2018, arXiv 1803.10615, Figure 1 right): two 1x1 convolutions squeeze to a half and a
/// quarter of the channels, a 3x1 and a 1x3 convolution follow in turns (the first block of a stage begins with 3x1), a
/// 1x1 convolution expands. In the first block of a stage a 1x1 convolution carries the shortcut.
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="throughShortcut">
/// Whether the body of a stage's first block reads the result of the convolution on its shortcut instead of the input: a
/// bool or an expression.
/// </param>
/// <param name="groups">Groups of the first 1x1, the 3x1 and the 1x3 convolution: an int or an expression.</param>
/// <param name="stride">Stride of the shortcut and of the first convolution.</param>
[Conv("channels", Kernel = 1, Stride = "stride", Name = "short", When = "index == 0")]
[Conv("channels / 2", Kernel = 1, Groups = "groups", Name = "c1", When = "throughShortcut")]
[Conv("channels / 2", Kernel = 1, Stride = "stride", Groups = "groups", From = "input", Name = "c1", When = "!throughShortcut")]
[Conv("channels / 4", Kernel = 1, Name = "c2")]
[Conv("channels / 2", Kernel = "index % 2 == 0 ? 3 : 1, index % 2 == 0 ? 1 : 3", Groups = "groups", Name = "c3")]
[Conv("channels / 2", Kernel = "index % 2 == 0 ? 1 : 3, index % 2 == 0 ? 3 : 1", Groups = "groups", Name = "c4")]
[Conv("channels", Kernel = 1, Name = "c5")]
[Add("c5", From = "short", Activation = Activation.ReLU, When = "index == 0")]
[Add("c5", From = "input", Activation = Activation.ReLU, When = "index > 0")]
public sealed class SqueezeNextBlockAttribute([ChannelCount] int channels, object throughShortcut, object groups, [StageStride] int stride = 1)
    : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Whether the body of a stage's first block reads the result of the convolution on its shortcut.</summary>
    public object ThroughShortcut { get; set; } = throughShortcut;

    /// <summary>Groups of the first 1x1, the 3x1 and the 1x3 convolution.</summary>
    public object Groups { get; set; } = groups;

    /// <summary>Stride of the shortcut and of the first convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// 1.0-SqNxt-23 (Gholami 2018, arXiv 1803.10615, Figure 3; the author's network files settle the details). The
/// parameters blocks1 to blocks4 are how many blocks each stage has. The width multiplier leaves the first convolution
/// and the last bottleneck alone.
/// </summary>
[Network(Height = 227, Width = 227, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("kernel", 7)]
[Parameter("blocks1", 6)]
[Parameter("blocks2", 6)]
[Parameter("blocks3", 8)]
[Parameter("blocks4", 1)]
[Parameter("groups", 1)]
[Parameter("throughShortcut", "kernel == 5")]
[Conv(64, Kernel = "kernel", Stride = 2, Padding = "valid", Scale = false, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[SqueezeNextBlock(32, "throughShortcut", "groups", Repeat = "blocks1", Name = "stages.stage1.#")]
[SqueezeNextBlock(64, "throughShortcut", "groups", stride: 2, Repeat = "blocks2", Name = "stages.stage2.#")]
[SqueezeNextBlock(128, "throughShortcut", "groups", stride: 2, Repeat = "blocks3", Name = "stages.stage3.#")]
[SqueezeNextBlock(256, "throughShortcut", "groups", stride: 2, Repeat = "blocks4", Name = "stages.stage4.#")]
[Conv(128, Kernel = 1, Scale = false, Name = "bottleneck")]
[GlobalAveragePool]
[Dense("classes", Bias = false, Name = "head.fc")]
public sealed partial class SqueezeNext23;

/// <summary>1.0-G-SqNxt-23: groups of 2 in the first 1x1, the 3x1 and the 1x3 convolution, as in the author's network file.</summary>
[Network(typeof(SqueezeNext23)), Parameter("groups", 2)]
public sealed partial class SqueezeNext23G;

/// <summary>1.5-SqNxt-23: one and a half times the channels.</summary>
[Network(typeof(SqueezeNext23), WidthMultiplier = 1.5)]
public sealed partial class SqueezeNext23W150;

/// <summary>2.0-SqNxt-23: twice the channels.</summary>
[Network(typeof(SqueezeNext23), WidthMultiplier = 2)]
public sealed partial class SqueezeNext23W200;

/// <summary>1.0-SqNxt-34 (Gholami 2018, Tables 3 to 5). The paper does not print how the 32 blocks are divided; this is one and a half times 23.</summary>
[Network(typeof(SqueezeNext23)), Parameter("blocks1", 9), Parameter("blocks2", 9), Parameter("blocks3", 12), Parameter("blocks4", 2)]
public sealed partial class SqueezeNext34;

/// <summary>1.5-SqNxt-34: one and a half times the channels.</summary>
[Network(typeof(SqueezeNext34), WidthMultiplier = 1.5)]
public sealed partial class SqueezeNext34W150;

/// <summary>2.0-SqNxt-34: twice the channels.</summary>
[Network(typeof(SqueezeNext34), WidthMultiplier = 2)]
public sealed partial class SqueezeNext34W200;

/// <summary>1.0-SqNxt-44 (Gholami 2018, Tables 3 to 5). The paper does not print how the 42 blocks are divided; this gives its sizes.</summary>
[Network(typeof(SqueezeNext23)), Parameter("blocks1", 12), Parameter("blocks2", 12), Parameter("blocks3", 16), Parameter("blocks4", 2)]
public sealed partial class SqueezeNext44;

/// <summary>1.5-SqNxt-44: one and a half times the channels.</summary>
[Network(typeof(SqueezeNext44), WidthMultiplier = 1.5)]
public sealed partial class SqueezeNext44W150;

/// <summary>2.0-SqNxt-44: twice the channels.</summary>
[Network(typeof(SqueezeNext44), WidthMultiplier = 2)]
public sealed partial class SqueezeNext44W200;

/// <summary>1.0-SqNxt-23v2 (Table 5): a first convolution of 5x5; the body of a stage's first block reads its projected shortcut.</summary>
[Network(typeof(SqueezeNext23)), Parameter("kernel", 5)]
public sealed partial class SqueezeNext23V2;

/// <summary>1.0-SqNxt-23v3 (Table 5): two blocks moved from stage 1 to stage 2.</summary>
[Network(typeof(SqueezeNext23V2)), Parameter("blocks1", 4), Parameter("blocks2", 8)]
public sealed partial class SqueezeNext23V3;

/// <summary>1.0-SqNxt-23v4 (Table 5): two more moved there.</summary>
[Network(typeof(SqueezeNext23V2)), Parameter("blocks1", 2), Parameter("blocks2", 10)]
public sealed partial class SqueezeNext23V4;

/// <summary>1.0-SqNxt-23v5 (Table 5): six of them moved on to stage 3.</summary>
[Network(typeof(SqueezeNext23V2)), Parameter("blocks1", 2), Parameter("blocks2", 4), Parameter("blocks3", 14)]
public sealed partial class SqueezeNext23V5;

/// <summary>2.0-SqNxt-23v4 (Table 5).</summary>
[Network(typeof(SqueezeNext23V4), WidthMultiplier = 2)]
public sealed partial class SqueezeNext23V4W200;

/// <summary>2.0-SqNxt-23v5 (Table 5).</summary>
[Network(typeof(SqueezeNext23V5), WidthMultiplier = 2)]
public sealed partial class SqueezeNext23V5W200;
