using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The GoogLeNets.</summary>
public sealed class GoogLeNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(GoogLeNet), "googlenet"),
        (typeof(GoogLeNetBatchNorm), "googlenet_bn_tv"),
    ];
}
