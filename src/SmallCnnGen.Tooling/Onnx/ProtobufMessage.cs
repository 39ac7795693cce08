using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>
/// A protocol buffers message under construction: the few wire types ONNX uses. Fields appear in the order they are
/// added, so equal calls give equal bytes.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int WireVarint = 0, WireBytes = 2, WireFixed32 = 5;

    private readonly MemoryStream _bytes = new();

    /// <summary>Bytes so far.</summary>
    public long Length => _bytes.Length;

    /// <summary>Bytes of a varint.</summary>
    public static int VarintLength(ulong value)
    {
        int length = 1;
        while ((value >>= 7) != 0)
            length++;
        return length;
    }

    /// <summary>Bytes of a length-delimited field with so many bytes of content.</summary>
    public static long FieldLength(int field, long content) => VarintLength(Key(field, WireBytes)) + VarintLength((ulong)content) + content;

    /// <summary>Writes the start of a length-delimited field whose content follows on the stream.</summary>
    public static void WriteFieldStart(Stream stream, int field, long content)
    {
        WriteVarint(stream, Key(field, WireBytes));
        WriteVarint(stream, (ulong)content);
    }

    /// <summary>An integer; negative ones take ten bytes, as the format demands.</summary>
    public ProtobufMessage Integer(int field, long value)
    {
        WriteVarint(_bytes, Key(field, WireVarint));
        WriteVarint(_bytes, unchecked((ulong)value));
        return this;
    }

    /// <summary>A repeated integer, one field each: ONNX declares its lists unpacked.</summary>
    public ProtobufMessage Integers(int field, IEnumerable<long> values)
    {
        foreach (long value in values)
            Integer(field, value);
        return this;
    }

    /// <summary>A 32-bit float.</summary>
    public ProtobufMessage Real(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        WriteVarint(_bytes, Key(field, WireFixed32));
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A string.</summary>
    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes.</summary>
    public ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteFieldStart(_bytes, field, value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A message inside this one.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage value)
    {
        WriteFieldStart(_bytes, field, value.Length);
        value.WriteTo(_bytes);
        return this;
    }

    /// <summary>Copies what there is to a stream.</summary>
    public void WriteTo(Stream stream) => _bytes.WriteTo(stream);

    private static ulong Key(int field, int wireType) => ((ulong)field << 3) | (uint)wireType;

    private static void WriteVarint(Stream stream, ulong value)
    {
        while (value >= 0x80)
        {
            stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        stream.WriteByte((byte)value);
    }
}
