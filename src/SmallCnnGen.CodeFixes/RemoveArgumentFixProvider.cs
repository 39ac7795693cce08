using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Takes away an argument that has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveArgumentFixProvider))]
public sealed class RemoveArgumentFixProvider : DeclarationFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => FixableIds.All;

    private protected override PlannedFix? Plan(FixTarget target) =>
        target.Wants(FixProperties.RemoveArgument) && target.FindArgument() is { NameEquals: not null } argument
            ? new PlannedFix($"Remove '{argument}'", editor => editor.RemoveArgument(argument))
            : null;
}
