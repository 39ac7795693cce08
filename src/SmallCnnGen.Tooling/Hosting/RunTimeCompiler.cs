using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Generators;

namespace SmallCnnGen.Tooling.Hosting;

/// <summary>
/// Compiles declarations with the generator and loads the result while a program runs: the IL is what a Release build of
/// a user's project has.
/// </summary>
public static class RunTimeCompiler
{
    private const int ShownErrors = 5;

    /// <summary>Compiles sources, optimised, with unsafe code allowed, and loads the assembly for good.</summary>
    /// <param name="assemblyName">Name of the new assembly.</param>
    /// <param name="sources">Path (for messages) and text of each file.</param>
    /// <param name="references">What the sources refer to beside the framework and SmallCnnGen.</param>
    /// <exception cref="InvalidOperationException">There are errors; the message lists the first.</exception>
    public static Assembly Compile(string assemblyName, IEnumerable<(string Path, string Text)> sources, IEnumerable<Assembly> references)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(references);
        CSharpParseOptions parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        CSharpCompilation compilation = CSharpCompilation.Create(
            assemblyName,
            sources.Select(s => CSharpSyntaxTree.ParseText(SourceText.From(s.Text, Encoding.UTF8), parse, s.Path)),
            References(references),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                deterministic: true));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new SmallCnnGenerator().AsSourceGenerator()], parseOptions: parse);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out var generatorDiagnostics);
        using var image = new MemoryStream();
        var emitted = output.Emit(image);
        Diagnostic[] errors = generatorDiagnostics.Concat(emitted.Diagnostics).Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0)
        {
            string more = errors.Length > ShownErrors ? FormattableString.Invariant($"\n... and {errors.Length - ShownErrors} more") : string.Empty;
            throw new InvalidOperationException(string.Join("\n", errors.Take(ShownErrors).Select(e => new DiagnosticFormatter().Format(e, CultureInfo.InvariantCulture))) + more);
        }

        // Not collectible: code of a collectible assembly reaches its statics in a slower way than a user's does.
        image.Position = 0;
        return new AssemblyLoadContext(assemblyName).LoadFromStream(image);
    }

    private static IEnumerable<MetadataReference> References(IEnumerable<Assembly> references)
    {
        // The list of trusted assemblies holds this program's own dependencies too; only the framework's are wanted.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Concat(references.Append(typeof(NetworkAttribute).Assembly).Select(a => a.Location).Distinct())
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
