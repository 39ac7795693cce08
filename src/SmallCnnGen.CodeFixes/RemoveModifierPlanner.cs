using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Removes the modifier that a network must not have: static, abstract or file.</summary>
internal sealed class RemoveModifierPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (target.Diagnostic.Id != DiagnosticIds.ClassShape || target.Node is not TypeDeclarationSyntax type)
            return null;
        var modifier = type.Modifiers.FirstOrDefault(m => m.Span == target.Diagnostic.Location.SourceSpan);
        if (modifier.IsKind(SyntaxKind.None))
            return null;

        // Abstract members would then have no place.
        if (modifier.IsKind(SyntaxKind.AbstractKeyword) && type.Members.Any(m => m.Modifiers.Any(SyntaxKind.AbstractKeyword)))
            return null;
        var span = TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart);
        return new PlannedFix($"Remove '{modifier.Text}'", editor => editor.Change(span, string.Empty));
    }
}
