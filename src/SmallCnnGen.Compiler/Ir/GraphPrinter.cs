using System.Collections.Generic;
using System.Linq;
using System.Text;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>
/// A graph as text, one node a line, the same for equal graphs:
/// <c>%3 conv1.conv = conv 3x3 s2 p1 g1 -&gt; 112x112x32 (%0)  [weight conv1.conv.weight]</c>.
/// </summary>
public static class GraphPrinter
{
    private const int MaxRuns = 12;

    /// <summary>Prints a graph; lines end in \n.</summary>
    public static string Print(Graph graph)
    {
        var text = new StringBuilder();
        foreach (Node node in graph.Nodes)
            text.Append(Print(node)).Append('\n');
        text.Append(Invariant($"output %{graph.Output}\n"));
        return text.ToString();
    }

    /// <summary>Prints one node without a line end.</summary>
    public static string Print(Node node)
    {
        var text = new StringBuilder(Invariant($"%{node.Id} {node.Name} = {node.Op.Name}"));
        string attributes = Attributes(node.Op);
        if (attributes.Length > 0)
            text.Append(' ').Append(attributes);
        text.Append(" -> ").Append(node.Shape.ToString());
        text.Append(" (").Append(string.Join(", ", node.Inputs.Select(i => Invariant($"%{i}")))).Append(')');
        string[] details = Details(node).ToArray();
        if (details.Length > 0)
            text.Append("  [").Append(string.Join("; ", details)).Append(']');
        return text.ToString();
    }

    private static string Attributes(Op op) => op switch
    {
        InputOp input => Invariant($"{input.Index}"),
        ConvOp conv => Invariant($"{Print(conv.Window)} g{conv.Groups}") + (conv.IsDense ? " dense" : string.Empty) + (conv.HasGate ? " gated" : string.Empty) + (conv.Prologue is { } p ? $" after batch_norm {p.Norm.Module}{(p.Activation.IsNone ? string.Empty : " " + p.Activation.Function)}" : string.Empty),
        ConvTransposeOp conv => Invariant($"{Print(conv.Window)} op{Print(conv.OutputPadding)} g{conv.Groups}"),
        PoolOp pool => Print(pool.Window) + (pool.CeilMode ? " ceil" : string.Empty) + (pool.IsMax || pool.CountIncludePad ? string.Empty : " exclude_pad"),
        AdaptivePoolOp pool => pool.Size.ToString(),
        MaxUnpoolOp unpool => Print(unpool.Pool),
        ActivationOp activation => Constants(activation.Function),
        ChannelMapOp map => Invariant($"{map.Source.Count} of {Runs(map.Source)}"),
        PadOp pad => Print(pad.Pads),
        UpsampleOp up => Invariant($"x{up.Scale} {(up.Mode == UpsampleMode.Nearest ? "nearest" : "bilinear")}") + (up.AlignCorners ? " align_corners" : string.Empty),
        LocalResponseNormOp lrn => Invariant($"size {lrn.Size} alpha {lrn.Alpha:R} beta {lrn.Beta:R} k {lrn.K:R}"),
        _ => string.Empty,
    };

    private static IEnumerable<string> Details(Node node)
    {
        (string? weight, string? bias, BatchNormSpec? norm) = node.Op switch
        {
            ConvOp conv => (conv.Weight, conv.Bias, conv.Norm),
            ConvTransposeOp conv => (conv.Weight, conv.Bias, conv.Norm),
            DenseOp dense => (dense.Weight, dense.Bias, null),
            BatchNormOp batchNorm => (null, null, batchNorm.Norm),
            _ => ((string?)null, (string?)null, (BatchNormSpec?)null),
        };
        if (weight is not null)
            yield return "weight " + weight;
        if (bias is not null)
            yield return "bias " + bias;
        if (norm is not null)
            yield return Invariant($"norm {norm.Module} eps {norm.Epsilon:R}");
        if (node.Op is EpilogueOp { Epilogue: { IsNone: false } epilogue })
        {
            if (!epilogue.Before.IsNone)
                yield return "before " + Print(epilogue.Before);
            if (epilogue.HasResidual)
                yield return Invariant($"residual %{node.Inputs[node.Inputs.Count - 1]}");
            if (!epilogue.After.IsNone)
                yield return "after " + Print(epilogue.After);
        }

        if (node.Covers.Count != 1 || node.Covers[0] != node.Name)
            yield return "covers " + node.Covers;
    }

    private static string Print(ActivationSpec activation)
    {
        string constants = Constants(activation);
        return constants.Length == 0 ? activation.Function.ToString() : activation.Function + " " + constants;
    }

    private static string Constants(ActivationSpec activation) => activation.Function switch
    {
        Activation.LeakyReLU or Activation.ELU => Invariant($"alpha {activation.Alpha:R}"),
        Activation.PReLU => "slopes " + activation.Slopes + (activation.SharedSlope ? " shared" : string.Empty),
        _ => string.Empty,
    };

    private static string Print(Window window)
    {
        string text = Invariant($"{window.Kernel} s{Print(window.Stride)} p{Print(window.Padding)}");
        return window.Dilation == new Pair(1, 1) ? text : text + " d" + Print(window.Dilation);
    }

    private static string Print(Pair pair) => pair.Y == pair.X ? Invariant($"{pair.Y}") : pair.ToString();

    private static string Print(Sides sides) =>
        sides.Top == sides.Left && sides.Top == sides.Bottom && sides.Top == sides.Right ? Invariant($"{sides.Top}") : sides.ToString();

    /// <summary>Channel choices as first..last runs ("0..23, 48..71"); a long tail is cut.</summary>
    private static string Runs(IReadOnlyList<int> source)
    {
        var runs = new List<string>();
        for (int i = 0; i < source.Count;)
        {
            if (runs.Count == MaxRuns)
            {
                runs.Add("...");
                break;
            }

            int first = i++;
            int step = i < source.Count ? source[i] - source[first] : 0;
            if (step is 0 or 1)
            {
                while (i < source.Count && source[i] - source[i - 1] == step)
                    i++;
            }

            string start = Invariant($"{source[first]}");
            runs.Add(i - first == 1 ? start : step == 0 ? Invariant($"{start} x{i - first}") : Invariant($"{start}..{source[i - 1]}"));
        }

        return string.Join(", ", runs);
    }
}
