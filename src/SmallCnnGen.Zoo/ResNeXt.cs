namespace SmallCnnGen.Zoo;

/// <summary>
/// ResNeXt-50, 32x4d: <see cref="ResNet50"/> whose bottlenecks have 32 groups of 4 channels, twice as many with every stage
/// (Xie 2016, arXiv 1611.05431, Table 1). Tensor names are torchvision's resnext50_32x4d.
/// </summary>
[Network(typeof(ResNet50)), Parameter("width", 32 * 4), Parameter("groups", 32)]
public sealed partial class ResNeXt50;

/// <summary>
/// ResNeXt-101, 32x8d: 32 groups of 8 channels (Xie 2016, arXiv 1611.05431, section 4.1). Tensor names are torchvision's
/// resnext101_32x8d.
/// </summary>
[Network(typeof(ResNet101)), Parameter("width", 32 * 8), Parameter("groups", 32)]
public sealed partial class ResNeXt101;
