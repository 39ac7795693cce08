using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>Moves an activation into the epilogue of the kernel that alone feeds it, so the map is written once.</summary>
internal sealed class FuseActivation : IPass
{
    /// <inheritdoc/>
    public string Name => nameof(FuseActivation);

    /// <inheritdoc/>
    public Graph Run(Graph graph)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not ActivationOp activation)
                continue;
            Node producer = rewriter.Current(node.Inputs[0]);
            if (producer.Op is not EpilogueOp op || rewriter.Uses[producer.Id] != 1)
                continue;
            Epilogue epilogue = op.Epilogue;
            if (!epilogue.After.IsNone)
                continue;
            if (epilogue.HasResidual)
                epilogue = epilogue with { After = activation.Function };
            else if (epilogue.Before.IsNone)
                epilogue = epilogue with { Before = activation.Function };
            else
                continue;
            rewriter.Replace(node.Id, op with { Epilogue = epilogue }, producer.Inputs.ToArray(), producer.Covers.Concat(node.Covers));
        }

        return rewriter.Build();
    }
}
