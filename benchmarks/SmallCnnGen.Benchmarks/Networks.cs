namespace SmallCnnGen.Benchmarks;

// MobileNet V1 itself (Howard 2017, arXiv 1704.04861, Table 1), at each vector width. Kernels are emitted here, not in the Zoo.
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(32, Kernel = 3, Stride = 2)]
[SeparableConv(64)]
[SeparableConv(128, stride: 2)]
[SeparableConv(128)]
[SeparableConv(256, stride: 2)]
[SeparableConv(256)]
[SeparableConv(512, stride: 2)]
[SeparableConv(512, Repeat = 5)]
[SeparableConv(1024, stride: 2)]
[SeparableConv(1024)]
[GlobalAveragePool]
[Dense(1000)]
internal sealed partial class MobileNetV1;

[Network(typeof(MobileNetV1), VectorBits = 128)]
internal sealed partial class MobileNetV1At128;

[Network(typeof(MobileNetV1), VectorBits = 512)]
internal sealed partial class MobileNetV1At512;

// One network a kind of layer, at shapes MobileNet V1 has; 256 bits, as the project file says.
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(32, Kernel = 3, Stride = 2)]
internal sealed partial class FirstConv;

[Network(Height = 112, Width = 112, Channels = 32)]
[DepthwiseConv]
internal sealed partial class Depthwise112;

[Network(Height = 14, Width = 14, Channels = 512)]
[DepthwiseConv]
internal sealed partial class Depthwise14;

[Network(Height = 28, Width = 28, Channels = 256)]
[DepthwiseConv(Stride = 2)]
internal sealed partial class Depthwise28Stride2;

[Network(Height = 112, Width = 112, Channels = 32)]
[Conv(64, Kernel = 1)]
internal sealed partial class Pointwise112;

[Network(Height = 14, Width = 14, Channels = 512)]
[Conv(512, Kernel = 1)]
internal sealed partial class Pointwise14;

[Network(Height = 7, Width = 7, Channels = 1024)]
[Conv(1024, Kernel = 1)]
internal sealed partial class Pointwise7;

[Network(Height = 7, Width = 7, Channels = 1024)]
[GlobalAveragePool]
internal sealed partial class GlobalPool;

[Network(Height = 1, Width = 1, Channels = 1024)]
[Dense(1000)]
internal sealed partial class Classifier;

[Network(Height = 56, Width = 56, Channels = 64)]
[Conv(64, Kernel = 3)]
internal sealed partial class Full3x3;
