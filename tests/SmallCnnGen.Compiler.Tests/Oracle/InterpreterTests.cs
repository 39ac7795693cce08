using System;
using System.Collections.Concurrent;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Oracle;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Oracle;

using Activation = SmallCnnGen.Compiler.Ir.Activation;

/// <summary>What the kit cannot show of the oracle: fused graphs equal the unfused ones they stand for.</summary>
public class InterpreterTests
{
    private static readonly Window s_window3 = new(new Pair(3, 3), new Pair(2, 1), new Sides(1, 0, 1, 2), new Pair(1, 1));

    [Fact]
    public void Folded_normalisation_and_epilogue_equal_separate_nodes()
    {
        var norm = new BatchNormSpec("bn", 1e-3);
        var relu6 = new ActivationSpec(Activation.ReLU6);
        var prelu = new ActivationSpec(Activation.PReLU, Slopes: "slopes");
        var conv = new ConvOp(s_window3, 6, 2, "w", "b");

        var unfused = new GraphBuilder();
        unfused.AddInput("x", 0, new TensorShape(7, 5, 4));
        unfused.Add("r", conv with { Weight = "w2", Bias = null }, [0], 0);
        unfused.Add("c", conv, [0], 0);
        unfused.Add("n", new BatchNormOp(norm), [2], 0);
        unfused.Add("a", new ActivationOp(relu6), [3], 0);
        unfused.Add("s", new AddOp(), [4, 1], 0);
        unfused.Add("y", new ActivationOp(prelu), [5], 0);

        var fused = new GraphBuilder();
        fused.AddInput("x", 0, new TensorShape(7, 5, 4));
        Node r = fused.Add("r", conv with { Weight = "w2", Bias = null }, [0], 0);
        TensorShape shape = r.Shape;
        var y = new Node(2, "y", conv with { Norm = norm, Epilogue = new Epilogue(relu6, true, prelu) }, new(0, 1), shape, 0);
        var graph = new Graph(new(fused.Nodes.Append(y)), 2);

        AssertEqual(Run(unfused.Build(6)), Run(graph));
    }

    [Fact]
    public void A_dense_convolution_over_a_map_equals_flatten_and_dense()
    {
        var unfused = new GraphBuilder();
        unfused.AddInput("x", 0, new TensorShape(7, 5, 4));
        unfused.Add("f", new FlattenOp(), [0], 0);
        unfused.Add("y", new DenseOp(9, "w", "b"), [1], 0);

        var fused = new GraphBuilder();
        fused.AddInput("x", 0, new TensorShape(7, 5, 4));
        var window = new Window(new Pair(7, 5), new Pair(1, 1), default, new Pair(1, 1));
        fused.Add("y", new ConvOp(window, 9, 1, "w", "b") { IsDense = true }, [0], 0);

        AssertEqual(Run(unfused.Build(2)), Run(fused.Build(1)));
    }

    [Fact]
    public void A_tensor_of_the_wrong_size_is_refused()
    {
        var builder = new GraphBuilder();
        builder.AddInput("x", 0, new TensorShape(1, 1, 4));
        builder.Add("y", new DenseOp(9, "w", null), [0], 0);
        var interpreter = new Interpreter(builder.Build(1), _ => new float[35]);
        Assert.Contains("'w' has 35 elements, not 36", Assert.Throws<InvalidOperationException>(() => interpreter.Run([new double[4]])).Message);
    }

    /// <summary>Runs on rule-made tensors whose size follows from how they are used.</summary>
    private static double[] Run(Graph graph)
    {
        var sizes = new ConcurrentDictionary<string, (int[] Shape, string Kind)>();
        foreach (Node node in graph.Nodes)
        {
            int input = node.Inputs.Count > 0 ? graph.Nodes[node.Inputs[0]].Shape.Channels : 0;
            int c = node.Shape.Channels;
            if (node.Op is ConvOp { IsDense: false } conv)
                sizes[conv.Weight] = ([c, input / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X], "conv_weight");
            else if (node.Op is ConvOp dense)
                sizes[dense.Weight] = ([c, (int)graph.Nodes[node.Inputs[0]].Shape.Length], "linear_weight");
            else if (node.Op is DenseOp linear)
                sizes[linear.Weight] = ([c, input], "linear_weight");
        }

        int channels = graph.Nodes[graph.Output].Shape.Channels;
        float[] Weights(string name) => TensorRule.Make(sizes.TryGetValue(name, out (int[] Shape, string Kind) w)
            ? new KitTensor(name, w.Shape, w.Kind)
            : new KitTensor(name, [channels], name == "slopes" ? "prelu_slope" : name is "bn.weight" or "bn.running_var" ? "bn_gamma" : "bias"));

        TensorShape shape = graph.Nodes[0].Shape;
        float[] x = TensorRule.Make(new KitTensor("x", [1, shape.Channels, shape.Height, shape.Width], "input8"));
        return new Interpreter(graph, Weights).Run([KitCase.ToHwc(x, [1, shape.Channels, shape.Height, shape.Width], 0).Select(v => (double)v).ToArray()]);
    }

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        Assert.True(scale > 0.1);
        for (int i = 0; i < expected.Length; i++)
        {
            // Same definition, at most another order of a few dozen double sums.
            Assert.InRange(actual[i] - expected[i], -1e-13 * scale, 1e-13 * scale);
        }
    }
}
