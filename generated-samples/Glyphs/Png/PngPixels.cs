using System;
using System.IO;
using System.IO.Compression;

namespace Glyphs.Png;

/// <summary>Decompresses a PNG's rows, undoes their filters and turns their pixels into grey.</summary>
internal sealed class PngPixels(PngHeader header, byte[]? palette, byte[]? transparency)
{
    private readonly byte[] _pixels = new byte[header.Width * header.Height];

    /// <summary>Reads all rows. What follows the last row is not read, however long it is.</summary>
    /// <exception cref="PngException">The data is damaged.</exception>
    public GreyImage Decode(Stream compressed)
    {
        if (header.ColourType == 3 && palette is null)
            throw new PngException("damaged: it has no palette");
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            foreach (PngPass pass in header.Passes)
                DecodePass(zlib, pass);

            // One byte more makes the stream check its checksum, which comes after the last row.
            zlib.ReadByte();
        }
        catch (InvalidDataException)
        {
            throw new PngException("damaged: its image data cannot be decompressed; copy or save it again");
        }

        return new GreyImage(header.Width, header.Height, _pixels, header.Description + (header.Interlaced ? ", interlaced" : string.Empty), !header.IsPlainGrey || transparency is not null);
    }

    private void DecodePass(Stream zlib, PngPass pass)
    {
        int bytesPerPixel = Math.Max(1, header.BitsPerPixel / 8);
        int length = checked((int)pass.RowBytes(header.BitsPerPixel));
        byte[] row = new byte[length], above = new byte[length];
        Span<byte> filter = stackalloc byte[1];
        for (int y = 0; y < pass.Height; y++)
        {
            if (zlib.ReadAtLeast(filter, 1, throwOnEndOfStream: false) < 1 || zlib.ReadAtLeast(row, length, throwOnEndOfStream: false) < length)
                throw new PngException(FormattableString.Invariant($"damaged: its image data ends after {y} of {pass.Height} rows; copy or save it again"));
            Unfilter(filter[0], row, above, bytesPerPixel);
            int target = (((y * pass.StepY) + pass.Y) * header.Width) + pass.X;
            for (int x = 0; x < pass.Width; x++)
                _pixels[target + (x * pass.StepX)] = Grey(row, x);
            (row, above) = (above, row);
        }
    }

    /// <summary>Undoes a row's filter: each byte was stored as a difference from its neighbours to the left and above.</summary>
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int bytesPerPixel)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = bytesPerPixel; i < row.Length; i++)
                    row[i] = Sum(row[i], row[i - bytesPerPixel]);
                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] = Sum(row[i], above[i]);
                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    row[i] = Sum(row[i], ((i < bytesPerPixel ? 0 : row[i - bytesPerPixel]) + above[i]) / 2);
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = Sum(row[i], i < bytesPerPixel
                        ? above[i]
                        : Paeth(row[i - bytesPerPixel], above[i], above[i - bytesPerPixel]));
                }

                break;
            default:
                throw new PngException(FormattableString.Invariant($"damaged: a row has the unknown filter {filter}"));
        }
    }

    /// <summary>PNG adds bytes modulo 256, whatever a project says of overflows.</summary>
    private static byte Sum(int a, int b) => (byte)((a + b) & 0xFF);

    /// <summary>Of left, up and up-left, the one nearest to left + up - up-left.</summary>
    private static byte Paeth(int left, int up, int upLeft)
    {
        int estimate = left + up - upLeft;
        int a = Math.Abs(estimate - left), b = Math.Abs(estimate - up), c = Math.Abs(estimate - upLeft);
        return (byte)(a <= b && a <= c ? left : b <= c ? up : upLeft);
    }

    private byte Grey(ReadOnlySpan<byte> row, int x)
    {
        int full = (1 << header.BitDepth) - 1;
        switch (header.ColourType)
        {
            case 0:
                int grey = Sample(row, x);
                return ToByte(grey, grey, grey, IsKey(grey) ? 0 : full, full);
            case 2:
                int red = Sample(row, x * 3), green = Sample(row, (x * 3) + 1), blue = Sample(row, (x * 3) + 2);
                return ToByte(red, green, blue, IsKey(red, green, blue) ? 0 : full, full);
            case 3:
                int index = Sample(row, x);
                if ((index * 3) + 2 >= palette!.Length)
                    throw new PngException(FormattableString.Invariant($"damaged: a pixel has colour {index} of a palette of {palette.Length / 3}"));
                int alpha = transparency is not null && index < transparency.Length ? transparency[index] : 255;
                return ToByte(palette[index * 3], palette[(index * 3) + 1], palette[(index * 3) + 2], alpha, 255);
            case 4:
                int value = Sample(row, x * 2);
                return ToByte(value, value, value, Sample(row, (x * 2) + 1), full);
            default:
                return ToByte(Sample(row, x * 4), Sample(row, (x * 4) + 1), Sample(row, (x * 4) + 2), Sample(row, (x * 4) + 3), full);
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (header.BitDepth)
        {
            case 8:
                return row[index];
            case 16:
                return (row[index * 2] << 8) | row[(index * 2) + 1];
            default:
                // The leftmost pixel lies in the highest bits.
                int perByte = 8 / header.BitDepth;
                int shift = 8 - (header.BitDepth * ((index % perByte) + 1));
                return (row[index / perByte] >> shift) & ((1 << header.BitDepth) - 1);
        }
    }

    /// <summary>Whether a pixel has the one colour that the file calls transparent.</summary>
    private bool IsKey(params ReadOnlySpan<int> samples)
    {
        if (transparency is null || transparency.Length != samples.Length * 2)
            return false;
        for (int i = 0; i < samples.Length; i++)
        {
            if (((transparency[i * 2] << 8) | transparency[(i * 2) + 1]) != samples[i])
                return false;
        }

        return true;
    }

    /// <summary>Luma of BT.601, on white where the pixel is transparent, rounded to 8 bits. 8-bit opaque grey stays what it is.</summary>
    private static byte ToByte(int red, int green, int blue, int alpha, int full)
    {
        long luma = (299L * red) + (587L * green) + (114L * blue);
        long blended = (luma * alpha) + (1000L * full * (full - alpha));
        long scale = 1000L * full * full;
        return (byte)(((blended * 255) + (scale / 2)) / scale);
    }
}
