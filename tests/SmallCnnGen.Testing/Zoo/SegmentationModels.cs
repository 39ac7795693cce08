using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The networks for semantic segmentation.</summary>
public sealed class SegmentationModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(ENet), "enet"),
        (typeof(ContextModuleBasic), "context_module_basic_21"),
        (typeof(ContextModuleLarge), null),
    ];
}
