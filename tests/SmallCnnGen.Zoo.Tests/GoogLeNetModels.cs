using System;
using System.Collections.Generic;

namespace SmallCnnGen.Zoo.Tests;

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
