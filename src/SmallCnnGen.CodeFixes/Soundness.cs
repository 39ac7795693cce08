using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Generators.Analyzers;

namespace SmallCnnGen.CodeFixes;

/// <summary>
/// Whether a change that follows advice leaves networks that compile. A layer's new width may not fit a sum further down,
/// which only the compiler's own front end can tell.
/// </summary>
internal static class Soundness
{
    /// <summary>Whether the networks of a document (of the project, if it has only blocks) are as free of findings as before.</summary>
    public static async Task<bool> IsKeptAsync(Document document, SourceText changed, CancellationToken cancellation)
    {
        // Trees are exchanged rather than documents, which would run the generator for nothing.
        var before = await document.Project.GetCompilationAsync(cancellation).ConfigureAwait(false);
        var tree = await document.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false);
        if (before is null || tree is null)
            return false;
        var newTree = tree.WithChangedText(changed);
        var after = before.ReplaceSyntaxTree(tree, newTree);
        return Count(after, newTree, cancellation) is { } now && (Count(before, tree, cancellation) is not { } then || now <= then);
    }

    private static int? Count(Compilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        int count = 0;
        foreach (var type in Networks(compilation, tree, cancellation))
        {
            if (DeclarationCheck.CountWarnings(type, compilation, cancellation) is not { } warnings)
                return null;
            count += warnings;
        }

        return count;
    }

    private static List<INamedTypeSymbol> Networks(Compilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        var here = NetworksIn(compilation, tree, cancellation).ToList();
        return here.Count > 0 ? here : compilation.SyntaxTrees.SelectMany(t => NetworksIn(compilation, t, cancellation)).ToList();
    }

    private static IEnumerable<INamedTypeSymbol> NetworksIn(Compilation compilation, SyntaxTree tree, CancellationToken cancellation)
    {
        SemanticModel? model = null;
        foreach (var type in tree.GetRoot(cancellation).DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            if (type.AttributeLists.Count == 0)
                continue;
            model ??= compilation.GetSemanticModel(tree);
            if (model.GetDeclaredSymbol(type, cancellation) is INamedTypeSymbol symbol)
                yield return symbol;
        }
    }
}
