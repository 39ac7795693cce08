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

    /// <summary>More requests than this are placed in one order only: every order compares each with all others.</summary>
    private const int ManyRequests = 2048;

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
        foreach (IEnumerable<int> order in requests.Count > ManyRequests ? orders.Take(1) : orders)
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
        var begins = new SortedDictionary<int, long>();
        var ends = new SortedDictionary<int, long>();
        foreach (Request request in requests)
        {
            begins[request.FirstStep] = (begins.TryGetValue(request.FirstStep, out long begin) ? begin : 0) + Aligned(request.Length);
            ends[request.LastStep] = (ends.TryGetValue(request.LastStep, out long end) ? end : 0) + Aligned(request.Length);
        }

        // The sum only grows where a region comes into use.
        long most = 0, sum = 0;
        using SortedDictionary<int, long>.Enumerator over = ends.GetEnumerator();
        bool more = over.MoveNext();
        foreach (KeyValuePair<int, long> begin in begins)
        {
            for (; more && over.Current.Key < begin.Key; more = over.MoveNext())
                sum -= over.Current.Value;
            sum += begin.Value;
            most = Math.Max(most, sum);
        }

        return (int)Math.Min(int.MaxValue, most);
    }

    private static (int[] Offsets, long Size) Place(IReadOnlyList<Request> requests, IEnumerable<int> order)
    {
        var offsets = new int[requests.Count];
        var placed = new List<Placed>();
        long size = 0;
        foreach (int i in order)
        {
            Request request = requests[i];
            long best = -1, bestGap = long.MaxValue, end = 0;
            foreach (Placed other in placed)
            {
                if (other.FirstStep > request.LastStep || request.FirstStep > other.LastStep)
                    continue;
                long gap = other.Offset - end;
                if (gap >= Aligned(request.Length) && gap < bestGap)
                    (best, bestGap) = (end, gap);
                end = Math.Max(end, other.End);
            }

            long offset = best >= 0 ? best : end;
            offsets[i] = (int)Math.Min(int.MaxValue, offset);
            size = Math.Max(size, offset + Aligned(request.Length));
            var here = new Placed(offsets[i], offsets[i] + Aligned(request.Length), request.FirstStep, request.LastStep);
            int at = placed.BinarySearch(here);
            placed.Insert(at < 0 ? ~at : at, here);
        }

        return (offsets, size);
    }

    /// <summary>A region that has its place; they sort by offset.</summary>
    private readonly record struct Placed(long Offset, long End, int FirstStep, int LastStep) : IComparable<Placed>
    {
        public int CompareTo(Placed other) => Offset.CompareTo(other.Offset);
    }

    /// <summary>Floats of several copies, each of which begins on a cache line.</summary>
    /// <param name="floats">Floats of one.</param>
    /// <param name="copies">How many.</param>
    public static long Copies(long floats, int copies) => ((copies - 1) * Aligned(floats)) + floats;

    /// <summary>A length in whole cache lines.</summary>
    /// <param name="floats">Floats.</param>
    public static long Aligned(long floats) => (floats + AlignmentFloats - 1) / AlignmentFloats * AlignmentFloats;
}
