using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Parsing;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>SCNN1017: Run of a network is given bytes, doubles or a picture of several dimensions.</summary>
/// <remarks>
/// The C# compiler says that there is no conversion (CS1503); this says how to make one. An overload would have to guess what
/// the network was trained on: a byte may stand for itself, for itself / 255, or for what a mean and a deviation make of it.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RunArgumentAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DiagnosticDescriptors.RunArgument);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.InvocationExpression);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        string? name = call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
            IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
            _ => null,
        };
        if (name != "Run")
            return;
        var symbols = context.SemanticModel.GetSymbolInfo(call, context.CancellationToken);
        if (symbols.Symbol is not null)
            return;
        foreach (var run in symbols.CandidateSymbols.OfType<IMethodSymbol>())
        {
            // With Trace there are two; the one that takes as many arguments is meant.
            if (run.Parameters.Length == call.ArgumentList.Arguments.Count && WellKnownTypes.FindNetwork(run.ContainingType) is not null)
            {
                Explain(context, call, run);
                return;
            }
        }
    }

    private static void Explain(SyntaxNodeAnalysisContext context, InvocationExpressionSyntax call, IMethodSymbol run)
    {
        for (int i = 0; i < call.ArgumentList.Arguments.Count; i++)
        {
            var argument = call.ArgumentList.Arguments[i];
            var parameter = argument.NameColon is { } named
                ? run.Parameters.FirstOrDefault(p => p.Name == named.Name.Identifier.ValueText)
                : run.Parameters[i];
            if (parameter?.Type is not INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" } span)
                continue;
            if (context.SemanticModel.GetTypeInfo(argument.Expression, context.CancellationToken).Type is not { TypeKind: not TypeKind.Error } type)
                continue;
            if (context.SemanticModel.ClassifyConversion(argument.Expression, span).IsImplicit)
                continue;
            string text = argument.Expression.WithoutTrivia().ToString();
            if (Remedy(type, IsShort(text) ? text : parameter.Name, isOutput: span.Name == "Span") is not { } remedy)
                continue;
            string format = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.RunArgument,
                argument.GetLocation(),
                $"Run of '{run.ContainingType.Name}' {(span.Name == "Span" ? "writes" : "reads")} floats in a row (row by row, pixel by pixel, the channels of a pixel side by side: HWC), and '{parameter.Name}' is given {format}; {remedy}"));
        }
    }

    private static bool IsShort(string text) => text.Length <= 60 && text.IndexOf('\n') < 0;

    /// <summary>One line that makes floats in a row of it, or null where none is known.</summary>
    private static string? Remedy(ITypeSymbol type, string value, bool isOutput)
    {
        var (element, rank) = Elements(type);
        if (element is null)
            return null;
        bool isFloat = element.SpecialType == SpecialType.System_Single;
        if (type is IArrayTypeSymbol { Rank: > 1 } && isFloat)
            return $"if its dimensions are [height, width, channels], pass MemoryMarshal.CreateSpan(ref {value}[{Zeros(rank)}], {value}.Length) (System.Runtime.InteropServices); one of [channels, height, width] has to be reordered first";
        if (isOutput)
            return isFloat && IsList(type) ? $"pass CollectionsMarshal.AsSpan({value}) (System.Runtime.InteropServices)" : "pass a float[] of OutputLength elements and convert it afterwards";
        if (type is IArrayTypeSymbol { Rank: > 1 })
            return "fill a float[] of InputLength elements from it: element (row, column, channel) at (row * Width + column) * Channels + channel";
        if (type is IArrayTypeSymbol { ElementType: IArrayTypeSymbol })
            return "copy its rows one after the other into a float[] of InputLength elements: element (row, column, channel) at (row * Width + column) * Channels + channel";
        if (isFloat)
            return IsMemory(type) ? $"pass {value}.Span" : IsList(type) ? $"pass CollectionsMarshal.AsSpan({value}) (System.Runtime.InteropServices)" : $"pass {value}.ToArray()";
        string array = type is IArrayTypeSymbol ? value : value + ".ToArray()";
        return element.SpecialType switch
        {
            SpecialType.System_Byte => $"scale it as in training, for example Array.ConvertAll({array}, x => x / 255f)",
            SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Int32
                or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64 => $"pass Array.ConvertAll({array}, x => (float)x), scaled as in training",
            _ when element is { Name: "Half", ContainingNamespace.Name: "System" } => $"pass Array.ConvertAll({array}, x => (float)x)",
            _ => null,
        };
    }

    /// <summary>What a collection holds, and in how many dimensions; null for anything else.</summary>
    private static (ITypeSymbol? Element, int Rank) Elements(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            ITypeSymbol element = array.ElementType;
            while (element is IArrayTypeSymbol inner)
                element = inner.ElementType;
            return (element, array.Rank);
        }

        bool isCollection = type is INamedTypeSymbol { Arity: 1 }
            && (type.Name is "Span" or "ReadOnlySpan" || IsMemory(type) || IsList(type) || IsEnumerable(type) || type.AllInterfaces.Any(IsEnumerable));
        return isCollection ? (((INamedTypeSymbol)type).TypeArguments[0], 1) : (null, 0);
    }

    private static bool IsEnumerable(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T;

    private static bool IsMemory(ITypeSymbol type) => type is { Name: "Memory" or "ReadOnlyMemory", ContainingNamespace.Name: "System" };

    private static bool IsList(ITypeSymbol type) => type is { Name: "List", ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } };

    private static string Zeros(int rank) => string.Join(", ", Enumerable.Repeat("0", rank));
}
