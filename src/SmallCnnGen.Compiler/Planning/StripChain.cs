using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>
/// Kernels that run a few rows at a time, one after another, so that the maps between them never exist whole: only the
/// rows that the next kernel still needs. When and how much each computes is worked out here and becomes a table.
/// </summary>
/// <param name="First">Index of the first kernel call.</param>
/// <param name="Count">Kernel calls.</param>
/// <param name="StripCount">Strips of a part.</param>
/// <param name="Table">
/// For each part, each strip <see cref="Columns"/> numbers: from and to of each kernel; then, of each map between, by how many rows
/// its buffer advances, how many rows are kept and moved to the front, and which row is then first.
/// </param>
/// <param name="BufferRows">Rows of the buffer of each map between.</param>
public sealed record StripChain(int First, int Count, int StripCount, EquatableArray<int> Table, EquatableArray<int> BufferRows)
{
    /// <summary>
    /// Parts that are computed independently, so that as many threads can share the chain: each makes some of the last map's
    /// rows, and of the maps before what these need. Rows that two parts need are computed by both.
    /// </summary>
    public int Parts { get; init; } = 1;

    /// <summary>Numbers of a strip in the table.</summary>
    public int Columns => ColumnsOf(Count);

    /// <summary>Whether a kernel call belongs to it.</summary>
    /// <param name="call">Index of the call.</param>
    public bool Contains(int call) => First <= call && call < First + Count;

    /// <summary>Strips of all parts.</summary>
    public int AllStrips => Parts * StripCount;

    /// <summary>Units of a kernel that are computed in all parts together: more than it has where parts overlap.</summary>
    /// <param name="kernel">Which of the chain.</param>
    public int UnitsComputed(int kernel) =>
        Enumerable.Range(0, AllStrips).Sum(s => Table[(s * Columns) + (2 * kernel) + 1] - Table[(s * Columns) + (2 * kernel)]);

    /// <summary>Works out what each kernel computes in each strip: as soon as the rows it reads are there.</summary>
    /// <param name="first">Index of the first kernel call.</param>
    /// <param name="kernels">The kernels in order, with the window through which each reads the one before.</param>
    /// <param name="rows">Rows the first one computes in a strip.</param>
    /// <param name="parts">Parts wanted; there are no more than the last kernel has units.</param>
    public static StripChain Schedule(int first, IReadOnlyList<(KernelSpec Kernel, Window Window, int InputHeight, int Height)> kernels, int rows, int parts = 1)
    {
        int units = kernels[kernels.Count - 1].Kernel.Units;
        parts = Math.Max(1, Math.Min(parts, units));
        (int[] From, int[] To)[] shares = Enumerable.Range(0, parts)
            .Select(p => parts == 1 ? Whole(kernels) : Share(kernels, (int)((long)units * p / parts), (int)((long)units * (p + 1) / parts))).ToArray();

        // As many strips in every part, so that one loop runs through any of them; a part that is done early has empty ones.
        int strips = shares.Max(s => (kernels[0].Kernel.RowsAfter(s.To[0]) - kernels[0].Kernel.RowsAfter(s.From[0]) + rows - 1) / rows);
        var buffer = new int[kernels.Count - 1];
        var table = new List<int>();
        foreach ((int[] from, int[] to) in shares)
            AddPart(table, buffer, kernels, rows, strips, from, to);
        return new StripChain(first, kernels.Count, strips, new EquatableArray<int>(table), new EquatableArray<int>(buffer.Select(b => Math.Max(1, b)))) { Parts = parts };
    }

    /// <summary>All units of all kernels.</summary>
    private static (int[] From, int[] To) Whole(IReadOnlyList<(KernelSpec Kernel, Window Window, int InputHeight, int Height)> kernels) =>
        (new int[kernels.Count], kernels.Select(k => k.Kernel.Units).ToArray());

    /// <summary>The units of each kernel that some units of the last one need.</summary>
    private static (int[] From, int[] To) Share(IReadOnlyList<(KernelSpec Kernel, Window Window, int InputHeight, int Height)> kernels, int from, int to)
    {
        var first = new int[kernels.Count];
        var end = new int[kernels.Count];
        (first[kernels.Count - 1], end[kernels.Count - 1]) = (from, to);
        for (int k = kernels.Count - 1; k > 0; k--)
        {
            (KernelSpec kernel, Window window, int inputHeight, int height) = kernels[k];
            KernelSpec before = kernels[k - 1].Kernel;
            int low = FirstRow(window, inputHeight, kernel.RowsAfter(first[k]), height), high = Needed(window, inputHeight, kernel.RowsAfter(end[k]));
            while (before.RowsAfter(end[k - 1]) < high)
                end[k - 1]++;
            while (first[k - 1] < end[k - 1] && before.RowsAfter(first[k - 1] + 1) <= low)
                first[k - 1]++;
        }

        return (first, end);
    }

    private static void AddPart(
        List<int> table, int[] buffer, IReadOnlyList<(KernelSpec Kernel, Window Window, int InputHeight, int Height)> kernels, int rows, int strips, int[] from, int[] to)
    {
        int count = kernels.Count, top = kernels[0].Kernel.RowsAfter(from[0]);
        int[] done = from.ToArray(), start = kernels.Select((k, i) => k.Kernel.RowsAfter(from[i])).ToArray();
        for (int strip = 0; strip < strips; strip++)
        {
            var moves = new List<int>();
            int[] before = done.ToArray();
            for (int k = 0; k < count; k++)
            {
                (KernelSpec kernel, Window window, int inputHeight, int height) = kernels[k];
                int ready = k == 0 ? Math.Min(height, top + ((strip + 1) * rows)) : kernels[k - 1].Kernel.RowsAfter(done[k - 1]);
                while (done[k] < to[k] && (k == 0 ? kernel.RowsAfter(done[k] + 1) : Needed(window, inputHeight, kernel.RowsAfter(done[k] + 1))) <= ready)
                    done[k]++;
                table.Add(before[k]);
                table.Add(done[k]);
                if (k == count - 1)
                    continue;

                // The map behind: rows before the first that the next kernel will read are let go.
                int low = FirstRow(kernels[k + 1].Window, kernels[k + 1].InputHeight, kernels[k + 1].Kernel.RowsAfter(before[k + 1]), kernels[k + 1].Height);
                int produced = kernel.RowsAfter(before[k]);
                low = Math.Min(low, produced);
                moves.Add(low - start[k]);
                moves.Add(produced - low);
                moves.Add(low);
                start[k] = low;
                buffer[k] = Math.Max(buffer[k], kernel.RowsAfter(done[k]) - low);
            }

            table.AddRange(moves);
        }

        if (Enumerable.Range(0, count).Any(k => done[k] < to[k]))
            throw new InvalidOperationException("a strip schedule does not reach the last row");
    }

    private static int ColumnsOf(int count) => (2 * count) + (3 * (count - 1));

    /// <summary>Input rows that must exist for the first so many output rows.</summary>
    private static int Needed(Window window, int inputHeight, int outputRows) =>
        Math.Min(inputHeight, Math.Max(0, ((outputRows - 1) * window.Stride.Y) - window.Padding.Top + window.Extent.Y));

    /// <summary>First input row that output rows from a given one on read.</summary>
    private static int FirstRow(Window window, int inputHeight, int outputRow, int height) =>
        outputRow >= height ? inputHeight : Math.Min(inputHeight, Math.Max(0, (outputRow * window.Stride.Y) - window.Padding.Top));
}
