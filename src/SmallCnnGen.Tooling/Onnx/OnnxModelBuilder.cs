using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>
/// Collects the nodes and tensors of an ONNX model and writes the file. Tensors of the weights file are only named here
/// and fetched one at a time while writing, so that no second copy of the weights exists.
/// </summary>
internal sealed class OnnxModelBuilder
{
    // Field numbers of onnx.proto, by message.
    private const int ModelIrVersion = 1, ModelProducerName = 2, ModelProducerVersion = 3, ModelGraph = 7, ModelOpsetImport = 8;
    private const int OpsetVersion = 2;
    private const int GraphNode = 1, GraphName = 2, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12;
    private const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeOpType = 4, NodeAttribute = 5;
    private const int AttributeName = 1, AttributeFloat = 2, AttributeInt = 3, AttributeString = 4, AttributeInts = 8, AttributeType = 20;
    private const int TypeFloat = 1, TypeInt = 2, TypeString = 3, TypeInts = 7;
    private const int TensorDims = 1, TensorDataType = 2, TensorName = 8, TensorRawData = 9;
    private const int ElementFloat = 1, ElementInt64 = 7;
    private const int ValueName = 1, ValueType = 2, TypeTensor = 1, TensorTypeElement = 1, TensorTypeShape = 2, ShapeDim = 1, DimValue = 1;

    private readonly ProtobufMessage _nodes = new();
    private readonly List<Initializer> _initializers = [];
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A name nothing else has: the wanted one, or with a number behind it.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; name.Length == 0 || !_names.Add(name); i++)
            name = wanted + "_" + i.ToString(CultureInfo.InvariantCulture);
        return name;
    }

    /// <summary>Keeps names of the weights file for its tensors, whatever layers are called.</summary>
    public void Reserve(IEnumerable<string> tensors)
    {
        foreach (string tensor in tensors)
        {
            if (!_known.ContainsKey(tensor))
                _known.Add(tensor, Unique(tensor));
        }
    }

    /// <summary>The initialiser that holds a tensor of the weights file.</summary>
    /// <param name="tensor">Name in the weights file.</param>
    /// <param name="shape">Dimensions here; the elements are the file's in their order.</param>
    public string Tensor(string tensor, params int[] shape)
    {
        // A tensor that layers use with several shapes exists once for each.
        string key = tensor + "\n" + string.Join(",", shape.Select(d => d.ToString(CultureInfo.InvariantCulture)));
        if (_known.TryGetValue(key, out string? name))
            return name;
        name = _known.TryGetValue(tensor, out string? reserved) && _initializers.All(i => i.Name != reserved) ? reserved : Unique(tensor);
        _known.Add(key, name);
        _initializers.Add(new Initializer(name, Array.ConvertAll(shape, d => (long)d), ElementFloat, null, tensor));
        return name;
    }

    /// <summary>A list of integers as an operand.</summary>
    public string Constant(params long[] values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Constant("int64", [values.Length], ElementInt64, bytes);
    }

    /// <summary>A number as an operand of no dimension.</summary>
    public string Scalar(float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Constant("float", [], ElementFloat, bytes);
    }

    /// <summary>A list of numbers as an operand.</summary>
    public string Reals(params float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return Constant("float", [values.Length], ElementFloat, bytes);
    }

    /// <summary>Appends a node.</summary>
    /// <param name="type">Operator ("Conv").</param>
    /// <param name="inputs">Operands; an empty name is an operand left out.</param>
    /// <param name="outputs">Names of the results; the first also names the node.</param>
    /// <param name="attributes">Attributes: a long, an int, a bool, a float, a string or an array of long.</param>
    public void Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
            node.Text(NodeInput, input);
        foreach (string output in outputs)
            node.Text(NodeOutput, output);
        node.Text(NodeName, outputs[0]).Text(NodeOpType, type);
        foreach ((string name, object value) in attributes)
            node.Message(NodeAttribute, Attribute(name, value));
        _nodes.Message(GraphNode, node);
    }

    /// <summary>Writes the model.</summary>
    /// <exception cref="NotSupportedException">It would exceed what one protocol buffers message may hold.</exception>
    /// <exception cref="InvalidOperationException">A tensor has the wrong number of elements.</exception>
    public void Write(string name, OnnxSignature signature, long irVersion, long opset, Func<string, float[]> weights, Stream stream)
    {
        ProtobufMessage[] heads = _initializers.Select(i => new ProtobufMessage()
            .Integers(TensorDims, i.Shape)
            .Integer(TensorDataType, i.ElementType)
            .Text(TensorName, i.Name)).ToArray();
        long[] lengths = _initializers.Select((t, i) => heads[i].Length + ProtobufMessage.FieldLength(TensorRawData, t.ByteLength)).ToArray();
        ProtobufMessage title = new ProtobufMessage().Text(GraphName, name);
        var ends = new ProtobufMessage();
        foreach (OnnxValue input in signature.Inputs)
            ends.Message(GraphInput, Value(input));
        ends.Message(GraphOutput, Value(signature.Output));

        long graph = _nodes.Length + title.Length + lengths.Sum(l => ProtobufMessage.FieldLength(GraphInitializer, l)) + ends.Length;
        ProtobufMessage model = new ProtobufMessage()
            .Integer(ModelIrVersion, irVersion)
            .Text(ModelProducerName, "SmallCnnGen")
            .Text(ModelProducerVersion, typeof(OnnxModelBuilder).Assembly.GetName().Version!.ToString(3));
        ProtobufMessage opsets = new ProtobufMessage().Message(ModelOpsetImport, new ProtobufMessage().Integer(OpsetVersion, opset));
        if (model.Length + ProtobufMessage.FieldLength(ModelGraph, graph) + opsets.Length > int.MaxValue)
            throw new NotSupportedException(FormattableString.Invariant($"the ONNX file would have {graph:N0} bytes; one file without external data holds at most {int.MaxValue:N0}."));

        model.WriteTo(stream);
        ProtobufMessage.WriteFieldStart(stream, ModelGraph, graph);
        _nodes.WriteTo(stream);
        title.WriteTo(stream);
        for (int i = 0; i < heads.Length; i++)
        {
            ProtobufMessage.WriteFieldStart(stream, GraphInitializer, lengths[i]);
            heads[i].WriteTo(stream);
            ProtobufMessage.WriteFieldStart(stream, TensorRawData, _initializers[i].ByteLength);
            WriteData(_initializers[i], weights, stream);
        }

        ends.WriteTo(stream);
        opsets.WriteTo(stream);
    }

    private static void WriteData(Initializer initializer, Func<string, float[]> weights, Stream stream)
    {
        if (initializer.Tensor is null)
        {
            stream.Write(initializer.Data);
            return;
        }

        float[] values = weights(initializer.Tensor);
        if (values.LongLength != initializer.ByteLength / sizeof(float))
            throw new InvalidOperationException($"tensor '{initializer.Tensor}' has {values.Length} elements, not the {initializer.ByteLength / sizeof(float)} of [{string.Join(", ", initializer.Shape)}].");
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private string Constant(string kind, long[] shape, int elementType, byte[] data)
    {
        // Equal constants are one.
        string key = "\n" + kind + shape.Length.ToString(CultureInfo.InvariantCulture) + System.Convert.ToHexString(data);
        if (_known.TryGetValue(key, out string? name))
            return name;
        name = Unique("const." + kind + "." + _initializers.Count(i => i.Tensor is null).ToString(CultureInfo.InvariantCulture));
        _known.Add(key, name);
        _initializers.Add(new Initializer(name, shape, elementType, data, null));
        return name;
    }

    private static ProtobufMessage Attribute(string name, object value)
    {
        ProtobufMessage attribute = new ProtobufMessage().Text(AttributeName, name);
        return value switch
        {
            float f => attribute.Real(AttributeFloat, f).Integer(AttributeType, TypeFloat),
            bool b => attribute.Integer(AttributeInt, b ? 1 : 0).Integer(AttributeType, TypeInt),
            int i => attribute.Integer(AttributeInt, i).Integer(AttributeType, TypeInt),
            string s => attribute.Text(AttributeString, s).Integer(AttributeType, TypeString),
            long[] list => attribute.Integers(AttributeInts, list).Integer(AttributeType, TypeInts),
            _ => throw new ArgumentException($"attribute '{name}' cannot be {value.GetType()}", nameof(value)),
        };
    }

    private static ProtobufMessage Value(OnnxValue value)
    {
        var shape = new ProtobufMessage();
        foreach (int size in value.Shape)
            shape.Message(ShapeDim, new ProtobufMessage().Integer(DimValue, size));
        ProtobufMessage tensor = new ProtobufMessage().Integer(TensorTypeElement, ElementFloat).Message(TensorTypeShape, shape);
        return new ProtobufMessage().Text(ValueName, value.Name).Message(ValueType, new ProtobufMessage().Message(TypeTensor, tensor));
    }

    private sealed record Initializer(string Name, long[] Shape, int ElementType, byte[]? Data, string? Tensor)
    {
        public long ByteLength => Data?.Length ?? (Shape.Aggregate(1L, (n, d) => n * d) * sizeof(float));
    }
}
