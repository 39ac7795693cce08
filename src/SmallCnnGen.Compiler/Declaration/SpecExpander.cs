using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Expands a declaration into the unoptimised graph: blocks, repeats, multipliers, names, shapes.</summary>
public static class SpecExpander
{
    /// <summary>
    /// Expands a network. Everything wrong becomes a finding; null when there is one that is more than a warning
    /// (<see cref="DiagnosticIds.IsWarning"/>).
    /// </summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static Graph? Expand(NetworkSpec spec, FindingList findings) => new Expansion(spec, findings).Run();

    /// <summary>The same, with where each node came from: for what is said about a design rather than about its errors.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static ExpandedNetwork? ExpandWithOrigins(NetworkSpec spec, FindingList findings)
    {
        var expansion = new Expansion(spec, findings);
        return expansion.Run() is { } graph ? new ExpandedNetwork(graph, expansion.Origins) : null;
    }
}
