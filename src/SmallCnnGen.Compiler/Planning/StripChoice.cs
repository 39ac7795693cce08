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
public sealed record StripCandidate(Node Node, IReadOnlyList<int> Inputs, KernelSpec? Kernel, bool FollowsAlone);

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

    /// <summary>For a small arena: sizes to which the buffers of a chain may grow together, all of which are tried.</summary>
    private static readonly int[] SmallBudgets = { 32 << 10, 64 << 10, 128 << 10, 192 << 10, 256 << 10, 384 << 10, 640 << 10, 1 << 20, 4 << 20 };

    /// <summary>
    /// Chains among the kernel calls, in order and apart. For a small arena there are several choices, of which the planner
    /// takes the one whose arena is smallest: longer chains need more buffers, shorter ones leave more maps whole.
    /// </summary>
    /// <param name="calls">All kernel calls.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="use">Which chains are wanted.</param>
    public static IEnumerable<IReadOnlyList<StripChain>> Choices(IReadOnlyList<StripCandidate> calls, Graph graph, StripUse use) => use switch
    {
        StripUse.Never => new[] { Array.Empty<StripChain>() },
        StripUse.SmallArena => SmallBudgets.Select(b => Chains(calls, graph, use, b)).Concat(new[] { Chains(calls, graph, StripUse.WhereFaster, WorkingBytes) }),
        _ => new[] { Chains(calls, graph, use, WorkingBytes) },
    };

    private static IReadOnlyList<StripChain> Chains(IReadOnlyList<StripCandidate> calls, Graph graph, StripUse use, int budget)
    {
        var chains = new List<StripChain>();
        int at = 0;
        while (at < calls.Count)
        {
            StripChain? best = null;
            for (int last = at + 1; last < calls.Count && Follows(calls, last, at, use); last++)
            {
                if (Best(calls, graph, at, last, use, budget) is not { } chain)
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
    private static StripChain? Best(IReadOnlyList<StripCandidate> calls, Graph graph, int first, int last, StripUse use, int budget)
    {
        StripCandidate[] chain = Enumerable.Range(first, last - first + 1).Select(i => calls[i]).ToArray();
        (KernelSpec, Window, int, int)[] kernels = chain.Select(c => (c.Kernel!, WindowOf(c.Node.Op), graph.Nodes[c.Inputs[0]].Shape.Height, c.Node.Shape.Height)).ToArray();
        long weights = chain.Sum(c => c.Kernel!.WeightFloats * sizeof(float));
        int[] heights = use == StripUse.WhereFaster ? new[] { 16, 8, 4 } : new[] { 4, 2, 1 };
        if (use == StripUse.Everywhere)
            return StripChain.Schedule(first, kernels, 2);
        if (use == StripUse.WhereFaster && weights > ChainWeightBytes)
            return null;
        foreach (int rows in heights)
        {
            StripChain schedule = StripChain.Schedule(first, kernels, rows);
            long bytes = Enumerable.Range(0, chain.Length - 1).Sum(i => (long)schedule.BufferRows[i] * chain[i].Node.Shape.Width * chain[i].Node.Shape.Channels * sizeof(float));
            if (bytes + (use == StripUse.WhereFaster ? weights : 0) <= budget)
                return schedule;
        }

        return null;
    }

    private static Window WindowOf(Op op) => op switch
    {
        ConvOp conv => conv.Window,
        PoolOp pool => pool.Window,
        _ => throw new InvalidOperationException("no rows in " + op.Name),
    };
}
