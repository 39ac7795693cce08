using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Passes;

/// <summary>Every pass leaves what a network computes, its parameters and its multiply-adds unchanged.</summary>
public class PassTests(ITestOutputHelper output)
{
    /// <summary>Of the largest value. Folding and fusing change the order of double operations, nothing else.</summary>
    private const double Relative = 1e-12;

    /// <summary>The graphs by name, each with the ops that must remain after all passes.</summary>
    private static readonly Dictionary<string, (Func<SpecBuilder> Build, string[] Remaining)> Graphs = new()
    {
        ["conv bn relu"] = (() => Net().Layer("Conv", ("channels", 8)), ["conv"]),
        ["output is the conv"] = (() => Net().Layer("Conv", ("channels", 8), Plain, Linear), ["conv"]),
        ["conv read twice keeps its activation apart"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "c"), Plain, Linear)
                .Layer("Activate", ("function", 1), ("Name", "a"))
                .Layer("Multiply", ("inputs", new[] { "a", "c" })),
            ["conv", "ReLU", "mul"]),
        ["conv read twice keeps its norm apart"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "c"), Plain, Linear)
                .Layer("BatchNorm", ("Name", "b"))
                .Layer("Concat", ("inputs", new[] { "b", "c" })),
            ["conv", "batch_norm", "concat"]),
        ["conv read twice keeps its sum apart"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "c"), Linear)
                .Layer("Add", ("inputs", new[] { "input", "c" }), ("Name", "s"))
                .Layer("Concat", ("inputs", new[] { "s", "c" })),
            ["conv", "add", "concat"]),
        ["sum of two convs"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "a"), ("From", "input"))
                .Layer("Conv", ("channels", 8), ("Name", "b"), ("From", "input"), Linear)
                .Layer("Add", ("inputs", new[] { "a", "b" }), ("Activation", 1)),
            ["conv", "conv"]),
        ["sum of two convs, the earlier one written last"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "a"), ("From", "input"))
                .Layer("Conv", ("channels", 8), ("Name", "b"), ("From", "input"), Linear)
                .Layer("Add", ("inputs", new[] { "b", "a" }), ("Activation", 1)),
            ["conv", "conv"]),
        ["sum with itself"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "a"), Linear).Layer("Add", ("inputs", new[] { "a", "a" })),
            ["conv", "add"]),
        ["sum of a conv and its own input"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "c"), Linear).Layer("Add", ("inputs", new[] { "input", "c" }), ("Activation", 10)),
            ["conv"]),
        ["sum of a conv and what reads it"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), Linear)
                .Layer("Conv", ("channels", 5), ("Name", "b"), Linear)
                .Layer("Add", ("inputs", new[] { "a", "b" })),
            ["conv", "conv"]),
        ["sum of sums"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), Linear)
                .Layer("Add", ("inputs", new[] { "input", "a" }), ("Name", "s"))
                .Layer("Add", ("inputs", new[] { "input", "s" }), ("Activation", 1)),
            ["conv", "add"]),
        ["sum of three"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), ("From", "input"), Linear)
                .Layer("Conv", ("channels", 5), ("Name", "b"), ("From", "input"), Linear)
                .Layer("Add", ("inputs", new[] { "a", "input", "b" }), ("Activation", 2)),
            ["conv", "conv", "add"]),
        ["activation, sum, activation"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), ("Activation", 8)).Layer("Add", ("inputs", new[] { "input", "a" }), ("Activation", 1)),
            ["conv"]),
        ["three activations in a row"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Activation", 10)).Layer("Activate", ("function", 6)).Layer("Activate", ("function", 9)),
            ["conv", "Sigmoid", "SiLU"]),
        ["sum, then two activations"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), Linear)
                .Layer("Add", ("inputs", new[] { "input", "a" }), ("Activation", 1)).Layer("Activate", ("function", 10)),
            ["conv", "Tanh"]),
        ["slopes in both places"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), ("Activation", 4), ("ActivationModule", "p"))
                .Layer("Add", ("inputs", new[] { "input", "a" })).Layer("Activate", ("function", 4), ("Module", "q")),
            ["conv"]),
        ["norm after sum"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), Linear).Layer("Add", ("inputs", new[] { "input", "a" })).Layer("BatchNorm"),
            ["conv", "batch_norm"]),
        ["norm after concat"] = (
            () => Net().Layer("Conv", ("channels", 5), ("Name", "a"), Linear).Layer("Concat", ("inputs", new[] { "input", "a" })).Layer("BatchNorm").Layer("Activate", ("function", 1)),
            ["conv", "concat", "batch_norm"]),
        ["norm after pool"] = (() => Net().Layer("MaxPool").Layer("BatchNorm"), ["max_pool", "batch_norm"]),
        ["norm without conv"] = (() => Net().Layer("BatchNorm").Layer("Activate", ("function", 4)), ["batch_norm"]),
        ["norm after an activation"] = (() => Net().Layer("Conv", ("channels", 4), Plain).Layer("BatchNorm"), ["conv", "batch_norm"]),
        ["two norms"] = (() => Net().Layer("Conv", ("channels", 4), Linear).Layer("BatchNorm"), ["conv", "batch_norm"]),
        ["transposed conv, norm, activation"] = (() => Net().Layer("ConvTranspose", ("channels", 6), ("Stride", 2), ("Activation", 5)), ["conv_transpose"]),
        ["depthwise, norm, activation, pointwise"] = (() => Net().Layer("DepthwiseConv").Layer("Conv", ("channels", 9), ("Kernel", 1)), ["conv", "conv"]),
        ["flatten, dense"] = (() => Net().Layer("Flatten").Layer("Dense", ("units", 7)).Layer("Dense", ("units", 3)), ["conv", "conv"]),
        ["flatten read by two dense layers"] = (
            () => Net().Layer("Flatten", ("Name", "f")).Layer("Dense", ("units", 7), ("From", "f"), ("Name", "a")).Layer("Dense", ("units", 3), ("From", "f"), ("Name", "b"))
                .Layer("Concat", ("inputs", new[] { "a", "b" })),
            ["flatten", "conv", "conv", "concat"]),
        ["flatten that is the output"] = (() => Net().Layer("Flatten"), ["flatten"]),
        ["pre-activation"] = (
            () => Net().Layer("MaxPool").Layer("BatchNorm").Layer("Activate", ("function", 1)).Layer("Conv", ("channels", 4), ("Kernel", 1)),
            ["max_pool", "conv"]),
        ["pre-activation of a 3x3 convolution"] = (
            () => Net().Layer("MaxPool").Layer("BatchNorm").Layer("Conv", ("channels", 4)),
            ["max_pool", "batch_norm", "conv"]),
        ["pre-activation read twice"] = (
            () => Net().Layer("MaxPool").Layer("BatchNorm", ("Name", "n")).Layer("Conv", ("channels", 5), ("Kernel", 1), ("Name", "c"), Linear).Layer("Concat", ("inputs", new[] { "n", "c" })),
            ["max_pool", "batch_norm", "conv", "concat"]),
        ["dense, norm, activation"] = (() => Net().Layer("Flatten").Layer("Dense", ("units", 7)).Layer("BatchNorm").Layer("Activate", ("function", 1)), ["conv"]),
        ["dense and a residual"] = (
            () => Net().Layer("GlobalAveragePool", ("Name", "g")).Layer("Dense", ("units", 5), ("Name", "d")).Layer("Add", ("inputs", new[] { "g", "d" }), ("Activation", 1)),
            ["global_avg_pool", "conv"]),
        ["gate"] = (
            () => Net().Layer("Conv", ("channels", 8), ("Name", "c")).Layer("GlobalAveragePool").Layer("Dense", ("units", 4), ("Activation", 1)).Layer("Dense", ("units", 8), ("Activation", 7), ("Name", "g"))
                .Layer("Multiply", ("inputs", new[] { "c", "g" })),
            ["conv", "global_avg_pool", "conv", "conv", "mul"]),
        ["branches"] = (
            () => Net().Layer("Conv", ("channels", 6), ("Name", "s")).Layer("Conv", ("channels", 4), ("From", "s"), ("Name", "a")).Layer("MaxPool", ("From", "s"), ("Kernel", 3), ("Stride", 1), ("Padding", 1), ("Name", "p"))
                .Layer("Concat", ("inputs", new[] { "a", "p", "s" })).Layer("Shuffle", ("groups", 2)).Layer("Slice", ("start", 1), ("end", 9)),
            ["conv", "conv", "max_pool", "concat", "shuffle", "slice"]),
    };

    public static TheoryData<string> Names
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (string name in Graphs.Keys)
                data.Add(name);
            return data;
        }
    }

    private static (string Name, object? Value) Linear => ("Activation", 0);

    private static (string Name, object? Value) Plain => ("BatchNorm", false);

    [Fact]
    public void The_passes_run_in_this_order() => Assert.Equal(
        ["LowerDense", "FoldBatchNorm", "FuseActivation", "FuseResidualAdd", "FuseActivation", "FuseGate", "FusePreActivation"],
        PassPipeline.Passes.Select(p => p.Name));

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void A_gate_is_applied_in_place_only_where_nothing_reads_the_map_again(bool readAgain, bool wide, bool gated)
    {
        SpecBuilder builder = new SpecBuilder(6, 5, 4)
            .Layer("Conv", ("channels", 9), ("Name", "map"))
            .Layer("GlobalAveragePool", ("Name", "mean"))
            .Layer("Multiply", ("inputs", new[] { "map", "mean" }), ("Name", "product"))
            .Layer("Conv", ("channels", 9), ("Kernel", wide ? 3 : 1), ("Name", "reader"));
        if (readAgain)
            builder = builder.Layer("Concat", ("inputs", new[] { "map", "reader" }));
        Graph graph = builder.Expand();
        Graph after = PassPipeline.Run(graph);
        AssertSame(graph, after, "gate");
        Assert.Equal(gated ? 1 : 0, after.Nodes.Count(n => n.Op is ConvOp { HasGate: true }));
        Assert.Equal(gated ? 0 : 1, after.Nodes.Count(n => n.Op is MultiplyOp));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_pass_alone_changes_nothing(string name)
    {
        Graph graph = Graphs[name].Build().Expand();
        foreach (IPass pass in PassPipeline.Passes)
        {
            Graph after = pass.Run(graph);
            GraphVerifier.Verify(after);
            AssertSame(graph, after, $"{name}, {pass.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_passes_leave_these_ops(string name)
    {
        Graph graph = Graphs[name].Build().Expand();
        Graph after = PassPipeline.Run(graph, observer: (pass, g) => AssertSame(graph, g, $"{name}, up to {pass.Name}"));
        Assert.Equal(Graphs[name].Remaining, after.Nodes.Where(n => n.Op is not InputOp).Select(n => n.Op.Name));

        // Whatever was fused away is covered by what took it up: the cost table must not lose a layer.
        Assert.Equal(graph.Nodes.Select(n => n.Name).Order(), after.Nodes.SelectMany(n => n.Covers).Order());
    }

    [Fact]
    public void Random_networks_keep_their_meaning()
    {
        int count = RandomNetworks.Count(100), fused = 0;
        for (int seed = 0; seed < count; seed++)
        {
            NetworkCase one = RandomNetworks.Dag(seed);
            Graph graph = one.Expand();
            foreach (IPass pass in PassPipeline.Passes)
                AssertSame(graph, pass.Run(graph), pass.Name + "\n" + one.Declaration);
            Graph all = PassPipeline.Run(graph, observer: (pass, g) => AssertSame(graph, g, "up to " + pass.Name + "\n" + one.Declaration));
            fused += graph.Nodes.Count - all.Nodes.Count;
        }

        output.WriteLine($"{count} networks, {fused} nodes fused away");
        Assert.True(fused > count, "the networks must give the passes something to do");
    }

    private static SpecBuilder Net() => new(7, 6, 5);

    private static void AssertSame(Graph before, Graph after, string what)
    {
        var weights = new GraphWeights(before);
        double[][] inputs = new NetworkCase(null!).Inputs(before).Select(i => Array.ConvertAll(i, v => (double)v)).ToArray();
        double[] expected = new Interpreter(before, name => weights[name]).Run(inputs);
        double[] actual = new Interpreter(after, name => weights[name]).Run(inputs);
        Assert.Equal(expected.Length, actual.Length);
        double error = ErrorBound.Largest(actual, expected), most = ErrorBound.Magnitude(expected);
        Assert.True(error <= Relative * Math.Max(most, 1e-3), $"{what}: error {error:G3}, largest value {most:G3}");
        Assert.Equal(Cost(before), Cost(after));
    }

    /// <summary>Multiply-adds and learned parameters.</summary>
    private static (long MultiplyAdds, long Parameters) Cost(Graph graph)
    {
        Node[] nodes = graph.Nodes.Where(n => n.Op is not InputOp).ToArray();
        TensorShape Input(Node node) => graph.Nodes[node.Inputs[0]].Shape;
        return (
            nodes.Sum(n => CostRule.MultiplyAdds(n.Op, Input(n), n.Shape)),
            nodes.SelectMany(n => CostRule.Tensors(n.Op, Input(n), n.Shape)).Where(t => t.IsLearned).DistinctBy(t => t.Name).Sum(t => t.Length));
    }
}
