using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Glyphs;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

public class PictureTests
{
    public static TheoryData<int, int, bool> Formats { get; } = MakeFormats();

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryFormat_IsReadAsGrey(int colourType, int depth, bool interlaced)
    {
        var random = new Random((colourType * 100) + depth);
        int perPixel = colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }, full = (1 << depth) - 1;
        byte[]? palette = colourType == 3 ? Bytes(random, 3 << depth) : null;
        byte[]? alphas = colourType == 3 ? Bytes(random, 1 << Math.Max(0, depth - 1)) : null;
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (5, 1), (8, 8), (13, 17), (33, 9) })
        {
            ushort[] samples = Enumerable.Range(0, width * height * perPixel).Select(_ => (ushort)random.Next(full + 1)).ToArray();

            GreyImage image = GreyImage.Decode(PngWriter.Write(width, height, depth, colourType, interlaced, samples, palette, alphas));

            Assert.Equal((width, height), (image.Width, image.Height));
            for (int i = 0; i < width * height; i++)
            {
                ushort[] s = samples[(i * perPixel)..((i + 1) * perPixel)];
                (double r, double g, double b, double a) = colourType switch
                {
                    0 => (s[0], s[0], s[0], 1.0),
                    2 => (s[0], s[1], s[2], 1.0),
                    3 => (palette![s[0] * 3], palette[(s[0] * 3) + 1], palette[(s[0] * 3) + 2], s[0] < alphas!.Length ? alphas[s[0]] / 255.0 : 1.0),
                    4 => (s[0], s[0], s[0], s[1] / (double)full),
                    _ => (s[0], s[1], s[2], s[3] / (double)full),
                };
                double white = colourType == 3 ? 255 : full;
                double grey = ((((0.299 * r) + (0.587 * g) + (0.114 * b)) / white * a) + (1 - a)) * 255;

                // Exactly half way may be rounded either way; the decoder leaves eight bits of sixteen before anything else.
                double most = depth == 16 ? 2.0 : 0.5001;
                Assert.InRange(image.Pixels[i], grey - most, grey + most);
            }
        }
    }

    [Fact]
    public void TransparentColours_AreWhite()
    {
        byte[] grey = PngWriter.Write(3, 1, 8, 0, false, [10, 20, 30], transparency: [0, 20]);
        byte[] colour = PngWriter.Write(2, 1, 8, 2, false, [1, 2, 3, 1, 2, 4], transparency: [0, 1, 0, 2, 0, 4]);

        Assert.Equal([10, 255, 30], GreyImage.Decode(grey).Pixels);
        Assert.Equal([2, 255], GreyImage.Decode(colour).Pixels);
    }

    [Fact]
    public void EveryCutAndEveryDamagedByte_GivesAPictureOrOneException()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(GlyphData.Folder, "test", GlyphData.Set.Files[0]));
        GreyImage.Decode(file);

        // Without its last chunks a picture may still be whole; without half of its bytes it is not.
        for (int length = 0; length < file.Length; length++)
        {
            bool read = Reads(file[..length]);
            Assert.False(read && length < file.Length / 2, $"{length} of {file.Length} bytes were read as a picture");
        }

        for (int i = 0; i < file.Length; i++)
        {
            byte[] damaged = (byte[])file.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            Reads(damaged);
        }

        static bool Reads(byte[] bytes)
        {
            try
            {
                return GreyImage.Decode(bytes).Pixels.Length > 0;
            }
            catch (PictureException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void RandomDataWithRightChecksums_NeverGivesAnotherException()
    {
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            // Right checksums let the damage through to the parts behind them.
            byte[] header = PngWriter.Header(random.Next(1, 40), random.Next(1, 40), 1 << random.Next(0, 5), random.Next(0, 7), random.Next(2) == 1);
            if (random.Next(4) == 0)
                header[random.Next(13)] ^= (byte)(1 << random.Next(8));
            byte[] data = Compress(Bytes(random, random.Next(1, 6000)).Select(b => random.Next(3) == 0 ? b : (byte)(b % 5)).ToArray());
            if (random.Next(3) == 0)
                data[random.Next(data.Length)] ^= (byte)random.Next(1, 256);
            byte[] file = PngWriter.File(header, random.Next(2) == 0 ? Bytes(random, 3 * random.Next(1, 257)) : null, random.Next(2) == 0 ? Bytes(random, random.Next(0, 300)) : null, data);
            try
            {
                GreyImage.Decode(file);
            }
            catch (PictureException)
            {
            }
        }
    }

    [Theory]
    [InlineData(10_000, 10_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void ClaimsOfTheHeader_AreNotBelieved(int width, int height)
    {
        byte[] file = PngWriter.File(PngWriter.Header(width, height, 16, 6, false), null, null, Compress(new byte[1000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PictureException>(() => GreyImage.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5 }, "this is a JPEG; convert it to PNG")]
    [InlineData(new byte[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9', (byte)'a', 1, 2, 3 }, "this is a GIF; convert it to PNG")]
    [InlineData(new byte[] { (byte)'B', (byte)'M' }, "this is a BMP")]
    [InlineData(new byte[] { (byte)'h', (byte)'i' }, "not a PNG")]
    [InlineData(new byte[] { }, "empty")]
    public void OtherFiles_AreNamed(byte[] file, string message) =>
        Assert.Contains(message, Assert.Throws<PictureException>(() => GreyImage.Decode(file)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 20)]
    [InlineData(31, 31)]
    [InlineData(33, 33)]
    [InlineData(64, 64)]
    [InlineData(100, 37)]
    [InlineData(500, 500)]
    public void Resizing_KeepsAnEvenGreyAndSaysSo(int width, int height)
    {
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)200);
        var input = new float[1024];

        string done = GlyphInput.Fill(new GreyImage(width, height, pixels, false), input);

        Assert.All(input, v => Assert.Equal(((200 / 255f) - 0.5f) / 0.5f, v, 1e-4f));
        Assert.Contains("resized to 32x32", done, StringComparison.Ordinal);
        Assert.Equal(width != height, done.Contains("padded", StringComparison.Ordinal));
    }

    [Fact]
    public void HalvingAPicture_AveragesFourPixels()
    {
        byte[] pixels = Bytes(new Random(3), 64 * 64);
        var input = new float[1024];
        GlyphInput.Fill(new GreyImage(64, 64, pixels, false), input);

        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                int at = (y * 2 * 64) + (x * 2);
                float mean = (pixels[at] + pixels[at + 1] + pixels[at + 64] + pixels[at + 65]) / 4f;
                Assert.Equal(((mean / 255f) - 0.5f) / 0.5f, input[(y * 32) + x], 1e-4f);
            }
        }
    }

    private static TheoryData<int, int, bool> MakeFormats()
    {
        var formats = new TheoryData<int, int, bool>();
        foreach ((int colourType, int[] depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (int depth in depths)
            {
                formats.Add(colourType, depth, false);
                formats.Add(colourType, depth, true);
            }
        }

        return formats;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Compress(byte[] data)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(data);
        return stream.ToArray();
    }
}
