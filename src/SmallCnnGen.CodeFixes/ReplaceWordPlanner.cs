using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Corrects a name inside the strings of an argument: a layer's name, or one in an expression.</summary>
internal sealed class ReplaceWordPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (!target.Wants(FixProperties.ReplaceWord)
            || target.Property(FixProperties.Current) is not { Length: > 0 } current
            || target.Property(FixProperties.Suggested) is not { } suggested)
        {
            return null;
        }

        // Names hold dots and '#'; a part of a longer name is another name.
        var word = new Regex(@"(?<![\w.#])" + Regex.Escape(current) + @"(?![\w.#])", RegexOptions.CultureInvariant);
        var span = target.Diagnostic.Location.SourceSpan;
        var strings = target.Node.DescendantTokens()
            .Where(t => span.Contains(t.Span) && IsPlainString(t) && word.IsMatch(t.ValueText))
            .ToArray();
        if (strings.Length == 0)
            return null;

        // "$" in a replacement would be read as a reference to a group.
        return new PlannedFix($"Change '{current}' to '{suggested}'", editor =>
        {
            foreach (var token in strings)
                editor.Change(token.Span, SymbolDisplay.FormatLiteral(word.Replace(token.ValueText, _ => suggested), quote: true));
        });
    }

    private static bool IsPlainString(SyntaxToken token) =>
        token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken);
}
