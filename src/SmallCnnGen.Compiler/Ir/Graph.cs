using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>One operation and its result.</summary>
/// <param name="Id">Index in <see cref="Graph.Nodes"/>.</param>
/// <param name="Name">Name of the result, unique in the graph.</param>
/// <param name="Op">Operation.</param>
/// <param name="Inputs">Ids of the nodes read, all smaller than <paramref name="Id"/>.</param>
/// <param name="Shape">Shape of the result.</param>
/// <param name="Source">Source index of the layer attribute it came from, for messages.</param>
public sealed record Node(int Id, string Name, Op Op, EquatableArray<int> Inputs, TensorShape Shape, int Source)
{
    /// <summary>
    /// Names of the declared layers whose work this node does, in order: its own, and those fused into it.
    /// </summary>
    public EquatableArray<string> Covers { get; init; } = new(Name);
}

/// <summary>
/// A network as an immutable list of nodes in execution order. Passes build a new graph; none changes one.
/// </summary>
/// <param name="Nodes">Nodes; inputs come before their users.</param>
/// <param name="Output">Id of the node that is the network's result.</param>
public sealed record Graph(EquatableArray<Node> Nodes, int Output)
{
    /// <summary>The input nodes in order.</summary>
    public IEnumerable<Node> Inputs => Nodes.Where(n => n.Op is InputOp);

    /// <summary>The longest side of an input, in pixels. Looks through all nodes.</summary>
    public int LongestSide() => Inputs.Max(i => Math.Max(i.Shape.Height, i.Shape.Width));

    /// <summary>For each node, how many times others read it; the output counts as one more read.</summary>
    public int[] CountUses()
    {
        var uses = new int[Nodes.Count];
        foreach (Node node in Nodes)
        {
            foreach (int input in node.Inputs)
                uses[input]++;
        }

        uses[Output]++;
        return uses;
    }
}

/// <summary>Builds a graph node by node, inferring each shape from the one shape rule.</summary>
public sealed class GraphBuilder
{
    private readonly List<Node> _nodes = new();

    /// <summary>Nodes so far.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Appends a node.</summary>
    /// <exception cref="FindingException">The inputs do not fit the op.</exception>
    public Node Add(string name, Op op, IReadOnlyList<int> inputs, int source, EquatableArray<string>? covers = null)
    {
        TensorShape shape = ShapeRule.Infer(name, op, inputs.Select(i => _nodes[i].Shape).ToArray(), source);
        return Append(name, op, inputs, shape, source, covers);
    }

    /// <summary>Appends an input of the network.</summary>
    public Node AddInput(string name, int index, TensorShape shape) =>
        Append(name, new InputOp(index), Array.Empty<int>(), shape, -1, null);

    /// <summary>Finishes the graph.</summary>
    public Graph Build(int output) => new(new EquatableArray<Node>(_nodes), output);

    private Node Append(string name, Op op, IReadOnlyList<int> inputs, TensorShape shape, int source, EquatableArray<string>? covers)
    {
        var node = new Node(_nodes.Count, name, op, new EquatableArray<int>(inputs), shape, source);
        if (covers is { } c)
            node = node with { Covers = c };
        _nodes.Add(node);
        return node;
    }
}
