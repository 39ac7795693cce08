using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Maps through which everything passes: no branch or shortcut goes around them.</summary>
internal static class CutPoints
{
    /// <summary>Ids of these nodes. The network's first input counts when it is the only one.</summary>
    public static HashSet<int> Find(Graph graph)
    {
        var lastRead = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            foreach (int input in node.Inputs)
                lastRead[input] = node.Id;
        }

        // While one node is written, the others that are still to be read go past it.
        var cuts = new HashSet<int>();
        int beyond = -1;
        foreach (Node node in graph.Nodes)
        {
            if (beyond <= node.Id)
                cuts.Add(node.Id);
            beyond = Math.Max(beyond, lastRead[node.Id]);
        }

        return cuts;
    }
}
