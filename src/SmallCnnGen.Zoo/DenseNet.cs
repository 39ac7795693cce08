namespace SmallCnnGen.Zoo;

/// <summary>
/// Layers whose inputs are all the maps before them in the block: batch normalisation, ReLU, 1x1 convolution to four times
/// the growth rate, batch normalisation, ReLU, 3x3 convolution to the growth rate (DenseNet-B, Huang 2016,
/// arXiv 1608.06993, section 3). Tensor names are torchvision's _DenseLayer.
/// </summary>
/// <param name="growth">Growth rate: channels the layer adds.</param>
[BatchNorm(Name = "norm1")]
[Activate(Activation.ReLU)]
[Conv("4 * growth", Kernel = 1, Name = "conv1", Module = "conv1", BatchNormModule = "norm2")]
[Conv("growth", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv2")]
[Concat("input")]
public sealed class DenseLayerAttribute([ChannelCount] int growth) : BlockAttribute
{
    /// <summary>Growth rate: channels the layer adds.</summary>
    public int Growth { get; set; } = growth;
}

/// <summary>
/// Transition between dense blocks: batch normalisation, ReLU, 1x1 convolution to half of the channels, average over 2x2
/// pixels (DenseNet-C, Huang 2016, arXiv 1608.06993, section 3). Tensor names are torchvision's _Transition.
/// </summary>
[BatchNorm(Name = "norm")]
[Activate(Activation.ReLU)]
[Conv("in / 2", Kernel = 1, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv")]
[AveragePool(Kernel = 2, Stride = 2)]
public sealed class DenseTransitionAttribute : BlockAttribute;

/// <summary>
/// DenseNet-121 with growth rate 32 (Huang 2016, arXiv 1608.06993, Table 1); the parameters are the layers of the two dense
/// blocks that grow with depth. Tensor names are torchvision's.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("block3", 24)]
[Parameter("block4", 16)]
[Conv(64, Kernel = 7, Stride = 2, Name = "features.conv0", Module = "features.conv0", BatchNormModule = "features.norm0")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[DenseLayer(32, Repeat = 6, Name = "features.denseblock1.denselayer#1")]
[DenseTransition(Name = "features.transition1")]
[DenseLayer(32, Repeat = 12, Name = "features.denseblock2.denselayer#1")]
[DenseTransition(Name = "features.transition2")]
[DenseLayer(32, Repeat = "block3", Name = "features.denseblock3.denselayer#1")]
[DenseTransition(Name = "features.transition3")]
[DenseLayer(32, Repeat = "block4", Name = "features.denseblock4.denselayer#1")]
[BatchNorm(Name = "features.norm5")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "classifier")]
public sealed partial class DenseNet121;

/// <summary>DenseNet-169 (Huang 2016, arXiv 1608.06993, Table 1).</summary>
[Network(typeof(DenseNet121)), Parameter("block3", 32), Parameter("block4", 32)]
public sealed partial class DenseNet169;

/// <summary>DenseNet-201 (Huang 2016, arXiv 1608.06993, Table 1).</summary>
[Network(typeof(DenseNet121)), Parameter("block3", 48), Parameter("block4", 32)]
public sealed partial class DenseNet201;
