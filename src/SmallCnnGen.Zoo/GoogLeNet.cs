namespace SmallCnnGen.Zoo;

/// <summary>
/// Inception module with dimension reductions (Szegedy 2014, arXiv 1409.4842, Figure 2b). The parameters are the columns
/// of the paper's Table 1.
/// </summary>
/// <param name="conv1">Channels of the 1x1 branch.</param>
/// <param name="reduce3">Channels before the 3x3 convolution ("#3x3 reduce").</param>
/// <param name="conv3">Channels of the 3x3 branch.</param>
/// <param name="reduce5">Channels before the 5x5 convolution ("#5x5 reduce").</param>
/// <param name="conv5">Channels of the 5x5 branch.</param>
/// <param name="poolProj">Channels after the pooling ("pool proj").</param>
[Conv("conv1", Kernel = 1, BatchNorm = false, Name = "b1.conv")]
[Conv("reduce3", Kernel = 1, BatchNorm = false, From = "input", Name = "b2.reduce.conv")]
[Conv("conv3", Kernel = 3, BatchNorm = false, Name = "b2.conv.conv")]
[Conv("reduce5", Kernel = 1, BatchNorm = false, From = "input", Name = "b3.reduce.conv")]
[Conv("conv5", Kernel = 5, BatchNorm = false, Name = "b3.conv.conv")]
[MaxPool(Kernel = 3, Stride = 1, Padding = 1, From = "input", Name = "b4.pool")]
[Conv("poolProj", Kernel = 1, BatchNorm = false, Name = "b4.proj.conv")]
[Concat("b1.conv", "b2.conv.conv", "b3.conv.conv", "b4.proj.conv")]
public sealed class InceptionAttribute(
    [ChannelCount] int conv1,
    [ChannelCount] int reduce3,
    [ChannelCount] int conv3,
    [ChannelCount] int reduce5,
    [ChannelCount] int conv5,
    [ChannelCount] int poolProj) : BlockAttribute
{
    /// <summary>Channels of the 1x1 branch.</summary>
    public int Conv1 { get; set; } = conv1;

    /// <summary>Channels before the 3x3 convolution ("#3x3 reduce").</summary>
    public int Reduce3 { get; set; } = reduce3;

    /// <summary>Channels of the 3x3 branch.</summary>
    public int Conv3 { get; set; } = conv3;

    /// <summary>Channels before the 5x5 convolution ("#5x5 reduce").</summary>
    public int Reduce5 { get; set; } = reduce5;

    /// <summary>Channels of the 5x5 branch.</summary>
    public int Conv5 { get; set; } = conv5;

    /// <summary>Channels after the pooling ("pool proj").</summary>
    public int PoolProj { get; set; } = poolProj;
}

/// <summary>
/// Inception module with batch normalisation, as in torchvision's googlenet, whose tensor names these are. The branch
/// called 5x5 in the paper has a 3x3 convolution there.
/// </summary>
/// <param name="conv1">Channels of the 1x1 branch.</param>
/// <param name="reduce3">Channels before the 3x3 convolution ("#3x3 reduce").</param>
/// <param name="conv3">Channels of the 3x3 branch.</param>
/// <param name="reduce5">Channels before the third branch's convolution ("#5x5 reduce").</param>
/// <param name="conv5">Channels of the third branch.</param>
/// <param name="poolProj">Channels after the pooling ("pool proj").</param>
[Conv("conv1", Kernel = 1, Epsilon = 1e-3, Name = "branch1")]
[Conv("reduce3", Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch2.0")]
[Conv("conv3", Kernel = 3, Epsilon = 1e-3, Name = "branch2.1")]
[Conv("reduce5", Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch3.0")]
[Conv("conv5", Kernel = 3, Epsilon = 1e-3, Name = "branch3.1")]
[MaxPool(Kernel = 3, Stride = 1, Padding = 1, From = "input", Name = "branch4.0")]
[Conv("poolProj", Kernel = 1, Epsilon = 1e-3, Name = "branch4.1")]
[Concat("branch1", "branch2.1", "branch3.1", "branch4.1")]
public sealed class BatchNormInceptionAttribute(
    [ChannelCount] int conv1,
    [ChannelCount] int reduce3,
    [ChannelCount] int conv3,
    [ChannelCount] int reduce5,
    [ChannelCount] int conv5,
    [ChannelCount] int poolProj) : BlockAttribute
{
    /// <summary>Channels of the 1x1 branch.</summary>
    public int Conv1 { get; set; } = conv1;

    /// <summary>Channels before the 3x3 convolution ("#3x3 reduce").</summary>
    public int Reduce3 { get; set; } = reduce3;

    /// <summary>Channels of the 3x3 branch.</summary>
    public int Conv3 { get; set; } = conv3;

    /// <summary>Channels before the third branch's convolution ("#5x5 reduce").</summary>
    public int Reduce5 { get; set; } = reduce5;

    /// <summary>Channels of the third branch.</summary>
    public int Conv5 { get; set; } = conv5;

    /// <summary>Channels after the pooling ("pool proj").</summary>
    public int PoolProj { get; set; } = poolProj;
}

/// <summary>GoogLeNet (Szegedy 2014, arXiv 1409.4842, Table 1), without the auxiliary classifiers of its training.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 7, Stride = 2, BatchNorm = false, Name = "stem.conv1.conv")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[LocalResponseNorm(Size = 5, Alpha = 1e-4, Beta = 0.75, K = 1)]
[Conv(64, Kernel = 1, BatchNorm = false, Name = "stem.reduce2.conv")]
[Conv(192, BatchNorm = false, Name = "stem.conv2.conv")]
[LocalResponseNorm(Size = 5, Alpha = 1e-4, Beta = 0.75, K = 1)]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Inception(64, 96, 128, 16, 32, 32, Name = "i3.#")]
[Inception(128, 128, 192, 32, 96, 64, Name = "i3.#")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Inception(192, 96, 208, 16, 48, 64, Name = "i4.#")]
[Inception(160, 112, 224, 24, 64, 64, Name = "i4.#")]
[Inception(128, 128, 256, 24, 64, 64, Name = "i4.#")]
[Inception(112, 144, 288, 32, 64, 64, Name = "i4.#")]
[Inception(256, 160, 320, 32, 128, 128, Name = "i4.#")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Inception(256, 160, 320, 32, 128, 128, Name = "i5.#")]
[Inception(384, 192, 384, 48, 128, 128, Name = "i5.#")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class GoogLeNet;

/// <summary>
/// GoogLeNet with batch normalisation instead of local response normalisation, as torchvision's googlenet, whose tensor
/// names these are.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 7, Stride = 2, Epsilon = 1e-3, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Conv(64, Kernel = 1, Epsilon = 1e-3, Name = "conv2")]
[Conv(192, Epsilon = 1e-3, Name = "conv3")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[BatchNormInception(64, 96, 128, 16, 32, 32, Name = "inception3a")]
[BatchNormInception(128, 128, 192, 32, 96, 64, Name = "inception3b")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[BatchNormInception(192, 96, 208, 16, 48, 64, Name = "inception4a")]
[BatchNormInception(160, 112, 224, 24, 64, 64, Name = "inception4b")]
[BatchNormInception(128, 128, 256, 24, 64, 64, Name = "inception4c")]
[BatchNormInception(112, 144, 288, 32, 64, 64, Name = "inception4d")]
[BatchNormInception(256, 160, 320, 32, 128, 128, Name = "inception4e")]
[MaxPool(Kernel = 2, Stride = 2, CeilMode = true)]
[BatchNormInception(256, 160, 320, 32, 128, 128, Name = "inception5a")]
[BatchNormInception(384, 192, 384, 48, 128, 128, Name = "inception5b")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class GoogLeNetBatchNorm;
