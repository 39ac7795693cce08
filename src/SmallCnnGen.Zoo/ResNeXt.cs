namespace SmallCnnGen.Zoo;

/// <summary>
/// ResNeXt-50, 32x4d: a bottleneck has 32 groups of 4 channels, twice as many with every stage (Xie 2016,
/// arXiv 1611.05431, Table 1). Tensor names are torchvision's resnext50_32x4d.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[Bottleneck(128, 256, groups: 32, Repeat = 3, Name = "layer1.#")]
[Bottleneck(256, 512, stride: 2, groups: 32, Repeat = 4, Name = "layer2.#")]
[Bottleneck(512, 1024, stride: 2, groups: 32, Repeat = 6, Name = "layer3.#")]
[Bottleneck(1024, 2048, stride: 2, groups: 32, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNeXt50;
