using System;
using System.Collections.Generic;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>The residual networks.</summary>
public sealed class ResNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(ResNet18), "resnet18"),
    ];
}
