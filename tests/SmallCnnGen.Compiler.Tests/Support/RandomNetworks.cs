using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Random declarations, the same for the same seed. Layers are drawn without regard to whether they fit and kept when the
/// expander accepts them, so that the one shape rule is not repeated here.
/// </summary>
internal static class RandomNetworks
{
    /// <summary>How many cases a test draws: SCNN_RANDOM_CASES, if set, replaces the suite's own number.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("SCNN_RANDOM_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : usual;

    /// <summary>The first seed: SCNN_RANDOM_SEED, a fresh one where that or SCNN_RANDOM_MINUTES asks for it, else the suite's own.</summary>
    /// <param name="time">How long a test goes on instead of drawing its number of cases: a quarter of SCNN_RANDOM_MINUTES, there being four.</param>
    public static int Start(out TimeSpan? time)
    {
        string? seed = Environment.GetEnvironmentVariable("SCNN_RANDOM_SEED");
        time = double.TryParse(Environment.GetEnvironmentVariable("SCNN_RANDOM_MINUTES"), NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes) ? TimeSpan.FromMinutes(minutes / 4) : null;
        return int.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n
            : seed == "fresh" || (string.IsNullOrEmpty(seed) && time is not null) ? Random.Shared.Next(1_000_000_000)
            : string.IsNullOrEmpty(seed) ? 0
            : throw new FormatException($"SCNN_RANDOM_SEED is a number or \"fresh\", not '{seed}'");
    }

    /// <summary>One layer of each kind in turn, alone or with what can be fused into it.</summary>
    public static NetworkCase Single(int seed)
    {
        var random = new Random(seed);
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            bool special = false;
            var input = new TensorShape(random.Next(1, 21), random.Next(1, 21), Channels(random));
            var layers = new List<LayerSpec>();
            switch (seed % 17)
            {
                case 0 or 1 or 2:
                    layers.Add(Conv(random, input, 7));
                    break;
                case 3 or 4:
                    layers.Add(Depthwise(random, 7));
                    break;
                case 5:
                    layers.Add(ConvTranspose(random, input));
                    break;
                case 6:
                    // Conv, activation, add, activation: both epilogue positions, slopes in each.
                    layers.Add(Layer("Conv", ("channels", input.Channels), ("Kernel", random.Next(2) == 0 ? 1 : 3), ("Groups", Divisor(random, input.Channels)), ("BatchNorm", random.Next(2) == 0), ("Activation", (int)AnyActivation(random))));
                    layers.Add(Layer("Add", ("inputs", new[] { "input", "l0" }), ("Activation", (int)AnyActivation(random))));
                    break;
                case 7:
                    layers.Add(Pool(random, "MaxPool"));
                    break;
                case 8:
                    layers.Add(Pool(random, "AveragePool"));
                    break;
                case 9:
                    layers.Add(random.Next(4) == 0
                        ? Layer(random.Next(2) == 0 ? "GlobalAveragePool" : "GlobalMaxPool")
                        : Layer(random.Next(2) == 0 ? "AdaptiveAveragePool" : "AdaptiveMaxPool", ("size", Pair(random.Next(1, 9), random.Next(1, 9)))));
                    break;
                case 10:
                    special = true;
                    layers.Add(Activate(random));
                    break;
                case 11:
                    // A dense layer over a map.
                    input = new TensorShape(random.Next(1, 8), random.Next(1, 8), Channels(random));
                    layers.Add(Layer("Flatten"));
                    layers.Add(Layer("Dense", ("units", Channels(random)), ("Bias", random.Next(2) == 0), ("Activation", (int)AnyActivation(random))));
                    break;
                case 12:
                    if (random.Next(2) == 0)
                    {
                        // Squeeze-and-excitation: the convolution behind the product applies the gate to its input.
                        // A depthwise convolution averages its rows for the pooling.
                        layers.Add(random.Next(2) == 0 ? Depthwise(random, 5) : Conv(random, input, 3));
                        layers.Add(Layer("GlobalAveragePool"));
                        layers.Add(Layer("Activate", ("function", (int)Activation.HardSigmoid)));
                        layers.Add(Layer("Multiply", ("inputs", random.Next(2) == 0 ? new[] { "l0", "l2" } : new[] { "l2", "l0" })));
                        layers.Add(Layer("Conv", ("channels", Channels(random)), ("Kernel", 1), ("BatchNorm", false), ("Activation", (int)AnyActivation(random))));
                        break;
                    }

                    // A gate, first or second.
                    layers.Add(Layer("GlobalAveragePool"));
                    layers.Add(Layer("Multiply", ("inputs", random.Next(2) == 0 ? new[] { "input", "l0" } : new[] { "l0", "input" })));
                    break;
                case 13:
                    layers.Add(Spatial(random));
                    break;
                case 14:
                    layers.Add(Channelwise(random, input));
                    break;
                case 15:
                    // Pre-activation: the pointwise convolution normalises what it reads.
                    input = input with { Channels = random.Next(8) == 0 ? 512 : input.Channels };
                    layers.Add(Layer("BatchNorm"));
                    if (random.Next(3) > 0)
                        layers.Add(Activate(random));
                    layers.Add(Layer("Conv", ("channels", Channels(random)), ("Kernel", 1), ("BatchNorm", random.Next(2) == 0), ("Activation", (int)AnyActivation(random))));
                    break;
                default:
                    layers.Add(random.Next(3) switch
                    {
                        0 => Layer("LocalResponseNorm", ("Size", random.Next(1, 8)), ("Alpha", 0.5), ("Beta", random.Next(2) == 0 ? 0.75 : 0.6), ("K", 1.5)),
                        1 => Layer(random.Next(2) == 0 ? "Softmax" : "LogSoftmax"),
                        _ => Layer("BatchNorm"),
                    });
                    if (random.Next(2) == 0)
                        layers.Add(Activate(random));
                    break;
            }

            NetworkSpec spec = NetworkCase.Make("S" + seed.ToString(CultureInfo.InvariantCulture), input, Named(layers));
            if (Cheap(NetworkCase.TryExpand(spec, out _)))
                return new NetworkCase(spec) { SpecialInputs = special };
        }

        throw new InvalidOperationException("no network for seed " + seed);
    }

    /// <summary>
    /// 3x3 convolutions of stride 1 by Winograd's method, which the cost model would choose for none of these small maps: alone,
    /// before an addition, or reading from and writing into maps with gaps between their pixels.
    /// </summary>
    public static NetworkCase Winograd(int seed)
    {
        var random = new Random(seed);
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            int most = random.Next(6) == 0 ? 40 : 16;
            var input = new TensorShape(random.Next(1, most), random.Next(1, most), random.Next(3) == 0 ? 16 * random.Next(1, 5) : Channels(random));
            LayerSpec Conv(int channels, bool padded) => Layer(
                "Conv",
                ("channels", channels),
                ("Padding", padded ? "1, 1, 1, 1" : random.Next(3) == 0 ? "0, 0, 0, 0" : $"{random.Next(3)}, {random.Next(3)}, {random.Next(3)}, {random.Next(3)}"),
                ("BatchNorm", random.Next(2) == 0),
                ("Bias", random.Next(2) == 0),
                ("Activation", random.Next(2) == 0 ? (int)Activation.ReLU : (int)AnyActivation(random)));
            LayerSpec[] layers = random.Next(4) switch
            {
                0 or 1 => [Conv(Channels(random), random.Next(2) == 0)],
                2 => [Conv(input.Channels, true), Layer("Add", ("inputs", new[] { "input", "l0" }), ("Activation", (int)AnyActivation(random)))],
                _ => [Conv(Channels(random), true), Layer("Concat", ("inputs", new[] { "input", "l0" })), Conv(Channels(random), random.Next(2) == 0)],
            };
            NetworkSpec spec = NetworkCase.Make("W" + seed.ToString(CultureInfo.InvariantCulture), input, Named(layers));
            if (Cheap(NetworkCase.TryExpand(spec, out _)))
                return new NetworkCase(spec with { Options = spec.Options with { Winograd = seed % 2 == 0 ? WinogradUse.Tiles2 : WinogradUse.Tiles4 } });
        }

        throw new InvalidOperationException("no network for seed " + seed);
    }

    /// <summary>A small network of many layers: branches, shared producers, every op but the discontinuous unpooling.</summary>
    public static NetworkCase Dag(int seed)
    {
        var random = new Random(seed);
        var input = new TensorShape(random.Next(3, 14), random.Next(3, 14), random.Next(1, 20));
        var layers = new List<LayerSpec>();
        string name = "D" + seed.ToString(CultureInfo.InvariantCulture);
        Graph? graph = null;
        int wanted = random.Next(3, 12);
        for (int attempt = 0; attempt < 20 * wanted && layers.Count < wanted; attempt++)
        {
            // Recent layers more often, older ones too: shared producers and long shortcuts.
            string[] maps = Enumerable.Range(0, layers.Count).Select(i => "l" + i.ToString(CultureInfo.InvariantCulture)).Prepend("input").ToArray();
            string From() => maps[Math.Max(random.Next(maps.Length), random.Next(maps.Length))];
            string from = From();
            TensorShape shape = graph?.Nodes.LastOrDefault(n => n.Name == from)?.Shape ?? input;
            LayerSpec layer = random.Next(20) switch
            {
                0 or 1 or 2 or 3 => Conv(random, shape, 3),
                4 or 5 => Depthwise(random, 3),
                6 => ConvTranspose(random, shape),
                7 => Pool(random, random.Next(2) == 0 ? "MaxPool" : "AveragePool"),
                8 => Activate(random),
                9 => Layer("BatchNorm"),
                10 or 11 => Layer("Add", ("inputs", Several(shape)), ("Activation", random.Next(2) == 0 ? 0 : (int)AnyActivation(random))),
                12 => Layer("Multiply", ("inputs", new[] { from, From() })),
                13 or 14 => Layer("Concat", ("inputs", Enumerable.Range(0, random.Next(2, 4)).Select(_ => From()).Append(from).ToArray())),
                15 => Channelwise(random, shape),
                16 => Spatial(random),
                17 => random.Next(2) == 0 ? Layer("Softmax") : Layer("LocalResponseNorm", ("Size", 3), ("Alpha", 0.1)),
                18 => random.Next(2) == 0 ? Layer("GlobalAveragePool") : Layer("Flatten"),
                _ => Layer("Dense", ("units", random.Next(1, 40)), ("Activation", (int)AnyActivation(random))),
            };
            if (layer.Kind is not ("Add" or "Concat" or "Multiply"))
                layer = layer with { Arguments = new EquatableArray<ArgumentSpec>(layer.Arguments.Append(new ArgumentSpec("From", ArgumentValue.Of(from)))) };
            var longer = layers.Append(layer).ToList();
            Graph? next = NetworkCase.TryExpand(NetworkCase.Make(name, input, Named(longer)), out _);
            if (Cheap(next))
                (layers, graph) = (longer, next);

            // Maps of one shape, so that additions are found; sometimes one of them twice.
            string[] Several(TensorShape shape)
            {
                string[] alike = graph is null ? [from] : maps.Where(m => (m == "input" ? input : graph.Nodes.LastOrDefault(n => n.Name == m)?.Shape) == shape).ToArray();
                return Enumerable.Range(0, random.Next(1, 3)).Select(_ => alike[random.Next(alike.Length)]).Append(from).ToArray();
            }
        }

        // All that nothing reads is joined at the end: a dead layer would test nothing.
        if (graph is null)
            return Dag(seed + 100_000);
        var read = layers.SelectMany(l => l.Arguments).SelectMany(a => a.Value.Kind == ArgumentKind.List ? a.Value.Items.Select(i => i.Text) : [a.Value.Text]).ToHashSet();
        string[] leaves = Enumerable.Range(0, layers.Count).Select(i => "l" + i.ToString(CultureInfo.InvariantCulture)).Where(n => !read.Contains(n)).ToArray();
        if (leaves.Length > 1)
        {
            var pooled = new List<string>();
            foreach (string leaf in leaves)
            {
                pooled.Add("l" + layers.Count.ToString(CultureInfo.InvariantCulture));
                layers.Add(Layer("AdaptiveAveragePool", ("size", "2x2"), ("From", leaf)));
            }

            layers.Add(Layer("Concat", ("inputs", pooled.ToArray())));
        }

        return new NetworkCase(NetworkCase.Make(name, input, Named(layers)));
    }

    /// <summary>Whether the oracle runs it in a moment.</summary>
    public static bool Cheap(Graph? graph, long floats = 200_000, long multiplyAdds = 20_000_000) => graph is not null && graph.Nodes.Sum(n => n.Shape.Length) < floats
        && graph.Nodes.Where(n => n.Op is not InputOp).Sum(n => CostRule.MultiplyAdds(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape)) < multiplyAdds;

    /// <summary>The layers, called l0, l1, ...</summary>
    internal static IEnumerable<LayerSpec> Named(IEnumerable<LayerSpec> layers) => layers.Select((l, i) =>
        l with { Arguments = new EquatableArray<ArgumentSpec>(l.Arguments.Append(new ArgumentSpec("Name", ArgumentValue.Of("l" + i.ToString(CultureInfo.InvariantCulture))))) });

    private static LayerSpec Layer(string kind, params (string Name, object? Value)[] arguments) => SpecBuilder.L(kind, arguments);

    /// <summary>Few, around a vector, and odd numbers of channels.</summary>
    public static int Channels(Random random) => random.Next(3) switch
    {
        0 => random.Next(1, 10),
        1 => random.Next(1, 71),
        _ => 4 * random.Next(1, 18),
    };

    public static int Divisor(Random random, int of)
    {
        int[] all = Enumerable.Range(1, of).Where(d => of % d == 0).ToArray();
        return random.Next(2) == 0 ? 1 : all[random.Next(all.Length)];
    }

    private static Activation AnyActivation(Random random) =>
        (Activation)random.Next(Enum.GetValues<Activation>().Length);

    public static LayerSpec Activate(Random random)
    {
        Activation function = (Activation)random.Next(1, Enum.GetValues<Activation>().Length);
        return function is Activation.ELU or Activation.LeakyReLU
            ? Layer("Activate", ("function", (int)function), ("Alpha", 0.3))
            : function == Activation.PReLU
                ? Layer("Activate", ("function", (int)function), ("Shared", random.Next(2) == 0))
                : Layer("Activate", ("function", (int)function));
    }

    private static LayerSpec Conv(Random random, TensorShape input, int largest)
    {
        int groups = Divisor(random, input.Channels);
        int channels = groups * random.Next(1, Math.Max(2, 70 / groups));
        return Layer("Conv", [("channels", channels), ("Groups", groups), .. Window(random, largest)]);
    }

    private static LayerSpec Depthwise(Random random, int largest) =>
        Layer("DepthwiseConv", [("Multiplier", random.Next(3) == 0 ? random.Next(2, 5) : 1), .. Window(random, largest)]);

    private static LayerSpec ConvTranspose(Random random, TensorShape input)
    {
        int groups = Divisor(random, input.Channels);
        return Layer("ConvTranspose", [("channels", groups * random.Next(1, Math.Max(2, 40 / groups))), ("Groups", groups), ("OutputPadding", Pair(random.Next(2), random.Next(2))), .. Window(random, 5)]);
    }

    private static (string, object?)[] Window(Random random, int largest)
    {
        bool plain = random.Next(3) == 0;
        int ky = random.Next(1, largest + 1), kx = random.Next(3) == 0 ? random.Next(1, largest + 1) : ky;

        // Up to kernel - 1 as everyone does, sometimes beyond: windows that see nothing but padding.
        int most = random.Next(8) == 0 ? 2 * largest : Math.Max(ky, kx);
        int Side() => random.Next(most);
        return
        [
            ("Kernel", Pair(ky, kx)),
            ("Stride", plain ? "1x1" : Pair(random.Next(1, 5), random.Next(1, 5))),
            ("Padding", plain ? $"{ky / 2}, {kx / 2}, {ky / 2}, {kx / 2}" : $"{Side()}, {Side()}, {Side()}, {Side()}"),
            ("Dilation", plain || random.Next(2) == 0 ? "1x1" : Pair(random.Next(1, 5), random.Next(1, 5))),
            ("BatchNorm", random.Next(2) == 0),
            ("Bias", random.Next(2) == 0),
            ("Activation", random.Next(2) == 0 ? 0 : (int)AnyActivation(random)),
        ];
    }

    private static LayerSpec Pool(Random random, string kind)
    {
        int ky = random.Next(1, 8), kx = random.Next(1, 8);
        var arguments = new List<(string, object?)>
        {
            ("Kernel", Pair(ky, kx)),
            ("Stride", Pair(random.Next(1, 5), random.Next(1, 5))),
            ("Padding", $"{random.Next(ky)}, {random.Next(kx)}, {random.Next(ky)}, {random.Next(kx)}"),
            ("CeilMode", random.Next(2) == 0),
        };
        if (kind == "AveragePool")
            arguments.Add(("CountIncludePad", random.Next(2) == 0));
        return Layer(kind, arguments.ToArray());
    }

    public static LayerSpec Spatial(Random random) => random.Next(3) switch
    {
        0 => Layer("Pad", ("pads", $"{random.Next(-3, 4)}, {random.Next(-3, 4)}, {random.Next(-3, 4)}, {random.Next(-3, 4)}")),
        1 => Layer("Upsample", ("scale", random.Next(1, 4))),
        _ => Layer("Upsample", ("scale", random.Next(1, 4)), ("Mode", 1), ("AlignCorners", random.Next(2) == 0)),
    };

    public static LayerSpec Channelwise(Random random, TensorShape input)
    {
        int c = input.Channels, start = random.Next(c);
        return random.Next(4) switch
        {
            0 => Layer("Shuffle", ("groups", Divisor(random, c))),
            1 => Layer("Gather", ("index", Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(c)).ToArray())),
            2 => Layer("PadChannels", ("channels", c + random.Next(1, 20))),
            _ => Layer("Slice", ("start", start), ("end", random.Next(start + 1, c + 1)), ("Step", random.Next(1, 3))),
        };
    }

    private static string Pair(int y, int x) => $"{y}x{x}";
}
