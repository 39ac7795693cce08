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
    };

    /// <summary>Runs all passes.</summary>
    /// <param name="graph">The unoptimised graph.</param>
    /// <param name="cancellation">Checked between passes.</param>
    /// <param name="observer">Sees the graph after each pass, for tests and dumps.</param>
    public static Graph Run(Graph graph, CancellationToken cancellation = default, System.Action<IPass, Graph>? observer = null)
    {
        foreach (IPass pass in Passes)
        {
            cancellation.ThrowIfCancellationRequested();
            graph = pass.Run(graph);
            GraphVerifier.Verify(graph);
            observer?.Invoke(pass, graph);
        }

        return graph;
    }
}
