using System;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>A sliding window along one axis: which taps of which output position lie inside the map.</summary>
/// <param name="Input">Input size.</param>
/// <param name="Output">Output size.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Step.</param>
/// <param name="Before">Padding before.</param>
/// <param name="Dilation">Distance between taps.</param>
public readonly record struct WindowAxis(int Input, int Output, int Kernel, int Stride, int Before, int Dilation)
{
    /// <summary>Input position of the first tap; may be negative.</summary>
    public int Start(int output) => (output * Stride) - Before;

    /// <summary>First tap inside the map.</summary>
    public int First(int output)
    {
        int start = Start(output);
        return start >= 0 ? 0 : Math.Min(Kernel, (-start + Dilation - 1) / Dilation);
    }

    /// <summary>One past the last tap inside the map; equal to <see cref="First"/> when none is.</summary>
    public int End(int output)
    {
        int start = Start(output);
        int end = start >= Input ? 0 : Math.Min(Kernel, (Input - start + Dilation - 1) / Dilation);
        return Math.Max(First(output), end);
    }

    /// <summary>Whether all taps lie inside the map.</summary>
    public bool IsFull(int output) => First(output) == 0 && End(output) == Kernel;

    /// <summary>First output position with all taps inside, or <see cref="Output"/>.</summary>
    public int FullStart
    {
        get
        {
            int first = (Before + Stride - 1) / Stride;
            return first <= LastFull ? first : Output;
        }
    }

    /// <summary>One past the last output position, from <see cref="FullStart"/>, with all taps inside.</summary>
    public int FullEnd => FullStart < Output ? LastFull + 1 : Output;

    /// <summary>The last output position whose window ends inside the map; computed, for maps may have many rows.</summary>
    private int LastFull
    {
        get
        {
            int room = Input - 1 - ((Kernel - 1) * Dilation) + Before;
            return room < 0 ? -1 : Math.Min(Output - 1, room / Stride);
        }
    }
}
