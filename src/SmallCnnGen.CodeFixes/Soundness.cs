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
    /// <summary>Whether the networks of a document (of the project, if it has only blocks) are each as free of findings as before.</summary>
    public static async Task<bool> IsKeptAsync(Document document, SourceText changed, CancellationToken cancellation)
    {
        // Trees are exchanged rather than documents, which would run the generator for nothing.
        var before = await document.Project.GetCompilationAsync(cancellation).ConfigureAwait(false);
        var tree = await document.GetSyntaxTreeAsync(cancellation).ConfigureAwait(false);
        if (before is null || tree is null)
            return false;
        var newTree = tree.WithChangedText(changed);
        var after = before.ReplaceSyntaxTree(tree, newTree);
        var then = Count(before, tree, cancellation);
        var now = Count(after, newTree, cancellation);

        // A network that is wrong already neither gets advice nor is hurt by it.
        return then.Count == now.Count && Enumerable.Range(0, now.Count).All(i => then[i] is null || now[i] <= then[i]);
    }

    /// <summary>Findings of each class in order, null where it has errors.</summary>
    private static List<int?> Count(Compilation compilation, SyntaxTree tree, CancellationToken cancellation) =>
        Networks(compilation, tree, cancellation).Select(type => DeclarationCheck.CountWarnings(type, compilation, cancellation)).ToList();

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
