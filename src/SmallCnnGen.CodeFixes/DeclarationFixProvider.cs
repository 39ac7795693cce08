using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace SmallCnnGen.CodeFixes;

/// <summary>What all fixes share: a diagnostic becomes a planned change of text, and many plans of one document become one.</summary>
/// <remarks>
/// Exported without [Shared]: editors make one provider for each reference anyway, and the attribute would bind this
/// assembly to one version of System.Composition.
/// </remarks>
public abstract class DeclarationFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixTarget.FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } target
                || Plan(target) is not { } plan)
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(
                    plan.Title,
                    token => ApplyAsync(context.Document, ImmutableArray.Create(plan), token),
                    EquivalenceKey(diagnostic)),
                diagnostic);
        }
    }

    /// <summary>The change for one diagnostic, or null when it has none of this kind.</summary>
    private protected abstract PlannedFix? Plan(FixTarget target);

    /// <summary>Fixes of one kind for one rule belong together: "fix all" must not also change what another rule is about.</summary>
    private string EquivalenceKey(Diagnostic diagnostic) => GetType().Name + " " + diagnostic.Id;

    private async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var plans = ImmutableArray.CreateBuilder<PlannedFix>();
        foreach (var diagnostic in diagnostics)
        {
            if (EquivalenceKey(diagnostic) != context.CodeActionEquivalenceKey)
                continue;
            if (await FixTarget.FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } target && Plan(target) is { } plan)
                plans.Add(plan);
        }

        return await ApplyAsync(document, plans.ToImmutable(), context.CancellationToken).ConfigureAwait(false);
    }

    private static async Task<Document> ApplyAsync(Document document, ImmutableArray<PlannedFix> plans, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var editor = new DeclarationEditor(text);
        foreach (var plan in plans)
            plan.Apply(editor);
        return document.WithText(editor.GetChangedText());
    }
}
