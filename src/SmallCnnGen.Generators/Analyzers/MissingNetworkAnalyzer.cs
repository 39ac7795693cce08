using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>SCNN1010: layer attributes on a class without [Network], which the generator therefore never sees.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingNetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DiagnosticDescriptors.MissingNetwork);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class || WellKnownTypes.IsBlock(type))
            return;
        if (LayerReader.FirstLayer(type) is not { } layer || WellKnownTypes.FindNetwork(type) is not null)
            return;

        // An attribute class with layers on it can only be meant as a block.
        string message = WellKnownTypes.IsLayer(type)
            ? $"'{type.Name}' has layer attributes and derives from LayerAttribute; derive it from BlockAttribute to make them its body"
            : $"'{type.Name}' has layer attributes but no [Network], so nothing is generated for it; add [Network(Height = ..., Width = ..., Channels = ...)]";

        // Of a partial class, the part that carries the layers.
        var part = layer.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).Parent?.Parent as TypeDeclarationSyntax;
        var location = part?.Identifier.GetLocation() ?? type.Locations.FirstOrDefault() ?? Location.None;
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.MissingNetwork, location, message));
    }
}
