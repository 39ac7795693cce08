using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>The tensors an unoptimised graph reads, filled by the reference kit's rule, as the oracle and a weights file want them.</summary>
internal sealed class GraphWeights
{
    private readonly Dictionary<string, float[]> _values;

    private GraphWeights(IReadOnlyList<KitTensor> tensors, Dictionary<string, float[]> values) => (Tensors, _values) = (tensors, values);

    public GraphWeights(Graph graph)
    {
        _values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var tensors = new List<KitTensor>();
        foreach (Node node in graph.Nodes.Where(n => n.Op is not InputOp))
        {
            TensorShape input = graph.Nodes[node.Inputs[0]].Shape;
            foreach (TensorDeclaration tensor in CostRule.Tensors(node.Op, input, node.Shape))
            {
                if (_values.ContainsKey(tensor.Name))
                    continue;
                var made = new KitTensor(tensor.Name, tensor.Shape.ToArray(), Kind(node.Op, tensor.Name));
                tensors.Add(made);
                _values.Add(tensor.Name, TensorRule.Make(made));
            }
        }

        Tensors = tensors;
    }

    public IReadOnlyList<KitTensor> Tensors { get; }

    public float[] this[string name] => _values[name];

    private bool IsChanged { get; init; }

    /// <summary>The same tensors with other values.</summary>
    public GraphWeights With(Func<string, float[]> values) =>
        new(Tensors, Tensors.ToDictionary(t => t.Name, t => values(t.Name), StringComparer.Ordinal)) { IsChanged = true };

    public byte[] File()
    {
        if (!IsChanged)
            return SafetensorsImage.Make(Tensors, 1);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, Tensors.Select(t => new NamedTensor(t.Name, t.Shape, _values[t.Name])).ToArray());
        return stream.ToArray();
    }

    private static string Kind(Op op, string name) => op switch
    {
        BatchNormOp => name[(name.LastIndexOf('.') + 1)..] switch
        {
            "weight" => "bn_gamma",
            "bias" => "bn_beta",
            "running_mean" => "bn_mean",
            _ => "bn_var",
        },
        ActivationOp => "prelu_slope",
        ConvOp conv => name == conv.Bias ? "bias" : "conv_weight",
        ConvTransposeOp conv => name == conv.Bias ? "bias" : "convtranspose_weight",
        DenseOp dense => name == dense.Bias ? "bias" : "linear_weight",
        _ => throw new NotSupportedException(op.Name),
    };
}
