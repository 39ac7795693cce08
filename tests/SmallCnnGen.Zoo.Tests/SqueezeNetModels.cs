using System;
using System.Collections.Generic;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>SqueezeNet and SqueezeNext.</summary>
public sealed class SqueezeNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(SqueezeNet1_0), "squeezenet_1.0"),
        (typeof(SqueezeNet1_0_227), "squeezenet_1.0_227"),
        (typeof(SqueezeNet1_1), "squeezenet_1.1"),
        (typeof(SqueezeNetSimpleBypass), "squeezenet_1.0_simple_bypass"),
        (typeof(SqueezeNetComplexBypass), null),
    ];
}
