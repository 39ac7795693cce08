using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Inserts a layer before the one the diagnostic is on, as a channel shuffle between grouped convolutions.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertLayerFixProvider))]
public sealed class InsertLayerFixProvider : DeclarationFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => FixableIds.All;

    private protected override PlannedFix? Plan(FixTarget target)
    {
        if (!target.Wants(FixProperties.InsertBefore)
            || target.Attribute is not { } attribute
            || target.Property(FixProperties.Suggested) is not { } suggested)
        {
            return null;
        }

        // Before a repeated layer it would stand before the first copy only.
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        if (arguments.Any(a => a.NameEquals?.Name.Identifier.ValueText == "Repeat"))
            return null;

        // What the layer reads, the new one reads; the layer then follows it.
        var from = arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == "From");
        string layer = target.Qualify(suggested);
        if (from is not null)
            layer = layer.EndsWith(")", System.StringComparison.Ordinal) ? layer.Substring(0, layer.Length - 1) + ", " + from + ")" : layer + "(" + from + ")";
        return new PlannedFix($"Insert [{suggested}] before", editor =>
        {
            editor.InsertBefore(attribute, layer);
            if (from is not null)
                editor.RemoveArgument(from);
        });
    }
}
