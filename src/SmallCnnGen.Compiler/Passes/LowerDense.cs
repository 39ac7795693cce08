using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>
/// Turns fully connected layers into convolutions whose window is the whole map. The weights of a layer after Flatten lie
/// in (channel, row, column) order, exactly as such a convolution's do, so the flattening costs nothing at run time.
/// </summary>
internal sealed class LowerDense : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(LowerDense);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not DenseOp dense)
                continue;
            int input = node.Inputs[0];
            IEnumerable<string> covers = node.Covers;
            Node producer = graph.Nodes[input];
            if (producer.Op is FlattenOp && rewriter.Uses[input] == 1)
            {
                input = producer.Inputs[0];
                covers = producer.Covers.Concat(covers);
            }

            TensorShape shape = graph.Nodes[input].Shape;
            var window = new Window(new Pair(shape.Height, shape.Width), new Pair(1, 1), default, new Pair(1, 1));
            var conv = new ConvOp(window, dense.Units, 1, dense.Weight, dense.Bias) { IsDense = true, Epilogue = dense.Epilogue };
            rewriter.Replace(node.Id, conv, new[] { input }, covers);
        }

        return rewriter.Build();
    }
}
