using System;
using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>
/// The register tile of a convolution: how many pixels times how many vectors of channels are accumulated at once.
/// </summary>
/// <param name="Rows">Most pixels in a tile.</param>
/// <param name="Vectors">Vectors of output channels in a panel.</param>
public readonly record struct TileChoice(int Rows, int Vectors)
{
    /// <summary>Vectors per panel that are considered.</summary>
    private const int MaxVectors = 8;

    /// <summary>The same for tiles whose last vector serves two pixels.</summary>
    private const int MaxPairedVectors = 4;

    /// <summary>Most pixels in a tile of 512 bits.</summary>
    private const int MostRows = 14;

    /// <summary>
    /// Whether the last vector serves two pixels: half a vector of channels of each. Channels that end in the first half of a
    /// vector (24, 40 with 16 lanes) otherwise leave up to a quarter of the arithmetic unused.
    /// </summary>
    public bool IsPaired { get; init; }

    /// <summary>Vectors of a panel that serve one pixel.</summary>
    public int WholeVectors => IsPaired ? Vectors - 1 : Vectors;

    /// <summary>Output channels of a panel.</summary>
    /// <param name="lanes">Floats in a vector.</param>
    public int Channels(int lanes) => (lanes * Vectors) - (IsPaired ? lanes / 2 : 0);

    /// <summary>Accumulators of a tile with some pixels.</summary>
    /// <param name="rows">Pixels.</param>
    public int Accumulators(int rows) => (rows * WholeVectors) + (IsPaired ? (rows + 1) / 2 : 0);

    /// <summary>
    /// Picks the tile with the fewest cycles by a model of the core: two FMA ports, two load ports, and an FMA latency of
    /// four cycles that a chain of dependent accumulations cannot beat.
    /// </summary>
    /// <param name="bits">Register width; 512 has 32 registers, the others count on 16.</param>
    /// <param name="lanes">Floats in a vector.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="pixels">Pixels in a row of tiles.</param>
    /// <param name="pairs">Whether the last vector may serve two pixels.</param>
    public static TileChoice Pick(int bits, int lanes, int channels, int pixels, bool pairs = false)
    {
        TileProbe.Current?.Asked.Add(new TileQuestion(bits, lanes, channels, pixels, pairs));
        if (TileProbe.Current?.Forced is { } forced)
            return forced;
        TileChoice best = default;
        double bestCycles = double.MaxValue;
        void Consider(TileChoice tile)
        {
            if (tile.Rows < 1)
                return;
            double cycles = tile.Modelled(lanes, channels, pixels);
            if (cycles < bestCycles - 1e-9)
            {
                bestCycles = cycles;
                best = tile;
            }
        }

        int all = VectorsInAll(lanes, channels);
        for (int vectors = 1; vectors <= Math.Min(MaxVectors, all); vectors++)
            Consider(new TileChoice(MaxRows(bits, vectors), vectors));
        for (int vectors = 2; vectors <= all && CanPair(bits, lanes, vectors) && pairs && pixels > 1; vectors++)
            Consider(Paired(vectors));
        return best;
    }

    /// <summary>Cycles that the model gives a row of tiles for one step of the dot product.</summary>
    internal double Modelled(int lanes, int channels, int pixels)
    {
        int panel = Channels(lanes), panels = (channels + panel - 1) / panel;
        Balance split = Balance.Of(pixels, Rows);
        double cycles = panels * ((split.BigCount * Cycles(split.Big)) + (split.SmallCount * Cycles(split.Small)));

        // Two vectors measure best where the model sees no difference, one less good than its loads say (176 channels: 257 us,
        // in pairs of vectors 242); bringing two pixels together is not free.
        return cycles * (IsPaired ? 1.03 : Vectors == 2 ? 0.99 : Vectors == 1 ? 1.05 : 1);
    }

    /// <summary>Every tile that fits the registers, also those that <see cref="Pick"/> does not consider; for measuring.</summary>
    internal static IEnumerable<TileChoice> Feasible(int bits, int lanes, int channels, bool pairs)
    {
        for (int vectors = 1; vectors <= Math.Min(MaxVectors, VectorsInAll(lanes, channels)); vectors++)
        {
            for (int rows = 1; rows <= Math.Max(1, ((bits == 512 ? 31 : 15) - vectors) / vectors); rows++)
                yield return new TileChoice(rows, vectors);
            for (int rows = 2; CanPair(bits, lanes, vectors) && pairs && rows <= Paired(vectors).Rows; rows++)
                yield return new TileChoice(rows, vectors) { IsPaired = true };
        }
    }

    private static bool CanPair(int bits, int lanes, int vectors) => bits == 512 && lanes == 16 && vectors is >= 2 and <= MaxPairedVectors;

    private static int VectorsInAll(int lanes, int channels) => (channels + lanes - 1) / lanes;

    /// <summary>Cycles for one step of the dot product in a tile.</summary>
    private double Cycles(int rows) =>
        rows == 0 ? 0 : Math.Max(4, Math.Max(Accumulators(rows), rows + Vectors) / 2.0);

    /// <summary>The largest paired tile of 512 bits: beside accumulators and weights, two inputs and their halves together.</summary>
    private static TileChoice Paired(int vectors)
    {
        int rows = MostRows;
        while (new TileChoice(rows, vectors) { IsPaired = true }.Accumulators(rows) + vectors + 3 > 32)
            rows -= 2;
        return new TileChoice(rows, vectors) { IsPaired = true };
    }

    /// <summary>Most pixels that fit the registers beside the weights and one broadcast input.</summary>
    private static int MaxRows(int bits, int vectors)
    {
        // One row reads each weight once, so weights can stay memory operands and need no register.
        if (bits == 512)
        {
            // 28x16 and more rows were measured slower: too many input streams.
            return Math.Min(MostRows, (31 - vectors) / vectors);
        }

        int rows = Math.Min(12, (15 - vectors) / vectors);
        return rows < 1 ? 1 : rows;
    }
}
