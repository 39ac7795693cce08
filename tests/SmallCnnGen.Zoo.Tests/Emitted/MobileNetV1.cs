namespace SmallCnnGen.Zoo.Tests.Emitted;

// The zoo only declares; kernels are emitted where a network is used, which is here.
[Network(typeof(Zoo.MobileNetV1))]
internal sealed partial class MobileNetV1;

[Network(typeof(Zoo.MobileNetV1_100_192))]
internal sealed partial class MobileNetV1_100_192;

[Network(typeof(Zoo.MobileNetV1_100_160))]
internal sealed partial class MobileNetV1_100_160;

[Network(typeof(Zoo.MobileNetV1_100_128))]
internal sealed partial class MobileNetV1_100_128;

[Network(typeof(Zoo.MobileNetV1_075_224))]
internal sealed partial class MobileNetV1_075_224;

[Network(typeof(Zoo.MobileNetV1_075_160))]
internal sealed partial class MobileNetV1_075_160;

[Network(typeof(Zoo.MobileNetV1_075_128))]
internal sealed partial class MobileNetV1_075_128;

[Network(typeof(Zoo.MobileNetV1_050_224))]
internal sealed partial class MobileNetV1_050_224;

[Network(typeof(Zoo.MobileNetV1_050_192))]
internal sealed partial class MobileNetV1_050_192;

[Network(typeof(Zoo.MobileNetV1_050_160))]
internal sealed partial class MobileNetV1_050_160;

[Network(typeof(Zoo.MobileNetV1_050_128))]
internal sealed partial class MobileNetV1_050_128;

[Network(typeof(Zoo.MobileNetV1_025_224))]
internal sealed partial class MobileNetV1_025_224;

[Network(typeof(Zoo.MobileNetV1_025_192))]
internal sealed partial class MobileNetV1_025_192;

[Network(typeof(Zoo.MobileNetV1_025_160))]
internal sealed partial class MobileNetV1_025_160;

[Network(typeof(Zoo.MobileNetV1_025_128))]
internal sealed partial class MobileNetV1_025_128;

[Network(typeof(Zoo.MobileNetV1Shallow))]
internal sealed partial class MobileNetV1Shallow;

[Network(typeof(Zoo.MobileNetV1FullConvolution))]
internal sealed partial class MobileNetV1FullConvolution;

[Network(typeof(Zoo.MobileNetV1TensorFlow))]
internal sealed partial class MobileNetV1TensorFlow;
