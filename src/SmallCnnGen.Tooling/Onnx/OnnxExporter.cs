using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Tooling.Onnx;

using Activation = SmallCnnGen.Compiler.Ir.Activation;
using UpsampleMode = SmallCnnGen.Compiler.Ir.UpsampleMode;

/// <summary>
/// Writes a declared network with its weights as an ONNX model (float32, NCHW, batch 1), with the operators a PyTorch
/// export of the same network has, so that other runtimes get what they get from their users.
/// </summary>
/// <remarks>
/// A map is [1, C, H, W]. A fully connected layer reads and gives [1, C]; where its result meets layers that want a map it
/// is reshaped, as PyTorch code does by hand.
/// </remarks>
public sealed class OnnxExporter
{
    /// <summary>Operator set of the files; HardSwish is what needs 14.</summary>
    public const int Opset = 14;

    /// <summary>Version of the file format.</summary>
    public const int IrVersion = 8;

    private readonly Graph _graph;
    private readonly OnnxModelBuilder _model = new();

    /// <summary>By node: name of the result, and whether it is [1, C].</summary>
    private readonly (string Name, bool IsFlat)[] _values;
    private readonly Dictionary<(int Node, bool Flat), string> _reshaped = [];

    /// <summary>By unpooling, and by the pooling it undoes: where the maxima were found.</summary>
    private readonly Dictionary<int, string> _indices = [];

    /// <summary>By slice: its name among the results of a Split.</summary>
    private readonly Dictionary<int, string> _parts = [];

    private OnnxExporter(Graph graph)
    {
        _graph = graph;
        _values = new (string, bool)[graph.Nodes.Count];
    }

    /// <summary>Writes a model.</summary>
    /// <param name="declared">The network as declared: the graph before any pass.</param>
    /// <param name="name">Name of the graph in the file.</param>
    /// <param name="weights">Tensor by its name in the weights file, in stored (PyTorch) order; each is asked for once.</param>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <returns>Names and shapes of the inputs and the output.</returns>
    /// <exception cref="NotSupportedException">ONNX cannot express a layer; the message names it.</exception>
    /// <exception cref="ArgumentException">The graph has been optimised.</exception>
    public static OnnxSignature Write(Graph declared, string name, Func<string, float[]> weights, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(stream);
        var exporter = new OnnxExporter(declared);
        OnnxSignature signature = exporter.Build();
        exporter._model.Write(name, signature, IrVersion, Opset, weights, stream);
        return signature;
    }

    private OnnxSignature Build()
    {
        // Inputs keep their names, then tensors, then layers.
        foreach (Node node in _graph.Inputs)
            _values[node.Id] = (_model.Unique(node.Name), false);
        _model.Reserve(_graph.Nodes.Where(n => n.Inputs.Count > 0).SelectMany(n => CostRule.Tensors(n.Op, _graph.Nodes[n.Inputs[0]].Shape, n.Shape)).Select(t => t.Name));
        foreach (Node node in _graph.Nodes.Where(n => n.Op is MaxUnpoolOp))
            RequireIndices(node);
        foreach (Node node in _graph.Nodes)
        {
            if (node.Op is not InputOp)
                Export(node);
        }

        Node output = _graph.Nodes[_graph.Output];
        return new OnnxSignature(
            _graph.Inputs.OrderBy(n => ((InputOp)n.Op).Index).Select(n => new OnnxValue(_values[n.Id].Name, Nchw(n.Shape))).ToArray(),
            new OnnxValue(_values[output.Id].Name, _values[output.Id].IsFlat ? [1, output.Shape.Channels] : Nchw(output.Shape)));
    }

    private static int[] Nchw(TensorShape shape) => [1, shape.Channels, shape.Height, shape.Width];

    private void Export(Node node)
    {
        if (node.Op is EpilogueOp { Epilogue.IsNone: false } or ConvOp { Norm: not null } or ConvOp { IsDense: true } or ConvTransposeOp { Norm: not null })
            throw new ArgumentException($"Layer '{node.Name}' has others fused into it; export takes the graph as declared, before any pass.");
        switch (node.Op)
        {
            case ConvOp conv:
                ExportConv(node, conv);
                break;
            case ConvTransposeOp conv:
                ExportConvTranspose(node, conv);
                break;
            case DenseOp dense:
                string[] operands = [Flat(node.Inputs[0]), _model.Tensor(dense.Weight, dense.Units, Input(node).Channels)];
                if (dense.Bias is not null)
                    operands = [.. operands, _model.Tensor(dense.Bias, dense.Units)];
                Emit(node, "Gemm", operands, true, ("transB", 1));
                break;
            case BatchNormOp norm:
                string[] tensors = new[] { ".weight", ".bias", ".running_mean", ".running_var" }.Select(s => _model.Tensor(norm.Norm.Module + s, node.Shape.Channels)).ToArray();
                Emit(node, "BatchNormalization", [Map(node.Inputs[0]), .. tensors], false, ("epsilon", (float)norm.Norm.Epsilon));
                break;
            case ActivationOp activation:
                ExportActivation(node, activation.Function);
                break;
            case PoolOp pool:
                ExportPool(node, pool.IsMax, pool.Window, pool.CeilMode, pool.CountIncludePad);
                break;
            case AdaptivePoolOp pool:
                ExportAdaptivePool(node, pool);
                break;
            case MaxUnpoolOp unpool:
                Emit(
                    node,
                    "MaxUnpool",
                    [Map(node.Inputs[0]), _indices[node.Id], _model.Constant(Array.ConvertAll(Nchw(node.Shape), d => (long)d))],
                    false,
                    ("kernel_shape", Two(unpool.Pool.Kernel)),
                    ("strides", Two(unpool.Pool.Stride)));
                break;
            case AddOp:
                ExportSum(node);
                break;
            case MultiplyOp:
                bool flat = node.Inputs.All(i => _values[i].IsFlat);
                Emit(node, "Mul", node.Inputs.Select(i => flat ? Flat(i) : Map(i)).ToArray(), flat);
                break;
            case ConcatOp:
                bool allFlat = node.Inputs.All(i => _values[i].IsFlat);
                Emit(node, "Concat", node.Inputs.Select(i => allFlat ? Flat(i) : Map(i)).ToArray(), allFlat, ("axis", 1));
                break;
            case ChannelMapOp map:
                ExportChannelMap(node, map);
                break;
            case PadOp { Pads: var p }:
                if (p.IsZero)
                    Alias(node);
                else
                    Emit(node, "Pad", [Map(node.Inputs[0]), _model.Constant(0, 0, p.Top, p.Left, 0, 0, p.Bottom, p.Right)], false);
                break;
            case UpsampleOp up:
                ExportUpsample(node, up);
                break;
            case LocalResponseNormOp lrn:
                // ONNX takes the odd channel of an even size from the other side.
                if (lrn.Size % 2 == 0)
                    throw Unsupported(node, $"local response normalisation over an even number of channels ({lrn.Size}): ONNX centres it differently");
                Emit(node, "LRN", [Map(node.Inputs[0])], false, ("alpha", (float)lrn.Alpha), ("beta", (float)lrn.Beta), ("bias", (float)lrn.K), ("size", lrn.Size));
                break;
            case SoftmaxOp softmax:
                EmitAlike(node, softmax.IsLog ? "LogSoftmax" : "Softmax", ("axis", 1));
                break;
            case FlattenOp:
                if (_values[node.Inputs[0]].IsFlat)
                    Alias(node);
                else
                    Emit(node, "Flatten", [Map(node.Inputs[0])], true, ("axis", 1));
                break;
            default:
                throw Unsupported(node, $"operation '{node.Op.Name}'");
        }
    }

    private void ExportConv(Node node, ConvOp conv)
    {
        int inputs = Input(node).Channels / conv.Groups;
        string[] operands = [Map(node.Inputs[0]), _model.Tensor(conv.Weight, conv.Channels, inputs, conv.Window.Kernel.Y, conv.Window.Kernel.X)];
        if (conv.Bias is not null)
            operands = [.. operands, _model.Tensor(conv.Bias, conv.Channels)];
        Emit(
            node,
            "Conv",
            operands,
            false,
            ("dilations", Two(conv.Window.Dilation)),
            ("group", conv.Groups),
            ("kernel_shape", Two(conv.Window.Kernel)),
            ("pads", Four(conv.Window.Padding)),
            ("strides", Two(conv.Window.Stride)));
    }

    private void ExportConvTranspose(Node node, ConvTransposeOp conv)
    {
        string[] operands = [Map(node.Inputs[0]), _model.Tensor(conv.Weight, Input(node).Channels, conv.Channels / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X)];
        if (conv.Bias is not null)
            operands = [.. operands, _model.Tensor(conv.Bias, conv.Channels)];
        Emit(
            node,
            "ConvTranspose",
            operands,
            false,
            ("dilations", Two(conv.Window.Dilation)),
            ("group", conv.Groups),
            ("kernel_shape", Two(conv.Window.Kernel)),
            ("output_padding", Two(conv.OutputPadding)),
            ("pads", Four(conv.Window.Padding)),
            ("strides", Two(conv.Window.Stride)));
    }

    private void ExportActivation(Node node, ActivationSpec spec)
    {
        int input = node.Inputs[0];
        switch (spec.Function)
        {
            case Activation.None:
                Alias(node);
                break;
            case Activation.ReLU:
                EmitAlike(node, "Relu");
                break;
            case Activation.ReLU6:
                Emit(node, "Clip", [_values[input].Name, _model.Scalar(0), _model.Scalar(6)], _values[input].IsFlat);
                break;
            case Activation.LeakyReLU:
                EmitAlike(node, "LeakyRelu", ("alpha", spec.Alpha));
                break;
            case Activation.PReLU:
                int slopes = spec.SharedSlope ? 1 : node.Shape.Channels;
                int[] shape = _values[input].IsFlat ? [slopes] : [slopes, 1, 1];
                Emit(node, "PRelu", [_values[input].Name, _model.Tensor(spec.Slopes!, shape)], _values[input].IsFlat);
                break;
            case Activation.ELU:
                EmitAlike(node, "Elu", ("alpha", spec.Alpha));
                break;
            case Activation.Sigmoid:
                EmitAlike(node, "Sigmoid");
                break;
            case Activation.HardSigmoid:
                EmitAlike(node, "HardSigmoid", ("alpha", 1f / 6), ("beta", 0.5f));
                break;
            case Activation.HardSwish:
                EmitAlike(node, "HardSwish");
                break;
            case Activation.SiLU:
                string gate = _model.Unique(node.Name + ".sigmoid");
                _model.Node("Sigmoid", [_values[input].Name], [gate]);
                Emit(node, "Mul", [_values[input].Name, gate], _values[input].IsFlat);
                break;
            case Activation.Tanh:
                EmitAlike(node, "Tanh");
                break;
            default:
                throw Unsupported(node, $"activation {spec.Function}");
        }
    }

    private void ExportPool(Node node, bool isMax, Window window, bool ceil, bool countIncludePad)
    {
        var attributes = new List<(string, object)>
        {
            ("ceil_mode", ceil),
            ("kernel_shape", Two(window.Kernel)),
            ("pads", Four(window.Padding)),
            ("strides", Two(window.Stride)),
        };
        if (!isMax)
        {
            attributes.Add(("count_include_pad", countIncludePad));
            Emit(node, "AveragePool", [Map(node.Inputs[0])], false, [.. attributes]);
            return;
        }

        // The second result is where each maximum was found; unpooling reads it.
        string name = _model.Unique(node.Name);
        string[] results = _indices.TryGetValue(node.Id, out string? indices) ? [name, indices] : [name];
        _model.Node("MaxPool", [Map(node.Inputs[0])], results, [.. attributes]);
        _values[node.Id] = (name, false);
    }

    private void ExportAdaptivePool(Node node, AdaptivePoolOp pool)
    {
        if (pool.Size == new Pair(1, 1))
        {
            Emit(node, pool.IsMax ? "GlobalMaxPool" : "GlobalAveragePool", [Map(node.Inputs[0])], false);
            return;
        }

        TensorShape input = Input(node);
        if (Uniform(input.Height, pool.Size.Y) is not { } y || Uniform(input.Width, pool.Size.X) is not { } x)
            throw Unsupported(node, $"adaptive pooling from {input.Height}x{input.Width} to {pool.Size}: its windows differ in size or distance, and ONNX has no such operator");
        var window = new Window(new Pair(y.Kernel, x.Kernel), new Pair(y.Stride, x.Stride), default, new Pair(1, 1));
        ExportPool(node, pool.IsMax, window, false, false);
    }

    /// <summary>Window and stride when the windows [floor(i n / o), ceil((i + 1) n / o)) are evenly spaced and equally large.</summary>
    private static (int Kernel, int Stride)? Uniform(int n, int o)
    {
        (int Start, int Length)[] windows = Enumerable.Range(0, o).Select(i =>
        {
            int start = (int)((long)i * n / o);
            return (start, (int)((((i + 1L) * n) + o - 1) / o) - start);
        }).ToArray();
        int kernel = windows[0].Length;
        int stride = o > 1 ? windows[1].Start : kernel;
        bool isUniform = stride > 0 && windows.Select((w, i) => w == (i * stride, kernel)).All(fits => fits);
        return isUniform ? (kernel, stride) : null;
    }

    private void RequireIndices(Node unpool)
    {
        Node? pool = _graph.Nodes.FirstOrDefault(n =>
            n.Op is PoolOp { IsMax: true } op && op.Window == ((MaxUnpoolOp)unpool.Op).Pool && n.Inputs[0] == unpool.Inputs[1]);
        if (pool is null)
            throw Unsupported(unpool, "unpooling of a pooling that is not in the graph");
        if (!_indices.ContainsKey(pool.Id))
            _indices.Add(pool.Id, _model.Unique(pool.Name + ".indices"));
        _indices.Add(unpool.Id, _indices[pool.Id]);
    }

    private void ExportSum(Node node)
    {
        bool flat = node.Inputs.All(i => _values[i].IsFlat);
        string sum = flat ? Flat(node.Inputs[0]) : Map(node.Inputs[0]);
        for (int i = 1; i < node.Inputs.Count - 1; i++)
        {
            string partial = _model.Unique(node.Name + ".sum");
            _model.Node("Add", [sum, flat ? Flat(node.Inputs[i]) : Map(node.Inputs[i])], [partial]);
            sum = partial;
        }

        int last = node.Inputs[^1];
        Emit(node, "Add", [sum, flat ? Flat(last) : Map(last)], flat);
    }

    private void ExportChannelMap(Node node, ChannelMapOp map)
    {
        int channels = Input(node).Channels;
        int[] source = map.Source.ToArray();
        int step = source.Length > 1 ? source[1] - source[0] : 1;
        bool isProgression = source[0] >= 0 && step > 0 && source.Select((c, j) => c == source[0] + (j * step)).All(fits => fits);
        switch (map.Kind)
        {
            case "slice" when isProgression && source.Length == channels:
            case "shuffle" when isProgression:
            case "pad_channels" when isProgression:
                Alias(node);
                break;
            case "slice" when isProgression && SiblingParts(node) is { } parts:
                ExportSplit(node, parts);
                break;
            case "slice" when isProgression:
                Emit(node, "Slice", [Map(node.Inputs[0]), _model.Constant(source[0]), _model.Constant(source[^1] + 1), _model.Constant(1), _model.Constant(step)], false);
                break;
            case "shuffle":
                ExportShuffle(node, source[1]);
                break;
            case "pad_channels":
                Emit(node, "Pad", [Map(node.Inputs[0]), _model.Constant(0, 0, 0, 0, 0, source.Length - channels, 0, 0)], false);
                break;
            default:
                string from = Map(node.Inputs[0]);
                if (source.Contains(-1))
                {
                    // One more channel, of zeros, for those that read none.
                    string padded = _model.Unique(node.Name + ".zero");
                    _model.Node("Pad", [from, _model.Constant(0, 0, 0, 0, 0, 1, 0, 0)], [padded]);
                    from = padded;
                }

                Emit(node, "Gather", [from, _model.Constant(Array.ConvertAll(source, c => c < 0 ? channels : (long)c))], false, ("axis", 1));
                break;
        }
    }

    /// <summary>
    /// The slices of one map that together are all of it, in order of their channels: what PyTorch's chunk and split
    /// export as one Split.
    /// </summary>
    private Node[]? SiblingParts(Node node)
    {
        Node[] parts = _graph.Nodes
            .Where(n => n.Op is ChannelMapOp { Kind: "slice" } && n.Inputs[0] == node.Inputs[0])
            .OrderBy(n => Channels(n)[0])
            .ToArray();
        IEnumerable<int> all = parts.SelectMany(p => Channels(p));
        return parts.Length > 1 && all.SequenceEqual(Enumerable.Range(0, Input(node).Channels)) ? parts : null;

        static EquatableArray<int> Channels(Node n) => ((ChannelMapOp)n.Op).Source;
    }

    private void ExportSplit(Node node, Node[] parts)
    {
        if (!_parts.ContainsKey(node.Id))
        {
            foreach (Node part in parts)
                _parts.Add(part.Id, _model.Unique(part.Name));
            string sizes = _model.Constant(parts.Select(p => (long)p.Shape.Channels).ToArray());
            _model.Node("Split", [Map(node.Inputs[0]), sizes], parts.Select(p => _parts[p.Id]).ToArray(), ("axis", 1));
        }

        _values[node.Id] = (_parts[node.Id], false);
    }

    private void ExportShuffle(Node node, int size)
    {
        TensorShape shape = node.Shape;
        string split = _model.Unique(node.Name + ".split"), turned = _model.Unique(node.Name + ".turned");
        _model.Node("Reshape", [Map(node.Inputs[0]), _model.Constant(1, shape.Channels / size, size, shape.Height, shape.Width)], [split]);
        _model.Node("Transpose", [split], [turned], ("perm", new long[] { 0, 2, 1, 3, 4 }));
        Emit(node, "Reshape", [turned, _model.Constant(Array.ConvertAll(Nchw(shape), d => (long)d))], false);
    }

    private void ExportUpsample(Node node, UpsampleOp up)
    {
        string[] operands = [Map(node.Inputs[0]), string.Empty, _model.Reals(1, 1, up.Scale, up.Scale)];
        if (up.Mode == UpsampleMode.Nearest)
        {
            Emit(node, "Resize", operands, false, ("coordinate_transformation_mode", "asymmetric"), ("mode", "nearest"), ("nearest_mode", "floor"));
            return;
        }

        Emit(node, "Resize", operands, false, ("coordinate_transformation_mode", up.AlignCorners ? "align_corners" : "half_pixel"), ("mode", "linear"));
    }

    /// <summary>Emits the node's result.</summary>
    private void Emit(Node node, string type, string[] operands, bool isFlat, params (string Name, object Value)[] attributes)
    {
        string name = _model.Unique(node.Name);
        _model.Node(type, operands, [name], attributes);
        _values[node.Id] = (name, isFlat);
    }

    /// <summary>Emits an operator that takes any shape.</summary>
    private void EmitAlike(Node node, string type, params (string Name, object Value)[] attributes) =>
        Emit(node, type, [_values[node.Inputs[0]].Name], _values[node.Inputs[0]].IsFlat, attributes);

    /// <summary>The node's result is its input; only the network's output needs a node to carry its name.</summary>
    private void Alias(Node node)
    {
        if (node.Id == _graph.Output)
            EmitAlike(node, "Identity");
        else
            _values[node.Id] = _values[node.Inputs[0]];
    }

    private TensorShape Input(Node node) => _graph.Nodes[node.Inputs[0]].Shape;

    /// <summary>A node's result as [1, C, H, W].</summary>
    private string Map(int id)
    {
        if (!_values[id].IsFlat)
            return _values[id].Name;
        if (!_reshaped.TryGetValue((id, false), out string? name))
        {
            name = _model.Unique(_values[id].Name + ".map");
            _model.Node("Reshape", [_values[id].Name, _model.Constant(1, _graph.Nodes[id].Shape.Channels, 1, 1)], [name]);
            _reshaped.Add((id, false), name);
        }

        return name;
    }

    /// <summary>The result of a node without height and width as [1, C].</summary>
    private string Flat(int id)
    {
        if (_values[id].IsFlat)
            return _values[id].Name;
        if (!_reshaped.TryGetValue((id, true), out string? name))
        {
            name = _model.Unique(_values[id].Name + ".flat");
            _model.Node("Flatten", [_values[id].Name], [name], ("axis", 1));
            _reshaped.Add((id, true), name);
        }

        return name;
    }

    private static long[] Two(Pair pair) => [pair.Y, pair.X];

    private static long[] Four(Sides sides) => [sides.Top, sides.Left, sides.Bottom, sides.Right];

    private static NotSupportedException Unsupported(Node node, string what) => new($"Layer '{node.Name}' cannot be exported to ONNX: {what}.");
}
