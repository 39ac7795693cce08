using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>
/// Places regions in the arena so that no two that are in use at once overlap: greedily into the smallest gap that fits,
/// over several orders, keeping the best (Pisarchyk and Lee, arXiv 2001.03288).
/// </summary>
public static class ArenaPlanner
{
    /// <summary>Regions start on 64-byte boundaries: a cache line, and a 512-bit vector.</summary>
    public const int AlignmentFloats = 16;

    /// <summary>A region to place.</summary>
    /// <param name="Name">Name.</param>
    /// <param name="Length">Floats.</param>
    /// <param name="FirstStep">First step that uses it.</param>
    /// <param name="LastStep">Last step that uses it.</param>
    public sealed record Request(string Name, int Length, int FirstStep, int LastStep);

    /// <summary>Places all regions; the result is in the order of the requests.</summary>
    public static (IReadOnlyList<ArenaRegion> Regions, int Size) Place(IReadOnlyList<Request> requests)
    {
        IEnumerable<int> all = Enumerable.Range(0, requests.Count);
        var orders = new[]
        {
            all.OrderByDescending(i => requests[i].Length).ThenBy(i => requests[i].FirstStep),
            all.OrderBy(i => requests[i].FirstStep).ThenByDescending(i => requests[i].Length),
            all.OrderByDescending(i => (long)requests[i].Length * (requests[i].LastStep - requests[i].FirstStep + 1)).ThenBy(i => i),
            all.OrderByDescending(i => requests[i].LastStep - requests[i].FirstStep).ThenByDescending(i => requests[i].Length),
        };

        int[]? best = null;
        long bestSize = long.MaxValue;
        foreach (IEnumerable<int> order in orders)
        {
            (int[] offsets, long size) = Place(requests, order);
            if (size < bestSize)
                (best, bestSize) = (offsets, size);
        }

        if (bestSize > int.MaxValue / sizeof(float))
            throw new OverflowException("the arena would be larger than 2 GB");
        var regions = all.Select(i => new ArenaRegion(requests[i].Name, best![i], requests[i].Length, requests[i].FirstStep, requests[i].LastStep)).ToList();
        return (regions, (int)bestSize);
    }

    /// <summary>Largest sum of regions in use at one step.</summary>
    public static int LowerBound(IReadOnlyList<Request> requests)
    {
        long most = 0;
        foreach (Request at in requests)
            most = Math.Max(most, requests.Where(r => r.FirstStep <= at.FirstStep && at.FirstStep <= r.LastStep).Sum(r => Aligned(r.Length)));
        return (int)Math.Min(int.MaxValue, most);
    }

    private static (int[] Offsets, long Size) Place(IReadOnlyList<Request> requests, IEnumerable<int> order)
    {
        var offsets = new int[requests.Count];
        var placed = new List<int>();
        long size = 0;
        foreach (int i in order)
        {
            Request request = requests[i];
            long best = -1, bestGap = long.MaxValue, end = 0;
            foreach (int other in placed.Where(p => requests[p].FirstStep <= request.LastStep && request.FirstStep <= requests[p].LastStep).OrderBy(p => offsets[p]))
            {
                long gap = offsets[other] - end;
                if (gap >= Aligned(request.Length) && gap < bestGap)
                    (best, bestGap) = (end, gap);
                end = Math.Max(end, offsets[other] + Aligned(requests[other].Length));
            }

            long offset = best >= 0 ? best : end;
            offsets[i] = (int)Math.Min(int.MaxValue, offset);
            size = Math.Max(size, offset + Aligned(request.Length));
            placed.Add(i);
        }

        return (offsets, size);
    }

    /// <summary>Floats of several copies, each of which begins on a cache line.</summary>
    /// <param name="floats">Floats of one.</param>
    /// <param name="copies">How many.</param>
    public static long Copies(long floats, int copies) => ((copies - 1) * Aligned(floats)) + floats;

    /// <summary>A length in whole cache lines.</summary>
    /// <param name="floats">Floats.</param>
    public static long Aligned(long floats) => (floats + AlignmentFloats - 1) / AlignmentFloats * AlignmentFloats;
}
