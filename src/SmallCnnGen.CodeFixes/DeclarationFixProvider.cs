using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

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

            var changed = await ChangeAsync(context.Document, new[] { plan }, context.CancellationToken).ConfigureAwait(false);
            if (IsAdvice(diagnostic) && !await Soundness.IsKeptAsync(context.Document, changed, context.CancellationToken).ConfigureAwait(false))
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(
                    plan.Title,
                    _ => Task.FromResult(context.Document.WithText(changed)),
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
        var plans = new List<PlannedFix>();
        bool isAdvice = false;
        foreach (var diagnostic in diagnostics)
        {
            if (EquivalenceKey(diagnostic) != context.CodeActionEquivalenceKey)
                continue;
            if (await FixTarget.FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } target && Plan(target) is { } plan)
                plans.Add(plan);
            isAdvice |= IsAdvice(diagnostic);
        }

        var changed = await ChangeAsync(document, plans, context.CancellationToken).ConfigureAwait(false);
        if (!isAdvice || await Soundness.IsKeptAsync(document, changed, context.CancellationToken).ConfigureAwait(false))
            return document.WithText(changed);

        // Not all can be followed, or not together: take them one by one, those that fit.
        var kept = new List<PlannedFix>();
        foreach (var plan in plans)
        {
            kept.Add(plan);
            changed = await ChangeAsync(document, kept, context.CancellationToken).ConfigureAwait(false);
            if (!await Soundness.IsKeptAsync(document, changed, context.CancellationToken).ConfigureAwait(false))
                kept.Remove(plan);
        }

        return document.WithText(await ChangeAsync(document, kept, context.CancellationToken).ConfigureAwait(false));
    }

    /// <summary>Errors are mended one after the other; a network that only gets advice is right, and must stay so.</summary>
    private static bool IsAdvice(Diagnostic diagnostic) => diagnostic.Id.StartsWith("SCNN4", System.StringComparison.Ordinal);

    private static async Task<SourceText> ChangeAsync(Document document, IReadOnlyList<PlannedFix> plans, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var editor = new DeclarationEditor(text);
        foreach (var plan in plans)
            plan.Apply(editor);
        return editor.GetChangedText();
    }
}
