using System;
using System.Collections.Generic;
using System.Threading;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler;

/// <summary>One generated source file.</summary>
/// <param name="HintName">Unique name within the compilation ("Shop.MobileNet.g.cs").</param>
/// <param name="Text">Contents; lines end in \n.</param>
public sealed record GeneratedFile(string HintName, string Text);

/// <summary>What became of one network: files, or the reasons why there are none.</summary>
/// <param name="Files">Generated sources, empty when something is wrong.</param>
/// <param name="Findings">What is wrong.</param>
public sealed record CompileResult(EquatableArray<GeneratedFile> Files, EquatableArray<Finding> Findings);

/// <summary>The way through the house: specification, graph, passes, plan, text.</summary>
public static class NetworkCompiler
{
    /// <summary>Compiles one network. Never throws for a bad declaration: it becomes findings.</summary>
    /// <param name="spec">The network as declared.</param>
    /// <param name="cancellation">Checked between passes and kernels.</param>
    public static CompileResult Compile(NetworkSpec spec, CancellationToken cancellation = default) =>
        Run(spec, true, cancellation);

    /// <summary>Finds what is wrong with a network without emitting it.</summary>
    /// <param name="spec">The network as declared.</param>
    /// <param name="cancellation">Checked between passes.</param>
    public static CompileResult Check(NetworkSpec spec, CancellationToken cancellation = default) =>
        Run(spec, false, cancellation);

    private static CompileResult Run(NetworkSpec spec, bool emit, CancellationToken cancellation)
    {
        var findings = new FindingList();
        IReadOnlyList<GeneratedFile> files = Array.Empty<GeneratedFile>();
        try
        {
            Graph? declared = SpecExpander.Expand(spec, findings);
            if (declared is not null)
            {
                cancellation.ThrowIfCancellationRequested();
                Graph optimised = PassPipeline.Run(declared, cancellation);
                List<Plan> plans = Planner.Create(optimised, spec.Options);
                BudgetCheck.Run(spec, plans, findings);
                if (emit)
                    files = NetworkEmitter.Emit(spec, plans, declared, cancellation);
            }
        }
        catch (FindingException failure)
        {
            findings.Add(failure.Finding.Id, failure.Finding.Message, failure.Finding.Source, failure.Finding.Argument, failure.Finding.Properties);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            findings.Add(DiagnosticIds.Internal, $"The compiler failed on '{spec.TypeName}': {failure.GetType().Name}: {failure.Message} Please report this declaration.", -1);
        }

        return new CompileResult(new EquatableArray<GeneratedFile>(files), new EquatableArray<Finding>(findings.Items));
    }
}
