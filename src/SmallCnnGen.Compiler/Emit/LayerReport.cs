using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>One row of the cost table: a node of the optimised graph with everything fused into it.</summary>
/// <param name="NodeId">Node.</param>
/// <param name="Name">Layer name.</param>
/// <param name="Op">Operation.</param>
/// <param name="Window">Window ("3x3 s2"), or empty.</param>
/// <param name="Input">Shape of the first input.</param>
/// <param name="Output">Shape of the result.</param>
/// <param name="ReceptiveField">Pixels of the network's input that one output pixel sees, along the longer side.</param>
/// <param name="MultiplyAdds">Multiply-adds.</param>
/// <param name="Parameters">Learned parameters that no earlier layer has.</param>
/// <param name="ActivationBytes">Bytes of the result.</param>
/// <param name="MemoryAccessCost">Elements read and written, weights included.</param>
/// <param name="MemoryAccessBound">Lower bound of that for the same multiply-adds, or 0.</param>
/// <param name="Kernel">Method that computes it, or empty when nothing runs.</param>
/// <param name="Fused">Layers computed along with it.</param>
public sealed record LayerReport(
    int NodeId,
    string Name,
    string Op,
    string Window,
    TensorShape Input,
    TensorShape Output,
    int ReceptiveField,
    long MultiplyAdds,
    long Parameters,
    long ActivationBytes,
    double MemoryAccessCost,
    double MemoryAccessBound,
    string Kernel,
    string Fused)
{
    /// <summary>The table of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="declared">The graph before the passes: what fused layers were.</param>
    /// <param name="names">Names of the kernels.</param>
    public static IReadOnlyList<LayerReport> Create(Plan plan, Graph declared, NameTable names)
    {
        Graph graph = plan.Graph;
        Dictionary<string, Node> declaredNodes = declared.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        Dictionary<int, string> kernels = plan.Steps.Where(s => !s.IsCopy).ToDictionary(s => s.Node.Id, s => names[s.Kernel]);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var fields = new (long Size, double Jump)[graph.Nodes.Count];
        var rows = new List<LayerReport>();
        int longestSide = graph.LongestSide();
        foreach (Node node in graph.Nodes)
        {
            fields[node.Id] = Field(node, fields, longestSide);
            if (node.Op is InputOp)
                continue;
            TensorShape input = graph.Nodes[node.Inputs[0]].Shape;
            long parameters = CostRule.Tensors(node.Op, input, node.Shape).Where(t => t.IsLearned && counted.Add(t.Name)).Sum(t => t.Length);
            string fused = string.Join(", ", node.Covers.Where(c => Differs(declaredNodes, c, node.Op)).Select(c => declaredNodes[c].Op.Name));
            rows.Add(new LayerReport(
                node.Id,
                node.Name,
                Describe(node.Op, input),
                WindowText(node.Op),
                input,
                node.Shape,
                (int)Math.Min(int.MaxValue, fields[node.Id].Size),
                CostRule.MultiplyAdds(node.Op, input, node.Shape),
                parameters,
                node.Shape.Length * sizeof(float),
                CostRule.MemoryAccessCost(node.Op, input, node.Shape),
                CostRule.MemoryAccessBound(node.Op, input, node.Shape),
                kernels.TryGetValue(node.Id, out string? kernel) ? kernel : string.Empty,
                fused));
        }

        return rows;
    }

    private static bool Differs(Dictionary<string, Node> declared, string name, Op op) =>
        declared.TryGetValue(name, out Node? node) && node.Op.GetType() != op.GetType() && !(node.Op is DenseOp && op is ConvOp);

    private static string Describe(Op op, TensorShape input) => op switch
    {
        ConvOp { IsDense: true } => "dense",
        ConvOp conv when conv.Groups > 1 && conv.Groups == input.Channels => "depthwise conv",
        ConvOp { Groups: > 1 } conv => "conv, " + Literal.Of(conv.Groups) + " groups",
        _ => op.Name,
    };

    private static string WindowText(Op op)
    {
        Window? window = op switch
        {
            ConvOp { IsDense: false } conv => conv.Window,
            ConvTransposeOp conv => conv.Window,
            PoolOp pool => pool.Window,
            _ => null,
        };
        if (window is not { } w)
            return string.Empty;
        string stride = w.Stride == new Pair(1, 1) ? string.Empty : w.Stride.Y == w.Stride.X ? " s" + Literal.Of(w.Stride.Y) : " s" + w.Stride;
        string dilation = w.Dilation == new Pair(1, 1) ? string.Empty : w.Dilation.Y == w.Dilation.X ? " d" + Literal.Of(w.Dilation.Y) : " d" + w.Dilation;
        return w.Kernel + stride + dilation;
    }

    /// <summary>What one pixel of a node's result sees of the network's input, and how far apart neighbours see; nodes in order.</summary>
    internal static (long Size, double Jump) Field(Node node, (long Size, double Jump)[] fields, int longestSide)
    {
        if (node.Op is InputOp)
            return (1, 1);
        long size = node.Inputs.Max(i => fields[i].Size);
        double jump = node.Inputs.Max(i => fields[i].Jump);
        switch (node.Op)
        {
            case ConvOp { IsDense: true } or AdaptivePoolOp or FlattenOp:
                return (Math.Max(size, longestSide), jump);
            case ConvOp conv:
                return Grow(conv.Window);
            case PoolOp pool:
                return Grow(pool.Window);
            case ConvTransposeOp conv:
                return (size + (long)(Math.Max(conv.Window.Extent.Y, conv.Window.Extent.X) * jump), jump / Math.Max(conv.Window.Stride.Y, conv.Window.Stride.X));
            case UpsampleOp up:
                return (size, jump / up.Scale);
            default:
                return (size, jump);
        }

        (long Size, double Jump) Grow(Window w) =>
            ((long)Math.Min(1e9, size + ((Math.Max(w.Extent.Y, w.Extent.X) - 1) * jump)), Math.Min(1e9, jump * Math.Max(w.Stride.Y, w.Stride.X)));
    }
}
