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
/// <param name="StripCount">Strips.</param>
/// <param name="Table">
/// For each strip <see cref="Columns"/> numbers: from and to of each kernel; then, of each map between, by how many rows
/// its buffer advances, how many rows are kept and moved to the front, and which row is then first.
/// </param>
/// <param name="BufferRows">Rows of the buffer of each map between.</param>
public sealed record StripChain(int First, int Count, int StripCount, EquatableArray<int> Table, EquatableArray<int> BufferRows)
{
    /// <summary>Numbers of a strip in the table.</summary>
    public int Columns => ColumnsOf(Count);

    /// <summary>Works out what each kernel computes in each strip: as soon as the rows it reads are there.</summary>
    /// <param name="first">Index of the first kernel call.</param>
    /// <param name="kernels">The kernels in order, with the window through which each reads the one before.</param>
    /// <param name="rows">Rows the first one computes in a strip.</param>
    public static StripChain Schedule(int first, IReadOnlyList<(KernelSpec Kernel, Window Window, int InputHeight, int Height)> kernels, int rows)
    {
        int count = kernels.Count, strips = (kernels[0].Height + rows - 1) / rows;
        var done = new int[count];
        var start = new int[count];
        var buffer = new int[count - 1];
        var table = new List<int>();
        for (int strip = 0; strip < strips; strip++)
        {
            var moves = new List<int>();
            int[] before = done.ToArray();
            for (int k = 0; k < count; k++)
            {
                (KernelSpec kernel, Window window, int inputHeight, int height) = kernels[k];
                int ready = k == 0 ? Math.Min(height, (strip + 1) * rows) : kernels[k - 1].Kernel.RowsAfter(done[k - 1]);
                while (done[k] < kernel.Units && (k == 0 ? kernel.RowsAfter(done[k] + 1) : Needed(window, inputHeight, kernel.RowsAfter(done[k] + 1))) <= ready)
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

        if (Enumerable.Range(0, count).Any(k => done[k] < kernels[k].Kernel.Units))
            throw new InvalidOperationException("a strip schedule does not reach the last row");
        return new StripChain(first, count, strips, new EquatableArray<int>(table), new EquatableArray<int>(buffer.Select(b => Math.Max(1, b))));
    }

    private static int ColumnsOf(int count) => (2 * count) + (3 * (count - 1));

    /// <summary>Input rows that must exist for the first so many output rows.</summary>
    private static int Needed(Window window, int inputHeight, int outputRows) =>
        Math.Min(inputHeight, Math.Max(0, ((outputRows - 1) * window.Stride.Y) - window.Padding.Top + window.Extent.Y));

    /// <summary>First input row that output rows from a given one on read.</summary>
    private static int FirstRow(Window window, int inputHeight, int outputRow, int height) =>
        outputRow >= height ? inputHeight : Math.Min(inputHeight, Math.Max(0, (outputRow * window.Stride.Y) - window.Padding.Top));
}
