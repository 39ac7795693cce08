using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Tooling.Onnx;
using Xunit;

namespace SmallCnnGen.Tooling.Tests;

/// <summary>What stands in the exported files, read back by a parser of its own.</summary>
public sealed class OnnxExporterTests
{
    /// <summary>Header, nodes in order, attributes and initialisers of an ordinary network.</summary>
    [Fact]
    public void Plain_Network()
    {
        OnnxFile file = Export<PlainNetwork>(out OnnxSignature signature);
        Assert.Equal(OnnxExporter.IrVersion, file.IrVersion);
        Assert.Equal(OnnxExporter.Opset, file.Opset);
        Assert.Equal(nameof(PlainNetwork), file.GraphName);
        Assert.Equal(["Conv", "BatchNormalization", "Clip", "GlobalAveragePool", "Flatten", "Gemm", "Softmax"], file.Nodes.Select(n => n.Type));
        OnnxNode conv = file.Nodes[0];
        Assert.Equal(["input", "c.weight"], conv.Inputs);
        Assert.Equal([1, 1, 1, 1], conv.Integers("pads"));
        Assert.Equal([2, 2], conv.Integers("strides"));
        Assert.Equal([3, 3], conv.Integers("kernel_shape"));
        Assert.Equal([1, 1], conv.Integers("dilations"));
        Assert.Equal(1L, conv.Attributes["group"]);
        Assert.Equal([conv.Outputs[0], "n.weight", "n.bias", "n.running_mean", "n.running_var"], file.Nodes[1].Inputs);
        Assert.Equal(1e-5f, file.Nodes[1].Attributes["epsilon"]);
        Assert.Equal([0f], file.Initializers[file.Nodes[2].Inputs[1]].Reals);
        Assert.Equal([6f], file.Initializers[file.Nodes[2].Inputs[2]].Reals);
        Assert.Empty(file.Initializers[file.Nodes[2].Inputs[2]].Shape);
        Assert.Equal(1L, file.Nodes[5].Attributes["transB"]);
        Assert.Equal([4, 3, 3, 3], file.Initializers["c.weight"].Shape);
        Assert.Equal([5, 4], file.Initializers["fc.weight"].Shape);
        Assert.Equal([5], file.Initializers["fc.bias"].Shape);
        Assert.Equal(Weights<PlainNetwork>()["c.weight"], file.Initializers["c.weight"].Reals);
        Assert.Equal([1, 3, 8, 6], Assert.Single(file.Inputs).Value);
        Assert.Equal([1, 5], Assert.Single(file.Outputs).Value);
        Assert.Equal(file.Inputs.Keys, signature.Inputs.Select(i => i.Name));
        Assert.Equal(file.Outputs.Keys.Single(), signature.Output.Name);
        Assert.Equal([1, 5], signature.Output.Shape);
    }

    /// <summary>Slices that share out a map are a Split, a shuffle is what PyTorch makes of it, the rest Slice, Gather and Pad.</summary>
    [Fact]
    public void Channel_Maps()
    {
        OnnxFile file = Export<ChannelNetwork>(out _);
        Assert.Equal(["Split", "Concat", "Reshape", "Transpose", "Reshape", "Slice", "Gather", "Pad"], file.Nodes.Select(n => n.Type));
        Assert.Equal(["left", "right"], file.Nodes[0].Outputs);
        Assert.Equal([4, 4], file.Initializers[file.Nodes[0].Inputs[1]].Integers);
        Assert.Equal(["right", "left"], file.Nodes[1].Inputs);
        Assert.Equal([1, 2, 4, 4, 4], file.Initializers[file.Nodes[2].Inputs[1]].Integers);
        Assert.Equal([0, 2, 1, 3, 4], file.Nodes[3].Integers("perm"));
        Assert.Equal([1, 8, 4, 4], file.Initializers[file.Nodes[4].Inputs[1]].Integers);
        Assert.Equal([0, 7, 1, 2], file.Nodes[5].Inputs.Skip(1).Select(i => Assert.Single(file.Initializers[i].Integers)));
        Assert.Equal([3, 1, 1], file.Initializers[file.Nodes[6].Inputs[1]].Integers);
        Assert.Equal([0, 0, 0, 0, 0, 3, 0, 0], file.Initializers[file.Nodes[7].Inputs[1]].Integers);
    }

    /// <summary>An unpooling reads the positions that its pooling found.</summary>
    [Fact]
    public void Unpooling()
    {
        OnnxFile file = Export<UnpoolNetwork>(out _);
        Assert.Equal(["MaxPool", "Conv", "MaxUnpool"], file.Nodes.Select(n => n.Type));
        Assert.Equal(2, file.Nodes[0].Outputs.Length);
        Assert.Equal(file.Nodes[0].Outputs[1], file.Nodes[2].Inputs[1]);
        Assert.Equal([1, 2, 4, 4], file.Initializers[file.Nodes[2].Inputs[2]].Integers);
    }

    /// <summary>A fully connected gate is reshaped to scale a map.</summary>
    [Fact]
    public void Dense_Gate()
    {
        OnnxFile file = Export<GateNetwork>(out OnnxSignature signature);
        Assert.Equal(["GlobalAveragePool", "Flatten", "Gemm", "HardSigmoid", "Reshape", "Mul"], file.Nodes.Select(n => n.Type));
        Assert.Equal(1f / 6, file.Nodes[3].Attributes["alpha"]);
        Assert.Equal([1, 4, 1, 1], file.Initializers[file.Nodes[4].Inputs[1]].Integers);
        Assert.Equal([1, 4, 4, 4], signature.Output.Shape);
    }

    /// <summary>A tensor that two layers share is there once, and names of layers give way to names of tensors.</summary>
    [Fact]
    public void Shared_Tensors_And_Names()
    {
        OnnxFile file = Export<SharedNetwork>(out _);
        Assert.Equal(2, file.Nodes.Count(n => n.Type == "Conv" && n.Inputs[1] == "shared.weight"));
        Assert.Equal([3, 1, 1], file.Initializers.Values.Single(i => i.Name.StartsWith("shared.act", StringComparison.Ordinal)).Shape);
        Assert.Equal(["Conv", "PRelu", "Conv", "Sigmoid", "Mul"], file.Nodes.Select(n => n.Type));
        string[] names = [.. file.Nodes.SelectMany(n => n.Outputs), .. file.Initializers.Keys, .. file.Inputs.Keys];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    /// <summary>Every name a node reads exists before it.</summary>
    [Theory]
    [InlineData(typeof(PlainNetwork))]
    [InlineData(typeof(ChannelNetwork))]
    [InlineData(typeof(UnpoolNetwork))]
    [InlineData(typeof(GateNetwork))]
    [InlineData(typeof(SharedNetwork))]
    [InlineData(typeof(AdaptiveNetwork))]
    [InlineData(typeof(Zoo.ResNet18))]
    public void Names_Are_Defined_Before_Use(Type network)
    {
        OnnxFile file = OnnxFile.Parse(Bytes(network, out _));
        HashSet<string> known = [.. file.Inputs.Keys, .. file.Initializers.Keys, string.Empty];
        foreach (OnnxNode node in file.Nodes)
        {
            Assert.All(node.Inputs, i => Assert.Contains(i, known));
            Assert.All(node.Outputs, o => Assert.True(known.Add(o), o));
        }

        Assert.All(file.Outputs.Keys, o => Assert.Contains(o, known));
        Assert.All(file.Initializers.Values, t => Assert.Equal(t.Shape.Aggregate(1L, (n, d) => n * d) * (t.ElementType == 7 ? 8 : 4), t.Data.Length));
    }

    /// <summary>Adaptive pooling with even windows is ordinary pooling.</summary>
    [Fact]
    public void Adaptive_Pooling()
    {
        OnnxFile file = Export<AdaptiveNetwork>(out _);
        Assert.Equal(["AveragePool", "AveragePool"], file.Nodes.Select(n => n.Type));
        Assert.Equal([3, 3], file.Nodes[0].Integers("kernel_shape"));
        Assert.Equal([2, 2], file.Nodes[0].Integers("strides"));
        Assert.Equal([2, 2], file.Nodes[1].Integers("kernel_shape"));
        Assert.Equal([1, 1], file.Nodes[1].Integers("strides"));
    }

    /// <summary>What ONNX lacks is refused by the layer's name.</summary>
    [Theory]
    [InlineData(typeof(UnevenNetwork), "'uneven'")]
    [InlineData(typeof(EvenNormNetwork), "'lrn'")]
    public void Not_Expressible(Type network, string layer)
    {
        var e = Assert.Throws<NotSupportedException>(() => Bytes(network, out _));
        Assert.Contains(layer, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Fused graphs are refused: the file would lack what was fused.</summary>
    [Fact]
    public void Optimised_Graph()
    {
        Graph optimised = PassPipeline.Run(Declare(typeof(PlainNetwork)), default);
        Assert.Throws<ArgumentException>(() => OnnxExporter.Write(optimised, "n", _ => [], Stream.Null));
    }

    /// <summary>A tensor of the wrong size is refused by its name.</summary>
    [Fact]
    public void Wrong_Tensor()
    {
        var e = Assert.Throws<InvalidOperationException>(() => OnnxExporter.Write(Declare(typeof(PlainNetwork)), "n", _ => new float[7], Stream.Null));
        Assert.Contains("'c.weight'", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The same network and weights give the same bytes, and each tensor is asked for once.</summary>
    [Fact]
    public void Deterministic()
    {
        var asked = new List<string>();
        Graph graph = Declare(typeof(Zoo.ResNet18));
        Dictionary<string, float[]> weights = Weights<Zoo.ResNet18>();
        using var file = new MemoryStream();
        OnnxExporter.Write(graph, nameof(Zoo.ResNet18), name =>
        {
            asked.Add(name);
            return weights[name];
        }, file);
        Assert.Equal(weights.Keys.Order(), asked.Order());
        Assert.True(file.ToArray().AsSpan().SequenceEqual(Bytes(typeof(Zoo.ResNet18), out _)));
    }

    private static OnnxFile Export<T>(out OnnxSignature signature) => OnnxFile.Parse(Bytes(typeof(T), out signature));

    private static byte[] Bytes(Type network, out OnnxSignature signature)
    {
        Graph graph = Declare(network);
        Dictionary<string, float[]> weights = Weights(graph);
        using var stream = new MemoryStream();
        signature = OnnxExporter.Write(graph, network.Name, name => weights[name], stream);
        return stream.ToArray();
    }

    private static Graph Declare(Type network)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(ReflectionSpecReader.Read(network), findings);
        Assert.True(findings.IsEmpty, string.Join("\n", findings.Items.Select(f => f.Message)));
        return graph!;
    }

    private static Dictionary<string, float[]> Weights<T>() => Weights(Declare(typeof(T)));

    private static Dictionary<string, float[]> Weights(Graph graph) => RandomWeights.For(graph).ToDictionary(t => t.Name, t => t.Data.ToArray());
}
