using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using SmallCnnGen.Tooling.Onnx.Schema;

namespace SmallCnnGen.Tooling.Tests;

/// <summary>What tests ask of an ONNX file, read back from its bytes.</summary>
internal sealed class OnnxFile
{
    private OnnxFile(ModelProto model)
    {
        IrVersion = model.IrVersion;
        Opset = model.OpsetImport.Single().Version;
        GraphName = model.Graph.Name;
        Nodes = model.Graph.Node.Select(n => new OnnxNode(n.OpType, [.. n.Input], [.. n.Output], n.Attribute.ToDictionary(a => a.Name, Value))).ToList();
        Initializers = model.Graph.Initializer.ToDictionary(t => t.Name, t => new OnnxTensor(t.Name, [.. t.Dims], t.DataType, t.RawData.ToByteArray()));
        Inputs = model.Graph.Input.ToDictionary(v => v.Name, Shape);
        Outputs = model.Graph.Output.ToDictionary(v => v.Name, Shape);
    }

    public long IrVersion { get; }

    public long Opset { get; }

    public string GraphName { get; }

    public List<OnnxNode> Nodes { get; }

    public Dictionary<string, OnnxTensor> Initializers { get; }

    public Dictionary<string, long[]> Inputs { get; }

    public Dictionary<string, long[]> Outputs { get; }

    public static OnnxFile Parse(byte[] bytes) => new(ModelProto.Parser.ParseFrom(bytes));

    private static object Value(AttributeProto attribute) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Float => attribute.F,
        AttributeProto.Types.AttributeType.Int => attribute.I,
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
        _ => throw new FormatException("attribute type " + attribute.Type),
    };

    private static long[] Shape(ValueInfoProto value) => value.Type.TensorType.Shape.Dim.Select(d => d.DimValue).ToArray();
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
