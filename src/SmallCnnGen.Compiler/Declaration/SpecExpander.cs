using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Expands a declaration into the unoptimised graph: blocks, repeats, multipliers, names, shapes.</summary>
public static class SpecExpander
{
    /// <summary>
    /// Expands a network. Everything wrong becomes a finding; null when there is one worse than
    /// <see cref="DiagnosticIds.UnusedLayer"/>.
    /// </summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static Graph? Expand(NetworkSpec spec, FindingList findings) => new Expansion(spec, findings).Run();
}
