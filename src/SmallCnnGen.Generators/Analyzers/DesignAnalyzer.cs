using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>SCNN4xxx: what a correct network could do better, on the argument that would have to change.</summary>
/// <remarks>
/// An analyzer and not the generator, so that an editor shows the same as a build, severities and suppressions work as
/// for any other analyzer, and nothing here can keep kernels from being generated.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DesignAnalyzer : DiagnosticAnalyzer
{
    private readonly Func<NetworkSpec, CritiqueSettings, CancellationToken, IReadOnlyList<CritiqueFinding>> _critic;

    /// <summary>The analyzer as the compiler loads it.</summary>
    public DesignAnalyzer()
        : this(Critic.Run)
    {
    }

    /// <summary>The analyzer around another critic, for tests of the analyzer itself.</summary>
    internal DesignAnalyzer(Func<NetworkSpec, CritiqueSettings, CancellationToken, IReadOnlyList<CritiqueFinding>> critic) => _critic = critic;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DesignDescriptors.BadThreshold, DiagnosticDescriptors.CriticFailed).AddRange(DesignDescriptors.All);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (WellKnownTypes.FindNetwork(type) is not { } network)
            return;

        var place = type.Locations.FirstOrDefault() ?? Location.None;
        try
        {
            // What has errors is the generator's business; advice on half a network would only mislead.
            if (NetworkParser.Parse(type, context.Compilation, context.CancellationToken) is { Spec: { } spec, Diagnostics.Count: 0 } parsed)
                Judge(context, parsed, spec, network);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.CriticFailed, place, InternalError.Describe(exception)));
        }
    }

    private void Judge(SymbolAnalysisContext context, ParsedNetwork parsed, NetworkSpec spec, AttributeData network)
    {
        spec = BuildProperties.Read(context.Options.AnalyzerConfigOptionsProvider).Complete(spec);

        var tree = network.ApplicationSyntaxReference!.SyntaxTree;
        var options = context.Options.AnalyzerConfigOptionsProvider.GetOptions(tree);
        var problems = new List<string>();

        // Rules that are off are run too: the compiler drops what they say unless .editorconfig turns them on.
        var settings = CritiqueSettings.Read(key => options.TryGetValue(key, out string? text) ? text : null, allRules: true, problems);
        foreach (string problem in problems)
            context.ReportDiagnostic(Diagnostic.Create(DesignDescriptors.BadThreshold, parsed.Positions.Network.Whole.ToLocation(context.Compilation), problem));

        bool isVariant = network.ConstructorArguments.Length > 0;
        foreach (var finding in _critic(spec, settings, context.CancellationToken))
        {
            var position = parsed.Positions.Find(finding.Source);

            // The architecture is a network too and says this itself; twenty variants need not repeat it.
            if (isVariant && finding.Source >= 0 && position.Origin != AttributeOrigin.Own)
                continue;

            // A block's body serves many networks, so the message must name the one that has the numbers.
            string message = position.Origin == AttributeOrigin.Own
                ? finding.Message
                : finding.Message + " (In network '" + parsed.Name + "'.)";
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.Find(finding.RuleId),
                position.Find(finding.Argument).ToLocation(context.Compilation),
                finding.Properties.ToImmutableDictionary(p => p.Key, p => (string?)p.Value),
                message));
        }
    }
}
