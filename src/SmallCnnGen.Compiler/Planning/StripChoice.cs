using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>One kernel call as the choice of strips sees it.</summary>
/// <param name="Node">Node.</param>
/// <param name="Inputs">Nodes it reads.</param>
/// <param name="Kernel">The kernel that computes some of its rows, or null when there is none.</param>
/// <param name="FollowsAlone">Whether it alone reads the call before, whose map nothing else needs and which lies on its own.</param>
/// <param name="IsShared">Whether threads would share it.</param>
public sealed record StripCandidate(Node Node, IReadOnlyList<int> Inputs, KernelSpec? Kernel, bool FollowsAlone, bool IsShared);

/// <summary>
/// Chooses which kernels run strip by strip. Where a map is larger than the second-level cache, its reader finds it in
/// slower memory; in strips it is still near. Where a small arena is asked for, every map that is only passed on shrinks
/// to a few rows.
/// </summary>
public static class StripChoice
{
    /// <summary>Maps from this size on leave the second-level cache before they are read (1 MB, shared with weights and the next map).</summary>
    private const int LargeMapBytes = 384 * 1024;

    /// <summary>What the strips of a chain and its weights may take of that cache.</summary>
    private const int WorkingBytes = 640 * 1024;

    /// <summary>Weights are read again for every strip.</summary>
    private const int ChainWeightBytes = 384 * 1024;

    /// <summary>Narrower rows do not fill a tile.</summary>
    private const int LeastWidth = 14;

    private const int SmallMapBytes = 16 * 1024;

    /// <summary>Most of a chain's multiply-adds that threads may compute twice, at the borders of their parts.</summary>
    private const double MostRepeated = 0.1;

    /// <summary>The same where memory counts more than time.</summary>
    private const double MostRepeatedSmall = 0.3;

    /// <summary>Most strips of a chain.</summary>
    private const int MostStrips = 2048;

    /// <summary>For a small arena: sizes to which the buffers of a chain may grow together, all of which are tried.</summary>
    private static readonly int[] SmallBudgets = { 32 << 10, 64 << 10, 128 << 10, 192 << 10, 256 << 10, 384 << 10, 640 << 10, 1 << 20, 4 << 20 };

    /// <summary>
    /// Chains among the kernel calls, in order and apart. For a small arena there are several choices, of which the planner
    /// takes the one whose arena is smallest: longer chains need more buffers, shorter ones leave more maps whole.
    /// </summary>
    /// <param name="calls">All kernel calls.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="use">Which chains are wanted.</param>
    /// <param name="threads">Threads that share them, each with buffers of its own.</param>
    public static IEnumerable<IReadOnlyList<StripChain>> Choices(IReadOnlyList<StripCandidate> calls, Graph graph, StripUse use, int threads) => use switch
    {
        StripUse.Never => new[] { Array.Empty<StripChain>() },
        StripUse.SmallArena => SmallBudgets.Select(b => Chains(calls, graph, use, b, threads)).Concat(new[] { Chains(calls, graph, StripUse.WhereFaster, WorkingBytes, threads) }),
        _ => new[] { Chains(calls, graph, use, WorkingBytes, threads) },
    };

    private static IReadOnlyList<StripChain> Chains(IReadOnlyList<StripCandidate> calls, Graph graph, StripUse use, int budget, int threads)
    {
        var chains = new List<StripChain>();
        int at = 0;
        while (at < calls.Count)
        {
            StripChain? best = null;
            for (int last = at + 1; last < calls.Count && Follows(calls, last, at, use); last++)
            {
                if (Best(calls, graph, at, last, use, budget, threads) is not { } chain)
                    break;
                best = chain;
            }

            if (best is not null)
                chains.Add(best);
            at += best?.Count ?? 1;
        }

        return chains;
    }

    /// <summary>Whether a call can take its input strip by strip from the one before.</summary>
    private static bool Follows(IReadOnlyList<StripCandidate> calls, int index, int first, StripUse use)
    {
        StripCandidate call = calls[index], before = calls[index - 1];
        if (call.Kernel is null || before.Kernel is null || !call.FollowsAlone || call.Inputs[0] != before.Node.Id)
            return false;

        // What is added at the end must be there whole.
        if (call.Inputs.Skip(1).Any(i => Enumerable.Range(first, index - first).Any(c => calls[c].Node.Id == i)))
            return false;
        if (use == StripUse.Everywhere)
            return true;
        long bytes = before.Node.Shape.Length * sizeof(float);
        return call.Node.Shape.Width >= LeastWidth && bytes >= (use == StripUse.SmallArena ? SmallMapBytes : LargeMapBytes);
    }

    /// <summary>The tallest strips that fit, or null.</summary>
    private static StripChain? Best(IReadOnlyList<StripCandidate> calls, Graph graph, int first, int last, StripUse use, int budget, int threads)
    {
        StripCandidate[] chain = Enumerable.Range(first, last - first + 1).Select(i => calls[i]).ToArray();
        (KernelSpec, Window, int, int)[] kernels = chain.Select(c => (c.Kernel!, WindowOf(c.Node.Op), graph.Nodes[c.Inputs[0]].Shape.Height, c.Node.Shape.Height)).ToArray();
        long weights = chain.Sum(c => c.Kernel!.WeightFloats * sizeof(float));
        int[] heights = use == StripUse.WhereFaster ? new[] { 16, 8, 4 } : new[] { 4, 2, 1 };
        int parts = chain.Any(c => c.IsShared) ? threads : 1;
        if (use == StripUse.Everywhere)
            return StripChain.Schedule(first, kernels, 2, parts);
        if (use == StripUse.WhereFaster && weights > ChainWeightBytes)
            return null;
        foreach (int rows in heights)
        {
            // The schedule is a table in the generated code, a line for each strip.
            if (chain[0].Node.Shape.Height / rows > MostStrips)
                return null;
            StripChain schedule = StripChain.Schedule(first, kernels, rows, parts);
            if (Repeated(schedule, chain, graph) > (use == StripUse.WhereFaster ? MostRepeated : MostRepeatedSmall))
                return null;
            long bytes = Enumerable.Range(0, chain.Length - 1).Sum(i => (long)schedule.BufferRows[i] * chain[i].Node.Shape.Width * chain[i].Node.Shape.Channels * sizeof(float));
            if (bytes + (use == StripUse.WhereFaster ? weights : 0) <= budget)
                return schedule;
        }

        return null;
    }

    /// <summary>What the parts of a chain compute twice, as a part of what there is to compute.</summary>
    private static double Repeated(StripChain schedule, StripCandidate[] chain, Graph graph)
    {
        if (schedule.Parts == 1)
            return 0;
        double work = 0, all = 0;
        for (int k = 0; k < chain.Length; k++)
        {
            // A pooling multiplies nothing, but it reads and writes.
            Node node = chain[k].Node;
            double cost = CostRule.MultiplyAdds(node.Op, graph.Nodes[chain[k].Inputs[0]].Shape, node.Shape) + node.Shape.Length;
            work += cost;
            all += cost * schedule.UnitsComputed(k) / chain[k].Kernel!.Units;
        }

        return (all / work) - 1;
    }

    private static Window WindowOf(Op op) => op switch
    {
        ConvOp conv => conv.Window,
        PoolOp pool => pool.Window,
        _ => throw new InvalidOperationException("no rows in " + op.Name),
    };
}
