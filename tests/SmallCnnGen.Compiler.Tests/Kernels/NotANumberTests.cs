using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Oracle;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// NaN in, NaN out, as PyTorch does it: in every op, at every width, wherever in a window and in a vector it stands, and
/// nowhere else. What the oracle is compared with comes from PyTorch 1.13.
/// </summary>
public class NotANumberTests
{
    private const int Height = 5, Width = 6;

    /// <summary>Quiet and signalling, positive and negative, with and without payload.</summary>
    private static readonly float[] NotNumbers =
        new[] { 0x7FC00000, 0x7FC00001, 0x7FFFFFFF, unchecked((int)0xFFC00000), unchecked((int)0xFFFFFFFF), 0x7F800001 }.Select(BitConverter.Int32BitsToSingle).ToArray();

    /// <summary>
    /// Channel counts that end in whole vectors, in overlapping last vectors and in vectors of each width below, down to a
    /// scalar: 37 at 16 lanes is two and a rest, 13 takes 8 lanes, 6 takes 4, 3 none.
    /// </summary>
    private static readonly int[] Channels = [3, 6, 13, 37];

    /// <summary>Layers behind the input, by test. Pooling is tried with every channel count, the others with two of them in turn.</summary>
    private static readonly (string Group, string Name, Func<SpecBuilder, int, SpecBuilder> Layers)[] Ops =
    [
        ("Pool", "MaxPool", (b, _) => b.Layer("MaxPool", ("Kernel", 3), ("Stride", 2), ("Padding", 1))),
        ("Pool", "MaxPool of ReLU", (b, _) => b.Layer("MaxPool", ("Kernel", 2), ("Stride", 1)).Layer("Activate", ("function", (int)Activation.ReLU))),
        ("Pool", "MaxPool, wide", (b, _) => b.Layer("Pad", ("pads", "0, 7, 0, 7")).Layer("MaxPool", ("Kernel", "2x18"), ("Stride", 1))),
        ("Pool", "MaxPool, wide and padded", (b, _) => b.Layer("Pad", ("pads", "0, 7, 0, 7")).Layer("MaxPool", ("Kernel", "2x18"), ("Stride", 1), ("Padding", "1, 8"))),
        ("Pool", "AveragePool", (b, _) => b.Layer("AveragePool", ("Kernel", 3), ("Stride", 2), ("Padding", 1))),
        ("Pool", "AveragePool, rows", (b, _) => b.Layer("AveragePool", ("Kernel", "5x4"), ("Stride", 1), ("Padding", 1))),
        ("Pool", "AveragePool, blocks", (b, _) => b.Layer("Pad", ("pads", "0, 7, 0, 7")).Layer("AveragePool", ("Kernel", "2x18"), ("Stride", 1))),
        ("Pool", "GlobalMaxPool", (b, _) => b.Layer("GlobalMaxPool")),
        ("Pool", "GlobalAveragePool", (b, _) => b.Layer("GlobalAveragePool")),
        ("Pool", "GlobalAveragePool, blocks", (b, _) => b.Layer("Upsample", ("scale", 3)).Layer("GlobalAveragePool")),
        ("Pool", "AdaptiveMaxPool", (b, _) => b.Layer("AdaptiveMaxPool", ("size", "2x4"))),
        ("Pool", "AdaptiveAveragePool", (b, _) => b.Layer("AdaptiveAveragePool", ("size", "2x4"))),
        ("Move and dense", "MaxUnpool", (b, _) => b.Layer("MaxPool", ("Kernel", 2), ("Stride", 2), ("Name", "p")).Layer("BatchNorm").Layer("MaxUnpool", ("pool", "p"))),
        ("Normalize and combine", "Softmax", (b, _) => b.Layer("Softmax")),
        ("Normalize and combine", "LogSoftmax", (b, _) => b.Layer("LogSoftmax")),
        ("Normalize and combine", "LocalResponseNorm", (b, _) => b.Layer("LocalResponseNorm", ("Size", 3))),
        ("Normalize and combine", "LocalResponseNorm, power", (b, _) => b.Layer("LocalResponseNorm", ("Size", 4), ("Beta", 0.6))),
        ("Normalize and combine", "LocalResponseNorm, blocks", (b, _) => b.Layer("LocalResponseNorm", ("Size", 19))),
        ("Normalize and combine", "BatchNorm", (b, _) => b.Layer("BatchNorm")),
        ("Normalize and combine", "Add", (b, _) => b.Layer("BatchNorm", ("Name", "n")).Layer("Add", ("inputs", new[] { "input", "n" }), ("Activation", (int)Activation.ReLU))),
        ("Normalize and combine", "Multiply", (b, _) => b.Layer("BatchNorm", ("Name", "n")).Layer("Multiply", ("inputs", new[] { "input", "n" }))),
        ("Normalize and combine", "Gate", (b, _) => b.Layer("GlobalMaxPool", ("Name", "g")).Layer("Multiply", ("inputs", new[] { "input", "g" }))),
        ("Normalize and combine", "Concat", (b, _) => b.Layer("BatchNorm", ("Name", "n")).Layer("Concat", ("inputs", new[] { "n", "input" }))),
        ("Move and dense", "Pad", (b, _) => b.Layer("Pad", ("pads", "1, 0, 2, 1"))),
        ("Move and dense", "PadChannels", (b, c) => b.Layer("PadChannels", ("channels", c + 5))),
        ("Move and dense", "Shuffle", (b, c) => b.Layer("Shuffle", ("groups", c == 6 ? 2 : c))),
        ("Move and dense", "Upsample", (b, _) => b.Layer("Upsample", ("scale", 2))),
        ("Move and dense", "Upsample, bilinear", (b, _) => b.Layer("Upsample", ("scale", 2), ("Mode", 1))),
        ("Move and dense", "Flatten", (b, _) => b.Layer("Flatten")),
        ("Move and dense", "Dense", (b, _) => b.Layer("Flatten").Layer("Dense", ("units", 7))),
        ("Move and dense", "Dense, blocks", (b, _) => b.Layer("Upsample", ("scale", 2)).Layer("Flatten").Layer("Dense", ("units", 21))),
        ("Conv", "Conv", (b, c) => b.Layer("Conv", ("channels", c), ("Kernel", 3), ("BatchNorm", false))),
        ("Conv", "Conv, pointwise", (b, c) => b.Layer("Conv", ("channels", c + 3), ("Kernel", 1), ("Activation", (int)Activation.HardSwish))),
        ("Conv", "Conv, strided", (b, c) => b.Layer("Conv", ("channels", c), ("Kernel", 3), ("Stride", 2), ("Dilation", 2), ("Activation", (int)Activation.SiLU))),
        ("Conv", "Conv, normalised input", (b, c) => b.Layer("BatchNorm").Layer("Activate", ("function", (int)Activation.ReLU)).Layer("Conv", ("channels", c), ("Kernel", 1))),
        ("Conv", "DepthwiseConv", (b, _) => b.Layer("DepthwiseConv", ("Kernel", 3), ("Activation", (int)Activation.ReLU6))),
        ("Conv", "DepthwiseConv, strided", (b, _) => b.Layer("DepthwiseConv", ("Kernel", 5), ("Stride", 2), ("Activation", (int)Activation.Sigmoid))),
        ("Conv", "DepthwiseConv, squeezed", (b, _) => b.Layer("DepthwiseConv", ("Kernel", 3)).Layer("GlobalAveragePool")),
        ("Conv", "ConvTranspose", (b, c) => b.Layer("ConvTranspose", ("channels", c), ("Kernel", 3), ("Stride", 2))),
        .. Enum.GetValues<Activation>().Where(f => f != Activation.None)
            .Select(f => ("Activate", f.ToString(), new Func<SpecBuilder, int, SpecBuilder>((b, _) => b.Layer("Activate", ("function", (int)f))))),
    ];

    public static TheoryData<string> Groups => new(Ops.Select(o => o.Group).Distinct());

    [Theory]
    [MemberData(nameof(Groups))]
    public void Is_passed_on_and_nowhere_else(string group)
    {
        var cases = new List<(string Name, int Count, NetworkCase Case)>();
        foreach ((_, string name, Func<SpecBuilder, int, SpecBuilder> layers) in Ops.Where(o => o.Group == group))
        {
            int turn = cases.Count / 2 % 2;
            foreach (int count in Channels.Where((_, i) => group == "Pool" || i % 2 == turn))
            {
                NetworkSpec spec = layers(new SpecBuilder(Height, Width, count), count).Build();
                cases.Add((name, count, new NetworkCase(spec with { Namespace = NetworkCase.Namespace, TypeName = "N" + cases.Count.ToString(CultureInfo.InvariantCulture), Options = spec.Options with { Winograd = WinogradUse.Never } })));
            }
        }

        // Every third network as ReadyToRun wants it.
        int[] widths = CompiledNetworks.Widths;
        NetworkCase At(int i, int bits) => cases[i].Case.WithBits(bits) is var at && i % 3 == 0 ? at with { Spec = at.Spec with { Options = at.Spec.Options with { ReadyToRunBits = bits } } } : at;
        using CompiledNetworks compiled = CompiledNetworks.Compile(widths.SelectMany(w => Enumerable.Range(0, cases.Count).Select(i => At(i, w))).ToArray());
        var problems = new List<string>();
        for (int i = 0; i < cases.Count; i++)
        {
            (string name, int count, NetworkCase one) = cases[i];
            Graph graph = one.Expand();
            var weights = new GraphWeights(graph);
            var oracle = new Interpreter(graph, n => weights[n]);
            CompiledNetworks.Running[] running = widths.Select(w => compiled.Load(At(i, w), graph, weights)).ToArray();
            foreach ((string where, int[] places) in Places(count))
            {
                float[] input = one.Inputs(graph)[0];
                foreach (int place in places)
                    input[place] = NotNumbers[place % NotNumbers.Length];
                double[] expected = oracle.Run([Array.ConvertAll(input, v => (double)v)]);
                for (int w = 0; w < widths.Length; w++)
                {
                    var found = new List<string>();
                    float[] result = running[w].Run([input], found);
                    for (int k = 0; k < result.Length && found.Count == 0; k++)
                    {
                        // Far above what these few terms can be off by, far below a value that a NaN has pushed aside.
                        bool right = double.IsNaN(expected[k]) ? float.IsNaN(result[k]) : Math.Abs(result[k] - expected[k]) <= 1e-5 * Math.Max(1, Math.Abs(expected[k]));
                        if (!right)
                            found.Add(FormattableString.Invariant($"output {k} is {result[k]}, expected {expected[k]}"));
                    }

                    problems.AddRange(found.Select(p => $"{name}, {count} channels, {widths[w]} bits, NaN {where}: {p}"));
                }
            }

            foreach (CompiledNetworks.Running r in running)
                r.Dispose();
        }

        Assert.True(problems.Count == 0, $"{problems.Count} problems\n" + string.Join("\n", problems.Take(20)));
    }

    /// <summary>PyTorch: <c>max_pool2d(x, 3, 2, 1, return_indices=True)</c> of zeros with NaN at (1, 1) and (2, 2) and 3 at (4, 4).</summary>
    [Fact]
    public void The_oracle_takes_maxima_as_PyTorch_does()
    {
        double nan = double.NaN;
        var input = new double[25];
        (input[6], input[12], input[24]) = (nan, nan, 3);
        Assert.Equal([nan, nan, 0, nan, nan, 0, 0, 0, 3], Run(new SpecBuilder(5, 5, 1).Layer("MaxPool", ("Kernel", 3), ("Stride", 2), ("Padding", 1)), input));
        Assert.Equal([nan, nan, nan, nan], Run(new SpecBuilder(5, 5, 1).Layer("AdaptiveMaxPool", ("size", 2)), input));

        // Of several NaN the last is the maximum's place: index 5 of the 4x4 map in its first window, 6 in the second.
        var four = new double[16];
        (four[0], four[5], four[2], four[6], four[3]) = (nan, nan, 1, nan, 7);
        double[] placed = Run(new SpecBuilder(4, 4, 1).Layer("MaxPool", ("Kernel", 2), ("Stride", 2), ("Name", "p")).Layer("MaxUnpool", ("pool", "p")), four);
        Assert.Equal([5, 6], Enumerable.Range(0, 16).Where(i => double.IsNaN(placed[i])));
    }

    [Theory]
    [InlineData(Activation.ReLU, 0, double.PositiveInfinity)]
    [InlineData(Activation.ReLU6, 0, 6)]
    [InlineData(Activation.LeakyReLU, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(Activation.ELU, -1, double.PositiveInfinity)]
    [InlineData(Activation.Sigmoid, 0, 1)]
    [InlineData(Activation.HardSigmoid, 0, 1)]
    [InlineData(Activation.HardSwish, double.NaN, double.PositiveInfinity)]
    [InlineData(Activation.SiLU, double.NaN, double.PositiveInfinity)]
    [InlineData(Activation.Tanh, -1, 1)]
    public void The_oracle_activates_as_PyTorch_does(Activation function, double atLeast, double atMost)
    {
        double At(double x) => Run(new SpecBuilder(1, 1, 1).Layer("Activate", ("function", (int)function)), [x])[0];
        Assert.Equal((double.NaN, atLeast, atMost), (At(double.NaN), At(double.NegativeInfinity), At(double.PositiveInfinity)));
    }

    private static double[] Run(SpecBuilder network, double[] input) => new Interpreter(network.Expand(), _ => throw new InvalidOperationException("no weights")).Run([input]);

    /// <summary>
    /// Where NaN stand: first, in the middle and last of the map and of its channels, so that in some window each is the
    /// first, a middle and the last tap; alone, and several in one window.
    /// </summary>
    private static IEnumerable<(string Where, int[] Places)> Places(int channels)
    {
        int At(int y, int x, int c) => (((y * Width) + x) * channels) + c;
        foreach (int c in new[] { 0, channels / 2, channels - 1 }.Distinct())
        {
            yield return ($"first pixel, channel {c}", [At(0, 0, c)]);
            yield return ($"pixel (1, 1), channel {c}", [At(1, 1, c)]);
            yield return ($"pixel (2, 3), channel {c}", [At(2, 3, c)]);
            yield return ($"last pixel, channel {c}", [At(Height - 1, Width - 1, c)]);
            yield return ($"two pixels, channel {c}", [At(0, 1, c), At(1, 0, c)]);
        }

        yield return ("every third value", Enumerable.Range(0, Height * Width * channels).Where(i => i % 3 == 0).ToArray());
        yield return ("everywhere", Enumerable.Range(0, Height * Width * channels).ToArray());
    }
}
