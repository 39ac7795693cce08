using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Makes a network, or a class around one, partial.</summary>
internal sealed class MakePartialPlanner : IFixPlanner
{
    /// <summary>Adds the modifier where C# wants it: right before the keyword.</summary>
    internal static void MakePartial(DeclarationEditor editor, TypeDeclarationSyntax type) =>
        editor.Change(new TextSpan(type.Keyword.SpanStart, 0), "partial ");

    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target) =>
        target.Diagnostic.Id == DiagnosticIds.ClassShape
        && target.Node is TypeDeclarationSyntax type
        && type.Identifier.Span == target.Diagnostic.Location.SourceSpan
        && !type.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? new PlannedFix($"Make '{type.Identifier.ValueText}' partial", editor => MakePartial(editor, type))
            : null;
}
