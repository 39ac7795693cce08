using System;

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
        int vectorsInAll = (channels + lanes - 1) / lanes;
        TileChoice best = default;
        double bestCycles = double.MaxValue;
        for (int vectors = 1; vectors <= Math.Min(MaxVectors, vectorsInAll); vectors++)
        {
            int most = MaxRows(bits, vectors);
            if (most < 1)
                continue;
            int panels = (vectorsInAll + vectors - 1) / vectors;
            Balance split = Balance.Of(pixels, most);
            double cycles = panels * ((split.BigCount * Cycles(split.Big, vectors)) + (split.SmallCount * Cycles(split.Small, vectors)));

            // Two vectors measure best where the model sees no difference.
            if (vectors == 2)
                cycles *= 0.99;
            if (cycles < bestCycles - 1e-9)
            {
                bestCycles = cycles;
                best = new TileChoice(most, vectors);
            }
        }

        return best;
    }

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
