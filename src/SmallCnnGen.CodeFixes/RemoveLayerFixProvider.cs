using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Takes away a layer that leads nowhere.</summary>
/// <remarks>
/// A provider of its own, without "fix all": as likely the layer is right and the one that should read it is wrong, so no layer
/// goes that nobody has looked at, whatever severity a project gives the rule and however often it runs "dotnet format".
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLayerFixProvider))]
public sealed class RemoveLayerFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.UnusedLayer);

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixTarget.FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { Attribute: { } attribute } target
                || !target.Wants(FixProperties.RemoveLayer))
            {
                continue;
            }

            var editor = new DeclarationEditor(await context.Document.GetTextAsync(context.CancellationToken).ConfigureAwait(false));
            editor.Remove(attribute);
            SourceText changed = editor.GetChangedText();
            context.RegisterCodeFix(
                CodeAction.Create($"Remove [{attribute}]", _ => Task.FromResult(context.Document.WithText(changed)), nameof(RemoveLayerFixProvider)),
                diagnostic);
        }
    }
}
