using System;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Where the user can change an argument of a layer.</summary>
/// <param name="Source">Source index of the attribute, or -1 for [Network].</param>
/// <param name="Argument">The argument, or null for the whole attribute.</param>
/// <param name="Written">What is written there; null when the argument is not written.</param>
/// <param name="IsLayer">Whether the place is the layer's own attribute.</param>
internal sealed record DeclaredPlace(int Source, string? Argument, ArgumentValue? Written, bool IsLayer)
{
    /// <summary>
    /// Follows an argument from a layer to where its value is written: out of a block to the argument of its use when the
    /// body only passes a parameter on ("channels"), and out of blocks whose body lies in another assembly.
    /// </summary>
    /// <param name="spec">The network.</param>
    /// <param name="origin">The layer.</param>
    /// <param name="argument">The argument, or null for the layer as a whole.</param>
    public static DeclaredPlace Find(NetworkSpec spec, LayerOrigin origin, string? argument)
    {
        LayerOrigin at = origin;
        while (at.Use is not null)
        {
            string? parameter = PassedOn(at, argument);
            if (parameter is null && at.Layer.Source >= 0)
                break;
            argument = parameter;
            at = at.Use;
        }

        ArgumentValue? written = Value(at, argument);
        bool isLayer = ReferenceEquals(at, origin);
        if (at.Use is null && written is { Kind: ArgumentKind.Text } text
            && spec.Parameters.LastOrDefault(p => p.Name == text.Text.Trim()) is { Source: >= 0 } named)
        {
            return new DeclaredPlace(named.Source, "value", named.Value, false);
        }

        return at.Layer.Source >= 0
            ? new DeclaredPlace(at.Layer.Source, argument, written, isLayer)
            : new DeclaredPlace(-1, "architecture", null, false);
    }

    private static string? PassedOn(LayerOrigin at, string? argument) =>
        Value(at, argument) is { Kind: ArgumentKind.Text } text
            ? at.Block?.Parameters.FirstOrDefault(p => p.Name == text.Text.Trim())?.Name
            : null;

    private static ArgumentValue? Value(LayerOrigin at, string? argument) => argument is null
        ? null
        : at.Layer.Arguments.FirstOrDefault(a => string.Equals(a.Name, argument, StringComparison.OrdinalIgnoreCase))?.Value;
}
