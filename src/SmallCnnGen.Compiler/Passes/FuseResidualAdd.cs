using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>
/// Moves an addition into the epilogue of the convolution that feeds it: the shortcut is read while the result is still in
/// registers. Where both sides are convolutions the later one takes it, since its other operand is then ready.
/// </summary>
internal sealed class FuseResidualAdd : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(FuseResidualAdd);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            // The addition may have taken up the activation behind it already.
            if (node.Op is not AddOp { Epilogue: { HasResidual: false, After.IsNone: true } sum } || node.Inputs.Count != 2)
                continue;
            int first = rewriter.Resolve(node.Inputs[0]), second = rewriter.Resolve(node.Inputs[1]);
            if (first == second)
                continue;
            foreach ((int candidate, int other) in first > second ? new[] { (first, second), (second, first) } : new[] { (second, first), (first, second) })
            {
                Node producer = rewriter.Current(candidate);
                if (rewriter.Uses[candidate] != 1 || producer.Op is not (ConvOp or ConvTransposeOp) || producer.Op is not EpilogueOp op)
                    continue;
                if (op.Epilogue.HasResidual || !op.Epilogue.After.IsNone)
                    continue;
                Epilogue epilogue = op.Epilogue with { HasResidual = true, After = sum.Before };
                rewriter.Replace(node.Id, op with { Epilogue = epilogue }, producer.Inputs.Concat(new[] { other }).ToArray(), producer.Covers.Concat(node.Covers));
                break;
            }
        }

        return rewriter.Build();
    }
}
