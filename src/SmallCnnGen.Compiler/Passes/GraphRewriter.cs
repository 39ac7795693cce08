using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Passes;

/// <summary>Copies a graph node by node with some nodes replaced, and drops what nothing reads any more.</summary>
internal sealed class GraphRewriter
{
    private readonly Graph _graph;
    private readonly Dictionary<int, Node> _replaced = new();
    private readonly Dictionary<int, int> _forwarded = new();

    /// <summary>Starts from a graph.</summary>
    public GraphRewriter(Graph graph)
    {
        _graph = graph;
        Uses = graph.CountUses();
    }

    /// <summary>How often each node is read (the output counts as a read), kept up to date by the rewrites.</summary>
    public int[] Uses { get; }

    /// <summary>Whether anything was rewritten.</summary>
    public bool Changed => _replaced.Count + _forwarded.Count > 0;

    /// <summary>The node as it stands now.</summary>
    public Node Current(int id)
    {
        while (_forwarded.TryGetValue(id, out int target))
            id = target;
        return _replaced.TryGetValue(id, out Node? node) ? node : _graph.Nodes[id];
    }

    /// <summary>The id that stands for a node now.</summary>
    public int Resolve(int id)
    {
        while (_forwarded.TryGetValue(id, out int target))
            id = target;
        return id;
    }

    /// <summary>Puts another op in a node's place; its inputs are ids of the old graph.</summary>
    public void Replace(int id, Op op, IReadOnlyList<int> inputs, IEnumerable<string> covers)
    {
        Node old = Current(id);
        foreach (int input in inputs)
            Uses[Resolve(input)]++;
        Release(old);
        _replaced[old.Id] = old with { Op = op, Inputs = new EquatableArray<int>(inputs), Covers = new EquatableArray<string>(covers) };
    }

    private void Release(Node node)
    {
        foreach (int input in node.Inputs)
        {
            int id = Resolve(input);
            if (--Uses[id] == 0)
                Release(Current(id));
        }
    }

    /// <summary>
    /// The new graph. Nodes keep their order; nodes that lost their last reader are gone.
    /// </summary>
    public Graph Build()
    {
        if (!Changed)
            return _graph;
        int output = Resolve(_graph.Output);
        var live = new HashSet<int>();
        var pending = new Stack<int>();
        pending.Push(output);
        foreach (Node input in _graph.Inputs)
            pending.Push(input.Id);
        while (pending.Count > 0)
        {
            int id = pending.Pop();
            if (!live.Add(id))
                continue;
            foreach (int input in Current(id).Inputs)
                pending.Push(Resolve(input));
        }

        var ids = new Dictionary<int, int>();
        var nodes = new List<Node>();
        foreach (int id in live.OrderBy(i => i))
        {
            Node node = Current(id);
            ids[id] = nodes.Count;
            nodes.Add(node with { Id = nodes.Count, Inputs = new EquatableArray<int>(node.Inputs.Select(i => ids[Resolve(i)])) });
        }

        return new Graph(new EquatableArray<Node>(nodes), ids[output]);
    }
}
