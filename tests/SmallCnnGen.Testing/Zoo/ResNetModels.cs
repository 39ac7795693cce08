using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The residual networks.</summary>
public sealed class ResNetModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(ResNet18), "resnet18"),
        (typeof(ResNet34), null),
        (typeof(ResNet50), "resnet50"),
        (typeof(ResNet101), "resnet101"),
        (typeof(ResNet152), null),
        (typeof(ResNet50V1), "resnet50_v1"),
    ];
}
