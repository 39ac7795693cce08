namespace SmallCnnGen.Zoo;

/// <summary>
/// Inception module of BN-Inception: the 5x5 convolution has become two 3x3 convolutions (Ioffe 2015, arXiv 1502.03167,
/// Figure 5). The parameters are the columns of that table.
/// </summary>
/// <param name="conv1">Channels of the 1x1 branch.</param>
/// <param name="reduce3">Channels before the 3x3 convolution ("#3x3 reduce").</param>
/// <param name="conv3">Channels of the 3x3 branch.</param>
/// <param name="reduceDouble">Channels before the double 3x3 convolution ("double #3x3 reduce").</param>
/// <param name="convDouble">Channels of the double 3x3 branch.</param>
/// <param name="poolProj">Channels after the pooling.</param>
/// <param name="maxPool">Whether the pooling is a maximum; otherwise it is a mean.</param>
[Conv("conv1", Kernel = 1, Name = "1x1")]
[Conv("reduce3", Kernel = 1, From = "input", Name = "3x3_reduce")]
[Conv("conv3", Name = "3x3")]
[Conv("reduceDouble", Kernel = 1, From = "input", Name = "double_3x3_reduce")]
[Conv("convDouble", Name = "double_3x3_1")]
[Conv("convDouble", Name = "double_3x3_2")]
[AveragePool(Kernel = 3, Stride = 1, Padding = 1, From = "input", When = "!maxPool")]
[MaxPool(Kernel = 3, Stride = 1, Padding = 1, From = "input", When = "maxPool")]
[Conv("poolProj", Kernel = 1, Name = "pool_proj")]
[Concat("1x1", "3x3", "double_3x3_2", "pool_proj")]
public sealed class DoubleInceptionAttribute(
    [ChannelCount] int conv1,
    [ChannelCount] int reduce3,
    [ChannelCount] int conv3,
    [ChannelCount] int reduceDouble,
    [ChannelCount] int convDouble,
    [ChannelCount] int poolProj,
    bool maxPool = false) : BlockAttribute
{
    /// <summary>Channels of the 1x1 branch.</summary>
    public int Conv1 { get; set; } = conv1;

    /// <summary>Channels before the 3x3 convolution ("#3x3 reduce").</summary>
    public int Reduce3 { get; set; } = reduce3;

    /// <summary>Channels of the 3x3 branch.</summary>
    public int Conv3 { get; set; } = conv3;

    /// <summary>Channels before the double 3x3 convolution ("double #3x3 reduce").</summary>
    public int ReduceDouble { get; set; } = reduceDouble;

    /// <summary>Channels of the double 3x3 branch.</summary>
    public int ConvDouble { get; set; } = convDouble;

    /// <summary>Channels after the pooling.</summary>
    public int PoolProj { get; set; } = poolProj;

    /// <summary>Whether the pooling is a maximum; otherwise it is a mean.</summary>
    public bool MaxPool { get; set; } = maxPool;
}

/// <summary>
/// Inception module with stride 2: the 3x3 and the double 3x3 branch beside a max pooling that passes its input through
/// (Ioffe 2015, arXiv 1502.03167, Figure 5, rows 3c and 4e).
/// </summary>
/// <param name="reduce3">Channels before the 3x3 convolution ("#3x3 reduce").</param>
/// <param name="conv3">Channels of the 3x3 branch.</param>
/// <param name="reduceDouble">Channels before the double 3x3 convolution ("double #3x3 reduce").</param>
/// <param name="convDouble">Channels of the double 3x3 branch.</param>
[Conv("reduce3", Kernel = 1, Name = "3x3_reduce")]
[Conv("conv3", Stride = 2, Name = "3x3")]
[Conv("reduceDouble", Kernel = 1, From = "input", Name = "double_3x3_reduce")]
[Conv("convDouble", Name = "double_3x3_1")]
[Conv("convDouble", Stride = 2, Name = "double_3x3_2")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true, From = "input", Name = "pool")]
[Concat("3x3", "double_3x3_2", "pool")]
public sealed class DoubleInceptionReductionAttribute(
    [ChannelCount] int reduce3,
    [ChannelCount] int conv3,
    [ChannelCount] int reduceDouble,
    [ChannelCount] int convDouble) : BlockAttribute
{
    /// <summary>Channels before the 3x3 convolution ("#3x3 reduce").</summary>
    public int Reduce3 { get; set; } = reduce3;

    /// <summary>Channels of the 3x3 branch.</summary>
    public int Conv3 { get; set; } = conv3;

    /// <summary>Channels before the double 3x3 convolution ("double #3x3 reduce").</summary>
    public int ReduceDouble { get; set; } = reduceDouble;

    /// <summary>Channels of the double 3x3 branch.</summary>
    public int ConvDouble { get; set; } = convDouble;
}

/// <summary>
/// BN-Inception, also called Inception V2 (Ioffe 2015, arXiv 1502.03167, Figure 5), without the auxiliary classifiers of
/// its training. The filters of the table's rows 4c and 4d sum to 608 channels and those of 4e to 1056, where its column of
/// output sizes prints 576 and 1024; the filters are taken, as in the released Caffe model.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Conv(64, Kernel = 1, Name = "conv2_reduce")]
[Conv(192, Name = "conv2")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[DoubleInception(64, 64, 64, 64, 96, 32, Name = "inception_3a")]
[DoubleInception(64, 64, 96, 64, 96, 64, Name = "inception_3b")]
[DoubleInceptionReduction(128, 160, 64, 96, Name = "inception_3c")]
[DoubleInception(224, 64, 96, 96, 128, 128, Name = "inception_4a")]
[DoubleInception(192, 96, 128, 96, 128, 128, Name = "inception_4b")]
[DoubleInception(160, 128, 160, 128, 160, 128, Name = "inception_4c")]
[DoubleInception(96, 128, 192, 160, 192, 128, Name = "inception_4d")]
[DoubleInceptionReduction(128, 192, 192, 256, Name = "inception_4e")]
[DoubleInception(352, 192, 320, 160, 224, 128, Name = "inception_5a")]
[DoubleInception(352, 192, 320, 192, 224, 128, maxPool: true, Name = "inception_5b")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class BnInception;
