using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>SqueezeNet and SqueezeNext.</summary>
public sealed class SqueezeNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(SqueezeNet1_0), "squeezenet_1.0"),
        (typeof(SqueezeNet1_0R227), "squeezenet_1.0_227"),
        (typeof(SqueezeNet1_1), "squeezenet_1.1"),
        (typeof(SqueezeNetSimpleBypass), "squeezenet_1.0_simple_bypass"),
        (typeof(SqueezeNetComplexBypass), null),
        (typeof(SqueezeNext23), "squeezenext_1.0_23"),
        (typeof(SqueezeNext23G), null),
        (typeof(SqueezeNext23W150), "squeezenext_1.5_23"),
        (typeof(SqueezeNext23W200), "squeezenext_2.0_23"),
        (typeof(SqueezeNext34), "squeezenext_1.0_34"),
        (typeof(SqueezeNext34W150), "squeezenext_1.5_34"),
        (typeof(SqueezeNext34W200), "squeezenext_2.0_34"),
        (typeof(SqueezeNext44), "squeezenext_1.0_44"),
        (typeof(SqueezeNext44W150), "squeezenext_1.5_44"),
        (typeof(SqueezeNext44W200), null),
        (typeof(SqueezeNext23V2), "squeezenext_1.0_23v2"),
        (typeof(SqueezeNext23V3), "squeezenext_1.0_23v3"),
        (typeof(SqueezeNext23V4), null),
        (typeof(SqueezeNext23V5), "squeezenext_1.0_23v5"),
        (typeof(SqueezeNext23V4W200), "squeezenext_2.0_23v4"),
        (typeof(SqueezeNext23V5W200), "squeezenext_2.0_23v5"),
    ];
}
