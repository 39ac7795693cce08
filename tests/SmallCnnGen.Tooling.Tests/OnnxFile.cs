using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallCnnGen.Tooling.Tests;

/// <summary>An ONNX file read back: written from onnx.proto and not with the exporter's code.</summary>
internal sealed class OnnxFile
{
    public long IrVersion { get; private set; }

    public long Opset { get; private set; }

    public string GraphName { get; private set; } = string.Empty;

    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Initializers { get; } = [];

    public Dictionary<string, long[]> Inputs { get; } = [];

    public Dictionary<string, long[]> Outputs { get; } = [];

    public static OnnxFile Parse(byte[] bytes)
    {
        var file = new OnnxFile();
        foreach (Field field in Fields(bytes))
        {
            switch (field.Number)
            {
                case 1:
                    file.IrVersion = field.Integer;
                    break;
                case 7:
                    file.ReadGraph(field.Bytes);
                    break;
                case 8:
                    file.Opset = Fields(field.Bytes).Single(f => f.Number == 2).Integer;
                    break;
            }
        }

        return file;
    }

    private void ReadGraph(ReadOnlyMemory<byte> bytes)
    {
        foreach (Field field in Fields(bytes))
        {
            switch (field.Number)
            {
                case 1:
                    Nodes.Add(ReadNode(field.Bytes));
                    break;
                case 2:
                    GraphName = field.Text;
                    break;
                case 5:
                    OnnxTensor tensor = ReadTensor(field.Bytes);
                    Initializers.Add(tensor.Name, tensor);
                    break;
                case 11:
                    AddValue(Inputs, field.Bytes);
                    break;
                case 12:
                    AddValue(Outputs, field.Bytes);
                    break;
                default:
                    throw new FormatException("field " + field.Number);
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlyMemory<byte> bytes)
    {
        Field[] fields = Fields(bytes).ToArray();
        return new OnnxNode(
            fields.Single(f => f.Number == 4).Text,
            fields.Where(f => f.Number == 1).Select(f => f.Text).ToArray(),
            fields.Where(f => f.Number == 2).Select(f => f.Text).ToArray(),
            fields.Where(f => f.Number == 5).Select(f => ReadAttribute(f.Bytes)).ToDictionary(a => a.Name, a => a.Value));
    }

    private static (string Name, object Value) ReadAttribute(ReadOnlyMemory<byte> bytes)
    {
        Field[] fields = Fields(bytes).ToArray();
        object value = fields.Single(f => f.Number == 20).Integer switch
        {
            1 => fields.Single(f => f.Number == 2).Real,
            2 => fields.Single(f => f.Number == 3).Integer,
            3 => fields.Single(f => f.Number == 4).Text,
            7 => fields.Where(f => f.Number == 8).Select(f => f.Integer).ToArray(),
            long type => throw new FormatException("attribute type " + type),
        };
        return (fields.Single(f => f.Number == 1).Text, value);
    }

    private static OnnxTensor ReadTensor(ReadOnlyMemory<byte> bytes)
    {
        Field[] fields = Fields(bytes).ToArray();
        return new OnnxTensor(
            fields.Single(f => f.Number == 8).Text,
            fields.Where(f => f.Number == 1).Select(f => f.Integer).ToArray(),
            fields.Single(f => f.Number == 2).Integer,
            fields.Single(f => f.Number == 9).Bytes.ToArray());
    }

    private static void AddValue(Dictionary<string, long[]> values, ReadOnlyMemory<byte> bytes)
    {
        Field[] fields = Fields(bytes).ToArray();
        Field tensor = Fields(fields.Single(f => f.Number == 2).Bytes).Single(f => f.Number == 1);
        Field shape = Fields(tensor.Bytes).Single(f => f.Number == 2);
        long[] dimensions = Fields(shape.Bytes).Select(d => Fields(d.Bytes).Single(f => f.Number == 1).Integer).ToArray();
        values.Add(fields.Single(f => f.Number == 1).Text, dimensions);
    }

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            ulong key = Varint();
            int number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new Field(number, (long)Varint(), 0, default);
                    break;
                case 2:
                    int length = (int)Varint();
                    yield return new Field(number, 0, 0, bytes.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, 0, BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[at..]), default);
                    at += sizeof(float);
                    break;
                default:
                    throw new FormatException("wire type " + (key & 7));
            }
        }

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = bytes.Span[at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }
        }
    }

    private readonly record struct Field(int Number, long Integer, float Real, ReadOnlyMemory<byte> Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes.Span);
    }
}

internal sealed record OnnxNode(string Type, string[] Inputs, string[] Outputs, Dictionary<string, object> Attributes)
{
    public long[] Integers(string name) => (long[])Attributes[name];
}

internal sealed record OnnxTensor(string Name, long[] Shape, long ElementType, byte[] Data)
{
    public long[] Integers => ElementType == 7 ? MemoryMarshal.Cast<byte, long>(Data).ToArray() : throw new FormatException("not int64");

    public float[] Reals => ElementType == 1 ? MemoryMarshal.Cast<byte, float>(Data).ToArray() : throw new FormatException("not float");
}
