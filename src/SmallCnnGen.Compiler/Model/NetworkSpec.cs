using System.Linq;

namespace SmallCnnGen.Compiler.Model;

/// <summary>
/// A network as it was written: nothing resolved, nothing checked, no Roslyn. Compares by value; source positions are
/// kept apart (a layer's <see cref="LayerSpec.Source"/> is an index into them), so that moving code changes nothing.
/// </summary>
/// <param name="Namespace">Namespace of the user's class, empty for the global one.</param>
/// <param name="ContainingTypes">Enclosing type declarations from the outside in ("partial class Models"), mostly empty.</param>
/// <param name="TypeName">Name of the user's class.</param>
/// <param name="TypeModifiers">What the generated part must repeat before "partial class" ("public sealed").</param>
/// <param name="Options">What [Network(...)] says.</param>
/// <param name="Layers">Layers in source order.</param>
/// <param name="Blocks">Every block the layers (or other blocks) use, sorted by <see cref="BlockSpec.Id"/>.</param>
/// <param name="Parameters">Every [Parameter]: the architecture's first, then those of each variant down to this network.</param>
/// <param name="Budget">The [Budget] on the network's own class, or null.</param>
public sealed record NetworkSpec(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string TypeName,
    string TypeModifiers,
    NetworkOptions Options,
    EquatableArray<LayerSpec> Layers,
    EquatableArray<BlockSpec> Blocks,
    EquatableArray<ParameterSpec> Parameters = default,
    BudgetSpec? Budget = null)
{
    /// <summary>Fully qualified name ("Shop.Vision.MobileNet").</summary>
    public string FullName => string.Join(".", new[] { Namespace }
        .Concat(ContainingTypes.Select(t => t.Split(' ').Last()))
        .Concat(new[] { TypeName })
        .Where(s => s.Length > 0));
}

/// <summary>The arguments of [Network], a variant's laid over its architecture's.</summary>
/// <param name="Height">Input height in pixels.</param>
/// <param name="Width">Input width in pixels.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="WidthMultiplier">Scale of the channels.</param>
/// <param name="ChannelDivisor">Scaled channels become multiples of this.</param>
/// <param name="ResolutionMultiplier">Scale of height and width.</param>
/// <param name="VectorBits">Vector widths to emit kernels for, or-ed: 128 | 256 | 512.</param>
/// <param name="Trace">Whether to emit the observer overload of Run.</param>
/// <param name="Threads">Most threads that share one run; 1 emits no code for threads.</param>
/// <param name="Winograd">Which convolutions may use Winograd's method; null when not said.</param>
/// <param name="Strips">Which kernels run a few rows at a time.</param>
/// <param name="SplitsEverything">For tests: threads share kernels however little these do.</param>
/// <param name="ReadyToRunBits">Vector width whose kernels ReadyToRun is to compile: 128, 256 or 512; 0 for none.</param>
/// <param name="IsDebug">Whether the network is to say, where it is measured, that it was compiled without optimisation.</param>
public sealed record NetworkOptions(
    int Height,
    int Width,
    int Channels,
    double WidthMultiplier = 1,
    int ChannelDivisor = 8,
    double ResolutionMultiplier = 1,
    int VectorBits = 256,
    bool Trace = false,
    int Threads = 1,
    WinogradUse? Winograd = null,
    StripUse Strips = StripUse.WhereFaster,
    bool SplitsEverything = false,
    int ReadyToRunBits = 0,
    bool IsDebug = false)
{
    /// <summary>The width that costs and criticism speak of: 256 where it is among several.</summary>
    public int MainVectorBits => VectorBits is 128 or 256 or 512 ? VectorBits : (VectorBits & 256) != 0 ? 256 : 512;
}

/// <summary>What [Budget] allows; null where it sets no limit.</summary>
/// <param name="MultiplyAdds">Most multiply-adds.</param>
/// <param name="Parameters">Most learned parameters.</param>
/// <param name="ArenaBytes">Most bytes of activations.</param>
/// <param name="WeightBytes">Most bytes of packed weights.</param>
/// <param name="Source">Index of the attribute among the declaration's source positions.</param>
public sealed record BudgetSpec(long? MultiplyAdds, long? Parameters, long? ArenaBytes, long? WeightBytes, int Source);

/// <summary>One [Parameter] as written.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Level">0 on the architecture, which declares it, 1 on a variant of it, 2 on a variant of that, and so on.</param>
/// <param name="Source">Index of the attribute among the declaration's source positions; -1 inside another assembly.</param>
public sealed record ParameterSpec(string Name, ArgumentValue Value, int Level, int Source);

/// <summary>One layer attribute as written.</summary>
/// <param name="Kind">Name of a primitive ("Conv", "MaxPool": the attribute's name without "Attribute"), or the block's id.</param>
/// <param name="IsBlock">Whether <paramref name="Kind"/> names a block of <see cref="NetworkSpec.Blocks"/>.</param>
/// <param name="Arguments">Arguments that were written, by the parameter's or property's name.</param>
/// <param name="Source">Index of the attribute among the declaration's source positions; -1 inside another assembly.</param>
public sealed record LayerSpec(string Kind, bool IsBlock, EquatableArray<ArgumentSpec> Arguments, int Source);

/// <summary>One argument: constructor parameters go by the parameter's name, properties by the property's.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
public sealed record ArgumentSpec(string Name, ArgumentValue Value);

/// <summary>What an attribute argument can be.</summary>
public enum ArgumentKind
{
    /// <summary>null.</summary>
    Null,

    /// <summary>Any integer.</summary>
    Integer,

    /// <summary>A member of an enum.</summary>
    Enum,

    /// <summary>float or double.</summary>
    Real,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A string: a name or an expression.</summary>
    Text,

    /// <summary>An array.</summary>
    List,

    /// <summary>Anything else (a type, a char): never valid, kept for the message.</summary>
    Other,
}

/// <summary>A constant argument.</summary>
/// <param name="Kind">Which of the fields is meant.</param>
/// <param name="Integer">The integer; 1 or 0 for a Boolean, the value of an Enum's member.</param>
/// <param name="Real">The number, for Integer too.</param>
/// <param name="Text">The string; an Enum's full name; for Other what it was.</param>
/// <param name="Items">The elements.</param>
public sealed record ArgumentValue(
    ArgumentKind Kind,
    long Integer = 0,
    double Real = 0,
    string Text = "",
    EquatableArray<ArgumentValue> Items = default)
{
    /// <summary>null.</summary>
    public static ArgumentValue Null { get; } = new(ArgumentKind.Null);

    /// <summary>An integer.</summary>
    public static ArgumentValue Of(long value) => new(ArgumentKind.Integer, value, value);

    /// <summary>A member of an enum.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="type">Full name of the enum ("SmallCnnGen.Activation").</param>
    public static ArgumentValue Of(long value, string type) => new(ArgumentKind.Enum, value, Text: type);

    /// <summary>A real number.</summary>
    public static ArgumentValue Of(double value) => new(ArgumentKind.Real, 0, value);

    /// <summary>A truth value.</summary>
    public static ArgumentValue Of(bool value) => new(ArgumentKind.Boolean, value ? 1 : 0);

    /// <summary>A string.</summary>
    public static ArgumentValue Of(string value) => new(ArgumentKind.Text, Text: value);

    /// <summary>An array.</summary>
    public static ArgumentValue Of(EquatableArray<ArgumentValue> items) => new(ArgumentKind.List, Items: items);

    /// <summary>The value as C# would write it, for messages.</summary>
    public override string ToString() => Kind switch
    {
        ArgumentKind.Null => "null",
        ArgumentKind.Integer => Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ArgumentKind.Enum => "(" + Text + ")" + Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ArgumentKind.Real => Real.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        ArgumentKind.Boolean => Integer != 0 ? "true" : "false",
        ArgumentKind.Text => "\"" + Text + "\"",
        ArgumentKind.List => "{ " + Items + " }",
        _ => Text,
    };
}

/// <summary>A block: an attribute class whose own attributes are its body.</summary>
/// <param name="Id">Fully qualified metadata name of the attribute class.</param>
/// <param name="Name">Short name without "Attribute", for messages and default layer names.</param>
/// <param name="Parameters">Parameters of its constructor, in order.</param>
/// <param name="Layers">Body.</param>
public sealed record BlockSpec(string Id, string Name, EquatableArray<BlockParameter> Parameters, EquatableArray<LayerSpec> Layers);

/// <summary>A parameter of a block.</summary>
/// <param name="Name">Name as written.</param>
/// <param name="Default">Default value, or null when the parameter is required.</param>
/// <param name="IsChannelCount">Marked [ChannelCount]: scaled by the width multiplier at the network's level.</param>
/// <param name="IsStageStride">Marked [StageStride]: 1 in repeated copies after the first.</param>
/// <param name="IsLayerInput">Marked [LayerInput]: names a layer outside the block, whose result it is inside.</param>
public sealed record BlockParameter(string Name, ArgumentValue? Default, bool IsChannelCount, bool IsStageStride, bool IsLayerInput = false);
