using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Small networks around one layer of every kind that threads can share, with any remainder of channels and any activation:
/// what happens where two shares meet.
/// </summary>
internal static class SharedLayers
{
    /// <summary>Kinds of layer, each with the way in which threads share it.</summary>
    public static readonly string[] Kinds =
    [
        "pointwise by panels", "pointwise by pixels", "conv by panels", "conv by rows", "strided conv", "grouped conv", "conv and add", "dense",
        "gated conv", "normalising conv", "scattered conv", "depthwise", "large depthwise", "depthwise with row means", "Winograd 2x2", "Winograd 4x4",
        "Winograd and add", "max pool", "average pool", "global pool", "global max pool", "adaptive pool", "add", "multiply", "batch norm", "activation", "softmax",
        "response norm", "strips",
    ];

    /// <summary>A network of a kind; the same for the same seed.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="threads">Most threads.</param>
    public static NetworkCase Make(string kind, int seed, int bits, int threads)
    {
        var random = new Random(unchecked((Array.IndexOf(Kinds, kind) * 7919) + (seed * 104_729)));
        var activation = (Activation)random.Next(Enum.GetValues<Activation>().Length);
        (string, object?) act = ("Activation", (int)activation);
        (string, object?) norm = ("BatchNorm", random.Next(2) == 0);
        int few = random.Next(1, 40), many = random.Next(1, 200), height = random.Next(3, 12), width = random.Next(2, 12);
        WinogradUse winograd = kind switch { "Winograd 2x2" => WinogradUse.Tiles2, "Winograd 4x4" => WinogradUse.Tiles4, "Winograd and add" => random.Next(2) == 0 ? WinogradUse.Tiles2 : WinogradUse.Tiles4, _ => WinogradUse.Never };
        string name = "T" + seed.ToString(CultureInfo.InvariantCulture) + "_" + Array.IndexOf(Kinds, kind).ToString(CultureInfo.InvariantCulture) + "_" + bits.ToString(CultureInfo.InvariantCulture);

        // Panels are shared where the map is low, or where there are at least seven of them.
        int low = random.Next(1, 4), wide = random.Next(bits / 2, (bits * 5 / 2) + 100);
        (TensorShape input, LayerSpec[] layers) = kind switch
        {
            "pointwise by panels" => (new TensorShape(low, width, many), new[] { Layer("Conv", ("channels", wide), ("Kernel", 1), norm, act) }),
            "pointwise by pixels" => (new TensorShape(height, width, many), [Layer("Conv", ("channels", few), ("Kernel", 1), norm, act)]),
            "conv by panels" => (new TensorShape(low, width, few), [Layer("Conv", ("channels", wide), ("Kernel", 3), norm, act)]),
            "conv by rows" => (new TensorShape(height, width, few), [Layer("Conv", ("channels", many / 2 + 1), ("Kernel", random.Next(2, 6)), ("Dilation", random.Next(1, 3)), norm, act)]),
            "strided conv" => (new TensorShape(height, width, few), [Layer("Conv", ("channels", many / 2 + 1), ("Kernel", 3), ("Stride", 2), norm, act)]),
            "grouped conv" => (new TensorShape(height, width, 3 * few), [Layer("Conv", ("channels", 3 * random.Next(1, 30)), ("Kernel", random.Next(2) == 0 ? 1 : 3), ("Groups", 3), norm, act)]),
            "conv and add" => (new TensorShape(random.Next(2) == 0 ? low : height, width, few), [Layer("Conv", ("channels", few), ("Kernel", 1), norm, act), Layer("Add", ("inputs", new[] { "input", "l0" }), act)]),
            "dense" => (new TensorShape(1, 1, many), [Layer("Dense", ("units", wide), act)]),
            "gated conv" => (new TensorShape(height, width, few), [Layer("Activate", ("function", (int)Activation.ReLU)), Layer("GlobalAveragePool"), Layer("Activate", ("function", (int)Activation.HardSigmoid)), Layer("Multiply", ("inputs", new[] { "l0", "l2" })), Layer("Conv", ("channels", many), ("Kernel", 1), norm, act)]),
            "normalising conv" => (new TensorShape(height, width, few), [Layer("BatchNorm"), Layer("Activate", ("function", (int)Activation.ReLU)), Layer("Conv", ("channels", many), ("Kernel", 1), norm, act)]),
            "scattered conv" => (new TensorShape(height, width, 2 * few), [Layer("Shuffle", ("groups", 2)), Layer("Conv", ("channels", many), ("Kernel", 1), norm, act)]),
            "depthwise" => (new TensorShape(height, width, many), [Layer("DepthwiseConv", ("Kernel", random.Next(2, 6)), ("Stride", random.Next(1, 3)), norm, act)]),
            "large depthwise" => (new TensorShape(height, width, few), [Layer("DepthwiseConv", ("Kernel", 11), norm, act)]),
            "depthwise with row means" => (new TensorShape(height, width + 1, 16 * random.Next(1, 8)), [Layer("DepthwiseConv", ("Kernel", 3), norm, act), Layer("GlobalAveragePool")]),
            "Winograd 2x2" or "Winograd 4x4" => (new TensorShape(height, width, few), [Layer("Conv", ("channels", random.Next(2) == 0 ? 16 * random.Next(1, 33) : many), norm, act)]),
            "Winograd and add" => (new TensorShape(height, width, few), [Layer("Conv", ("channels", few), norm, act), Layer("Add", ("inputs", new[] { "input", "l0" }), act)]),
            "max pool" or "average pool" => (new TensorShape(height, width, many), [Layer(kind == "max pool" ? "MaxPool" : "AveragePool", ("Kernel", 3), ("Stride", random.Next(1, 4)), ("Padding", 1)), Activate()]),
            "global pool" or "global max pool" => (new TensorShape(height, width, wide), [Layer(kind == "global pool" ? "GlobalAveragePool" : "GlobalMaxPool"), Activate()]),
            "adaptive pool" => (new TensorShape(height, width, many), [Layer("AdaptiveAveragePool", ("size", "3x2")), Activate()]),
            "add" => (new TensorShape(height, width, many), [Layer("Activate", ("function", (int)Activation.ReLU6)), Layer("Add", ("inputs", new[] { "input", "l0" }), act)]),
            "multiply" => (new TensorShape(height, width, many), [Layer("GlobalAveragePool"), Layer("Multiply", ("inputs", new[] { "input", "l0" }))]),
            "batch norm" => (new TensorShape(height, width, many), [Layer("BatchNorm"), Activate()]),
            "activation" => (new TensorShape(height, width, many), [Activate()]),
            "softmax" => (new TensorShape(height, width, many), [Layer("Softmax")]),
            "response norm" => (new TensorShape(height, width, many), [Layer("LocalResponseNorm", ("Size", 5), ("Beta", random.Next(2) == 0 ? 0.75 : 0.5))]),
            "strips" => (new TensorShape(height + 8, width + 4, few), [Layer("Conv", ("channels", few), ("Kernel", 3), act), Layer("DepthwiseConv", ("Kernel", 3), act), Layer("Conv", ("channels", many), ("Kernel", 1), act), Layer("MaxPool", ("Kernel", 2), ("Stride", 2))]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        NetworkSpec spec = NetworkCase.Make(name, input, RandomNetworks.Named(layers));
        return new NetworkCase(spec with
        {
            Options = spec.Options with { VectorBits = bits, Threads = threads, SplitsEverything = true, Winograd = winograd, Strips = kind == "strips" ? StripUse.Everywhere : StripUse.Never },
        });

        LayerSpec Activate() => Layer("Activate", ("function", activation == Activation.None ? (int)Activation.Tanh : (int)activation));
    }

    private static LayerSpec Layer(string kind, params (string Name, object? Value)[] arguments) => SpecBuilder.L(kind, arguments);
}
