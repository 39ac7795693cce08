using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Ids by the hundreds.</summary>
internal static class FixableIds
{
    /// <summary>
    /// Every id but those of our own failures and that of layers that nothing uses, which <see cref="RemoveLayerFixProvider"/>
    /// has. Which findings have a change of which kind is said by the findings themselves, so a new rule needs nothing here.
    /// </summary>
    public static ImmutableArray<string> All { get; } = typeof(DiagnosticIds)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (string)f.GetRawConstantValue()!)
        .Where(id => id[4] != '9' && id != DiagnosticIds.UnusedLayer)
        .OrderBy(id => id, System.StringComparer.Ordinal)
        .ToImmutableArray();
}
