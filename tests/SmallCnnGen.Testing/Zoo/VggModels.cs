using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The VGG networks.</summary>
public sealed class VggModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(Vgg16), "vgg16"),
        (typeof(Vgg19), null),
    ];
}
