using System;
using System.Collections.Generic;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>ShuffleNet V1 and V2.</summary>
public sealed class ShuffleNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(ShuffleNetV1), "shufflenet_v1_g3_1x"),
        (typeof(ShuffleNetV1G1), "shufflenet_v1_g1_1x"),
        (typeof(ShuffleNetV1G2), "shufflenet_v1_g2_1x"),
        (typeof(ShuffleNetV1G4), "shufflenet_v1_g4_1x"),
        (typeof(ShuffleNetV1G8), "shufflenet_v1_g8_1x"),
        (typeof(ShuffleNetV1W050), "shufflenet_v1_g3_0.5x"),
        (typeof(ShuffleNetV1W150), "shufflenet_v1_g3_1.5x"),
        (typeof(ShuffleNetV1W200), "shufflenet_v1_g3_2x"),
        (typeof(ShuffleNetV1W200SE), null),
    ];
}
