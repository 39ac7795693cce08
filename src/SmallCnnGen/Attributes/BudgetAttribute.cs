using System;

namespace SmallCnnGen;

/// <summary>
/// What a network may cost at most. A network that needs more fails the build with SCNN4022, which names the layers that
/// need most. A budget binds the class it stands on; variants of the network have their own or none.
/// </summary>
/// <example>
/// <code>
/// [Network(typeof(MobileNetV1), WidthMultiplier = 0.5)]
/// [Budget(MultiplyAdds = 150_000_000, ArenaBytes = 1_000_000)]
/// public sealed partial class MobileNetV1_050;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BudgetAttribute : Attribute
{
    /// <summary>Most multiply-adds of one run, as the constant MultiplyAdds counts them. No limit unless set.</summary>
    public long MultiplyAdds { get; set; }

    /// <summary>Most learned parameters, as the constant Parameters counts them. No limit unless set.</summary>
    public long Parameters { get; set; }

    /// <summary>Most bytes of activations, the constant ArenaBytes. No limit unless set.</summary>
    public long ArenaBytes { get; set; }

    /// <summary>Most bytes of packed weights in memory, at the vector width that needs most: padding included, batch normalisation folded away. No limit unless set.</summary>
    public long WeightBytes { get; set; }
}
