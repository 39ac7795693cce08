using System;
using System.Collections.Generic;
using System.Text.Json;

namespace SmallCnnGen;

/// <summary>
/// The JSON header of a safetensors file. Nothing in it is believed before it is checked, and no allocation is
/// larger than a small multiple of the bytes that are really there.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The reference implementation refuses larger headers too.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>
    /// Tensors, and entries of metadata, that a header may have. Networks have thousands; every entry costs some hundred bytes of
    /// memory, also when it describes no data.
    /// </summary>
    public const int MostEntries = 100_000;

    public const int MostDimensions = 64;

    // root object > tensor > shape is 3; unknown keys, which we skip, may nest a little deeper
    private const int DeepestNesting = 16;

    private static readonly (string Name, int Bits)[] ElementTypes =
    [
        ("F32", 32), ("F16", 16), ("BF16", 16), ("F64", 64), ("I64", 64), ("I32", 32), ("I16", 16), ("I8", 8), ("U64", 64), ("U32", 32),
        ("U16", 16), ("U8", 8), ("BOOL", 8), ("C64", 64), ("F8_E4M3", 8), ("F8_E5M2", 8), ("F8_E8M0", 8), ("F8_E4M3FNUZ", 8),
        ("F8_E5M2FNUZ", 8), ("F6_E2M3", 6), ("F6_E3M2", 6), ("F4", 4),
    ];

    private readonly string _source;

    private SafetensorsHeader(string source) => _source = source;

    /// <summary>Tensors in the order of the header.</summary>
    public List<SafetensorsTensor> Tensors { get; } = [];

    public Dictionary<string, SafetensorsTensor> ByName { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of data that follow the header, as the offsets say.</summary>
    public long DataLength { get; private set; }

    /// <summary>Checks the 8-byte length before the header.</summary>
    /// <param name="length">What it says.</param>
    /// <param name="available">Bytes after it, or null when not known yet.</param>
    /// <param name="source">Name of the file.</param>
    public static int CheckLength(ulong length, long? available, string source)
    {
        if (ForeignFormat.Describe(length) is { } foreign)
            throw Invalid(source, foreign);
        if (length > LongestHeader)
        {
            throw Invalid(source,
                $"the first 8 bytes say that the header has {length} bytes; more than {LongestHeader} are refused, so this is probably not a safetensors file");
        }

        if (length < 2)
            throw Invalid(source, $"the first 8 bytes say that the header has {Text.Count((long)length, "byte")}; the shortest, {{}}, has 2");
        if (available is { } got && (long)length > got)
            throw Truncated(source, "header", 8 + length, 8 + (ulong)got);
        return (int)length;
    }

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string source)
    {
        var header = new SafetensorsHeader(source);
        if (json.IsEmpty || json[0] != (byte)'{')
            throw Invalid(source, "the header, at byte 8, does not begin with '{'; this is probably not a safetensors file");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            header.ReadRoot(ref reader);
        }
        catch (JsonException e)
        {
            throw header.BadJson(reader.BytesConsumed, e.Message);
        }
        catch (InvalidOperationException e)
        {
            // GetString on bytes that are no UTF-8, or on an escape that is half a surrogate pair
            throw header.BadJson(reader.TokenStartIndex, e.Message);
        }

        header.CheckLayout();
        return header;
    }

    /// <summary>Compares the data that is there with what the offsets say.</summary>
    public void CheckDataLength(long actual, int headerLength)
    {
        var before = 8UL + (ulong)headerLength;
        if (actual < DataLength)
            throw Truncated(_source, "data", before + (ulong)DataLength, before + (ulong)actual);
        if (actual > DataLength)
            throw Invalid(_source, $"{Text.Count(actual - DataLength, "byte")} follow the last tensor, which ends at byte {before + (ulong)DataLength}");
    }

    public static WeightsException Invalid(string source, FormattableString text) => Invalid(source, FormattableString.Invariant(text));

    public static WeightsException Invalid(string source, string text) =>
        new($"Weights file {source} is not valid safetensors", [WeightsProblem.InvalidFile + " " + text], hint: null);

    public static WeightsException Truncated(string source, string part, ulong expected, ulong got) =>
        Invalid(source, $"the {part} is truncated: {expected} bytes expected, {got} found");

    // the parser's message repeats what it read; its exception is not kept as the inner one, which logs would print as it is
    private WeightsException BadJson(long position, string message) =>
        Invalid(_source, $"the header is not valid JSON near byte {8 + position} of the file: {Printable.Line(message)}");

    private WeightsException Bad(string name, string text) => Invalid(_source, "tensor " + Text.Quote(name) + " " + text);

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        reader.Read();
        var metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                if (metadataSeen)
                    throw Invalid(_source, "the header has two __metadata__ entries");
                metadataSeen = true;
                ReadMetadata(ref reader);
                continue;
            }

            if (Tensors.Count == MostEntries)
                throw Invalid(_source, $"the header describes more than {MostEntries} tensors; a network's file has thousands, so split this one");
            var tensor = ReadTensor(ref reader, name);
            if (!ByName.TryAdd(name, tensor))
                throw Invalid(_source, "two tensors are called " + Text.Quote(name));
            Tensors.Add(tensor);
        }

        // throws when anything but white space follows
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Invalid(_source, "__metadata__ is not an object of strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Invalid(_source, "__metadata__ entry " + Text.Quote(key) + " is not a string");
            if (Metadata.Count == MostEntries)
                throw Invalid(_source, $"__metadata__ has more than {MostEntries} entries");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Invalid(_source, "__metadata__ has two entries " + Text.Quote(key));
        }
    }

    private SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad(name, "is not described by an object with dtype, shape and data_offsets");
        string? dtype = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                if (dtype is not null)
                    throw Bad(name, "has two entries 'dtype'");
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                    throw Bad(name, "has a dtype that is not a string");
                dtype = KnownType(ref reader) ?? throw Bad(name, "has the unknown dtype " + Text.Quote(reader.GetString()!));
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                if (shape is not null)
                    throw Bad(name, "has two entries 'shape'");
                shape = ReadSizes(ref reader, name, "shape", MostDimensions);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                if (offsets is not null)
                    throw Bad(name, "has two entries 'data_offsets'");
                offsets = ReadSizes(ref reader, name, "data_offsets", 2);
            }
            else
            {
                // the reference implementation ignores other keys; so files with them exist
                reader.Skip();
            }
        }

        if (dtype is null || shape is null || offsets is null)
            throw Bad(name, "has no " + (dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets"));
        if (offsets.Length != 2)
            throw Bad(name, "has data_offsets " + Text.Shape(offsets) + "; two numbers are expected");
        if (offsets[1] < offsets[0])
            throw Bad(name, "has data_offsets " + Text.Shape(offsets) + ": it ends before it begins");

        var bits = BitsOf(dtype);
        if (!Text.TryCount(shape, out var elements) || elements > long.MaxValue / bits)
            throw Bad(name, "has shape " + Text.Shape(shape) + ", whose size overflows 64 bits");
        var size = elements * bits;
        if (size % 8 != 0 || size / 8 != offsets[1] - offsets[0])
        {
            throw Bad(name, FormattableString.Invariant(
                $"has shape {Text.Shape(shape)} of {dtype}, which takes {size / 8} bytes, but data_offsets {Text.Shape(offsets)} span {offsets[1] - offsets[0]}"));
        }

        return new SafetensorsTensor(name, dtype, shape, elements, offsets[0], offsets[1]);
    }

    private long[] ReadSizes(ref Utf8JsonReader reader, string name, string key, int most)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad(name, "has a " + key + " that is not an array of numbers");
        Span<long> sizes = stackalloc long[MostDimensions];
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var size) || size < 0)
                throw Bad(name, FormattableString.Invariant($"has an entry {count} in {key} that is not an integer from 0 to 2^63 - 1"));
            if (count == most)
                throw Bad(name, FormattableString.Invariant($"has more than {most} entries in {key}"));
            sizes[count++] = size;
        }

        return sizes[..count].ToArray();
    }

    /// <summary>Tensors must cover the data exactly: in order of their offsets, each begins where the last one ended.</summary>
    private void CheckLayout()
    {
        var order = Tensors.ToArray();
        Array.Sort(order, static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        SafetensorsTensor? last = null;
        foreach (var tensor in order)
        {
            if (tensor.Begin < DataLength)
            {
                throw Bad(tensor.Name, FormattableString.Invariant(
                    $"begins at data byte {tensor.Begin} and overlaps tensor {Text.Quote(last!.Name)}, which ends at {DataLength}"));
            }

            if (tensor.Begin > DataLength)
            {
                throw Bad(tensor.Name, FormattableString.Invariant(
                    $"begins at data byte {tensor.Begin}, but the data before it ends at {DataLength}: bytes between belong to no tensor"));
            }

            DataLength = tensor.End;
            last = tensor;
        }
    }

    /// <summary>The element type, as one string shared by all tensors that have it; null for one the format does not know.</summary>
    private static string? KnownType(ref Utf8JsonReader reader)
    {
        foreach (var (name, _) in ElementTypes)
        {
            if (reader.ValueTextEquals(name))
                return name;
        }

        return null;
    }

    private static int BitsOf(string dtype)
    {
        foreach (var (name, bits) in ElementTypes)
        {
            if (ReferenceEquals(name, dtype))
                return bits;
        }

        return 0;
    }
}
