using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>One rewrite of the graph that leaves what the network computes unchanged.</summary>
public interface IPass
{
    /// <summary>Name for dumps and messages: a verb and a noun.</summary>
    string Name { get; }

    /// <summary>The rewritten graph; the same one when there was nothing to do.</summary>
    Graph Run(Graph graph);
}
