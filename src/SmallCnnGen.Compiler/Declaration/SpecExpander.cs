using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Expands a declaration into the unoptimised graph: blocks, repeats, multipliers, names, shapes.</summary>
public static class SpecExpander
{
    /// <summary>Expands a network; null when findings were made.</summary>
    public static Graph? Expand(NetworkSpec spec, FindingList findings) => null;
}
