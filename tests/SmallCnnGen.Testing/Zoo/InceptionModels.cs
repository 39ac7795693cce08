using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The later Inception networks.</summary>
public sealed class InceptionModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(InceptionV3), "inception_v3"),
        (typeof(BnInception), null),
        (typeof(Xception), "xception"),
    ];
}
