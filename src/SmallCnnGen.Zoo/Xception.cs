namespace SmallCnnGen.Zoo;

/// <summary>
/// Depthwise separable convolution with one batch normalisation after both steps and no activation between them
/// (Chollet 2017, arXiv 1610.02357, section 3). Tensors: "&lt;name&gt;.dw.weight", "pw.weight" and "bn.*".
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
[DepthwiseConv(BatchNorm = false, Bias = false, Activation = Activation.None, Name = "dw")]
[Conv("channels", Kernel = 1, Epsilon = 1e-3, Activation = Activation.None, Name = "pw", Module = "pw", BatchNormModule = "bn")]
public sealed class XceptionConvAttribute([ChannelCount] object channels) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; set; } = channels;
}

/// <summary>
/// Two separable convolutions and a pooling with stride 2 beside a projected shortcut: the blocks of Xception's entry
/// flow and the first of its exit flow (Chollet 2017, arXiv 1610.02357, Figure 5).
/// </summary>
/// <param name="middle">Channels of the first separable convolution.</param>
/// <param name="channels">Output channels.</param>
/// <param name="startWithActivation">False leaves out the first ReLU: the input is the result of one.</param>
[Activate(Activation.ReLU, When = "startWithActivation")]
[XceptionConv("middle", Name = "sep1")]
[Activate(Activation.ReLU)]
[XceptionConv("channels", Name = "sep2")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1, Name = "pool")]
[Conv("channels", Kernel = 1, Stride = 2, Epsilon = 1e-3, Activation = Activation.None, From = "input", Name = "short")]
[Add("pool", "short")]
public sealed class XceptionReductionAttribute([ChannelCount] int middle, [ChannelCount] int channels, bool startWithActivation = true)
    : BlockAttribute
{
    /// <summary>Channels of the first separable convolution.</summary>
    public int Middle { get; set; } = middle;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>False leaves out the first ReLU.</summary>
    public bool StartWithActivation { get; set; } = startWithActivation;
}

/// <summary>Three separable convolutions beside the identity: the block of Xception's middle flow (Chollet 2017, arXiv 1610.02357, Figure 5).</summary>
[Activate(Activation.ReLU)]
[XceptionConv("in", Name = "body.1")]
[Activate(Activation.ReLU)]
[XceptionConv("in", Name = "body.3")]
[Activate(Activation.ReLU)]
[XceptionConv("in", Name = "body.5")]
[Add("input")]
public sealed class XceptionMiddleAttribute : BlockAttribute;

/// <summary>Xception (Chollet 2017, arXiv 1610.02357, Figure 5). Epsilon of the batch normalisations is Keras's 1e-3.</summary>
[Network(Height = 299, Width = 299, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "conv1")]
[Conv(64, Padding = "valid", Epsilon = 1e-3, Name = "conv2")]
[XceptionReduction(128, 128, startWithActivation: false, Name = "entry.#")]
[XceptionReduction(256, 256, Name = "entry.#")]
[XceptionReduction(728, 728, Name = "entry.#")]
[XceptionMiddle(Repeat = 8, Name = "middle.#")]
[XceptionReduction(728, 1024, Name = "exit")]
[XceptionConv(1536, Name = "sep3")]
[Activate(Activation.ReLU)]
[XceptionConv(2048, Name = "sep4")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class Xception;
