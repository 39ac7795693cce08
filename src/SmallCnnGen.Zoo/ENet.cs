namespace SmallCnnGen.Zoo;

/// <summary>
/// Bottleneck: 1x1 reduction to a quarter, a convolution, 1x1 expansion, added to the input (Paszke 2016,
/// arXiv 1606.02147, Figure 2b). The convolution is 3x3, possibly dilated, or where <paramref name="asymmetric"/> is set
/// a 5x1 followed by a 1x5.
/// </summary>
/// <param name="dilation">Dilation of the 3x3 convolution.</param>
/// <param name="asymmetric">True for the 5x1 and 1x5 convolutions.</param>
/// <param name="activation">PReLU in the encoder, ReLU in the decoder.</param>
[Conv("in / 4", Kernel = 1, Activation = "activation", Name = "reduce")]
[Conv("in / 4", Dilation = "dilation", Activation = "activation", Name = "conv", When = "!asymmetric")]
[Conv("in / 4", Kernel = "5x1", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv.v", When = "asymmetric")]
[Conv("in / 4", Kernel = "1x5", Activation = "activation", Name = "conv.h", When = "asymmetric")]
[Conv("in", Kernel = 1, Activation = Activation.None, Name = "expand")]
[Add("input")]
[Activate("activation", Name = "act")]
public sealed class EnetBottleneckAttribute(int dilation = 1, bool asymmetric = false, Activation activation = Activation.PReLU) : BlockAttribute
{
    /// <summary>Dilation of the 3x3 convolution.</summary>
    public int Dilation { get; set; } = dilation;

    /// <summary>True for the 5x1 and 1x5 convolutions.</summary>
    public bool Asymmetric { get; set; } = asymmetric;

    /// <summary>PReLU in the encoder, ReLU in the decoder.</summary>
    public Activation Activation { get; set; } = activation;
}

/// <summary>
/// Bottleneck that halves the map: a 2x2 reduction with stride 2, a 3x3 convolution and a 1x1 expansion, added to the
/// pooled input with zeros for the new channels (Paszke 2016, arXiv 1606.02147, Figure 2b). The pooling stands outside,
/// where the decoder can name it.
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="pool">The 2x2 max pooling of the input.</param>
[Conv("channels / 4", Kernel = 2, Stride = 2, Padding = "valid", Activation = Activation.PReLU, Name = "reduce")]
[Conv("channels / 4", Activation = Activation.PReLU, Name = "conv")]
[Conv("channels", Kernel = 1, Activation = Activation.None, Name = "expand")]
[PadChannels("channels", From = "pool", Name = "grow")]
[Add("expand")]
[Activate(Activation.PReLU, Name = "act")]
public sealed class EnetDownsamplingAttribute([ChannelCount] int channels, [LayerInput] string pool) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>The 2x2 max pooling of the input.</summary>
    public string Pool { get; set; } = pool;
}

/// <summary>
/// Bottleneck that doubles the map: a 1x1 reduction to a quarter, a transposed 3x3 convolution with stride 2 and a 1x1
/// expansion, added to a 1x1 convolution of the input whose values are put where the encoder's pooling found its maxima
/// (Paszke 2016, arXiv 1606.02147, section 4).
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="pool">The encoder's max pooling that is undone.</param>
[Conv("in / 4", Kernel = 1, Name = "reduce")]
[ConvTranspose("in / 4", Stride = 2, OutputPadding = 1, Name = "conv")]
[Conv("channels", Kernel = 1, Activation = Activation.None, Name = "expand")]
[Conv("channels", Kernel = 1, Activation = Activation.None, From = "input", Name = "main")]
[MaxUnpool("pool")]
[Add("expand", Activation = Activation.ReLU)]
public sealed class EnetUpsamplingAttribute([ChannelCount] int channels, [LayerInput] string pool) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>The encoder's max pooling that is undone.</summary>
    public string Pool { get; set; } = pool;
}

/// <summary>
/// The eight bottlenecks that ENet's second and third stage share: regular, dilated and asymmetric ones in turn
/// (Paszke 2016, arXiv 1606.02147, Table 1, bottlenecks 2.1 to 2.8).
/// </summary>
[EnetBottleneck(Name = "#")]
[EnetBottleneck(dilation: 2, Name = "#")]
[EnetBottleneck(asymmetric: true, Name = "#")]
[EnetBottleneck(dilation: 4, Name = "#")]
[EnetBottleneck(Name = "#")]
[EnetBottleneck(dilation: 8, Name = "#")]
[EnetBottleneck(asymmetric: true, Name = "#")]
[EnetBottleneck(dilation: 16, Name = "#")]
public sealed class EnetContextAttribute : BlockAttribute;

/// <summary>
/// ENet for the 19 classes of Cityscapes (Paszke 2016, arXiv 1606.02147, Table 1). The result is the score map of the
/// input's size.
/// </summary>
[Network(Height = 512, Width = 512, Channels = 3)]
[Parameter("classes", 19)]
[Conv(13, Stride = 2, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv0")]
[MaxPool(From = "input", Name = "pool0")]
[Concat("conv0", "pool0")]
[BatchNorm(Name = "bn0")]
[Activate(Activation.PReLU, Name = "act0")]
[MaxPool(Name = "pool1")]
[EnetDownsampling(64, pool: "pool1", From = "act0", Name = "b1_0")]
[EnetBottleneck(Repeat = 4, Name = "b1.#")]
[MaxPool(Name = "pool2")]
[EnetDownsampling(128, pool: "pool2", From = "b1.3", Name = "b2_0")]
[EnetContext(Name = "b2")]
[EnetContext(Name = "b3")]
[EnetUpsampling(64, pool: "pool2", Name = "b4_0")]
[EnetBottleneck(activation: Activation.ReLU, Repeat = 2, Name = "b4.#")]
[EnetUpsampling(16, pool: "pool1", Name = "b5_0")]
[EnetBottleneck(activation: Activation.ReLU, Name = "b5")]
[ConvTranspose("classes", Stride = 2, OutputPadding = 1, Scale = false, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "fullconv")]
public sealed partial class ENet;
