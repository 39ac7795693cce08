using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>MobileNet V1 at every width and resolution, and the paper's two comparisons.</summary>
public sealed class MobileNetV1Models : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(MobileNetV1), "mobilenet_v1_1.0_224"),
        (typeof(MobileNetV1_100_192), "mobilenet_v1_1.0_192"),
        (typeof(MobileNetV1_100_160), "mobilenet_v1_1.0_160"),
        (typeof(MobileNetV1_100_128), "mobilenet_v1_1.0_128"),
        (typeof(MobileNetV1_075_224), "mobilenet_v1_0.75_224"),
        (typeof(MobileNetV1_075_160), "mobilenet_v1_0.75_160"),
        (typeof(MobileNetV1_075_128), "mobilenet_v1_0.75_128"),
        (typeof(MobileNetV1_050_224), "mobilenet_v1_0.5_224"),
        (typeof(MobileNetV1_050_192), "mobilenet_v1_0.5_192"),
        (typeof(MobileNetV1_050_160), "mobilenet_v1_0.5_160"),
        (typeof(MobileNetV1_050_128), "mobilenet_v1_0.5_128"),
        (typeof(MobileNetV1_025_224), "mobilenet_v1_0.25_224"),
        (typeof(MobileNetV1_025_192), "mobilenet_v1_0.25_192"),
        (typeof(MobileNetV1_025_160), "mobilenet_v1_0.25_160"),
        (typeof(MobileNetV1_025_128), "mobilenet_v1_0.25_128"),
        (typeof(MobileNetV1Shallow), "mobilenet_v1_shallow_224"),
        (typeof(MobileNetV1FullConvolution), "conv_mobilenet_224"),
        (typeof(MobileNetV1TensorFlow), "mobilenet_v1_1.0_224_tf"),
        (typeof(MobileNetV1_075_192), null),
    ];
}
