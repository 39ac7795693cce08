using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Runtime.InteropServices;

namespace SmallCnnGen;

/// <summary>
/// A safetensors file: named tensors and string metadata. The input is not trusted: everything the header claims is
/// checked, and whatever is wrong ends in one <see cref="WeightsException"/> (SCNN3006).
/// </summary>
public sealed class SafetensorsFile
{
    private const int FirstChunk = 64 * 1024;

    private readonly Dictionary<string, SafetensorsTensor> _byName;
    private readonly ReadOnlyMemory<byte> _data;

    private SafetensorsFile(
        string source, IReadOnlyList<SafetensorsTensor> tensors, Dictionary<string, SafetensorsTensor> byName,
        IReadOnlyDictionary<string, string> metadata, ReadOnlyMemory<byte> data)
    {
        Source = source;
        Tensors = tensors;
        _byName = byName;
        Metadata = metadata;
        _data = data;
    }

    /// <summary>What messages call this file: its path in quotes, or "(memory)" or "(stream)".</summary>
    public string Source { get; }

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Reads a file whole. Errors of the file system pass through as they are. Pipes and devices are refused, because opening
    /// one may wait for ever; read them with <see cref="Read(Stream)"/>.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="WeightsException">The file is not valid safetensors, or a folder, a pipe or a device.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw SafetensorsHeader.Invalid(Printable.QuotePath(path), "it is a folder; name the .safetensors file in it");

        // of a symbolic link, FileInfo knows the length of the link
        var info = new FileInfo(path);
        var target = info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true) ?? info : info;
        if (!target.Exists)
        {
            throw new FileNotFoundException(
                $"There is no weights file {Printable.QuotePath(Path.GetFullPath(path))}. A relative path starts at the current folder; to try a network without trained weights, use its CreateRandom().",
                path);
        }

        // pipes, sockets and devices have the length 0 too, and nothing else in .NET tells them from files before they are opened
        if (target is FileInfo { Length: 0 })
        {
            throw SafetensorsHeader.Invalid(
                Printable.QuotePath(path),
                "it has 0 bytes: it is empty, or a pipe or device instead of a file. Save it again; from a pipe, use SafetensorsFile.Read with a stream");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Read(stream, Printable.QuotePath(path));
    }

    /// <summary>Reads a stream from its position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not be seekable.</param>
    /// <exception cref="WeightsException">The content is not valid safetensors.</exception>
    public static SafetensorsFile Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "(stream)");
    }

    /// <summary>Parses a file in memory. The memory is referred to, not copied: leave it unchanged.</summary>
    /// <param name="file">The bytes of the whole file.</param>
    /// <exception cref="WeightsException">The bytes are not valid safetensors.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> file)
    {
        const string source = "(memory)";
        var bytes = file.Span;
        if (bytes.Length < 8)
            throw SafetensorsHeader.Truncated(source, "header length", 8, (ulong)bytes.Length);
        var length = SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes.Length - 8, source);
        var header = SafetensorsHeader.Parse(bytes.Slice(8, length), source);
        header.CheckDataLength(bytes.Length - 8 - length, length);
        return Create(source, header, file[(8 + length)..]);
    }

    /// <summary>Finds a tensor by name.</summary>
    /// <param name="name">Name of the tensor, case-sensitive.</param>
    /// <param name="tensor">The tensor when there is one.</param>
    public bool TryGetTensor(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SafetensorsTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out tensor);
    }

    /// <summary>The bytes of a tensor, little-endian as stored.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    public ReadOnlySpan<byte> GetBytes(SafetensorsTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_byName.TryGetValue(tensor.Name, out var own) || !ReferenceEquals(own, tensor))
            throw new ArgumentException("Tensor " + Text.Quote(tensor.Name) + " belongs to another file.", nameof(tensor));
        return _data.Span[(int)tensor.Begin..(int)tensor.End];
    }

    /// <summary>Reads a tensor as 32-bit floats, converting F16, BF16 and F64.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">Receives the elements; at least as long as the tensor.</param>
    /// <exception cref="WeightsException">The tensor has another element type.</exception>
    public void CopyTo(SafetensorsTensor tensor, Span<float> destination)
    {
        var bytes = GetBytes(tensor);
        if (destination.Length < tensor.ElementCount)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"destination has {destination.Length} floats; tensor {Text.Quote(tensor.Name)} has {tensor.ElementCount}."), nameof(destination));
        }

        RequireFloat(tensor);
        FloatConversion.Decode(tensor.DType, bytes, destination[..(int)tensor.ElementCount]);
    }

    /// <summary>Reads a tensor as 32-bit floats, converting F16, BF16 and F64.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <exception cref="WeightsException">The tensor has another element type.</exception>
    public float[] ToArray(SafetensorsTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        RequireFloat(tensor);
        var values = new float[tensor.ElementCount];
        CopyTo(tensor, values);
        return values;
    }

    /// <summary>
    /// The same tensors with a prefix taken off their names: "module." (DataParallel), "_orig_mod." (torch.compile),
    /// "model.", ... Names without it stay as they are.
    /// </summary>
    /// <param name="prefix">The prefix.</param>
    /// <exception cref="WeightsException">Two tensors would get the same name.</exception>
    public SafetensorsFile WithoutPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return Renamed(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name, "without the prefix " + Text.Quote(prefix));
    }

    /// <summary>The same tensors under other names: those of a network whose layers are called differently.</summary>
    /// <param name="rename">Gives each tensor's new name for its old one; the old one for those to keep.</param>
    /// <exception cref="WeightsException">Two tensors would get the same name.</exception>
    public SafetensorsFile Renamed(Func<string, string> rename)
    {
        ArgumentNullException.ThrowIfNull(rename);
        return Renamed(rename, "renamed");
    }

    private SafetensorsFile Renamed(Func<string, string> rename, string how)
    {
        var tensors = new List<SafetensorsTensor>(Tensors.Count);
        var byName = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (var tensor in Tensors)
        {
            var name = rename(tensor.Name);
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(rename));
            var renamed = name == tensor.Name ? tensor : tensor.Rename(name);
            if (!byName.TryAdd(renamed.Name, renamed))
                throw SafetensorsHeader.Invalid(Source, how + ", two tensors are called " + Text.Quote(renamed.Name));
            tensors.Add(renamed);
        }

        return new SafetensorsFile(Source, tensors.AsReadOnly(), byName, Metadata, _data);
    }

    /// <summary>The elements without a copy where the file stores them as this machine does, else converted.</summary>
    internal ReadOnlySpan<float> Floats(SafetensorsTensor tensor) =>
        tensor.DType == "F32" && BitConverter.IsLittleEndian
            ? MemoryMarshal.Cast<byte, float>(GetBytes(tensor))
            : ToArray(tensor);

    private void RequireFloat(SafetensorsTensor tensor)
    {
        if (!tensor.IsFloat)
            throw new WeightsException($"Weights file {Source}", [WrongDType(tensor)]);
    }

    internal static string WrongDType(SafetensorsTensor tensor) =>
        $"{WeightsProblem.WrongDType} tensor {Text.Quote(tensor.Name)} has dtype {tensor.DType}; F32, F16, BF16 or F64 is needed";

    private static SafetensorsFile Create(string source, SafetensorsHeader header, ReadOnlyMemory<byte> data) =>
        new(source, header.Tensors.AsReadOnly(), header.ByName, new ReadOnlyDictionary<string, string>(header.Metadata), data);

    private static SafetensorsFile Read(Stream stream, string source)
    {
        Span<byte> first = stackalloc byte[8];
        var got = stream.ReadAtLeast(first, 8, throwOnEndOfStream: false);
        if (got < 8)
            throw SafetensorsHeader.Truncated(source, "header length", 8, (ulong)got);
        var length = SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(first), Remaining(stream), source);
        var json = ReadBytes(stream, length, out got);
        if (got < length)
            throw SafetensorsHeader.Truncated(source, "header", 8 + (ulong)length, 8 + (ulong)got);
        var header = SafetensorsHeader.Parse(json.AsSpan(0, got), source);

        if (Remaining(stream) is { } remaining)
            header.CheckDataLength(remaining, length);
        if (header.DataLength > Array.MaxLength)
            throw SafetensorsHeader.Invalid(source, $"the tensors take {header.DataLength} bytes; files up to 2 GB can be loaded");
        var data = ReadBytes(stream, (int)header.DataLength, out got);
        header.CheckDataLength(got, length);
        if (stream.ReadByte() >= 0)
            throw SafetensorsHeader.Invalid(source, $"there are bytes after the last tensor, which ends at byte {8 + length + header.DataLength}");
        return Create(source, header, data.AsMemory(0, got));
    }

    private static long? Remaining(Stream stream) => stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;

    /// <summary>Reads up to <paramref name="count"/> bytes. Where the stream's length is unknown, the buffer grows only as bytes arrive.</summary>
    private static byte[] ReadBytes(Stream stream, int count, out int got)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(stream.CanSeek ? count : Math.Min(count, FirstChunk));
        got = 0;
        while (got < count)
        {
            if (got == buffer.Length)
            {
                var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(count, 2L * buffer.Length));
                buffer.AsSpan().CopyTo(larger);
                buffer = larger;
            }

            var read = stream.Read(buffer, got, buffer.Length - got);
            if (read == 0)
                break;
            got += read;
        }

        return buffer;
    }
}
