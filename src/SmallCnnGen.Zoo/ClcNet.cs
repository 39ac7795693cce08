namespace SmallCnnGen.Zoo;

/// <summary>
/// ClcNet's channel local convolution block (Zhang 2017, arXiv 1712.06145): an interlaced grouped 3x3 convolution of two
/// channels a group, whose outputs are dealt out to the two groups of a 1x1 convolution.
/// Tensors: "&lt;name&gt;.igc.*" and "&lt;name&gt;.gc.*".
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the 3x3 convolution.</param>
[Conv("in", Stride = "stride", Groups = "in / 2", Activation = Activation.None, Name = "igc")]
[Shuffle("in / 2", Name = "interlace")]
[Conv("channels", Kernel = 1, Groups = 2, Name = "gc")]
public sealed class ClcBlockAttribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the 3x3 convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>ClcNet-A (Zhang 2017, arXiv 1712.06145; the author's clcnet.torch, stages 1, 1, 5, 2).</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Name = "stem")]
[ClcBlock(64, Name = "units.#")]
[ClcBlock(128, stride: 2, Name = "units.#")]
[ClcBlock(128, Name = "units.#")]
[ClcBlock(256, stride: 2, Name = "units.#")]
[ClcBlock(256, Name = "units.#")]
[ClcBlock(512, stride: 2, Repeat = 6, Name = "units.#")]
[ClcBlock(1024, stride: 2, Repeat = 3, Name = "units.#")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class ClcNetA;
