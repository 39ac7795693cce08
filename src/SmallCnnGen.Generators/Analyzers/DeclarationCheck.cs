using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Parsing;

namespace SmallCnnGen.Generators.Analyzers;

/// <summary>What is wrong with a declaration, without planning or emitting anything.</summary>
internal static class DeclarationCheck
{
    private const int AnyVectorBits = 256;

    /// <summary>Findings about a network that could be parsed; a failure of ours is none, because the generator reports it.</summary>
    public static IReadOnlyList<Finding> Run(NetworkSpec spec)
    {
        // Which width it will be makes no difference to what can be wrong here.
        if (spec.Options.VectorBits == 0)
            spec = spec with { Options = spec.Options with { VectorBits = AnyVectorBits } };
        var findings = new FindingList();
        try
        {
            SpecExpander.Expand(spec, findings);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Array.Empty<Finding>();
        }

        return findings.Items;
    }

    /// <summary>How many findings a class has, or null when it has errors. A class that is no network has none.</summary>
    public static int? CountWarnings(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        if (WellKnownTypes.FindNetwork(type) is null || NetworkParser.Parse(type, compilation, cancellation) is not { } network)
            return 0;
        if (network.Spec is not { } spec || network.Diagnostics.Count > 0)
            return null;
        var findings = Run(spec);
        foreach (var finding in findings)
        {
            if (!DiagnosticIds.IsWarning(finding.Id))
                return null;
        }

        return findings.Count;
    }
}
