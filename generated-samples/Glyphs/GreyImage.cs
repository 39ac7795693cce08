using System;
using System.IO;
using StbImageSharp;

namespace Glyphs;

/// <summary>A picture in 8-bit grey, row by row.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">One byte a pixel: 0 is black, 255 white.</param>
/// <param name="Converted">Whether the file held anything but 8-bit grey.</param>
internal sealed record GreyImage(int Width, int Height, byte[] Pixels, bool Converted)
{
    /// <summary>Largest file read.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <summary>Most pixels decoded: 256 MB while they are still colours.</summary>
    public const long MaxPixels = 64L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="PictureException">It is no PNG, a damaged or a huge one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static GreyImage Read(string path)
    {
        // The length of a pipe is not known, so what is read is counted instead.
        using FileStream stream = File.OpenRead(path);
        using var copy = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (copy.Length + read > MaxFileBytes)
                throw new PictureException(FormattableString.Invariant($"the file is larger than {MaxFileBytes >> 20} MiB; make the picture smaller"));
            copy.Write(buffer, 0, read);
        }

        return Decode(copy.ToArray());
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <exception cref="PictureException">They are no PNG, or a damaged one.</exception>
    public static GreyImage Decode(byte[] file)
    {
        RequirePng(file);
        ImageInfo info;
        ImageResult colours;
        try
        {
            info = ImageInfo.FromStream(new MemoryStream(file)) ?? throw new PictureException("the picture is damaged");
            if ((long)info.Width * info.Height > MaxPixels)
                throw new PictureException(FormattableString.Invariant($"it says it has {info.Width}x{info.Height} pixels; {MaxPixels / 1_000_000} million are the most that is read"));
            colours = ImageResult.FromMemory(file, ColorComponents.RedGreenBlueAlpha);
        }
        catch (Exception e) when (e is not PictureException and not OutOfMemoryException)
        {
            // The decoder trusts its input: a damaged file ends it in many ways.
            throw new PictureException("the picture is damaged: " + e.Message.ReplaceLineEndings(" "));
        }

        if (colours.Width <= 0 || colours.Height <= 0 || colours.Data.LongLength != 4L * colours.Width * colours.Height)
            throw new PictureException("the picture is damaged: it has no pixels");
        var grey = new byte[colours.Width * colours.Height];
        for (int i = 0; i < grey.Length; i++)
        {
            ReadOnlySpan<byte> c = colours.Data.AsSpan(4 * i, 4);
            double luma = (0.299 * c[0]) + (0.587 * c[1]) + (0.114 * c[2]), alpha = c[3] / 255.0;
            grey[i] = (byte)Math.Round((luma * alpha) + (255 * (1 - alpha)));
        }

        return new GreyImage(colours.Width, colours.Height, grey, info.ColorComponents != ColorComponents.Grey || info.BitsPerChannel != 8);
    }

    /// <summary>Only PNG: of other formats the decoder waits for ever where a file was cut short.</summary>
    private static void RequirePng(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return;
        string other = file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "JPEG" : file.StartsWith("GIF8"u8) ? "GIF" : file.StartsWith("BM"u8) ? "BMP" : string.Empty;
        throw new PictureException(file.IsEmpty ? "the file is empty"
            : other.Length > 0 ? $"this is a {other}; convert it to PNG: magick picture.{other.ToLowerInvariant()} picture.png"
            : "this is not a PNG, or it is damaged at its start");
    }
}
