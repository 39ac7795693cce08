using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The AlexNets.</summary>
public sealed class AlexNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(AlexNet), "alexnet_grouped"),
        (typeof(AlexNetOneTower), "alexnet_tv"),
    ];
}
