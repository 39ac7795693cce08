using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

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
        (typeof(ShuffleNetV2), "shufflenet_v2_1.0"),
        (typeof(ShuffleNetV2W050), "shufflenet_v2_0.5"),
        (typeof(ShuffleNetV2W150), null),
        (typeof(ShuffleNetV2W200), "shufflenet_v2_2.0"),
        (typeof(ShuffleNetV2Authors), "shufflenet_v2_1.0_authors"),
        (typeof(ShuffleNetV2AuthorsW050), "shufflenet_v2_0.5_authors"),
        (typeof(ShuffleNetV2AuthorsW150), "shufflenet_v2_1.5_authors"),
        (typeof(ShuffleNetV2AuthorsW200), null),
        (typeof(ShuffleNetV2Star), "shufflenet_v2_1.0_star"),
        (typeof(ShuffleNetV2W200SE), "shufflenet_v2_2.0_se"),
        (typeof(ShuffleNetV2_50), "shufflenet_v2_50"),
        (typeof(SEShuffleNetV2_164), "se_shufflenet_v2_164"),
    ];
}
