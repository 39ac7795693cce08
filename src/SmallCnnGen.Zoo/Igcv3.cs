namespace SmallCnnGen.Zoo;

/// <summary>
/// IGCV3's block (Sun 2018, arXiv 1806.00178, Figure 3): a linear grouped 1x1 expansion, the two groups interleaved, a 3x3
/// depthwise convolution with ReLU6, a linear grouped 1x1 projection. Tensors: "&lt;name&gt;.pw1.*", "dw.*" and "pw2.*".
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="expand">Expansion factor.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
[Conv("in * expand", Kernel = 1, Groups = 2, Activation = Activation.None, Name = "pw1")]
[Shuffle(2, Name = "shuffle")]
[DepthwiseConv(Stride = "stride", Activation = Activation.ReLU6, Name = "dw")]
[Conv("channels", Kernel = 1, Groups = 2, Activation = Activation.None, Name = "pw2")]
[Add("input", When = "stride == 1 && in == channels")]
public sealed class Igcv3BlockAttribute([ChannelCount] int channels, int expand = 6, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Expansion factor.</summary>
    public int Expand { get; set; } = expand;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>IGCV3-D (Sun 2018, arXiv 1806.00178, Table 2): MobileNetV2's stages with twice the blocks.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Activation = Activation.ReLU6, Name = "stem")]
[Igcv3Block(16, expand: 1, Name = "units.#")]
[Igcv3Block(24, stride: 2, Repeat = 4, Name = "units.#")]
[Igcv3Block(32, stride: 2, Repeat = 6, Name = "units.#")]
[Igcv3Block(64, stride: 2, Repeat = 8, Name = "units.#")]
[Igcv3Block(96, Repeat = 6, Name = "units.#")]
[Igcv3Block(160, stride: 2, Repeat = 6, Name = "units.#")]
[Igcv3Block(320, Name = "units.#")]
[Conv(1280, Kernel = 1, Scale = false, Activation = Activation.ReLU6, Name = "last")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class Igcv3D;
