using System;
using System.Buffers.Binary;

namespace Glyphs.Png;

/// <summary>What a PNG file says of itself.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="BitDepth">Bits of one sample, or of one palette index.</param>
/// <param name="ColourType">0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.</param>
/// <param name="Interlaced">Whether the rows come in Adam7's seven passes.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth, int ColourType, bool Interlaced)
{
    /// <summary>Samples of one pixel.</summary>
    public int Samples => ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bits of one pixel.</summary>
    public int BitsPerPixel => Samples * BitDepth;

    /// <summary>Whether it holds anything but opaque 8-bit grey.</summary>
    public bool IsPlainGrey => ColourType == 0 && BitDepth == 8;

    /// <summary>The kind of picture, for people.</summary>
    public string Description => FormattableString.Invariant($"{BitDepth}-bit ") + ColourType switch
    {
        0 => "grey",
        2 => "colour",
        3 => "palette",
        4 => "grey with transparency",
        _ => "colour with transparency",
    };

    /// <summary>The passes in which rows are stored; one for a picture that is not interlaced. Empty ones are left out.</summary>
    public PngPass[] Passes => Interlaced
        ? Array.FindAll(
            [Pass(0, 0, 8, 8), Pass(4, 0, 8, 8), Pass(0, 4, 4, 8), Pass(2, 0, 4, 4), Pass(0, 2, 2, 4), Pass(1, 0, 2, 2), Pass(0, 1, 1, 2)],
            static pass => pass.Width > 0 && pass.Height > 0)
        : [Pass(0, 0, 1, 1)];

    /// <summary>Bytes after decompression: every row, and the filter byte before it.</summary>
    public long RawBytes
    {
        get
        {
            long sum = 0;
            foreach (PngPass pass in Passes)
                sum += (1 + pass.RowBytes(BitsPerPixel)) * pass.Height;
            return sum;
        }
    }

    /// <summary>Reads the IHDR chunk.</summary>
    /// <exception cref="PngException">It is wrong.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
            throw new PngException(FormattableString.Invariant($"damaged: its header has {data.Length} bytes instead of 13"));
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw new PngException(FormattableString.Invariant($"damaged: its header claims {width}x{height} pixels"));
        int depth = data[8], colour = data[9];
        bool valid = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!valid || data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new PngException(FormattableString.Invariant($"damaged: its header names no PNG format (depth {depth}, colour type {colour}, compression {data[10]}, filter {data[11]}, interlace {data[12]})"));
        return new PngHeader((int)width, (int)height, depth, colour, data[12] == 1);
    }

    private PngPass Pass(int x, int y, int stepX, int stepY) =>
        new(x, y, stepX, stepY, Count(Width, x, stepX), Count(Height, y, stepY));

    // Width may be the largest int, so the sum is a long.
    private static int Count(int size, int first, int step) => (int)(((long)size - first + step - 1) / step);
}

/// <summary>One pass of an interlaced picture: every so many pixels of every so many rows.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="StepX">Columns from one pixel to the next.</param>
/// <param name="StepY">Rows from one to the next.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Width, int Height)
{
    /// <summary>Bytes of one row, without its filter byte.</summary>
    public long RowBytes(int bitsPerPixel) => (((long)Width * bitsPerPixel) + 7) / 8;
}
