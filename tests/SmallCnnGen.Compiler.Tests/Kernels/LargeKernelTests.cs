using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Oracle;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Windows so wide that kernels loop over their columns instead of writing each out: against the double oracle, at every
/// width, with guard pages around the caller's memory. Many are wider than the map.
/// </summary>
public class LargeKernelTests
{
    private const int Cases = 24;

    /// <summary>Multiply-adds of a case, which the oracle does one by one.</summary>
    private const double MostWork = 1.5e6;

    [Fact]
    public void LargeKernels_agree_with_the_oracle()
    {
        NetworkCase[] cases = Enumerable.Range(0, Cases).Select(Make).ToArray();
        int[] widths = CompiledNetworks.Widths;
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases.SelectMany(c => widths.Select(c.WithBits)).ToArray());
        foreach (NetworkCase one in cases)
        {
            Graph graph = one.Expand();
            var weights = new GraphWeights(graph);
            float[][] inputs = one.Inputs(graph);
            double[][] values = new Interpreter(graph, name => weights[name]).RunAll(inputs.Select(i => Array.ConvertAll(i, v => (double)v)).ToArray());

            // The bound that random networks have: half an ulp for each multiply-add, in the worst order.
            double tolerance = ErrorBound.Of(one.Spec.Options, graph, weights, values);
            foreach (int width in widths)
            {
                var problems = new List<string>();
                using CompiledNetworks.Running running = compiled.Load(one.WithBits(width), graph, weights);
                double[] result = Array.ConvertAll(running.Run(inputs, problems), v => (double)v);
                double error = ErrorBound.Largest(result, values[graph.Output]);
                if (!(error <= tolerance))
                    problems.Add(FormattableString.Invariant($"error {error:G3}, bound {tolerance:G3}"));
                Assert.True(problems.Count == 0, string.Join("\n", problems) + "\n" + one.WithBits(width).Declaration);
            }
        }
    }

    private static NetworkCase Make(int seed)
    {
        var random = new Random(seed);
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            var input = new TensorShape(random.Next(1, 30), random.Next(1, 60), random.Next(1, 24));

            // Wide and low, high and narrow, both; at times just above and below where loops begin.
            string kernel = (seed % 3) switch
            {
                0 => Literal(random.Next(1, 9), random.Next(8, 70)),
                1 => Literal(random.Next(8, 40), random.Next(1, 8)),
                _ => Literal(random.Next(9, 24), random.Next(14, 24)),
            };
            int act = random.Next(4) switch { 0 => (int)Activation.HardSwish, 1 => (int)Activation.PReLU, 2 => (int)Activation.Sigmoid, _ => (int)Activation.ReLU };
            (string, object)[] window =
            [
                ("Kernel", kernel), ("Stride", Literal(random.Next(1, 4), random.Next(1, 4))), ("Dilation", random.Next(3) == 0 ? Literal(random.Next(1, 4), random.Next(1, 4)) : "1x1"),
                ("Padding", random.Next(2) == 0 ? "half" : $"{random.Next(20)}, {random.Next(40)}, {random.Next(20)}, {random.Next(40)}"), ("BatchNorm", random.Next(2) == 0), ("Activation", act),
            ];
            (string, object)[] same = [("Kernel", Literal((random.Next(1, 8) * 2) + 1, (random.Next(7, 16) * 2) + 1)), ("BatchNorm", false), ("Activation", 0)];
            LayerSpec conv = Layer("Conv", [("channels", random.Next(1, 20)), .. window]);
            LayerSpec[] layers = (seed / 3 % 6) switch
            {
                0 or 1 => [Layer("DepthwiseConv", window)],
                2 => [Layer("DepthwiseConv", same), Layer("Add", ("inputs", new[] { "input", "l0" }), ("Activation", act))],

                // Two runs of channels, and then the means of the rows.
                3 => [Layer("Conv", ("channels", input.Channels), ("Kernel", 1)), Layer("Conv", ("channels", input.Channels), ("Kernel", 1), ("From", "input")), Layer("Concat", ("inputs", new[] { "l0", "l1" })), Layer("Shuffle", ("groups", 2)), Layer("DepthwiseConv", same), Layer("Conv", ("channels", 7), ("Kernel", 1))],
                4 => [Layer("DepthwiseConv", same), Layer("GlobalAveragePool"), Layer("Multiply", ("inputs", new[] { "l0", "l1" }))],
                _ => [input.Channels % 2 == 0 ? Layer("Conv", [("channels", 2 * random.Next(1, 9)), ("Groups", 2), .. window]) : conv],
            };
            NetworkSpec spec = NetworkCase.Make("Large" + seed.ToString(CultureInfo.InvariantCulture), input, layers.Select((l, i) => l with { Arguments = new EquatableArray<ArgumentSpec>(l.Arguments.Append(new ArgumentSpec("Name", ArgumentValue.Of("l" + i.ToString(CultureInfo.InvariantCulture))))) }));
            if (NetworkCase.TryExpand(spec, out _) is { } graph && Work(graph) < MostWork)
                return new NetworkCase(spec);
        }

        throw new InvalidOperationException("no network for seed " + seed);
    }

    private static double Work(Graph graph) => graph.Nodes.Sum(n => n.Op is ConvOp conv
        ? n.Shape.Length * (double)conv.Window.Kernel.Y * conv.Window.Kernel.X * graph.Nodes[n.Inputs[0]].Shape.Channels / conv.Groups
        : n.Shape.Length);

    private static string Literal(int y, int x) => FormattableString.Invariant($"{y}x{x}");

    private static LayerSpec Layer(string kind, params (string Name, object Value)[] arguments) =>
        new(kind, false, new EquatableArray<ArgumentSpec>(arguments.Select(a => new ArgumentSpec(a.Name, SmallCnnGen.Tooling.ReflectionSpecReader.Convert(a.Value)))), 0);
}
