using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Google.Protobuf;
using SmallCnnGen.Tooling.Onnx.Schema;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>
/// Collects the nodes and tensors of an ONNX model and writes the file. Tensors of the weights file are only named here
/// and fetched when it is written.
/// </summary>
internal sealed class OnnxModelBuilder
{
    private const int ElementFloat = (int)TensorProto.Types.DataType.Float, ElementInt64 = (int)TensorProto.Types.DataType.Int64;

    private readonly List<NodeProto> _nodes = [];
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
        var node = new NodeProto { Name = outputs[0], OpType = type };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.Select(a => Attribute(a.Name, a.Value)));
        _nodes.Add(node);
    }

    /// <summary>Writes the model.</summary>
    /// <exception cref="NotSupportedException">It would exceed what one protocol buffers message may hold.</exception>
    /// <exception cref="InvalidOperationException">A tensor has the wrong number of elements.</exception>
    public void Write(string name, OnnxSignature signature, long irVersion, long opset, Func<string, float[]> weights, Stream stream)
    {
        var graph = new GraphProto { Name = name };
        graph.Node.AddRange(_nodes);
        graph.Input.AddRange(signature.Inputs.Select(Value));
        graph.Output.Add(Value(signature.Output));
        var model = new ModelProto
        {
            IrVersion = irVersion,
            ProducerName = "SmallCnnGen",
            ProducerVersion = typeof(OnnxModelBuilder).Assembly.GetName().Version!.ToString(3),
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = opset } },
        };

        // Before any weights are fetched: one message holds at most 2 GB.
        long bytes = model.CalculateSize() + _initializers.Sum(i => i.ByteLength + i.Name.Length + 64);
        if (bytes > int.MaxValue)
            throw new NotSupportedException(FormattableString.Invariant($"the ONNX file would have {bytes:N0} bytes; one file without external data holds at most {int.MaxValue:N0}."));
        graph.Initializer.AddRange(_initializers.Select(i => new TensorProto
        {
            Name = i.Name,
            Dims = { i.Shape },
            DataType = i.ElementType,
            RawData = i.Data is null ? Elements(i, weights) : UnsafeByteOperations.UnsafeWrap(i.Data),
        }));
        model.WriteTo(stream);
    }

    private static ByteString Elements(Initializer initializer, Func<string, float[]> weights)
    {
        float[] values = weights(initializer.Tensor!);
        if (values.LongLength != initializer.ByteLength / sizeof(float))
            throw new InvalidOperationException($"tensor '{initializer.Tensor}' has {values.Length} elements, not the {initializer.ByteLength / sizeof(float)} of [{string.Join(", ", initializer.Shape)}].");
        var bytes = new byte[initializer.ByteLength];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return UnsafeByteOperations.UnsafeWrap(bytes);
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

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        float f => new AttributeProto { Name = name, F = f, Type = AttributeProto.Types.AttributeType.Float },
        bool b => new AttributeProto { Name = name, I = b ? 1 : 0, Type = AttributeProto.Types.AttributeType.Int },
        int i => new AttributeProto { Name = name, I = i, Type = AttributeProto.Types.AttributeType.Int },
        string s => new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(s), Type = AttributeProto.Types.AttributeType.String },
        long[] list => new AttributeProto { Name = name, Ints = { list }, Type = AttributeProto.Types.AttributeType.Ints },
        _ => throw new ArgumentException($"attribute '{name}' cannot be {value.GetType()}", nameof(value)),
    };

    private static ValueInfoProto Value(OnnxValue value)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(value.Shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = value.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = ElementFloat, Shape = shape } },
        };
    }

    private sealed record Initializer(string Name, long[] Shape, int ElementType, byte[]? Data, string? Tensor)
    {
        public long ByteLength => Data?.Length ?? (Shape.Aggregate(1L, (n, d) => n * d) * sizeof(float));
    }
}
