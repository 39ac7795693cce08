using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Generators;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Acceptance;

/// <summary>An assembly with the networks of some cases.</summary>
internal sealed record CompiledUnit(byte[] Image, IReadOnlyList<CaseRun> Runs, double GeneratorSeconds, long EmittedBytes);

/// <summary>Compiles declarations with the real generator, in memory.</summary>
internal sealed class BatchCompiler
{
    private const string AdapterPrefix = "Adapter.";

    private static readonly CSharpParseOptions s_parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp12);

    private readonly IReadOnlyList<MetadataReference> _references;
    private int _assemblies;

    public BatchCompiler()
    {
        // What a user's project sees, the Zoo's declarations, and the adapters' interface; not the compiler, whose names
        // would shadow.
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator)
            .Where(p => System.IO.Path.GetDirectoryName(p) == System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location));
        _references = framework
            .Append(typeof(SmallCnnGen.NetworkAttribute).Assembly.Location)
            .Append(typeof(SmallCnnGen.Zoo.ResNet18).Assembly.Location)
            .Append(typeof(IKitNetwork).Assembly.Location)
            .Select(p => (MetadataReference)MetadataReference.CreateFromFile(p)).ToArray();
    }

    /// <summary>
    /// Compiles cases together. A case whose declaration or code is refused is reported and the rest compiled without it.
    /// </summary>
    public List<CompiledUnit> Compile(IReadOnlyList<CaseRun> runs, Action<CaseRun, Outcome> refused)
    {
        var units = new List<CompiledUnit>();
        Compile(runs, refused, units);
        return units;
    }

    private void Compile(IReadOnlyList<CaseRun> runs, Action<CaseRun, Outcome> refused, List<CompiledUnit> units)
    {
        if (runs.Count == 0)
            return;

        CSharpCompilation compilation = CSharpCompilation.Create(
            "KitNetworks" + (_assemblies++).ToString(System.Globalization.CultureInfo.InvariantCulture),
            runs.SelectMany(r => new[]
            {
                Parse(r.Declaration, r.Path),
                Parse(r.Adapter, AdapterPrefix + r.Path),
            }),
            _references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                concurrentBuild: true));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new SmallCnnGenerator().AsSourceGenerator()], parseOptions: s_parse);
        var clock = Stopwatch.StartNew();
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var generatorDiagnostics);

        double generatorSeconds = clock.Elapsed.TotalSeconds;
        long emittedBytes = driver.GetRunResult().GeneratedTrees.Sum(t => (long)t.Length);
        if (Refuse(runs, generatorDiagnostics, refused, units))
            return;

        using var stream = new MemoryStream();
        var result = output.Emit(stream);
        if (Refuse(runs, result.Diagnostics, refused, units))
            return;
        units.Add(new CompiledUnit(stream.ToArray(), runs, generatorSeconds, emittedBytes));
    }

    /// <summary>
    /// Books what the diagnostics say against the cases they lie in, and compiles the others again.
    /// </summary>
    /// <returns>Whether there was anything to refuse.</returns>
    private bool Refuse(IReadOnlyList<CaseRun> runs, IEnumerable<Diagnostic> diagnostics, Action<CaseRun, Outcome> refused, List<CompiledUnit> units)
    {
        // Warnings count: generated code must be free of them.
        Diagnostic[] bad = diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToArray();
        if (bad.Length == 0)
            return false;

        var byRun = new Dictionary<CaseRun, List<Diagnostic>>();
        foreach (Diagnostic diagnostic in bad)
        {
            if (Owner(runs, diagnostic) is { } run)
            {
                if (!byRun.TryGetValue(run, out List<Diagnostic>? list))
                    byRun.Add(run, list = []);
                list.Add(diagnostic);
            }
        }

        if (byRun.Count == 0)
        {
            // Nobody's in particular: halve until it is.
            Compile(runs.Take(runs.Count / 2).ToArray(), refused, units);
            Compile(runs.Skip(runs.Count / 2).ToArray(), refused, units);
            return true;
        }

        foreach ((CaseRun run, List<Diagnostic> list) in byRun)
            refused(run, Explain(list));
        Compile(runs.Where(r => !byRun.ContainsKey(r)).ToArray(), refused, units);
        return true;
    }

    private static CaseRun? Owner(IReadOnlyList<CaseRun> runs, Diagnostic diagnostic)
    {
        if (runs.Count == 1)
            return runs[0];
        string path = diagnostic.Location.SourceTree?.FilePath ?? diagnostic.Location.GetLineSpan().Path ?? string.Empty;
        string[] parts = System.IO.Path.GetFileName(path).Split('.');
        return runs.FirstOrDefault(r => parts.Contains(r.TypeName));
    }

    private static Outcome Explain(List<Diagnostic> diagnostics)
    {
        // The adapter fails with a class that was not generated; a cause, if anyone names one, comes first.
        Diagnostic first = diagnostics.OrderByDescending(d => d.Severity).ThenBy(d => d.Id.StartsWith("SCNN", StringComparison.Ordinal) ? 0 : IsInAdapter(d) ? 2 : 1).First();
        string message = first.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        string more = diagnostics.Count > 1 ? $" (and {diagnostics.Count - 1} more)" : string.Empty;
        FileLinePositionSpan span = first.Location.GetLineSpan();
        string where = span.IsValid ? $" at {System.IO.Path.GetFileName(span.Path)}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})" : string.Empty;
        if (IsInAdapter(first))
            where += " (the generated class is missing or lacks what a user calls)";
        return Outcome.Fail($"{first.Severity.ToString().ToLowerInvariant()} {first.Id}{where}: {message}{more}");
    }

    private static bool IsInAdapter(Diagnostic diagnostic) => diagnostic.Location.SourceTree?.FilePath.StartsWith(AdapterPrefix, StringComparison.Ordinal) == true;

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), s_parse, path);
}
