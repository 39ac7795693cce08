using System.Globalization;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.Compiler.Model;

/// <summary>Mechanical changes that correct an error of declaration, as properties of its finding.</summary>
public static class Repair
{
    /// <summary>Gives an argument another value.</summary>
    /// <param name="argument">Name of the constructor's parameter or of the property.</param>
    /// <param name="suggested">The new value as C#.</param>
    /// <param name="current">The value now; the change is offered only where just this is written. Null: whatever is written.</param>
    public static EquatableArray<FindingProperty> SetArgument(string argument, string suggested, string? current = null) => current is null
        ? Of(FixProperties.SetArgument, (FixProperties.Argument, argument), (FixProperties.Suggested, suggested))
        : Of(FixProperties.SetArgument, (FixProperties.Argument, argument), (FixProperties.Suggested, suggested), (FixProperties.Current, current));

    /// <summary>Gives an argument another number, where the number is written as such.</summary>
    public static EquatableArray<FindingProperty> SetArgument(string argument, long suggested, long current) =>
        SetArgument(argument, suggested.ToString(CultureInfo.InvariantCulture), current.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes an argument away.</summary>
    public static EquatableArray<FindingProperty> RemoveArgument(string argument) =>
        Of(FixProperties.RemoveArgument, (FixProperties.Argument, argument));

    /// <summary>Corrects a name inside an argument's strings.</summary>
    public static EquatableArray<FindingProperty> ReplaceWord(string argument, string current, string suggested) =>
        Of(FixProperties.ReplaceWord, (FixProperties.Argument, argument), (FixProperties.Current, current), (FixProperties.Suggested, suggested));

    /// <summary>Takes the layer away.</summary>
    public static EquatableArray<FindingProperty> RemoveLayer() => Of(FixProperties.RemoveLayer);

    private static EquatableArray<FindingProperty> Of(string kind, params (string Name, string Value)[] values)
    {
        var properties = new FindingProperty[values.Length + 1];
        properties[0] = new FindingProperty(FixProperties.Fix, kind);
        for (int i = 0; i < values.Length; i++)
            properties[i + 1] = new FindingProperty(values[i].Name, values[i].Value);
        return new EquatableArray<FindingProperty>(properties);
    }
}
