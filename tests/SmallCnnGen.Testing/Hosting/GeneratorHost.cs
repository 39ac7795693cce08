using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Generators;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>Compiles sources in memory with the generator, as the C# compiler would in a build.</summary>
/// <example>
/// <code>
/// var result = GeneratorHost.Run([("Net.cs", text)]);
/// result.EnsureClean();
/// using var loaded = result.Load();
/// var type = loaded.Assembly.GetType("Net");
/// </code>
/// </example>
public static class GeneratorHost
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> SharedReferences = new(FindReferences);

    /// <summary>Warnings of every version of C#, as the SDK's newest analysis level has them.</summary>
    private const int AllWarnings = 9999;

    /// <summary>The framework and SmallCnnGen.dll; nothing else of the test process is visible to hosted code.</summary>
    public static ImmutableArray<MetadataReference> References => SharedReferences.Value;

    /// <summary>Compiles one source.</summary>
    public static HostResult Run(string source, HostOptions? options = null) => Run([("Source.cs", source)], options);

    /// <summary>
    /// Compiles sources with the generator. Many networks in one call share one compilation, which is far cheaper
    /// than a call for each.
    /// </summary>
    /// <param name="sources">Path and text of each file.</param>
    /// <param name="options">How; <see cref="HostOptions.Default"/> when null.</param>
    public static HostResult Run(IEnumerable<(string Path, string Text)> sources, HostOptions? options = null)
    {
        options ??= HostOptions.Default;
        var parse = ParseOptions(options);
        var generator = options.Generator ?? new SmallCnnGenerator();
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            options.RunGenerator ? [generator.AsSourceGenerator()] : [],
            parseOptions: parse,
            optionsProvider: new ConfigProvider(options),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return HostResult.Create(driver, CreateCompilation(sources, options), new AnalyzerOptions([], new ConfigProvider(options)));
    }

    /// <summary>The compilation of some sources before any generator ran.</summary>
    public static CSharpCompilation CreateCompilation(IEnumerable<(string Path, string Text)> sources, HostOptions? options = null)
    {
        options ??= HostOptions.Default;
        var parse = ParseOptions(options);
        return CSharpCompilation.Create(
            options.AssemblyName,
            sources.Select(s => ParseText(s.Text, s.Path, parse)),
            References.AddRange(options.References),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: options.AllowUnsafe,
                checkOverflow: options.CheckOverflow,
                warningLevel: AllWarnings,
                optimizationLevel: options.Optimize ? OptimizationLevel.Release : OptimizationLevel.Debug,
                nullableContextOptions: options.Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable,
                deterministic: true).WithSyntaxTreeOptionsProvider(options.EditorConfig.Length == 0 ? null : new ConfigSeverities(options)));
    }

    /// <summary>
    /// Compiles sources, without the generator, into a reference for another compilation; as real metadata, because
    /// a compilation reference would hand over source symbols.
    /// </summary>
    public static MetadataReference CompileReference(string assemblyName, string source, HostOptions? options = null)
    {
        options = (options ?? HostOptions.Default) with { AssemblyName = assemblyName, RunGenerator = false };
        var result = Run([(assemblyName + ".cs", source)], options);
        using var stream = new MemoryStream();
        result.Emit(stream);
        return MetadataReference.CreateFromImage(stream.ToArray(), filePath: assemblyName + ".dll");
    }

    private static CSharpParseOptions ParseOptions(HostOptions options) =>
        new(options.LanguageVersion, options.Documentation);

    private static SyntaxTree ParseText(string text, string path, CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8, SourceHashAlgorithm.Sha256), options, path);

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        // The list of trusted assemblies holds the test's own dependencies too; only the framework's are wanted.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(LayerAttribute).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToImmutableArray();
    }
}
