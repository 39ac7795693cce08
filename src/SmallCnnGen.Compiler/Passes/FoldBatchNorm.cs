using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>
/// Lets a convolution take up the batch normalisation that alone reads it: at inference both are linear, so the scale goes
/// into the weights and the shift into the bias, computed in double when weights are loaded.
/// </summary>
internal sealed class FoldBatchNorm : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(FoldBatchNorm);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not BatchNormOp norm || !norm.Epilogue.IsNone)
                continue;
            Node producer = rewriter.Current(node.Inputs[0]);
            if (rewriter.Uses[producer.Id] != 1)
                continue;
            Op? folded = producer.Op switch
            {
                ConvOp { Norm: null } conv when conv.Epilogue.IsNone => conv with { Norm = norm.Norm },
                ConvTransposeOp { Norm: null } conv when conv.Epilogue.IsNone => conv with { Norm = norm.Norm },
                _ => null,
            };
            if (folded is not null)
                rewriter.Replace(node.Id, folded, producer.Inputs.ToArray(), producer.Covers.Concat(node.Covers));
        }

        return rewriter.Build();
    }
}
