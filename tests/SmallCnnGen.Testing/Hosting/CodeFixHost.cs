using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.CodeFixes;
using SmallCnnGen.Generators;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>A change that a code fix offers for a diagnostic.</summary>
/// <param name="Title">What an editor's menu says.</param>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Provider">Whose it is.</param>
/// <param name="Action">The change.</param>
public sealed record OfferedFix(string Title, Diagnostic Diagnostic, CodeFixProvider Provider, CodeAction Action);

/// <summary>
/// One source as an editor has it: a workspace whose project runs the generator, every analyzer and every code fix of
/// ours. As in an editor, fixes are offered for what analyzers report, not for what the generator does.
/// </summary>
public sealed class CodeFixHost : IDisposable
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = Create<DiagnosticAnalyzer>(typeof(SmallCnnGenerator));
    private static readonly ImmutableArray<CodeFixProvider> Providers = Create<CodeFixProvider>(typeof(DeclarationFixProvider));

    private readonly AdhocWorkspace _workspace = new();
    private readonly DocumentId _document;

    /// <summary>Opens a source.</summary>
    public CodeFixHost(string source, HostOptions? options = null)
    {
        options ??= HostOptions.Default;
        var compilation = GeneratorHost.CreateCompilation([], options);
        var project = _workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Create(),
            options.AssemblyName,
            options.AssemblyName,
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: new CSharpParseOptions(options.LanguageVersion),
            metadataReferences: compilation.References,
            analyzerReferences: [new GeneratorReference()]));
        _document = DocumentId.CreateNewId(project.Id);
        Solution solution = _workspace.CurrentSolution.AddDocument(_document, "Source.cs", SourceText.From(source), filePath: "/Source.cs");
        if (options.EditorConfig.Length > 0)
            solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(project.Id), ".editorconfig", SourceText.From(options.EditorConfig), filePath: "/.editorconfig");
        Assert(_workspace.TryApplyChanges(solution));
    }

    /// <summary>The source now.</summary>
    public string Text => Document.GetTextAsync().GetAwaiter().GetResult().ToString();

    private Document Document => _workspace.CurrentSolution.GetDocument(_document)!;

    /// <summary>Every fix an editor would offer in the file.</summary>
    public async Task<IReadOnlyList<OfferedFix>> OffersAsync()
    {
        var offers = new List<OfferedFix>();
        foreach (var diagnostic in await DiagnosticsAsync())
        {
            foreach (var provider in Providers.Where(p => p.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                var context = new CodeFixContext(
                    Document, diagnostic, (action, _) => offers.Add(new OfferedFix(action.Title, diagnostic, provider, action)), CancellationToken.None);
                await provider.RegisterCodeFixesAsync(context);
            }
        }

        return offers;
    }

    /// <summary>Makes a change.</summary>
    public async Task ApplyAsync(OfferedFix fix) => await ApplyAsync(fix.Action);

    /// <summary>Makes a change everywhere in the file.</summary>
    public async Task ApplyToAllAsync(OfferedFix fix)
    {
        var context = new FixAllContext(
            Document, fix.Provider, FixAllScope.Document, fix.Action.EquivalenceKey!, [fix.Diagnostic.Id], new DiagnosticSource(this), CancellationToken.None);
        await ApplyAsync(await fix.Provider.GetFixAllProvider()!.GetFixAsync(context) ?? throw new InvalidOperationException("there is nothing to fix"));
    }

    /// <summary>
    /// What one run of "dotnet format analyzers" does: for each id, of the providers that can fix a whole solution, the first that
    /// changes anything, with the key of what it offers for the first diagnostic of whatever id, or none where it offers nothing there.
    /// </summary>
    public async Task FormatAsync()
    {
        foreach (string id in (await DiagnosticsAsync()).Select(d => d.Id).Distinct())
        {
            IReadOnlyList<Diagnostic> all = await DiagnosticsAsync();
            foreach (var provider in Providers.Where(p => all.Any(d => d.Id == id) && p.FixableDiagnosticIds.Contains(id)))
            {
                if (provider.GetFixAllProvider() is not { } together || !together.GetSupportedFixAllScopes().Contains(FixAllScope.Solution))
                    continue;
                CodeAction? first = null;
                await provider.RegisterCodeFixesAsync(new CodeFixContext(Document, all[0], (action, _) => first ??= action, CancellationToken.None));
                var context = new FixAllContext(Document, provider, FixAllScope.Solution, first?.EquivalenceKey!, [id], new DiagnosticSource(this), CancellationToken.None);
                if (await together.GetFixAsync(context) is not { } action)
                    continue;

                // A new version of the same text counts as a change.
                Solution before = _workspace.CurrentSolution;
                await ApplyAsync(action);
                if (_workspace.CurrentSolution.GetChanges(before).GetProjectChanges().Any())
                    break;
            }
        }
    }

    /// <summary>Errors, of the compiler, the generator and its output, and warnings of ours.</summary>
    public IReadOnlyList<Diagnostic> Problems(HostOptions? options = null) => GeneratorHost.Run(Text, options).Diagnostics
        .Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && d.Id.StartsWith("SCNN", StringComparison.Ordinal)))
        .ToArray();

    /// <summary>What the analyzers report in the file, hidden or not.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync()
    {
        var compilation = (await Document.Project.GetCompilationAsync())!;
        var tree = await Document.GetSyntaxTreeAsync();
        var all = await compilation.WithAnalyzers(Analyzers, Document.Project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        return all.Where(d => d.Location.SourceTree == tree || d.Id == "AD0001").OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id, StringComparer.Ordinal).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    private static void Assert(bool isDone)
    {
        if (!isDone)
            throw new InvalidOperationException("the workspace refuses the source");
    }

    private async Task ApplyAsync(CodeAction action)
    {
        foreach (var operation in await action.GetOperationsAsync(CancellationToken.None))
            operation.Apply(_workspace, CancellationToken.None);
    }

    private static ImmutableArray<T> Create<T>(Type anchor) => anchor.Assembly.GetTypes()
        .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(T)))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (T)Activator.CreateInstance(t)!)
        .ToImmutableArray();

    /// <summary>The generator as a project refers to it.</summary>
    private sealed class GeneratorReference : AnalyzerReference
    {
        // The workspace keeps books by the instance.
        private readonly ImmutableArray<ISourceGenerator> _generators = [new SmallCnnGenerator().AsSourceGenerator()];

        public override string? FullPath => null;

        public override object Id => typeof(SmallCnnGenerator);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;

        public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => _generators;
    }

    private sealed class DiagnosticSource(CodeFixHost host) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => await host.DiagnosticsAsync();

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => await host.DiagnosticsAsync();

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
