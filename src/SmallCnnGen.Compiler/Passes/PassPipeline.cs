using System.Collections.Generic;
using System.Threading;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>The passes, in the order they run. The verifier runs after each.</summary>
public static class PassPipeline
{
    /// <summary>The passes after which every node is still a layer as it was declared: the critic speaks of these.</summary>
    public static IReadOnlyList<IPass> LayerPasses { get; } = new IPass[]
    {
        new LowerDense(),
        new FoldBatchNorm(),
        new FuseActivation(),
        new FuseResidualAdd(),
        new FuseActivation(),
    };

    /// <summary>Every pass, in order.</summary>
    public static IReadOnlyList<IPass> Passes { get; } = new List<IPass>(LayerPasses) { new FuseGate(), new FusePreActivation() };

    /// <summary>Runs the passes.</summary>
    /// <param name="graph">The unoptimised graph.</param>
    /// <param name="cancellation">Checked between passes.</param>
    /// <param name="observer">Sees the graph after each pass, for tests and dumps.</param>
    /// <param name="layersOnly">Whether to run the <see cref="LayerPasses"/> only.</param>
    public static Graph Run(Graph graph, CancellationToken cancellation = default, System.Action<IPass, Graph>? observer = null, bool layersOnly = false)
    {
        foreach (IPass pass in layersOnly ? LayerPasses : Passes)
        {
            cancellation.ThrowIfCancellationRequested();
            graph = pass.Run(graph);
            GraphVerifier.Verify(graph);
            observer?.Invoke(pass, graph);
        }

        return graph;
    }
}
