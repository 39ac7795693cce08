using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallCnnGen;

/// <summary>
/// Conversions between PyTorch's CHW order (channels outermost) and HWC (channels innermost), which networks here take.
/// </summary>
public static class TensorLayout
{
    /// <summary>Converts CHW to HWC.</summary>
    /// <param name="chw">Source, channels * height * width floats.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="hwc">Destination, as long as the source; the two must not overlap.</param>
    public static void ChwToHwc(ReadOnlySpan<float> chw, int channels, int height, int width, Span<float> hwc)
    {
        Check(chw, nameof(chw), hwc, nameof(hwc), channels, height, width);
        Transpose(chw, channels, height * width, height * width, hwc, channels);
    }

    /// <summary>Converts HWC to CHW. The sizes are in the order of the source, as in <see cref="ChwToHwc"/>.</summary>
    /// <param name="hwc">Source, height * width * channels floats.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="chw">Destination, as long as the source; the two must not overlap.</param>
    public static void HwcToChw(ReadOnlySpan<float> hwc, int height, int width, int channels, Span<float> chw)
    {
        Check(hwc, nameof(hwc), chw, nameof(chw), channels, height, width);
        Transpose(hwc, height * width, channels, channels, chw, height * width);
    }

    /// <summary>destination[column * destinationPitch + row] = source[row * sourcePitch + column].</summary>
    internal static void Transpose(ReadOnlySpan<float> source, int rows, int columns, int sourcePitch, Span<float> destination, int destinationPitch)
    {
        if (rows == 0 || columns == 0)
            return;
        if ((long)(rows - 1) * sourcePitch + columns > source.Length || (long)(columns - 1) * destinationPitch + rows > destination.Length)
            throw new ArgumentException("A transposition leaves its spans.");

        // tiles of 16 x 16: each touched cache line is used whole before it is evicted
        const int tile = 16;
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        for (var row = 0; row < rows; row += tile)
        {
            var rowEnd = Math.Min(row + tile, rows);
            for (var column = 0; column < columns; column += tile)
            {
                var columnEnd = Math.Min(column + tile, columns);
                for (var c = column; c < columnEnd; c++)
                {
                    for (var r = row; r < rowEnd; r++)
                        Unsafe.Add(ref to, (nint)c * destinationPitch + r) = Unsafe.Add(ref from, (nint)r * sourcePitch + c);
                }
            }
        }
    }

    private static void Check(
        ReadOnlySpan<float> source, string sourceName, ReadOnlySpan<float> destination, string destinationName,
        int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);

        // height * width is below 2^62, so only the last factor can overflow
        var pixels = (long)height * width;
        var expected = pixels > int.MaxValue ? long.MaxValue : pixels * channels;
        RequireLength(source.Length, sourceName, expected, channels, height, width);
        RequireLength(destination.Length, destinationName, expected, channels, height, width);
        if (source.Overlaps(destination))
            throw new ArgumentException($"{sourceName} and {destinationName} overlap; the conversion cannot be done in place.", destinationName);
    }

    private static void RequireLength(int length, string name, long expected, int channels, int height, int width)
    {
        if (length != expected)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{name} has {length} floats; {channels} channels of {height} x {width} pixels are {(decimal)channels * height * width}."), name);
        }
    }
}
