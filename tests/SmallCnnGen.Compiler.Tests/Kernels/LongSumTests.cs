using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Means and dot products of many terms stay within 1e-6 of the right value, relative to the sum of the terms' magnitudes,
/// at every width: 16 roundings of 2^-24, however many the terms. Equal terms are the worst: their errors have one sign.
/// </summary>
public class LongSumTests(ITestOutputHelper output)
{
    private const double Most = 1e-6;

    private static readonly Dictionary<string, SpecBuilder> Networks = new()
    {
        ["AveragePool 255"] = new SpecBuilder(255, 255, 5).Layer("AveragePool", ("Kernel", 255)),
        ["AveragePool 15x14, padded"] = new SpecBuilder(20, 20, 12).Layer("AveragePool", ("Kernel", "15x14"), ("Stride", 3), ("Padding", "7, 6"), ("CountIncludePad", false)),
        ["AveragePool 7"] = new SpecBuilder(9, 9, 20).Layer("AveragePool", ("Kernel", 7), ("Stride", 1)),
        ["AveragePool 1x255"] = new SpecBuilder(2, 300, 3).Layer("AveragePool", ("Kernel", "1x255"), ("Stride", 5)),
        ["AveragePool 1x255, padded"] = new SpecBuilder(3, 300, 5).Layer("AveragePool", ("Kernel", "1x255"), ("Stride", 7), ("Padding", "0, 100"), ("CountIncludePad", false)),
        ["AveragePool 3x40, padded"] = new SpecBuilder(5, 60, 21).Layer("AveragePool", ("Kernel", "3x40"), ("Stride", 1), ("Padding", "1, 20")),
        ["AveragePool 255x1"] = new SpecBuilder(300, 2, 17).Layer("AveragePool", ("Kernel", "255x1"), ("Stride", 5)),
        ["GlobalAveragePool 301x299"] = new SpecBuilder(301, 299, 4).Layer("GlobalAveragePool"),
        ["GlobalAveragePool 14x14"] = new SpecBuilder(14, 14, 72).Layer("GlobalAveragePool"),
        ["GlobalAveragePool 700x1"] = new SpecBuilder(700, 1, 9).Layer("GlobalAveragePool"),
        ["AdaptiveAveragePool 3x2"] = new SpecBuilder(200, 131, 6).Layer("AdaptiveAveragePool", ("size", "3x2")),
        ["Row means"] = new SpecBuilder(112, 112, 16).Layer("DepthwiseConv", ("Kernel", 3), ("BatchNorm", false), ("Activation", 0)).Layer("GlobalAveragePool"),
        ["Row means, wide"] = new SpecBuilder(9, 600, 16).Layer("DepthwiseConv", ("Kernel", 3), ("BatchNorm", false), ("Activation", 0)).Layer("GlobalAveragePool"),
        ["Row means, SiLU"] = new SpecBuilder(56, 56, 32).Layer("DepthwiseConv", ("Kernel", 3), ("BatchNorm", false), ("Activation", (int)Activation.SiLU)).Layer("GlobalAveragePool"),
        ["Row means, wide window"] = new SpecBuilder(32, 128, 16).Layer("DepthwiseConv", ("Kernel", "1x127"), ("BatchNorm", false), ("Activation", 0)).Layer("GlobalAveragePool"),
        ["Softmax 4000"] = new SpecBuilder(1, 1, 4000).Layer("Softmax"),
        ["LocalResponseNorm 301"] = new SpecBuilder(2, 2, 600).Layer("LocalResponseNorm", ("Size", 301), ("Alpha", 1.0)),
        ["Dense 65536"] = new SpecBuilder(1, 1, 65536).Layer("Dense", ("units", 5)),
        ["Dense 64"] = new SpecBuilder(1, 1, 64).Layer("Dense", ("units", 6)),
        ["Dense 200"] = new SpecBuilder(1, 1, 200).Layer("Dense", ("units", 40)),
        ["Dense 1000"] = new SpecBuilder(1, 1, 1000).Layer("Dense", ("units", 70)),
        ["Dense of a map"] = new SpecBuilder(37, 41, 3).Layer("Flatten").Layer("Dense", ("units", 33)),
        ["Dense of a wide map"] = new SpecBuilder(7, 7, 100).Layer("Flatten").Layer("Dense", ("units", 17)),
    };

    public static TheoryData<string> Inputs => new(["constant", "positive", "mixed"]);

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Is_right_to_a_millionth(string kind)
    {
        int[] widths = CompiledNetworks.Widths;
        NetworkCase[] cases = Networks.Values.SelectMany((b, i) => widths.Select(w => new NetworkCase(b.Build() with
        {
            Namespace = NetworkCase.Namespace,
            TypeName = FormattableString.Invariant($"L{i}_{w}"),
            Options = b.Build().Options with { VectorBits = w },
        }))).ToArray();
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
        var problems = new List<string>();
        int next = 0;
        foreach ((string name, SpecBuilder network) in Networks)
        {
            Graph graph = network.Expand();
            var weights = new GraphWeights(graph);
            var random = new Random(next);
            int length = (int)graph.Nodes[0].Shape.Length;
            foreach (double size in kind == "constant" ? new[] { 0.1, 0.7, 1.3333334 } : [1.0])
            {
                float[] input = Enumerable.Range(0, length).Select(_ => (float)(kind switch { "constant" => size, "positive" => random.NextDouble(), _ => random.NextDouble() - 0.5 })).ToArray();

                // Constant terms need constant weights, except for the depthwise convolution's.
                float[] Weight(string n) => kind == "mixed" ? weights[n] : Array.ConvertAll(weights[n], v => n.EndsWith("bias", StringComparison.Ordinal) ? 0 : 0.3f);
                double[] expected = new Interpreter(graph, Weight).Run([Array.ConvertAll(input, v => (double)v)]);
                double[] magnitudes = new Interpreter(graph, n => Array.ConvertAll(Weight(n), Math.Abs)).Run([Array.ConvertAll(input, v => (double)Math.Abs(v))]);
                for (int w = 0; w < widths.Length; w++)
                {
                    using CompiledNetworks.Running running = compiled.Load(cases[next + w], graph, weights.With(Weight));
                    float[] result = running.Run([input], problems);
                    double worst = 0;
                    for (int i = 0; i < result.Length; i++)
                        worst = Math.Max(worst, Math.Abs(result[i] - expected[i]) / magnitudes[i]);
                    output.WriteLine(FormattableString.Invariant($"{name}, {size}, {widths[w]} bits: {worst:G3}"));
                    if (!(worst <= Most))
                        problems.Add(FormattableString.Invariant($"{name}, {kind} {size}, {widths[w]} bits: off by {worst:G3}"));
                }
            }

            next += widths.Length;
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }
}
