using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>What came out of one run of <see cref="GeneratorHost"/>.</summary>
public sealed class HostResult
{
    private static readonly DiagnosticFormatter Formatter = new();
    private readonly Lazy<ImmutableArray<Diagnostic>> _diagnostics;

    private readonly AnalyzerOptions _analyzerOptions;

    private HostResult(
        GeneratorDriver driver, CSharpCompilation input, CSharpCompilation output, ImmutableArray<Diagnostic> generatorDiagnostics, AnalyzerOptions analyzerOptions)
    {
        _analyzerOptions = analyzerOptions;
        Driver = driver;
        InputCompilation = input;
        OutputCompilation = output;
        GeneratorDiagnostics = generatorDiagnostics;
        _diagnostics = new(() => GeneratorDiagnostics
            .AddRange(OutputCompilation.GetDiagnostics().Where(d => d.Severity != DiagnosticSeverity.Hidden)));
    }

    /// <summary>The driver after the run, with its cache and tracked steps.</summary>
    public GeneratorDriver Driver { get; }

    /// <summary>The sources alone.</summary>
    public CSharpCompilation InputCompilation { get; }

    /// <summary>The sources and what was generated.</summary>
    public CSharpCompilation OutputCompilation { get; }

    /// <summary>What the generator reported.</summary>
    public ImmutableArray<Diagnostic> GeneratorDiagnostics { get; }

    /// <summary>What the generator and the C# compiler reported, warnings included.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.Value;

    /// <summary>Generated files by hint name.</summary>
    public ImmutableArray<GeneratedSourceResult> GeneratedSources =>
        Driver.GetRunResult().Results.SelectMany(r => r.GeneratedSources).ToImmutableArray();

    /// <summary>The first run of a driver.</summary>
    internal static HostResult Create(GeneratorDriver driver, CSharpCompilation input, AnalyzerOptions analyzerOptions)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out var diagnostics);
        return new HostResult(driver, input, (CSharpCompilation)output, diagnostics, analyzerOptions);
    }

    /// <summary>Runs the same driver, with its cache, on an edited compilation.</summary>
    public HostResult Rerun(Func<CSharpCompilation, CSharpCompilation> edit) => Create(Driver, edit(InputCompilation), _analyzerOptions);

    /// <summary>Runs the same driver after one file's text was replaced.</summary>
    public HostResult RerunWithText(string path, string text) => Rerun(compilation =>
    {
        var tree = compilation.SyntaxTrees.Single(t => t.FilePath == path);
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, path, Encoding.UTF8));
    });

    /// <summary>What analyzers say about the sources and what was generated; an analyzer that throws says so as AD0001.</summary>
    public ImmutableArray<Diagnostic> Analyze(params DiagnosticAnalyzer[] analyzers) =>
        OutputCompilation.WithAnalyzers(analyzers.ToImmutableArray(), _analyzerOptions).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();

    /// <summary>Throws, with numbered source lines, when there is any error or warning.</summary>
    public HostResult EnsureClean()
    {
        if (!Diagnostics.IsEmpty)
            throw new InvalidOperationException(Describe(Diagnostics));
        return this;
    }

    /// <summary>Writes the assembly; throws on errors.</summary>
    /// <param name="assembly">Where the assembly goes.</param>
    /// <param name="symbols">Where a portable PDB goes, if wanted.</param>
    /// <param name="resources">Resources to embed.</param>
    public void Emit(Stream assembly, Stream? symbols = null, IEnumerable<ResourceDescription>? resources = null)
    {
        var result = OutputCompilation.Emit(assembly, symbols, manifestResources: resources);
        var errors = GeneratorDiagnostics.Concat(result.Diagnostics).Where(d => d.Severity == DiagnosticSeverity.Error && !d.IsSuppressed).ToList();
        if (errors.Count > 0)
            throw new InvalidOperationException(Describe(errors));
    }

    /// <summary>Compiles to an assembly and loads it where it can be unloaded; throws on errors.</summary>
    /// <param name="resources">Resources to embed.</param>
    public LoadedAssembly Load(IEnumerable<ResourceDescription>? resources = null)
    {
        using var stream = new MemoryStream();
        Emit(stream, resources: resources);
        stream.Position = 0;
        return new LoadedAssembly(stream, OutputCompilation.AssemblyName!);
    }

    /// <summary>Diagnostics as text, each with the lines around it.</summary>
    public static string Describe(IEnumerable<Diagnostic> diagnostics)
    {
        const int context = 2;
        const int most = 20;
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics.Take(most))
        {
            text.Append(Formatter.Format(diagnostic, CultureInfo.InvariantCulture)).Append('\n');
            if (diagnostic.Location.SourceTree?.GetText() is not { } source)
                continue;
            int line = diagnostic.Location.GetLineSpan().StartLinePosition.Line;
            int last = Math.Min(source.Lines.Count - 1, line + context);
            for (int i = Math.Max(0, line - context); i <= last; i++)
            {
                text.Append(i == line ? "  > " : "    ")
                    .Append((i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(5)).Append(": ")
                    .Append(source.Lines[i].ToString()).Append('\n');
            }
        }

        return text.ToString();
    }
}
