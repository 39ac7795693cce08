using System;

namespace SmallCnnGen;

/// <summary>
/// A named number of a network, for the expressions of its layers ("groups", "2 * channels"). On a variant
/// (<c>[Network(typeof(X))]</c>) it replaces the value that X gives the parameter of this name.
/// </summary>
/// <remarks>Blocks do not see it: what a block needs is handed to its constructor.</remarks>
/// <example>
/// <code>
/// [Network(Height = 224, Width = 224, Channels = 3)]
/// [Parameter("channels", 116)]
/// [Parameter("last", "channels &gt; 176 ? 2048 : 1024")]
/// ...
/// [Conv("last", Kernel = 1)]
/// public sealed partial class ShuffleNetV2;
///
/// [Network(typeof(ShuffleNetV2)), Parameter("channels", 244)] public sealed partial class ShuffleNetV2_200;
/// </code>
/// </example>
/// <param name="name">Name: a letter or '_', then letters, digits and '_'.</param>
/// <param name="value">
/// An int, a bool, a member of an enum, an expression over the parameters declared above it, or one word or size for
/// arguments that take such ("same", "1x7").
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ParameterAttribute(string name, object value) : Attribute
{
    /// <summary>Name.</summary>
    public string Name { get; } = name;

    /// <summary>Value.</summary>
    public object Value { get; } = value;
}
