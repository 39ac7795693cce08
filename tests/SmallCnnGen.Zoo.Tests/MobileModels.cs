using System;
using System.Collections.Generic;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>MobileNetV2, V3 and their relatives.</summary>
public sealed class MobileModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(MobileNetV2), "mobilenet_v2_1.0"),
        (typeof(MobileNetV2W075), "mobilenet_v2_0.75"),
        (typeof(MobileNetV2W050), "mobilenet_v2_0.5"),
        (typeof(MobileNetV2R192), "mobilenet_v2_1.0_192"),
        (typeof(MobileNetV2R128), "mobilenet_v2_1.0_128"),
        (typeof(MobileNetV2R96), "mobilenet_v2_1.0_96"),
    ];
}
