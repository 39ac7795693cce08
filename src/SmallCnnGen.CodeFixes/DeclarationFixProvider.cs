using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace SmallCnnGen.CodeFixes;

/// <summary>All fixes but one: a diagnostic becomes a planned change of text, and many plans of one document become one.</summary>
/// <remarks>
/// One provider for all kinds of change, and one key for all fixes: "dotnet format" asks for each id the first provider that
/// changes anything, with the key of the first fix of whatever id, and would leave the rest to further runs. "Fix all" is about
/// one id anyway.
/// Exported without [Shared]: editors make one provider for each reference anyway, and the attribute would bind this
/// assembly to one version of System.Composition.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclarationFixProvider))]
public sealed class DeclarationFixProvider : CodeFixProvider
{
    private static readonly IFixPlanner[] Planners =
    {
        new AddNetworkPlanner(), new InsertLayerPlanner(), new MakePartialPlanner(), new RemoveArgumentPlanner(), new RemoveModifierPlanner(),
        new ReplaceLayerPlanner(), new ReplaceWordPlanner(), new SetArgumentPlanner(),
    };

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => FixableIds.All;

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
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
                    nameof(DeclarationFixProvider)),
                diagnostic);
        }
    }

    /// <summary>The change for one diagnostic, or null when it has none.</summary>
    private static PlannedFix? Plan(FixTarget target) => Planners.Select(p => p.Plan(target)).FirstOrDefault(p => p is not null);

    private static async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var plans = new List<PlannedFix>();
        bool isAdvice = false;
        foreach (var diagnostic in diagnostics)
        {
            if (await FixTarget.FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } target && Plan(target) is { } plan)
                plans.Add(plan);
            isAdvice |= IsAdvice(diagnostic);
        }

        // A document with a new version of the same text would count as changed.
        if (plans.Count == 0)
            return null;
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

        if (kept.Count == 0)
            return null;
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
