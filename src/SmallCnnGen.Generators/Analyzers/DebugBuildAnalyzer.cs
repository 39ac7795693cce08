using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>SCNN0003: a network whose kernels are compiled without optimisation.</summary>
/// <remarks>An analyzer, so that it is one more thing to switch off and the generator need not run for it.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DebugBuildAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DiagnosticDescriptors.DebugBuild);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.Options.OptimizationLevel != OptimizationLevel.Debug)
            return;
        var properties = BuildProperties.Read(context.Options.AnalyzerConfigOptionsProvider);
        if (properties.DebugNote && !properties.DeclarationsOnly)
            context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (WellKnownTypes.FindNetwork(type) is not { } network)
            return;

        // Of a partial class, the part that carries [Network]: others are generated.
        var tree = network.ApplicationSyntaxReference?.SyntaxTree;
        var place = type.Locations.FirstOrDefault(l => l.SourceTree == tree) ?? Location.None;
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.DebugBuild,
            place,
            $"The kernels of '{type.Name}' are compiled without optimisation (a Debug build) and run 10 to 30 times slower; measure with: dotnet run -c Release"));
    }
}
