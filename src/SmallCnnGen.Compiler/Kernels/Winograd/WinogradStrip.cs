using System;

namespace SmallCnnGen.Compiler.Kernels.Winograd;

/// <summary>
/// How many tiles are taken at once: transformed input and products of a strip are written, read once and forgotten, so they
/// should stay in the second-level cache, while the weights are read again for every strip.
/// </summary>
/// <param name="Rows">Most rows of tiles in a strip.</param>
/// <param name="Columns">Most columns of tiles in a strip; less than a whole row only in strips of one row.</param>
public readonly record struct WinogradStrip(int Rows, int Columns)
{
    /// <summary>What a strip's transformed input and products may take, of a second-level cache of 1 MB.</summary>
    private const int StripBytes = 600 * 1024;

    /// <summary>Fewer tiles than these do not repay reading the weights.</summary>
    private const int FewestTiles = 28;

    /// <summary>Tiles of a full strip.</summary>
    public int Tiles => Rows * Columns;

    /// <summary>Chooses the strip of a layer.</summary>
    /// <param name="rows">Rows of tiles.</param>
    /// <param name="columns">Columns of tiles.</param>
    /// <param name="positions">Positions of a tile.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    public static WinogradStrip Choose(int rows, int columns, int positions, int inChannels, int outChannels)
    {
        int most = Most(positions, inChannels, outChannels);
        return columns > most
            ? new WinogradStrip(1, Balance.Of(columns, most).Big)
            : new WinogradStrip(Balance.Of(rows, Math.Max(1, most / columns)).Big, columns);
    }

    /// <summary>Most tiles that a strip should have.</summary>
    /// <param name="positions">Positions of a tile.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    public static int Most(int positions, int inChannels, int outChannels)
    {
        long bytes = (long)positions * (Pitch(inChannels) + Pitch(outChannels)) * sizeof(float);
        return (int)Math.Max(FewestTiles, StripBytes / bytes);
    }

    /// <summary>Floats from one tile to the next: whole cache lines, and not a multiple of 2 KB, which would share cache sets.</summary>
    public static int Pitch(int channels) => TensorRef.Spread((channels + 15) / 16 * 16);
}
