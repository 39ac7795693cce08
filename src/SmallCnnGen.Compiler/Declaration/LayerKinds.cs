using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// Every primitive layer with its arguments and defaults. It repeats what the attribute classes say, because the compiler
/// does not reference the runtime; a test compares the two.
/// </summary>
public static class LayerKinds
{
    /// <summary>Most channels a layer may declare.</summary>
    public const int MaxChannels = 65536;

    /// <summary>Largest height or width of an input.</summary>
    public const int MaxSize = 65536;

    /// <summary>Largest kernel, stride and dilation.</summary>
    public const int MaxWindow = 255;

    /// <summary>Largest padding of one side.</summary>
    public const int MaxPadding = 65535;

    /// <summary>Most copies of one layer.</summary>
    public const int MaxRepeat = 1000;

    private static readonly ArgumentValue Nothing = ArgumentValue.Null;

    private static readonly ArgumentRule[] Common =
    {
        new("Name", Nothing),
        new("From", Nothing),
        new("Module", Nothing),
        new("Repeat", ArgumentValue.Of(1L), 0, MaxRepeat),
        new("When", Nothing),
    };

    private static readonly Dictionary<string, LayerKind> ByName = Declare().ToDictionary(k => k.Name);

    /// <summary>All kinds.</summary>
    public static IReadOnlyCollection<LayerKind> All => ByName.Values;

    /// <summary>The arguments every layer and block has.</summary>
    public static LayerKind Block { get; } = new("Block", Common);

    /// <summary>The kind of a name, or null.</summary>
    public static LayerKind? Find(string name) => ByName.TryGetValue(name, out LayerKind? kind) ? kind : null;

    private static IEnumerable<LayerKind> Declare()
    {
        ArgumentRule[] activation =
        {
            new("Activation", Of(Activation.None), 0, Enum.GetValues(typeof(Activation)).Length - 1),
            Real("Alpha", double.NaN),
            new("ActivationModule", Nothing),
        };
        ArgumentRule[] convolution =
        {
            Integer("Kernel", 3, 1, MaxWindow),
            Integer("Stride", 1, 1, MaxWindow),
            new("Padding", ArgumentValue.Of("half"), 0, MaxPadding),
            Integer("Dilation", 1, 1, MaxWindow),
            Flag("BatchNorm", true),
            Real("Epsilon", 1e-5),
            new("BatchNormModule", Nothing),
            new("Bias", ArgumentValue.Of("auto")),
            activation[0] with { Default = Of(Activation.ReLU) },
            activation[1],
            activation[2],
        };
        ArgumentRule[] pool =
        {
            Integer("Kernel", 2, 1, MaxWindow),
            new("Stride", Nothing, 1, MaxWindow),
            Integer("Padding", 0, 0, MaxPadding),
            Flag("CeilMode", false),
        };

        yield return Kind("Conv", convolution, Required("channels", 1, MaxChannels), Integer("Groups", 1, 1, MaxChannels), Flag("Scale", true));
        yield return Kind("DepthwiseConv", convolution, Integer("Multiplier", 1, 1, MaxChannels));
        yield return Kind(
            "ConvTranspose",
            convolution,
            Required("channels", 1, MaxChannels),
            Integer("Groups", 1, 1, MaxChannels),
            Integer("OutputPadding", 0, 0, MaxWindow),
            Flag("Scale", true));
        yield return Kind("Dense", activation, Required("units", 1, MaxChannels), Flag("Bias", true));
        yield return Kind("BatchNorm", None, Real("Epsilon", 1e-5));
        yield return Kind(
            "Activate",
            None,
            new ArgumentRule("function", null, 0, activation[0].Max),
            Real("Alpha", double.NaN),
            Flag("Shared", false));
        yield return Kind("MaxPool", pool);
        yield return Kind("AveragePool", pool, Flag("CountIncludePad", true));
        yield return Kind("GlobalAveragePool", None);
        yield return Kind("GlobalMaxPool", None);
        yield return Kind("AdaptiveAveragePool", None, Required("size", 1, MaxSize));
        yield return Kind("AdaptiveMaxPool", None, Required("size", 1, MaxSize));
        yield return Kind("MaxUnpool", None, new ArgumentRule("pool", null));
        yield return Kind(
            "Input",
            None,
            new ArgumentRule("name", null),
            Integer("Height", 1, 1, MaxSize),
            Integer("Width", 1, 1, MaxSize),
            Integer("Channels", 0, 1, MaxChannels));
        yield return Kind("Add", None, new ArgumentRule("inputs", Nothing), activation[0]);
        yield return Kind("Multiply", None, new ArgumentRule("inputs", Nothing));
        yield return Kind("Concat", None, new ArgumentRule("inputs", Nothing));
        yield return Kind("Slice", None, Required("start", long.MinValue, long.MaxValue), Required("end", long.MinValue, long.MaxValue), Integer("Step", 1, 1, MaxChannels));
        yield return Kind("Shuffle", None, Required("groups", 1, int.MaxValue));
        yield return Kind("Gather", None, new ArgumentRule("index", null), new ArgumentRule("Channel", Nothing), new ArgumentRule("Count", Nothing, 1, MaxChannels));
        yield return Kind("Pad", None, Required("pads", -MaxPadding, MaxPadding));
        yield return Kind("PadChannels", None, Required("channels", 1, MaxChannels));
        yield return Kind("Upsample", None, Required("scale", 1, 64), new ArgumentRule("Mode", ArgumentValue.Of((long)UpsampleMode.Nearest, "SmallCnnGen.UpsampleMode"), 0, 1), Flag("AlignCorners", false));
        yield return Kind(
            "LocalResponseNorm",
            None,
            Integer("Size", 5, 1, MaxChannels),
            Real("Alpha", 1e-4),
            Real("Beta", 0.75),
            Real("K", 1));
        yield return Kind("Softmax", None);
        yield return Kind("LogSoftmax", None);
        yield return Kind("Flatten", None);
    }

    private static ArgumentRule[] None => Array.Empty<ArgumentRule>();

    private static LayerKind Kind(string name, ArgumentRule[] shared, params ArgumentRule[] own) =>
        new(name, own.Concat(shared).Concat(Common));

    private static ArgumentValue Of(Activation function) => ArgumentValue.Of((long)function, "SmallCnnGen.Activation");

    private static ArgumentRule Required(string name, long min, long max) => new(name, null, min, max);

    private static ArgumentRule Integer(string name, long value, long min, long max) => new(name, ArgumentValue.Of(value), min, max);

    private static ArgumentRule Real(string name, double value) => new(name, ArgumentValue.Of(value));

    private static ArgumentRule Flag(string name, bool value) => new(name, ArgumentValue.Of(value));
}
