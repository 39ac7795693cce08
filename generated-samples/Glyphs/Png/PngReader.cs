using System;
using System.Buffers.Binary;
using System.IO;

namespace Glyphs.Png;

/// <summary>
/// Reads PNG files (all colour types and bit depths, interlaced or not) as 8-bit grey. Files are not trusted: every
/// length is checked before it is believed, and no claim of a header makes the reader allocate more than the file's
/// own size can account for.
/// </summary>
internal static class PngReader
{
    /// <summary>Largest file read.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <summary>Most pixels decoded.</summary>
    public const long MaxPixels = 64L << 20;

    /// <summary>Greatest width and height: two rows are kept, and a pixel takes up to eight bytes.</summary>
    public const int MaxSide = 1 << 16;

    // Deflate's best case is 258 bytes for two bits, which is 1032 to 1: a header that claims more is lying.
    private const long MaxExpansion = 1032;

    private const uint IHDR = 0x49484452, PLTE = 0x504C5445, IDAT = 0x49444154, IEND = 0x49454E44, Trns = 0x74524E53;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="PngException">It is not a PNG, or a damaged one.</exception>
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
                throw new PngException(FormattableString.Invariant($"the file is larger than {MaxFileBytes >> 20} MiB; make the picture smaller"));
            copy.Write(buffer, 0, read);
        }

        return Decode(copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <exception cref="PngException">They are no PNG, or a damaged one.</exception>
    public static GreyImage Decode(ReadOnlySpan<byte> file)
    {
        RequireSignature(file);
        PngHeader? header = null;
        byte[]? palette = null, transparency = null;
        using var compressed = new MemoryStream();
        bool ended = false;
        for (int position = Signature.Length; !ended;)
        {
            (uint type, int start, int length) = ReadChunk(file, position);
            ReadOnlySpan<byte> data = file.Slice(start, length);
            position = start + length + 4;
            if (header is null && type != IHDR)
                throw new PngException($"damaged: it begins with the chunk {Name(type)} instead of IHDR");
            switch (type)
            {
                case IHDR when header is not null:
                    throw new PngException("damaged: it has two headers");
                case IHDR:
                    header = PngHeader.Parse(data);
                    if (Math.Max(header.Width, header.Height) > MaxSide || (long)header.Width * header.Height > MaxPixels)
                        throw new PngException(FormattableString.Invariant($"it has {header.Width}x{header.Height} pixels, more than {MaxPixels >> 20} Mi or {MaxSide} in one direction; make it smaller"));
                    break;
                case PLTE:
                    if (length is 0 or > 768 || length % 3 != 0)
                        throw new PngException(FormattableString.Invariant($"damaged: a palette of {length} bytes"));
                    palette = data.ToArray();
                    break;
                case Trns:
                    transparency = data.ToArray();
                    break;
                case IDAT:
                    compressed.Write(data);
                    break;
                case IEND:
                    ended = true;
                    break;
                default:
                    // A capital first letter says that the picture cannot be shown without the chunk.
                    if ((type & 0x20000000) == 0)
                        throw new PngException($"it needs the unknown chunk {Name(type)}; save it again as a plain PNG");
                    break;
            }
        }

        if (compressed.Length == 0)
            throw new PngException("damaged: it has no image data");
        if (header!.RawBytes > compressed.Length * MaxExpansion)
            throw new PngException(FormattableString.Invariant($"damaged: it claims {header.Width}x{header.Height} pixels, which {compressed.Length} bytes cannot hold"));
        compressed.Position = 0;
        return new PngPixels(header, palette, transparency).Decode(compressed);
    }

    /// <summary>Checks a chunk's length and checksum; returns its type and where its data lies.</summary>
    private static (uint Type, int Start, int Length) ReadChunk(ReadOnlySpan<byte> file, int position)
    {
        if (file.Length - position < 12)
            throw new PngException("it is cut short: copy or save it again");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        uint type = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]);
        if (!IsName(type) || length > int.MaxValue)
            throw new PngException(FormattableString.Invariant($"damaged: no valid chunk at byte {position}"));
        if (length > file.Length - position - 12)
            throw new PngException(FormattableString.Invariant($"it is cut short: its chunk {Name(type)} has {length} bytes, the file ends after {Math.Max(0, file.Length - position - 8)} of them; copy or save it again"));
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]);
        if (Crc32.Of(file.Slice(position + 4, (int)length + 4)) != stored)
            throw new PngException($"damaged: the checksum of its chunk {Name(type)} is wrong; copy or save it again");
        return (type, position + 8, (int)length);
    }

    private static void RequireSignature(ReadOnlySpan<byte> file)
    {
        if (file.Length >= Signature.Length && file.StartsWith(Signature))
            return;
        if (file.IsEmpty)
            throw new PngException("the file is empty");
        if (file.Length < Signature.Length && file.SequenceEqual(Signature.AsSpan(0, file.Length)))
            throw new PngException("it is cut short: copy or save it again");
        string? format = Recognise(file);
        throw new PngException(format is null
            ? "this is not a PNG picture"
            : $"this is a {format}; convert it to PNG: magick picture.{(format == "JPEG" ? "jpg" : format.ToLowerInvariant())} picture.png");
    }

    /// <summary>What other picture a file is, from its first bytes.</summary>
    private static string? Recognise(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "GIF",
        [(byte)'B', (byte)'M', ..] => "BMP",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "WebP",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "TIFF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', (byte)'f', ..] => "AVIF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h', (byte)'e', (byte)'i', ..] => "HEIC",
        _ => null,
    };

    private static bool IsName(uint type)
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            if (!char.IsAsciiLetter((char)((type >> shift) & 0xFF)))
                return false;
        }

        return true;
    }

    private static string Name(uint type) =>
        new([(char)(type >> 24), (char)((type >> 16) & 0xFF), (char)((type >> 8) & 0xFF), (char)(type & 0xFF)]);
}
