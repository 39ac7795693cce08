using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Takes away a layer that leads nowhere.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLayerFixProvider))]
public sealed class RemoveLayerFixProvider : DeclarationFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => FixableIds.All;

    private protected override PlannedFix? Plan(FixTarget target) =>
        target.Wants(FixProperties.RemoveLayer) && target.Attribute is { } attribute
            ? new PlannedFix($"Remove [{attribute}]", editor => editor.Remove(attribute))
            : null;
}
