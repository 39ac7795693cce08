using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>
/// Squeeze-and-excitation ends in a product of a map and one gate a channel. Where a pointwise convolution alone reads it, the
/// convolution applies the gate to each strip of its input just before reading it, in place: the product is never a map of
/// its own and never leaves the first-level cache. Nothing may read the map afterwards.
/// </summary>
internal sealed class FuseGate : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(FuseGate);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        ILookup<int, Node> readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(i => (Input: i, Node: n))).ToLookup(r => r.Input, r => r.Node);
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not ConvOp { Groups: 1, HasGate: false } conv || !conv.Window.IsPointwise || node.Shape.Pixels == 1)
                continue;
            Node product = rewriter.Current(node.Inputs[0]);
            if (product.Op is not MultiplyOp { Epilogue.IsNone: true } || rewriter.Uses[product.Id] != 1 || product.Inputs.Count != 2)
                continue;
            (int map, int gate) = graph.Nodes[product.Inputs[0]].Shape.Pixels > 1 ? (product.Inputs[0], product.Inputs[1]) : (product.Inputs[1], product.Inputs[0]);
            if (graph.Nodes[gate].Shape.Pixels > 1 || !IsSpent(graph, readers[map], map, product.Id) || node.Inputs.Skip(1).Contains(map))
                continue;
            int[] inputs = new[] { map, gate }.Concat(node.Inputs.Skip(1)).ToArray();
            rewriter.Replace(node.Id, conv with { HasGate = true }, inputs, product.Covers.Concat(node.Covers));
        }

        return rewriter.Build();
    }

    /// <summary>Whether a convolution made the map for the product alone: besides it, only pooling looked at it before.</summary>
    private static bool IsSpent(Graph graph, IEnumerable<Node> readers, int map, int product) =>
        graph.Nodes[map].Op is ConvOp && map != graph.Output
        && readers.All(n => n.Id == product || (n.Op is AdaptivePoolOp && n.Id < product));
}
