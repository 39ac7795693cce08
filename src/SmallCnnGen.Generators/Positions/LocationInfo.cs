using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SmallCnnGen.Generators.Positions;

/// <summary>A place in a source file that compares by value and keeps no syntax tree alive.</summary>
/// <param name="FilePath">Path of the file as the compiler knows it.</param>
/// <param name="Span">Characters.</param>
/// <param name="Lines">The same as lines and columns.</param>
internal sealed record LocationInfo(string FilePath, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>The place of a node.</summary>
    public static LocationInfo Of(SyntaxNode node) => Of(node.SyntaxTree, node.Span);

    /// <summary>The place of a token.</summary>
    public static LocationInfo Of(SyntaxToken token) => Of(token.SyntaxTree!, token.Span);

    /// <summary>The place of a span in a tree.</summary>
    public static LocationInfo Of(SyntaxTree tree, TextSpan span) =>
        new(tree.FilePath, span, tree.GetLineSpan(span).Span);

    /// <summary>
    /// The place as a diagnostic wants it. It is looked up in the compilation's own trees, because only a location
    /// in a tree obeys <c>#pragma warning</c> and the severities of an .editorconfig.
    /// </summary>
    public Location ToLocation(Compilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            // The lines are compared too: several trees may have one path (or none).
            if (tree.FilePath == FilePath && Span.End <= tree.Length && tree.GetLineSpan(Span).Span == Lines)
                return Location.Create(tree, Span);
        }

        return Location.Create(FilePath, Span, Lines);
    }
}
