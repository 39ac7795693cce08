using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators;

/// <summary>Compiles every [Network] class of a project into the rest of that class.</summary>
/// <remarks>
/// The specification and the source positions part right after parsing: compilation depends on the first only, so
/// that typing above a network costs nothing, and they meet again where diagnostics are made.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class SmallCnnGenerator : IIncrementalGenerator
{
    private readonly Func<NetworkSpec, CancellationToken, CompileResult> _compile;

    /// <summary>The generator as the compiler loads it.</summary>
    public SmallCnnGenerator()
        : this(NetworkCompiler.Compile)
    {
    }

    /// <summary>The pipeline around another compiler, for tests of the pipeline itself.</summary>
    internal SmallCnnGenerator(Func<NetworkSpec, CancellationToken, CompileResult> compile) => _compile = compile;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownTypes.Network,
                static (node, _) => node is TypeDeclarationSyntax,
                NetworkParser.Parse)
            .Where(static network => network is not null)
            .Select(static (network, _) => network!)
            .WithTrackingName(TrackingNames.ParseNetwork);

        var properties = context.AnalyzerConfigOptionsProvider
            .Select(static (provider, _) => BuildProperties.Read(provider))
            .WithTrackingName(TrackingNames.ReadBuildProperties);

        // One bit of the compilation, the same after every edit.
        var isDebug = context.CompilationProvider
            .Select(static (compilation, _) => compilation.Options.OptimizationLevel == OptimizationLevel.Debug)
            .WithTrackingName(TrackingNames.ReadOptimisation);

        var compiled = parsed
            .Combine(properties.Combine(isDebug))
            .Select(static (pair, _) => Configure(pair.Left, pair.Right.Left, pair.Right.Right))
            .WithTrackingName(TrackingNames.ConfigureNetwork)
            .Select((network, token) => Compile(network, token))
            .WithTrackingName(TrackingNames.CompileNetwork);

        // Hint names are compared without regard to case; almost always this is an empty list that never changes.
        var clashes = parsed
            .Select(static (network, _) => network.Name)
            .Collect()
            .Select(static (names, _) => FindClashes(names));

        var sources = compiled
            .Where(static network => network.Result.Files.Count > 0)
            .Combine(clashes)
            .Select(static (pair, _) => NameFiles(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.EmitSources);

        // All files are ordinary outputs: the API's bodies name the kernels, so an editor needs both.
        context.RegisterSourceOutput(sources, static (output, files) =>
        {
            foreach (var file in files)
            {
                output.CancellationToken.ThrowIfCancellationRequested();
                output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8, SourceHashAlgorithm.Sha256));
            }
        });

        var findings = compiled
            .Where(static network => network.Result.Findings.Count > 0)
            .Select(static (network, _) => new NetworkFindings(network.Name, network.Result.Findings))
            .Collect()
            .Select(static (all, _) => new EquatableArray<NetworkFindings>(all));

        var diagnostics = parsed
            .Combine(findings)
            .Combine(properties)
            .Select(static (pair, _) => Locate(pair.Left.Left, pair.Left.Right, pair.Right))
            .WithTrackingName(TrackingNames.ReportDiagnostics)
            .Where(static list => list.Count > 0);

        // Only what is wrong meets the compilation, whose trees make #pragma and .editorconfig work. A correct
        // network never gets here, so nothing of it runs again when another file is edited.
        context.RegisterSourceOutput(diagnostics.Combine(context.CompilationProvider), static (output, pair) =>
        {
            foreach (var diagnostic in pair.Left)
                output.ReportDiagnostic(diagnostic.ToDiagnostic(pair.Right));
        });
    }

    private static ConfiguredNetwork Configure(ParsedNetwork network, BuildProperties properties, bool isDebug)
    {
        var spec = network.Spec is null ? null : properties.Complete(network.Spec, isDebug);
        return new ConfiguredNetwork(network.Name, spec, network.CanEmit, network.Stub, properties.DeclarationsOnly);
    }

    private CompiledNetwork Compile(ConfiguredNetwork network, CancellationToken cancellation)
    {
        CompileResult result;
        try
        {
            result = network.Spec is null ? new CompileResult(default, default)
                : network.CheckOnly ? NetworkCompiler.Check(network.Spec, cancellation) : _compile(network.Spec, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An exception would take down every other network of the project with CS8785.
            result = new CompileResult(default, new EquatableArray<Finding>(
                new Finding(DiagnosticIds.Internal, InternalError.Describe(exception), -1)));
        }

        return new CompiledNetwork(network.Name, network.CanEmit && result.Files.Count > 0 ? result : result with { Files = Stand(network, result.Findings) });
    }

    /// <summary>What stands in for the files of a network that has none.</summary>
    private static EquatableArray<GeneratedFile> Stand(ConfiguredNetwork network, EquatableArray<Finding> findings)
    {
        if (network.Stub is not { } stub || network.CheckOnly)
            return default;
        string? blame = stub.Blame ?? findings.FirstOrDefault(f => !DiagnosticIds.IsWarning(f.Id))?.Id;
        return new EquatableArray<GeneratedFile>(StubEmitter.Emit(stub, blame));
    }

    /// <summary>Names that differ from an earlier one in case only.</summary>
    private static EquatableArray<string> FindClashes(ImmutableArray<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return new EquatableArray<string>(names
            .Distinct(StringComparer.Ordinal)
            .OrderBy(static name => name, StringComparer.Ordinal)
            .Where(name => !seen.Add(name)));
    }

    private static EquatableArray<GeneratedFile> NameFiles(CompiledNetwork network, EquatableArray<string> clashes)
    {
        int clash = -1;
        for (int i = 0; i < clashes.Count; i++)
        {
            if (clashes[i] == network.Name)
                clash = i;
        }

        // '@' before a keyword is no part of a name and not allowed in a hint.
        string prefix = clash < 0 ? string.Empty : FormattableString.Invariant($"_{clash + 2}.");
        return new EquatableArray<GeneratedFile>(network.Result.Files.Select(file =>
            file with { HintName = prefix + file.HintName.Replace("@", string.Empty) }));
    }

    private static EquatableArray<DiagnosticInfo> Locate(
        ParsedNetwork network, EquatableArray<NetworkFindings> all, BuildProperties properties)
    {
        var diagnostics = new List<DiagnosticInfo>(network.Diagnostics);
        if (properties.InvalidVectorBits is { } bits && network.Spec is { Options.VectorBits: 0 })
        {
            diagnostics.Add(new DiagnosticInfo(
                DiagnosticIds.BadArgument,
                $"The build property SmallCnnGenVectorBits is \"{bits}\"; it must be auto, 128, 256 or 512, or several with a plus between (256+512)",
                network.Positions.Network.Whole));
        }

        if (properties.InvalidWinograd is { } winograd && network.Spec is { Options.Winograd: null })
        {
            diagnostics.Add(new DiagnosticInfo(
                DiagnosticIds.BadArgument,
                $"The build property SmallCnnGenWinograd is \"{winograd}\"; it must be true or false",
                network.Positions.Network.Whole));
        }

        if (properties.InvalidReadyToRun is { } readyToRun)
        {
            diagnostics.Add(new DiagnosticInfo(
                DiagnosticIds.BadArgument,
                $"The build property SmallCnnGenReadyToRun is \"{readyToRun}\"; it must be auto, false, 128, 256 or 512",
                network.Positions.Network.Whole));
        }

        foreach (var entry in all)
        {
            if (entry.Name != network.Name)
                continue;
            diagnostics.AddRange(FindingLocator.Locate(network, entry.Findings));
        }

        return new EquatableArray<DiagnosticInfo>(diagnostics);
    }
}
