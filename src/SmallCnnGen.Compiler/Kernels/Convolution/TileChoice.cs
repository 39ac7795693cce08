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

    /// <summary>
    /// Picks the tile with the fewest cycles by a model of the core: two FMA ports, two load ports, and an FMA latency of
    /// four cycles that a chain of dependent accumulations cannot beat.
    /// </summary>
    /// <param name="bits">Register width; 512 has 32 registers, the others count on 16.</param>
    /// <param name="lanes">Floats in a vector.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="pixels">Pixels in a row of tiles.</param>
    public static TileChoice Pick(int bits, int lanes, int channels, int pixels)
    {
        TileProbe.Current?.Asked.Add(new TileQuestion(bits, lanes, channels, pixels));
        if (TileProbe.Current?.Forced is { } forced)
            return forced;
        TileChoice best = default;
        double bestCycles = double.MaxValue;
        for (int vectors = 1; vectors <= Math.Min(MaxVectors, VectorsInAll(lanes, channels)); vectors++)
        {
            var tile = new TileChoice(MaxRows(bits, vectors), vectors);
            if (tile.Rows < 1)
                continue;
            double cycles = tile.Modelled(lanes, channels, pixels);
            if (cycles < bestCycles - 1e-9)
            {
                bestCycles = cycles;
                best = tile;
            }
        }

        return best;
    }

    /// <summary>Cycles that the model gives a row of tiles for one step of the dot product.</summary>
    internal double Modelled(int lanes, int channels, int pixels)
    {
        int panels = (VectorsInAll(lanes, channels) + Vectors - 1) / Vectors;
        Balance split = Balance.Of(pixels, Rows);
        double cycles = panels * ((split.BigCount * Cycles(split.Big, Vectors)) + (split.SmallCount * Cycles(split.Small, Vectors)));

        // Two vectors measure best where the model sees no difference.
        return Vectors == 2 ? cycles * 0.99 : cycles;
    }

    /// <summary>Every tile that fits the registers, also those that <see cref="Pick"/> does not consider; for measuring.</summary>
    internal static IEnumerable<TileChoice> Feasible(int bits, int lanes, int channels)
    {
        for (int vectors = 1; vectors <= Math.Min(MaxVectors, VectorsInAll(lanes, channels)); vectors++)
        {
            for (int rows = 1; rows <= Math.Max(1, ((bits == 512 ? 31 : 15) - vectors) / vectors); rows++)
                yield return new TileChoice(rows, vectors);
        }
    }

    private static int VectorsInAll(int lanes, int channels) => (channels + lanes - 1) / lanes;

    /// <summary>Cycles for one step of the dot product in a tile.</summary>
    private static double Cycles(int rows, int vectors) =>
        rows == 0 ? 0 : Math.Max(4, Math.Max(rows * vectors, rows + vectors) / 2.0);

    /// <summary>Most pixels that fit the registers beside the weights and one broadcast input.</summary>
    private static int MaxRows(int bits, int vectors)
    {
        // One row reads each weight once, so weights can stay memory operands and need no register.
        if (bits == 512)
        {
            // 28x16 and more rows were measured slower: too many input streams.
            return Math.Min(14, (31 - vectors) / vectors);
        }

        int rows = Math.Min(12, (15 - vectors) / vectors);
        return rows < 1 ? 1 : rows;
    }
}
