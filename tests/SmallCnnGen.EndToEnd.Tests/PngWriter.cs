using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>Writes PNG files of every kind, for testing the sample's reader; written from the format's description.</summary>
internal static class PngWriter
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>A file.</summary>
    /// <param name="samples">Samples of all pixels, row by row.</param>
    public static byte[] Write(int width, int height, int depth, int colourType, bool interlaced, ushort[] samples, byte[]? palette = null, byte[]? transparency = null)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach ((int x, int y, int stepX, int stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
                WritePass(zlib, width, height, depth, samples, samples.Length / (width * height), x, y, stepX, stepY);
        }

        return File(Header(width, height, depth, colourType, interlaced), palette, transparency, data.ToArray());
    }

    /// <summary>A file of given parts; the image data is split over two chunks.</summary>
    public static byte[] File(byte[] header, byte[]? palette, byte[]? transparency, byte[] data)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk(file, "IHDR", header);
        Chunk(file, "tEXt", "Comment\0of no importance"u8.ToArray());
        if (palette is not null)
            Chunk(file, "PLTE", palette);
        if (transparency is not null)
            Chunk(file, "tRNS", transparency);
        Chunk(file, "IDAT", data[..(data.Length / 2)]);
        Chunk(file, "IDAT", data[(data.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>The data of an IHDR chunk.</summary>
    public static byte[] Header(int width, int height, int depth, int colourType, bool interlaced)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)depth;
        header[9] = (byte)colourType;
        header[12] = (byte)(interlaced ? 1 : 0);
        return header;
    }

    /// <summary>Appends a chunk with its checksum.</summary>
    public static void Chunk(Stream file, string type, byte[] data)
    {
        var body = new byte[4 + data.Length];
        Encoding.ASCII.GetBytes(type, body);
        data.CopyTo(body, 4);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        uint crc = uint.MaxValue;
        foreach (byte b in body)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }

    private static void WritePass(Stream zlib, int width, int height, int depth, ushort[] samples, int perPixel, int x, int y, int stepX, int stepY)
    {
        if (x >= width)
            return;
        int columns = (width - x + stepX - 1) / stepX, bytes = ((columns * perPixel * depth) + 7) / 8;
        int back = Math.Max(1, perPixel * depth / 8);
        byte[] above = new byte[bytes];
        for (int row = y, count = 0; row < height; row += stepY, count++)
        {
            byte[] raw = new byte[bytes], filtered = new byte[bytes];
            int bit = 0;
            for (int column = x; column < width; column += stepX)
            {
                for (int k = 0; k < perPixel; k++, bit += depth)
                {
                    int value = samples[(((row * width) + column) * perPixel) + k];
                    for (int b = 0; b < depth; b++)
                        raw[(bit + b) / 8] |= (byte)(((value >> (depth - 1 - b)) & 1) << (7 - ((bit + b) % 8)));
                }
            }

            int filter = count % 5;
            for (int i = 0; i < bytes; i++)
            {
                int left = i < back ? 0 : raw[i - back], up = above[i], corner = i < back ? 0 : above[i - back];
                int p = left + up - corner, pa = Math.Abs(p - left), pb = Math.Abs(p - up), pc = Math.Abs(p - corner);
                filtered[i] = unchecked((byte)(raw[i] - filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) >> 1,
                    _ => pa <= pb && pa <= pc ? left : pb <= pc ? up : corner,
                }));
            }

            zlib.WriteByte((byte)filter);
            zlib.Write(filtered);
            above = raw;
        }
    }
}
