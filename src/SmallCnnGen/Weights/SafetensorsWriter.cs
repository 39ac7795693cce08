using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmallCnnGen;

/// <summary>A tensor to write: name, shape (slowest-varying size first) and elements in that order.</summary>
/// <param name="Name">Name, as in PyTorch's state_dict.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Data">The elements.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Data);

/// <summary>Writes safetensors files of 32-bit floats.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes the tensors in the given order, without gaps. The stream stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors; their names must differ.</param>
    /// <param name="metadata">String metadata, or null for none.</param>
    /// <exception cref="ArgumentNullException">An argument, a tensor, or its name or shape is null.</exception>
    /// <exception cref="ArgumentException">A name is used twice or cannot be written, or data does not fit its shape.</exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);

        // the header is complete, so every error thrown, before the first byte is written
        Write(stream, Header(tensors, metadata), tensors);
    }

    private static void Write(Stream stream, ReadOnlySpan<byte> header, IReadOnlyList<NamedTensor> tensors)
    {
        Span<byte> length = stackalloc byte[8];
        Span<byte> one = stackalloc byte[4];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
        {
            if (BitConverter.IsLittleEndian)
            {
                stream.Write(MemoryMarshal.AsBytes(tensor.Data.Span));
                continue;
            }

            foreach (var value in tensor.Data.Span)
            {
                BinaryPrimitives.WriteSingleLittleEndian(one, value);
                stream.Write(one);
            }
        }
    }

    /// <summary>
    /// Writes a file atomically: a temporary file beside it is written, flushed to disk and moved over
    /// <paramref name="path"/>, so a reader sees the old file or the new one, never half of one.
    /// </summary>
    /// <param name="path">Path of the file; replaced when it exists.</param>
    /// <param name="tensors">The tensors; their names must differ.</param>
    /// <param name="metadata">String metadata, or null for none.</param>
    /// <exception cref="ArgumentNullException">An argument, a tensor, or its name or shape is null.</exception>
    /// <exception cref="ArgumentException">A name is used twice or cannot be written, or data does not fit its shape.</exception>
    public static void Save(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var header = Header(tensors, metadata);

        // in the same folder: a move across file systems would be a copy
        var temporary = full + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                Write(stream, header, tensors);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            // moved away when all went well
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count > SafetensorsHeader.MostEntries || metadata?.Count > SafetensorsHeader.MostEntries)
        {
            throw new ArgumentException(
                $"A file holds at most {Text.Number(SafetensorsHeader.MostEntries)} tensors and as many entries of metadata; readers refuse more.",
                tensors.Count > SafetensorsHeader.MostEntries ? nameof(tensors) : nameof(metadata));
        }

        var buffer = new ArrayBufferWriter<byte>();

        // the file is no HTML, so nothing but what JSON demands is escaped
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                {
                    RequireUnicode(key, nameof(metadata));
                    RequireUnicode(value, nameof(metadata));
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            var names = new HashSet<string>(StringComparer.Ordinal);
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                Require(tensor, names);
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", "F32");
                writer.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                offset += (long)tensor.Data.Length * sizeof(float);
                writer.WriteNumberValue(offset);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        // spaces up to a multiple of 8 keep the data aligned in the file
        while (buffer.WrittenCount % 8 != 0)
            buffer.Write(" "u8);
        if (buffer.WrittenCount > SafetensorsHeader.LongestHeader)
            throw new ArgumentException(FormattableString.Invariant($"The header would have {buffer.WrittenCount} bytes; readers refuse more than {SafetensorsHeader.LongestHeader}."), nameof(tensors));
        return buffer.WrittenSpan;
    }

    private static void Require(NamedTensor tensor, HashSet<string> names)
    {
        ArgumentNullException.ThrowIfNull(tensor, "tensors");
        if (tensor.Name is null || tensor.Shape is null)
            throw new ArgumentNullException("tensors", tensor.Name is null ? "A tensor has no name." : $"Tensor {Text.Quote(tensor.Name)} has no shape.");
        var quoted = Text.Quote(tensor.Name);
        RequireUnicode(tensor.Name, "tensors");
        if (tensor.Name == "__metadata__")
            throw new ArgumentException("A tensor cannot be called '__metadata__'; the format keeps that name for itself.", "tensors");
        if (!names.Add(tensor.Name))
            throw new ArgumentException($"Two tensors are called {quoted}.", "tensors");
        if (tensor.Shape.Count > SafetensorsHeader.MostDimensions)
            throw new ArgumentException($"Tensor {quoted} has {Text.Number(tensor.Shape.Count)} dimensions; readers refuse more than {Text.Number(SafetensorsHeader.MostDimensions)}.", "tensors");
        var shape = new long[tensor.Shape.Count];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = tensor.Shape[i];
        foreach (var size in shape)
        {
            if (size < 0)
                throw new ArgumentException($"Tensor {quoted} has the negative size {Text.Number(size)} in its shape {Text.Shape(shape)}.", "tensors");
        }

        if (!Text.TryCount(shape, out var elements))
            throw new ArgumentException($"Tensor {quoted} has shape {Text.Shape(shape)}, whose size overflows 64 bits.", "tensors");
        if (elements != tensor.Data.Length)
            throw new ArgumentException($"Tensor {quoted} has shape {Text.Shape(shape)}, {Text.Count(elements, "element")}, but {Text.Count(tensor.Data.Length, "value")}.", "tensors");
    }

    /// <summary>Half a surrogate pair has no UTF-8; the JSON writer would replace it and two names could become one.</summary>
    private static void RequireUnicode(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
                i += rune.Utf16SequenceLength - 1;
            else
                throw new ArgumentException($"The name {Text.Quote(text)} is not valid Unicode.", parameter);
        }
    }
}
