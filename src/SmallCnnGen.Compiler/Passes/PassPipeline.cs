using System.Collections.Generic;
using System.Threading;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>The passes, in the order they run. The verifier runs after each.</summary>
public static class PassPipeline
{
    /// <summary>Every pass, in order.</summary>
    public static IReadOnlyList<IPass> Passes { get; } = new IPass[]
    {
        new LowerDense(),
        new FoldBatchNorm(),
        new FuseActivation(),
        new FuseResidualAdd(),
        new FuseActivation(),
        new FuseGate(),
    };

    /// <summary>Runs all passes.</summary>
    /// <param name="graph">The unoptimised graph.</param>
    /// <param name="cancellation">Checked between passes.</param>
    /// <param name="observer">Sees the graph after each pass, for tests and dumps.</param>
    /// <param name="layersOnly">Whether to leave out passes after which a product is no layer any more: the critic speaks of it.</param>
    public static Graph Run(Graph graph, CancellationToken cancellation = default, System.Action<IPass, Graph>? observer = null, bool layersOnly = false)
    {
        foreach (IPass pass in Passes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (layersOnly && pass is FuseGate)
                continue;
            graph = pass.Run(graph);
            GraphVerifier.Verify(graph);
            observer?.Invoke(pass, graph);
        }

        return graph;
    }
}
