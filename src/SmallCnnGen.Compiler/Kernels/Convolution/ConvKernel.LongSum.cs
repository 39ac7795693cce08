using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <content>
/// Long dot products: accumulators that take thousands of terms one after the other lose digits, so they are emptied into a
/// total every so many steps. A single pixel (a fully connected layer) waits for its weights and has registers to spare:
/// small blocks and a total in double precision (<see cref="LongSum"/>). Tiles of a pointwise convolution have none: long
/// blocks and a total in memory (7x7x2048 to 512: 1.02 to 1.05 of the time). Windows of several pixels are left alone.
/// </content>
public sealed partial record ConvKernel
{
    /// <summary>Most steps of a single pixel's dot product in one sum: equal terms are then off by up to a quarter of 2^-24 each, 1e-6.</summary>
    private const int LongPixel = 64;

    /// <summary>The same for tiles of pointwise convolutions: what costs nothing there.</summary>
    private const int LongTile = 1024;

    /// <summary>Steps in a single pixel's block; a multiple of <see cref="Prefetch"/>'s usual interval.</summary>
    private const int PixelBlock = 32;

    /// <summary>Steps in a tile's block.</summary>
    private const int TileBlock = 512;

    /// <summary>
    /// Steps in a block, the same for every tile and however rows are shared: so are the bits. 0 where sums are plain.
    /// </summary>
    private int SumBlock => Out.Pixels == 1
        ? ((long)Window.Kernel.Y * Window.Kernel.X * InPerGroup > LongPixel ? PixelBlock : 0)
        : Window.IsPointwise && InPerGroup > LongTile ? TileBlock : 0;

    private bool SumsInDouble => SumBlock > 0 && Out.Pixels == 1;

    private bool SumsInMemory => SumBlock > 0 && Out.Pixels > 1;

    /// <summary>The totals of a single pixel, one a vector.</summary>
    private LongSum Total(int vector) => new(V, "total" + (char)('A' + vector));

    /// <summary>Declares the totals in memory, one place for each accumulator.</summary>
    private void DeclareTotals(CodeWriter writer, TileCode tile)
    {
        if (SumsInMemory)
            writer.Line($"float* totals = stackalloc float[{tile.Shape.Accumulators(tile.Rows) * Lanes}];");
    }

    /// <summary>Moves what the accumulators hold, the bias, into new totals.</summary>
    private void BeginTotals(CodeWriter writer, TileCode tile)
    {
        if (SumBlock == 0)
            return;
        int place = 0;
        foreach (string accumulator in Accumulators(tile))
        {
            if (SumsInDouble)
                Total(place).Begin(writer, accumulator);
            else
                writer.Line(V.Store(Offset("totals", place * Lanes), accumulator));
            writer.Line($"{accumulator} = {V.Zero};");
            place++;
        }
    }

    /// <summary>Empties the accumulators into the totals.</summary>
    private void AddToTotals(CodeWriter writer, TileCode tile)
    {
        if (SumBlock == 0)
            return;
        int place = 0;
        foreach (string accumulator in Accumulators(tile))
        {
            string total = V.Load(Offset("totals", place * Lanes));
            if (SumsInDouble)
                Total(place).Add(writer, accumulator);
            else
                writer.Line($"{total} += {accumulator};");
            writer.Line($"{accumulator} = {V.Zero};");
            place++;
        }
    }

    /// <summary>Puts the totals into the accumulators.</summary>
    private void EndTotals(CodeWriter writer, TileCode tile)
    {
        if (SumBlock == 0)
            return;
        int place = 0;
        foreach (string accumulator in Accumulators(tile))
        {
            writer.Line($"{accumulator} = {(SumsInDouble ? Total(place).Result : V.Load(Offset("totals", place * Lanes)))};");
            place++;
        }
    }

    private static IEnumerable<string> Accumulators(TileCode tile) =>
        Enumerable.Range(0, tile.Rows).SelectMany(m => Enumerable.Range(0, m % 2 == 0 ? tile.Shape.Vectors : tile.Shape.WholeVectors).Select(j => Acc(m, j)));
}
