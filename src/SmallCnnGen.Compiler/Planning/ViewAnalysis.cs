using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>
/// Finds maps that need no memory of their own: inputs of a concatenation are written where the concatenation wants them,
/// and a slice is a look at part of its input. Each node ends up as some channels of a root's buffer.
/// </summary>
public sealed class ViewAnalysis
{
    private readonly Graph _graph;
    private readonly (int Parent, int Channel)[] _inside;

    /// <summary>Analyses a graph.</summary>
    public ViewAnalysis(Graph graph)
    {
        _graph = graph;
        _inside = Enumerable.Repeat((-1, 0), graph.Nodes.Count).ToArray();
        foreach (Node node in graph.Nodes)
        {
            if (node.Id != graph.Output && SliceStart(node) is int start)
                _inside[node.Id] = (node.Inputs[0], start);
        }

        // Later concatenations first: an earlier one that is a prefix of a later one (DenseNet) lies inside it.
        List<Node> concats = graph.Nodes.Where(n => n.Op is ConcatOp).Reverse().ToList();
        foreach (Node concat in concats)
        {
            if (concat.Id != graph.Output && _inside[concat.Id].Parent < 0)
            {
                Node? longer = concats.LastOrDefault(c => c.Id > concat.Id && c.Inputs.Count > concat.Inputs.Count && c.Inputs.Take(concat.Inputs.Count).SequenceEqual(concat.Inputs));
                if (longer is not null)
                    _inside[concat.Id] = (longer.Id, 0);
            }

            int channel = 0;
            foreach (int input in concat.Inputs)
            {
                Node node = graph.Nodes[input];
                bool free = _inside[input].Parent < 0 && input != graph.Output && node.Op is not InputOp && concat.Inputs.Count(i => i == input) == 1;
                if (free)
                    _inside[input] = (concat.Id, channel);
                channel += node.Shape.Channels;
            }
        }
    }

    /// <summary>The node whose buffer holds a node's result, and the channel it starts at there.</summary>
    public (int Root, int Channel) Locate(int id)
    {
        int channel = 0;
        while (_inside[id].Parent >= 0)
        {
            channel += _inside[id].Channel;
            id = _inside[id].Parent;
        }

        return (id, channel);
    }

    /// <summary>Whether a node's result is just a look at another's: no kernel runs.</summary>
    public bool IsSliceView(int id) => id != _graph.Output && SliceStart(_graph.Nodes[id]) is not null;

    /// <summary>First channel of a map that takes neighbouring channels in order, or null.</summary>
    private static int? SliceStart(Node node)
    {
        if (node.Op is not ChannelMapOp map || map.Source[0] < 0)
            return null;
        for (int j = 1; j < map.Source.Count; j++)
        {
            if (map.Source[j] != map.Source[0] + j)
                return null;
        }

        return map.Source[0];
    }
}
