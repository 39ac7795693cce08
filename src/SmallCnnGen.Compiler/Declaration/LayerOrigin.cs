using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Which attribute an operation came from, and through which uses of blocks.</summary>
/// <param name="layer">The attribute.</param>
/// <param name="name">Full name of this copy of the layer.</param>
/// <param name="block">The block in whose body the attribute stands; null on the network itself.</param>
/// <param name="use">The attribute that uses this block; null on the network itself.</param>
public sealed class LayerOrigin(LayerSpec layer, string name, BlockSpec? block, LayerOrigin? use)
{
    /// <summary>The attribute.</summary>
    public LayerSpec Layer { get; } = layer;

    /// <summary>Full name of this copy of the layer.</summary>
    public string Name { get; } = name;

    /// <summary>The block in whose body the attribute stands; null on the network itself.</summary>
    public BlockSpec? Block { get; } = block;

    /// <summary>The attribute that uses this block; null on the network itself.</summary>
    public LayerOrigin? Use { get; } = use;

    /// <summary>The attribute on the network itself: this one, or the outermost block's use.</summary>
    public LayerOrigin Outermost => Use?.Outermost ?? this;
}

/// <summary>A network's unoptimised graph and where its nodes came from.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Origins">Origin of each node; null for inputs.</param>
public sealed record ExpandedNetwork(Graph Graph, IReadOnlyList<LayerOrigin?> Origins);
