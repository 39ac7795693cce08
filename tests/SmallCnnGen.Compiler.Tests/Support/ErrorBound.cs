using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Oracle;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// How far float kernels may be from the double oracle. u = 2^-24 is the rounding of one operation; a dot product of K
/// terms is off by at most about K u sum|a b| in any order of summation, and errors made earlier pass through a layer
/// times the largest sum of |weights| of an output. Worst cases, so meant for networks of a layer or three. What Winograd's
/// method adds is in <see cref="WinogradError"/>.
/// </summary>
internal static class ErrorBound
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>Bound for the network's output.</summary>
    /// <param name="options">Says which layers may use Winograd's method.</param>
    /// <param name="graph">Unoptimised graph.</param>
    /// <param name="weights">Tensors.</param>
    /// <param name="values">Every node's value, from the oracle.</param>
    public static double Of(NetworkOptions options, Graph graph, GraphWeights weights, double[][] values)
    {
        var error = new double[graph.Nodes.Count];
        foreach (Node node in graph.Nodes.Where(n => n.Op is not InputOp))
        {
            double most = Magnitude(values[node.Inputs[0]]), own = Magnitude(values[node.Id]), before = error[node.Inputs[0]];
            TensorShape input = graph.Nodes[node.Inputs[0]].Shape;
            error[node.Id] = node.Op switch
            {
                ConvOp conv => Product(weights[conv.Weight], conv.Channels, Bias(conv.Bias), most, before, false, tile: WinogradError.Tile(options, node)),
                ConvTransposeOp conv => Product(weights[conv.Weight], conv.Channels, Bias(conv.Bias), most, before, true, input.Channels, conv.Groups),
                DenseOp dense => Product(weights[dense.Weight], dense.Units, Bias(dense.Bias), most, before, false),

                // Folded or not: the product rounds once more, the shift twice, relative to what is summed.
                BatchNormOp norm => Normalised(norm.Norm, most, before),

                // No activation is steeper than 1.5 (HardSwish); exponentials are good to a few units.
                ActivationOp => (1.5 * before) + (8 * Unit * Math.Max(1, Math.Max(most, own))),
                PoolOp { IsMax: true } or AdaptivePoolOp { IsMax: true } => before,
                PoolOp pool => before + ((pool.Window.Kernel.Y * pool.Window.Kernel.X + 4) * Unit * most),
                AdaptivePoolOp => before + ((input.Pixels + 4) * Unit * most),
                AddOp => node.Inputs.Sum(i => error[i]) + (node.Inputs.Sum(i => Magnitude(values[i])) * node.Inputs.Count * Unit),
                MultiplyOp => (before * Magnitude(values[node.Inputs[1]])) + (error[node.Inputs[1]] * most) + (2 * Unit * most * Magnitude(values[node.Inputs[1]])),
                ConcatOp => node.Inputs.Max(i => error[i]),
                UpsampleOp up => before + ((8 + (4 * Math.Max(node.Shape.Height, node.Shape.Width))) * Unit * most),
                LocalResponseNormOp lrn => (4 * before) + ((lrn.Size + 16) * Unit * own),
                SoftmaxOp { IsLog: true } => (2 * before) + ((input.Channels + 16 + (4 * most) + (2 * own)) * Unit),
                SoftmaxOp => (2 * before) + ((input.Channels + 16 + (2 * most)) * Unit),
                _ => before,
            };
        }

        return error[graph.Output];

        double Bias(string? name) => name is null ? 0 : weights[name].Max(Math.Abs);

        double Normalised(BatchNormSpec norm, double most, double before)
        {
            float[] gamma = weights[norm.Module + ".weight"], variance = weights[norm.Module + ".running_var"];
            double scale = gamma.Zip(variance, (g, v) => Math.Abs(g) / Math.Sqrt(v + norm.Epsilon)).Max();
            double shift = weights[norm.Module + ".bias"].Max(Math.Abs) + (scale * weights[norm.Module + ".running_mean"].Max(Math.Abs));
            return (scale * before) + (4 * Unit * ((scale * most) + shift));
        }
    }

    private static double Product(float[] weight, int outputs, double bias, double most, double before, bool transposed, int inputs = 0, int groups = 1, int tile = 0)
    {
        double sum = 0;
        int terms;
        if (!transposed)
        {
            terms = weight.Length / outputs;
            for (int o = 0; o < outputs; o++)
                sum = Math.Max(sum, weight.AsSpan(o * terms, terms).ToArray().Sum(w => (double)Math.Abs(w)));
        }
        else
        {
            // [in, out / groups, taps]: an output sums over the inputs of its group.
            int perGroup = outputs / groups, taps = weight.Length / inputs / perGroup;
            terms = inputs / groups * taps;
            for (int o = 0; o < outputs; o++)
            {
                double one = 0;
                for (int i = o / perGroup * (inputs / groups); i < ((o / perGroup) + 1) * (inputs / groups); i++)
                {
                    for (int t = 0; t < taps; t++)
                        one += Math.Abs(weight[(((i * perGroup) + (o % perGroup)) * taps) + t]);
                }

                sum = Math.Max(sum, one);
            }
        }

        if (tile > 0)
            return (sum * before) + (WinogradError.Allowed(tile) * ((terms / 9) + WinogradError.TransformRoundings) * Unit * sum * most) + (3 * Unit * bias);

        // + 3: the bias, the rounding of a folded weight, the store.
        return (sum * before) + ((terms + 3) * Unit * ((sum * most) + bias));
    }

    /// <summary>
    /// The same for whole networks, where worst cases multiply beyond use: first-order analysis by simulation. Noise as
    /// large as a node's own rounding is added to every value of the oracle, and what arrives at the output is taken eight
    /// times, the sums of errors being random and not worst cases. F(4x4)'s random errors are 2.1 times the direct method's
    /// (src/docs/decisions/0005-winograd.md), F(2x2)'s no larger.
    /// </summary>
    /// <returns>The bound of every node's value.</returns>
    public static double[] Simulated(NetworkOptions options, Graph graph, GraphWeights weights, double[][] inputs, double[][] values)
    {
        var most = new double[graph.Nodes.Count];
        for (int run = 0; run < 3; run++)
        {
            var random = new Random(run);
            var noisy = new Interpreter(graph, name => weights[name]);
            noisy.Run(inputs.Select(i => (double[])i.Clone()).ToArray(), (node, value) =>
            {
                if (node.Op is InputOp)
                    return;
                double terms = node.Op switch
                {
                    ConvOp conv => weights[conv.Weight].Length / conv.Channels,
                    ConvTransposeOp conv => weights[conv.Weight].Length / conv.Channels * conv.Groups,
                    DenseOp dense => weights[dense.Weight].Length / dense.Units,

                    // These choose and move values, and round none: unpooling finds in them what the oracle finds.
                    PoolOp { IsMax: true } or AdaptivePoolOp { IsMax: true } or MaxUnpoolOp or UpsampleOp { Mode: Ir.UpsampleMode.Nearest } => 0,
                    ConcatOp or ChannelMapOp or PadOp or FlattenOp => 0,
                    PoolOp pool => pool.Window.Kernel.Y * pool.Window.Kernel.X,
                    AdaptivePoolOp => graph.Nodes[node.Inputs[0]].Shape.Pixels,
                    _ => 4,
                };
                double size = (WinogradError.Tile(options, node) == 4 ? 3 : 1) * 4 * Math.Sqrt(terms) * Unit * Magnitude(value);
                for (int i = 0; i < value.Length; i++)
                    value[i] += size * ((2 * random.NextDouble()) - 1);
                most[node.Id] = Math.Max(most[node.Id], Largest(value, values[node.Id]));
            });
        }

        return most.Select((m, i) => (8 * m) + (16 * Unit * Magnitude(values[i]))).ToArray();
    }

    public static double Magnitude(double[] values) => values.Length == 0 ? 0 : values.Max(Math.Abs);

    /// <summary>Largest difference; infinite when one is not a number and the other is.</summary>
    public static double Largest(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        double worst = 0;
        for (int i = 0; i < a.Count; i++)
        {
            double error = Math.Abs(a[i] - b[i]);
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }

        return worst;
    }
}
