using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Makes a network, or a class around one, partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFixProvider))]
public sealed class MakePartialFixProvider : DeclarationFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.ClassShape);

    /// <summary>Adds the modifier where C# wants it: right before the keyword.</summary>
    internal static void MakePartial(DeclarationEditor editor, TypeDeclarationSyntax type) =>
        editor.Change(new TextSpan(type.Keyword.SpanStart, 0), "partial ");

    private protected override PlannedFix? Plan(FixTarget target) =>
        target.Node is TypeDeclarationSyntax type
        && type.Identifier.Span == target.Diagnostic.Location.SourceSpan
        && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? new PlannedFix($"Make '{type.Identifier.ValueText}' partial", editor => MakePartial(editor, type))
            : null;
}
