using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>
/// Checks what every graph must satisfy, whichever pass built it. Runs between passes; a failure is a mistake in the
/// compiler, never in a declaration.
/// </summary>
public static class GraphVerifier
{
    /// <summary>Verifies a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <exception cref="InvalidOperationException">A rule is broken; the message names the node and the rule.</exception>
    public static void Verify(Graph graph)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        int inputs = 0;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Node node = graph.Nodes[i];
            if (node.Id != i)
                throw Broken(node, Invariant($"its id must be its position {i}"));
            if (string.IsNullOrEmpty(node.Name) || !names.Add(node.Name))
                throw Broken(node, "names must be unique and not empty");
            if (node.Covers.Count == 0)
                throw Broken(node, "it must cover at least one layer");
            foreach (int input in node.Inputs)
            {
                if (input < 0 || input >= i)
                    throw Broken(node, Invariant($"input %{input} must come before it"));
            }

            if (node.Op is InputOp declared)
            {
                if (declared.Index != inputs++)
                    throw Broken(node, "inputs must be numbered in order from 0");
                if (node.Inputs.Count != 0)
                    throw Broken(node, "an input reads nothing");
                if (node.Shape.Height < 1 || node.Shape.Width < 1 || node.Shape.Channels < 1)
                    throw Broken(node, $"its shape {node.Shape} is empty");
                continue;
            }

            VerifyOp(graph, node);
        }

        if (graph.Output < 0 || graph.Output >= graph.Nodes.Count)
            throw new InvalidOperationException(Invariant($"Graph: the output %{graph.Output} must be one of its {graph.Nodes.Count} nodes."));
    }

    private static void VerifyOp(Graph graph, Node node)
    {
        TensorShape[] shapes = node.Inputs.Select(i => graph.Nodes[i].Shape).ToArray();
        if (node.Op is EpilogueOp { Epilogue.HasResidual: true })
        {
            if (shapes.Length < 2)
                throw Broken(node, "a residual must be its last input, after the op's own");
            if (shapes[shapes.Length - 1] != node.Shape)
                throw Broken(node, $"its residual is {shapes[shapes.Length - 1]} but its result {node.Shape}; they must agree");
            Array.Resize(ref shapes, shapes.Length - 1);
        }

        (int least, int most) = Arity(node.Op);
        if (shapes.Length < least || shapes.Length > most)
        {
            string expected = most == int.MaxValue ? Invariant($"at least {least}") : Invariant($"{least}");
            throw Broken(node, Invariant($"it has {shapes.Length} inputs (a residual not counted), but must have {expected}"));
        }

        if (node.Op is ConvOp { HasGate: true } && shapes[1] != new TensorShape(1, 1, shapes[0].Channels))
            throw Broken(node, $"its gate is {shapes[1]}, but its input has {shapes[0].Channels} channels");
        VerifyAttributes(node);
        TensorShape inferred;
        try
        {
            inferred = ShapeRule.Infer(node.Name, node.Op, shapes, node.Source);
        }
        catch (FindingException e)
        {
            throw Broken(node, "the shape rule refuses its inputs: " + e.Message);
        }

        if (inferred != node.Shape)
            throw Broken(node, $"its shape is {node.Shape}, but the shape rule gives {inferred}");
    }

    private static (int Least, int Most) Arity(Op op) => op switch
    {
        AddOp => (2, int.MaxValue),
        ConcatOp => (1, int.MaxValue),
        MultiplyOp or MaxUnpoolOp or ConvOp { HasGate: true } => (2, 2),
        _ => (1, 1),
    };

    private static void VerifyAttributes(Node node)
    {
        Window? window = node.Op switch
        {
            ConvOp conv => conv.Window,
            ConvTransposeOp conv => conv.Window,
            PoolOp pool => pool.Window,
            MaxUnpoolOp unpool => unpool.Pool,
            _ => null,
        };
        if (window is { } w)
        {
            bool positive = w.Kernel.Y > 0 && w.Kernel.X > 0 && w.Stride.Y > 0 && w.Stride.X > 0 && w.Dilation.Y > 0 && w.Dilation.X > 0;
            if (!positive)
                throw Broken(node, "kernel, stride and dilation must be positive");
            if (w.Padding.Top < 0 || w.Padding.Left < 0 || w.Padding.Bottom < 0 || w.Padding.Right < 0)
                throw Broken(node, "a window's padding must not be negative");
        }

        ActivationSpec?[] activations = node.Op switch
        {
            ActivationOp activation => new ActivationSpec?[] { activation.Function },
            EpilogueOp op => new ActivationSpec?[] { op.Epilogue.Before, op.Epilogue.After },
            _ => Array.Empty<ActivationSpec?>(),
        };
        foreach (ActivationSpec? activation in activations)
        {
            if (activation is null || (activation.Function == Activation.PReLU) != (activation.Slopes is not null))
                throw Broken(node, "PReLU, and nothing else, must name its slopes");
        }
    }

    private static InvalidOperationException Broken(Node node, string rule) =>
        new(Invariant($"Node %{node.Id} '{node.Name}' ({node.Op.Name}): {rule}."));
}
