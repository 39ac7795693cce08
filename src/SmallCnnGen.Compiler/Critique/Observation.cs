using System.Collections.Generic;
using SmallCnnGen.Compiler.Declaration;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>What a rule says about one layer of the expanded network.</summary>
/// <param name="Layer">The layer, or null for the network as a whole.</param>
/// <param name="Argument">The argument to change, or null.</param>
/// <param name="Measure">How bad it is; of layers with one place the largest is shown.</param>
/// <param name="Text">What is wrong and what would be better, with numbers, without a full stop.</param>
public sealed record Observation(CritiqueLayer? Layer, string? Argument, double Measure, string Text)
{
    /// <summary>Where to say it when that is not the layer itself: the use of the block around it.</summary>
    public LayerOrigin? At { get; init; }

    /// <summary>The change a code fix can make, or null.</summary>
    public FixHint? Fix { get; init; }
}

/// <summary>A mechanical change that follows a rule's advice.</summary>
/// <param name="Kind">One of <see cref="FixProperties"/>' kinds.</param>
/// <param name="Suggested">The argument's new value, or the layer to insert, as C#.</param>
public sealed record FixHint(string Kind, string Suggested)
{
    /// <summary>
    /// The argument's value as the network has it. A fix is offered only if just this is written at the place of the
    /// finding: not where it comes from an expression or was scaled by the width multiplier. Null when nothing is replaced.
    /// </summary>
    public long? Current { get; init; }

    /// <summary>Whether the fix is only for a value that is written at the layer itself: where others may share it, it could break them.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>Further properties.</summary>
    public IReadOnlyDictionary<string, string>? More { get; init; }
}

/// <summary>Names of the properties that findings hand to code fixes. Part of the contract with fixes and reports.</summary>
public static class FixProperties
{
    /// <summary>Kind of change; absent when nothing mechanical is known.</summary>
    public const string Fix = "fix";

    /// <summary>Name of the argument the finding is about.</summary>
    public const string Argument = "argument";

    /// <summary>New value of the argument, or the attribute to insert, as C#.</summary>
    public const string Suggested = "suggested";

    /// <summary>Value that is replaced.</summary>
    public const string Current = "current";

    /// <summary>Full name of the layer the message is about.</summary>
    public const string Layer = "layer";

    /// <summary>Kind: write <see cref="Suggested"/> as the argument's value, adding the argument where it is not written.</summary>
    public const string SetArgument = "setArgument";

    /// <summary>Kind: insert the attribute <see cref="Suggested"/> before the layer.</summary>
    public const string InsertBefore = "insertBefore";

    /// <summary>Kind: put the attributes <see cref="Suggested"/> (one on each line) in place of the layer.</summary>
    public const string ReplaceLayer = "replaceLayer";

    /// <summary>Kind: take the layer away.</summary>
    public const string RemoveLayer = "removeLayer";

    /// <summary>Kind: take the argument away.</summary>
    public const string RemoveArgument = "removeArgument";

    /// <summary>Kind: write <see cref="Suggested"/> for the word <see cref="Current"/> in the argument's strings.</summary>
    public const string ReplaceWord = "replaceWord";
}
