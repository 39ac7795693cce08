using System.Threading;
using SmallCnnGen.Compiler.Model;

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
        new(default, default);
}
