using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>Says again, hidden, those of the generator's errors that have a code fix.</summary>
/// <remarks>
/// Editors offer code fixes only for what an analyzer reports (dotnet/roslyn#67354). The errors themselves stay with the
/// generator: a build must show them even where analyzers are switched off, because nothing is generated then.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RepairableErrorAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        DiagnosticDescriptors.ClassShape,
        DiagnosticDescriptors.BadArgument,
        DiagnosticDescriptors.UnknownName,
        DiagnosticDescriptors.DuplicateName,
        DiagnosticDescriptors.BadExpression,
        DiagnosticDescriptors.EmptyNetwork,
        DiagnosticDescriptors.UnusedLayer,
        DiagnosticDescriptors.ShapeMismatch,
        DiagnosticDescriptors.EmptyOutput,
        DiagnosticDescriptors.GroupsDoNotDivide,
        DiagnosticDescriptors.ChannelOutOfRange,
        DiagnosticDescriptors.TensorConflict,
        DiagnosticDescriptors.SizeProduct);

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
        if (WellKnownTypes.FindNetwork(type) is null || NetworkParser.Parse(type, context.Compilation, context.CancellationToken) is not { } network)
            return;

        var found = network.Diagnostics.Where(d => d.Id == DiagnosticIds.ClassShape);
        if (network.Spec is { } spec)
            found = found.Concat(FindingLocator.Locate(network, DeclarationCheck.Run(spec)).Where(d => d.Properties.Count > 0));
        foreach (var diagnostic in found)
        {
            if (SupportedDiagnostics.Any(d => d.Id == diagnostic.Id))
                context.ReportDiagnostic(diagnostic.ToDiagnostic(context.Compilation, DiagnosticSeverity.Hidden));
        }
    }
}
