using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>
/// Moves a batch normalisation, and the activation behind it, into the pointwise convolution that alone reads it: in
/// DenseNet others read the same map with normalisations of their own, so no producer can take it up. The convolution
/// normalises a strip of pixels into memory of its own just before it reads them; the normalised map never exists.
/// </summary>
internal sealed class FusePreActivation : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(FusePreActivation);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not ConvOp { Groups: 1, HasGate: false, Prologue: null } conv || !conv.Window.IsPointwise || node.Shape.Pixels == 1)
                continue;
            Node norm = rewriter.Current(node.Inputs[0]);
            if (norm.Op is not BatchNormOp { Epilogue: { HasResidual: false, After.IsNone: true } epilogue } batchNorm || epilogue.Before.Slopes is not null || rewriter.Uses[norm.Id] != 1)
                continue;
            int[] inputs = new[] { norm.Inputs[0] }.Concat(node.Inputs.Skip(1)).ToArray();
            rewriter.Replace(node.Id, conv with { Prologue = new PreActivation(batchNorm.Norm, epilogue.Before) }, inputs, norm.Covers.Concat(node.Covers));
        }

        return rewriter.Build();
    }
}
