using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Testing.Oracle;

using Activation = SmallCnnGen.Compiler.Ir.Activation;
using UpsampleMode = SmallCnnGen.Compiler.Ir.UpsampleMode;

/// <summary>
/// The oracle: runs a graph in double precision, each op straight from its definition. It knows nothing of plans,
/// packing or kernels, and takes optimised graphs too (folded normalisation, epilogues, dense layers over maps), so
/// that every pass can be checked to leave the result unchanged.
/// </summary>
/// <param name="graph">The network.</param>
/// <param name="weights">Tensor by its name in the weights file, in stored (PyTorch) order.</param>
public sealed class Interpreter(Graph graph, Func<string, float[]> weights)
{
    private readonly int[] _lastUse = LastUses(graph);

    /// <summary>Runs the network on one image.</summary>
    /// <param name="inputs">Inputs by <see cref="InputOp.Index"/>, HWC.</param>
    /// <param name="observer">Sees every node's value, HWC, in execution order. Must not keep or change it unless copied.</param>
    /// <returns>The output, HWC.</returns>
    public double[] Run(IReadOnlyList<double[]> inputs, Action<Node, double[]>? observer = null)
    {
        var values = new double[graph.Nodes.Count][];
        foreach (Node node in graph.Nodes)
        {
            double[] value = Evaluate(node, node.Inputs.Select(i => new Map(graph.Nodes[i].Shape, values[i])).ToArray(), inputs);
            if (value.Length != node.Shape.Length)
                throw new InvalidOperationException($"node '{node.Name}' has {value.Length} values but its shape is {node.Shape}");
            values[node.Id] = value;
            observer?.Invoke(node, value);

            // Deep networks would otherwise hold every map in double precision at once.
            foreach (int input in node.Inputs)
            {
                if (_lastUse[input] == node.Id)
                    values[input] = null!;
            }
        }

        return values[graph.Output];
    }

    /// <summary>Runs the network on one image and keeps every node's value, by node id.</summary>
    /// <param name="inputs">Inputs by <see cref="InputOp.Index"/>, HWC.</param>
    public double[][] RunAll(IReadOnlyList<double[]> inputs)
    {
        var all = new double[graph.Nodes.Count][];
        Run(inputs, (node, value) => all[node.Id] = value);
        return all;
    }

    /// <summary>An activation function at one point.</summary>
    /// <param name="spec">The function.</param>
    /// <param name="x">Argument.</param>
    /// <param name="slope">PReLU: the channel's slope.</param>
    public static double Activate(ActivationSpec spec, double x, double slope = 0) => spec.Function switch
    {
        Activation.None => x,
        Activation.ReLU => Math.Max(x, 0),
        Activation.ReLU6 => Math.Min(Math.Max(x, 0), 6),
        Activation.LeakyReLU => x > 0 ? x : spec.Alpha * x,
        Activation.PReLU => x > 0 ? x : slope * x,
        Activation.ELU => x > 0 ? x : spec.Alpha * (Math.Exp(x) - 1),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.HardSigmoid => Math.Min(Math.Max(x + 3, 0), 6) / 6,
        Activation.HardSwish => x * Math.Min(Math.Max(x + 3, 0), 6) / 6,
        Activation.SiLU => x / (1 + Math.Exp(-x)),
        Activation.Tanh => Math.Tanh(x),
        _ => throw new NotSupportedException("activation " + spec.Function),
    };

    private static int[] LastUses(Graph graph)
    {
        var last = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            foreach (int input in node.Inputs)
                last[input] = node.Id;
        }

        last[graph.Output] = int.MaxValue;
        return last;
    }

    private double[] Evaluate(Node node, Map[] inputs, IReadOnlyList<double[]> networkInputs)
    {
        if (node.Op is InputOp input)
            return networkInputs[input.Index];

        if (node.Op is not EpilogueOp { Epilogue: { IsNone: false } epilogue })
            return Compute(node.Op, node.Shape, inputs);

        Map? residual = epilogue.HasResidual ? inputs[^1] : null;
        double[] value = Compute(node.Op, node.Shape, epilogue.HasResidual ? inputs[..^1] : inputs);
        ApplyActivation(epilogue.Before, value, node.Shape.Channels);
        if (residual is { } r)
        {
            for (int i = 0; i < value.Length; i++)
                value[i] += r.Data[i];
        }

        ApplyActivation(epilogue.After, value, node.Shape.Channels);
        return value;
    }

    private double[] Compute(Op op, TensorShape shape, Map[] inputs)
    {
        Map x = inputs[0];
        switch (op)
        {
            case ConvOp { HasGate: true } conv:
                return Normalise(conv.Norm, Convolve(conv, shape, x with { Data = Multiply(x.Shape, x, inputs[1]) }), shape.Channels);
            case ConvOp { Prologue: { } before } conv:
                double[] prepared = Normalise(before.Norm, (double[])x.Data.Clone(), x.Shape.Channels);
                ApplyActivation(before.Activation, prepared, x.Shape.Channels);
                return Normalise(conv.Norm, Convolve(conv, shape, x with { Data = prepared }), shape.Channels);
            case ConvOp conv:
                return Normalise(conv.Norm, Convolve(conv, shape, x), shape.Channels);
            case ConvTransposeOp conv:
                return Normalise(conv.Norm, ConvolveTransposed(conv, shape, x), shape.Channels);
            case DenseOp dense:
                return Dense(dense, x);
            case BatchNormOp norm:
                return Normalise(norm.Norm, (double[])x.Data.Clone(), shape.Channels);
            case ActivationOp activation:
                double[] activated = (double[])x.Data.Clone();
                ApplyActivation(activation.Function, activated, shape.Channels);
                return activated;
            case PoolOp { IsMax: true } pool:
                return MaxPool(pool.Window, shape, x, null);
            case PoolOp pool:
                return AveragePool(pool, shape, x);
            case AdaptivePoolOp pool:
                return AdaptivePool(pool, shape, x);
            case MaxUnpoolOp unpool:
                return MaxUnpool(unpool, shape, x, inputs[1]);
            case AddOp:
                var sum = (double[])x.Data.Clone();
                foreach (Map other in inputs[1..])
                {
                    for (int i = 0; i < sum.Length; i++)
                        sum[i] += other.Data[i];
                }

                return sum;
            case MultiplyOp:
                return Multiply(shape, x, inputs[1]);
            case ConcatOp:
                return Fill(shape, (y, xx, c) =>
                {
                    int k = 0;
                    while (c >= inputs[k].Shape.Channels)
                        c -= inputs[k++].Shape.Channels;
                    return inputs[k][y, xx, c];
                });
            case ChannelMapOp map:
                return Fill(shape, (y, xx, c) => map.Source[c] < 0 ? 0 : x[y, xx, map.Source[c]]);
            case PadOp pad:
                return Fill(shape, (y, xx, c) => x.Contains(y - pad.Pads.Top, xx - pad.Pads.Left) ? x[y - pad.Pads.Top, xx - pad.Pads.Left, c] : 0);
            case UpsampleOp { Mode: UpsampleMode.Nearest } up:
                return Fill(shape, (y, xx, c) => x[y / up.Scale, xx / up.Scale, c]);
            case UpsampleOp up:
                return UpsampleBilinear(up, shape, x);
            case LocalResponseNormOp norm:
                return Fill(shape, (y, xx, c) =>
                {
                    double squares = 0;
                    for (int k = Math.Max(c - (norm.Size / 2), 0); k <= Math.Min(c + ((norm.Size - 1) / 2), shape.Channels - 1); k++)
                        squares += x[y, xx, k] * x[y, xx, k];
                    return x[y, xx, c] / Math.Pow(norm.K + (norm.Alpha / norm.Size * squares), norm.Beta);
                });
            case SoftmaxOp softmax:
                return softmax.IsLog ? LogSoftmax(shape, x) : Softmax(shape, x);
            case FlattenOp:
                return Flatten(x);
            default:
                throw new NotSupportedException("the interpreter does not know " + op.Name);
        }
    }

    private double[] Convolve(ConvOp conv, TensorShape shape, Map x)
    {
        Window w = conv.Window;
        float[] weight = weights(conv.Weight);
        double[] bias = conv.Bias is null ? new double[shape.Channels] : ToDouble(weights(conv.Bias));
        int inGroup = x.Shape.Channels / conv.Groups, outGroup = shape.Channels / conv.Groups;
        int taps = w.Kernel.Y * w.Kernel.X;
        Check(conv.Weight, weight.Length, (long)shape.Channels * inGroup * taps);
        var result = new double[shape.Length];

        if (shape.Pixels == 1)
        {
            // Fully connected: the weights are used once each, rearranging them would cost more than the layer.
            Parallel.For(0, shape.Channels, o =>
            {
                double sum = bias[o];
                for (int i = 0; i < inGroup; i++)
                {
                    for (int ky = 0; ky < w.Kernel.Y; ky++)
                    {
                        for (int kx = 0; kx < w.Kernel.X; kx++)
                        {
                            int sy = (ky * w.Dilation.Y) - w.Padding.Top, sx = (kx * w.Dilation.X) - w.Padding.Left;
                            if (x.Contains(sy, sx))
                                sum += weight[(((((long)o * inGroup) + i) * w.Kernel.Y) + ky) * w.Kernel.X + kx] * x[sy, sx, (o / outGroup * inGroup) + i];
                        }
                    }
                }

                result[o] = sum;
            });
            return result;
        }

        // [out, in / groups, ky, kx] -> [group, ky, kx, in, out]: the innermost loop then runs over output channels.
        var packed = new double[weight.Length];
        Parallel.For(0, shape.Channels, o =>
        {
            int g = o / outGroup;
            for (int i = 0; i < inGroup; i++)
            {
                for (int t = 0; t < taps; t++)
                    packed[(((((long)g * taps) + t) * inGroup) + i) * outGroup + (o % outGroup)] = weight[((((long)o * inGroup) + i) * taps) + t];
            }
        });

        Parallel.For(0, shape.Height, y =>
        {
            for (int column = 0; column < shape.Width; column++)
            {
                Span<double> pixel = result.AsSpan(((y * shape.Width) + column) * shape.Channels, shape.Channels);
                bias.CopyTo(pixel);
                for (int ky = 0; ky < w.Kernel.Y; ky++)
                {
                    for (int kx = 0; kx < w.Kernel.X; kx++)
                    {
                        int sy = (y * w.Stride.Y) - w.Padding.Top + (ky * w.Dilation.Y);
                        int sx = (column * w.Stride.X) - w.Padding.Left + (kx * w.Dilation.X);
                        if (!x.Contains(sy, sx))
                            continue;
                        int t = (ky * w.Kernel.X) + kx;
                        for (int g = 0; g < conv.Groups; g++)
                        {
                            Span<double> outputs = pixel.Slice(g * outGroup, outGroup);
                            for (int i = 0; i < inGroup; i++)
                                MultiplyAdd(outputs, packed.AsSpan(((((g * taps) + t) * inGroup) + i) * outGroup, outGroup), x[sy, sx, (g * inGroup) + i]);
                        }
                    }
                }
            }
        });
        return result;
    }

    private double[] ConvolveTransposed(ConvTransposeOp conv, TensorShape shape, Map x)
    {
        Window w = conv.Window;
        float[] weight = weights(conv.Weight);
        double[] bias = conv.Bias is null ? new double[shape.Channels] : ToDouble(weights(conv.Bias));
        int inGroup = x.Shape.Channels / conv.Groups, outGroup = shape.Channels / conv.Groups;
        int taps = w.Kernel.Y * w.Kernel.X;
        Check(conv.Weight, weight.Length, (long)x.Shape.Channels * outGroup * taps);

        // [in, out / groups, ky, kx] -> [in, ky, kx, out].
        var packed = new double[weight.Length];
        for (int i = 0; i < x.Shape.Channels; i++)
        {
            for (int o = 0; o < outGroup; o++)
            {
                for (int t = 0; t < taps; t++)
                    packed[(((i * taps) + t) * outGroup) + o] = weight[(((i * outGroup) + o) * taps) + t];
            }
        }

        var result = new double[shape.Length];
        for (int p = 0; p < shape.Pixels; p++)
            bias.CopyTo(result, p * shape.Channels);

        // Every input pixel is spread over its window; rows of one output may come from several input rows, so no
        // parallel loop over those.
        for (int y = 0; y < x.Shape.Height; y++)
        {
            for (int column = 0; column < x.Shape.Width; column++)
            {
                for (int ky = 0; ky < w.Kernel.Y; ky++)
                {
                    for (int kx = 0; kx < w.Kernel.X; kx++)
                    {
                        int ty = (y * w.Stride.Y) - w.Padding.Top + (ky * w.Dilation.Y);
                        int tx = (column * w.Stride.X) - w.Padding.Left + (kx * w.Dilation.X);
                        if (ty < 0 || tx < 0 || ty >= shape.Height || tx >= shape.Width)
                            continue;
                        for (int i = 0; i < x.Shape.Channels; i++)
                        {
                            Span<double> outputs = result.AsSpan((((ty * shape.Width) + tx) * shape.Channels) + (i / inGroup * outGroup), outGroup);
                            MultiplyAdd(outputs, packed.AsSpan(((i * taps) + (ky * w.Kernel.X) + kx) * outGroup, outGroup), x[y, column, i]);
                        }
                    }
                }
            }
        }

        return result;
    }

    private double[] Dense(DenseOp dense, Map x)
    {
        float[] weight = weights(dense.Weight);
        float[]? bias = dense.Bias is null ? null : weights(dense.Bias);
        int inputs = x.Shape.Channels;
        Check(dense.Weight, weight.Length, (long)dense.Units * inputs);
        var result = new double[dense.Units];
        Parallel.For(0, dense.Units, o =>
        {
            double sum = bias is null ? 0 : bias[o];
            for (int i = 0; i < inputs; i++)
                sum += (double)weight[((long)o * inputs) + i] * x.Data[i];
            result[o] = sum;
        });
        return result;
    }

    private double[] Normalise(BatchNormSpec? norm, double[] value, int channels)
    {
        if (norm is null)
            return value;
        float[] gamma = weights(norm.Module + ".weight"), beta = weights(norm.Module + ".bias");
        float[] mean = weights(norm.Module + ".running_mean"), variance = weights(norm.Module + ".running_var");
        Check(norm.Module + ".weight", gamma.Length, channels);
        double[] deviation = variance.Select(v => Math.Sqrt(v + norm.Epsilon)).ToArray();
        for (int i = 0; i < value.Length; i++)
        {
            int c = i % channels;
            value[i] = ((value[i] - mean[c]) / deviation[c] * gamma[c]) + beta[c];
        }

        return value;
    }

    private void ApplyActivation(ActivationSpec spec, double[] value, int channels)
    {
        if (spec.IsNone)
            return;
        float[]? slopes = spec.Function == Activation.PReLU ? weights(spec.Slopes!) : null;
        if (slopes is not null)
            Check(spec.Slopes!, slopes.Length, spec.SharedSlope ? 1 : channels);
        for (int i = 0; i < value.Length; i++)
            value[i] = Activate(spec, value[i], slopes is null ? 0 : slopes[spec.SharedSlope ? 0 : i % channels]);
    }

    /// <summary>
    /// Maximum of each window, the first one in row-major order, or the last NaN (PyTorch: <c>val > maxval || isnan(val)</c>);
    /// optionally also where it was found.
    /// </summary>
    private static double[] MaxPool(Window w, TensorShape shape, Map x, int[]? positions)
    {
        var result = new double[shape.Length];
        Parallel.For(0, shape.Height, y =>
        {
            for (int column = 0; column < shape.Width; column++)
            {
                for (int c = 0; c < shape.Channels; c++)
                {
                    double best = double.NegativeInfinity;
                    int position = -1;
                    for (int ky = 0; ky < w.Kernel.Y; ky++)
                    {
                        for (int kx = 0; kx < w.Kernel.X; kx++)
                        {
                            int sy = (y * w.Stride.Y) - w.Padding.Top + ky, sx = (column * w.Stride.X) - w.Padding.Left + kx;
                            if (!x.Contains(sy, sx))
                                continue;
                            double v = x[sy, sx, c];
                            if (position < 0 || v > best || double.IsNaN(v))
                            {
                                best = v;
                                position = x.Index(sy, sx, c);
                            }
                        }
                    }

                    int target = (((y * shape.Width) + column) * shape.Channels) + c;
                    result[target] = best;
                    if (positions is not null)
                        positions[target] = position;
                }
            }
        });
        return result;
    }

    private static double[] MaxUnpool(MaxUnpoolOp unpool, TensorShape shape, Map values, Map pooled)
    {
        var positions = new int[values.Data.Length];
        MaxPool(unpool.Pool, values.Shape, pooled, positions);
        var result = new double[shape.Length];
        for (int i = 0; i < positions.Length; i++)
            result[positions[i]] = values.Data[i];
        return result;
    }

    private static double[] AveragePool(PoolOp pool, TensorShape shape, Map x)
    {
        Window w = pool.Window;
        return Fill(shape, (y, column, c) =>
        {
            double sum = 0;
            int real = 0, padded = 0;
            for (int ky = 0; ky < w.Kernel.Y; ky++)
            {
                for (int kx = 0; kx < w.Kernel.X; kx++)
                {
                    int sy = (y * w.Stride.Y) - w.Padding.Top + ky, sx = (column * w.Stride.X) - w.Padding.Left + kx;

                    // A ceil-mode window can stick out past the padding; that part never counts.
                    if (sy < x.Shape.Height + w.Padding.Bottom && sx < x.Shape.Width + w.Padding.Right)
                        padded++;
                    if (!x.Contains(sy, sx))
                        continue;
                    real++;
                    sum += x[sy, sx, c];
                }
            }

            return sum / (pool.CountIncludePad ? padded : real);
        });
    }

    private static double[] AdaptivePool(AdaptivePoolOp pool, TensorShape shape, Map x) => Fill(shape, (y, column, c) =>
    {
        int top = Floor(y, x.Shape.Height, shape.Height), bottom = Ceiling(y + 1, x.Shape.Height, shape.Height);
        int left = Floor(column, x.Shape.Width, shape.Width), right = Ceiling(column + 1, x.Shape.Width, shape.Width);
        double sum = 0, max = double.NegativeInfinity;
        for (int sy = top; sy < bottom; sy++)
        {
            for (int sx = left; sx < right; sx++)
            {
                sum += x[sy, sx, c];
                max = Math.Max(max, x[sy, sx, c]);
            }
        }

        return pool.IsMax ? max : sum / ((bottom - top) * (right - left));
    });

    private static int Floor(int i, int n, int o) => (int)((long)i * n / o);

    private static int Ceiling(int i, int n, int o) => (int)((((long)i * n) + o - 1) / o);

    private static double[] Multiply(TensorShape shape, Map a, Map b) => Fill(shape, (y, x, c) =>
        (a.Shape.Pixels == 1 ? a.Data[c] : a[y, x, c]) * (b.Shape.Pixels == 1 ? b.Data[c] : b[y, x, c]));

    private static double[] UpsampleBilinear(UpsampleOp up, TensorShape shape, Map x) => Fill(shape, (y, column, c) =>
    {
        double sy = Source(y, x.Shape.Height, shape.Height, up), sx = Source(column, x.Shape.Width, shape.Width, up);
        int y0 = (int)sy, x0 = (int)sx;
        int y1 = Math.Min(y0 + 1, x.Shape.Height - 1), x1 = Math.Min(x0 + 1, x.Shape.Width - 1);
        double fy = sy - y0, fx = sx - x0;
        return ((1 - fy) * (((1 - fx) * x[y0, x0, c]) + (fx * x[y0, x1, c]))) + (fy * (((1 - fx) * x[y1, x0, c]) + (fx * x[y1, x1, c])));
    });

    private static double Source(int i, int n, int size, UpsampleOp up)
    {
        if (up.AlignCorners)
            return size == 1 ? 0 : (double)i * (n - 1) / (size - 1);
        return Math.Max(((i + 0.5) / up.Scale) - 0.5, 0);
    }

    private static double[] Softmax(TensorShape shape, Map x)
    {
        var result = new double[shape.Length];
        for (int p = 0; p < shape.Pixels; p++)
        {
            Span<double> from = x.Data.AsSpan(p * shape.Channels, shape.Channels), to = result.AsSpan(p * shape.Channels, shape.Channels);
            double max = double.NegativeInfinity, sum = 0;
            foreach (double v in from)
                max = Math.Max(max, v);
            for (int c = 0; c < to.Length; c++)
            {
                to[c] = Math.Exp(from[c] - max);
                sum += to[c];
            }

            for (int c = 0; c < to.Length; c++)
                to[c] /= sum;
        }

        return result;
    }

    private static double[] LogSoftmax(TensorShape shape, Map x)
    {
        var result = new double[shape.Length];
        for (int p = 0; p < shape.Pixels; p++)
        {
            double[] from = x.Data.AsSpan(p * shape.Channels, shape.Channels).ToArray();
            double max = from.Max(), log = Math.Log(from.Sum(v => Math.Exp(v - max)));
            for (int c = 0; c < from.Length; c++)
                result[(p * shape.Channels) + c] = from[c] - max - log;
        }

        return result;
    }

    private static double[] Flatten(Map x)
    {
        var result = new double[x.Data.Length];
        int k = 0;
        for (int c = 0; c < x.Shape.Channels; c++)
        {
            for (int y = 0; y < x.Shape.Height; y++)
            {
                for (int column = 0; column < x.Shape.Width; column++)
                    result[k++] = x[y, column, c];
            }
        }

        return result;
    }

    private static double[] Fill(TensorShape shape, Func<int, int, int, double> element)
    {
        var result = new double[shape.Length];
        Parallel.For(0, shape.Height, y =>
        {
            int k = y * shape.Width * shape.Channels;
            for (int x = 0; x < shape.Width; x++)
            {
                for (int c = 0; c < shape.Channels; c++)
                    result[k++] = element(y, x, c);
            }
        });
        return result;
    }

    private static void MultiplyAdd(Span<double> sums, ReadOnlySpan<double> weight, double x)
    {
        int lanes = Vector<double>.Count, i = 0;
        var factor = new Vector<double>(x);
        for (; i <= sums.Length - lanes; i += lanes)
            (new Vector<double>(sums[i..]) + (new Vector<double>(weight[i..]) * factor)).CopyTo(sums[i..]);
        for (; i < sums.Length; i++)
            sums[i] += weight[i] * x;
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static void Check(string name, long actual, long expected)
    {
        if (actual != expected)
            throw new InvalidOperationException($"tensor '{name}' has {actual} elements, not {expected}");
    }

    /// <summary>A shape and its values, HWC.</summary>
    private readonly record struct Map(TensorShape Shape, double[] Data)
    {
        public double this[int y, int x, int c] => Data[Index(y, x, c)];

        public int Index(int y, int x, int c) => (((y * Shape.Width) + x) * Shape.Channels) + c;

        public bool Contains(int y, int x) => (uint)y < (uint)Shape.Height && (uint)x < (uint)Shape.Width;
    }
}
