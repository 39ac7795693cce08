using System;
using System.Linq;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>The one place that says what shape an op's result has, and which inputs it refuses.</summary>
public static class ShapeRule
{
    /// <summary>Most elements one map may have: offsets inside kernels are 32-bit.</summary>
    public const long MaxElements = 1L << 28;

    /// <summary>Shape of an op's result.</summary>
    /// <param name="name">Layer name, for messages.</param>
    /// <param name="op">Operation.</param>
    /// <param name="inputs">Shapes of its inputs.</param>
    /// <param name="source">Source index, for messages.</param>
    /// <exception cref="FindingException">The inputs do not fit.</exception>
    public static TensorShape Infer(string name, Op op, TensorShape[] inputs, int source)
    {
        TensorShape x = inputs.Length > 0 ? inputs[0] : default;
        TensorShape shape;
        switch (op)
        {
            case ConvOp conv:
                CheckGroups(name, x.Channels, conv.Channels, conv.Groups, source);
                shape = new TensorShape(
                    Slide(name, x.Height, conv.Window.Kernel.Y, conv.Window.Stride.Y, conv.Window.Padding.Top, conv.Window.Padding.Bottom, conv.Window.Dilation.Y, false, "height", source),
                    Slide(name, x.Width, conv.Window.Kernel.X, conv.Window.Stride.X, conv.Window.Padding.Left, conv.Window.Padding.Right, conv.Window.Dilation.X, false, "width", source),
                    conv.Channels);
                break;
            case ConvTransposeOp conv:
                CheckGroups(name, x.Channels, conv.Channels, conv.Groups, source);
                Window w = conv.Window;
                if (conv.OutputPadding.Y >= Math.Max(w.Stride.Y, w.Dilation.Y) || conv.OutputPadding.X >= Math.Max(w.Stride.X, w.Dilation.X))
                    throw Fail(DiagnosticIds.BadArgument, $"Layer '{name}': output padding {conv.OutputPadding} must be smaller than the stride {w.Stride} or the dilation {w.Dilation}.", source, "OutputPadding");
                shape = new TensorShape(
                    ((x.Height - 1) * w.Stride.Y) - w.Padding.Top - w.Padding.Bottom + w.Extent.Y + conv.OutputPadding.Y,
                    ((x.Width - 1) * w.Stride.X) - w.Padding.Left - w.Padding.Right + w.Extent.X + conv.OutputPadding.X,
                    conv.Channels);
                break;
            case DenseOp dense:
                if (x.Pixels != 1)
                    throw Fail(DiagnosticIds.ShapeMismatch, $"Layer '{name}': a dense layer reads a 1x1 map but its input is {x}; add [Flatten] or [GlobalAveragePool] before it.", source);
                shape = new TensorShape(1, 1, dense.Units);
                break;
            case PoolOp pool:
                CheckPoolPadding(name, pool.Window, source);
                shape = new TensorShape(
                    Slide(name, x.Height, pool.Window.Kernel.Y, pool.Window.Stride.Y, pool.Window.Padding.Top, pool.Window.Padding.Bottom, 1, pool.CeilMode, "height", source),
                    Slide(name, x.Width, pool.Window.Kernel.X, pool.Window.Stride.X, pool.Window.Padding.Left, pool.Window.Padding.Right, 1, pool.CeilMode, "width", source),
                    x.Channels);
                break;
            case AdaptivePoolOp pool:
                shape = new TensorShape(pool.Size.Y, pool.Size.X, x.Channels);
                break;
            case MaxUnpoolOp:
                if (inputs[1].Channels != x.Channels)
                    throw Fail(DiagnosticIds.ShapeMismatch, $"Layer '{name}': the values have {x.Channels} channels but the pooled map had {inputs[1].Channels}; both must agree.", source);
                shape = inputs[1];
                break;
            case AddOp:
                foreach (TensorShape other in inputs)
                {
                    if (other != x)
                        throw Fail(DiagnosticIds.ShapeMismatch, $"Layer '{name}' adds maps of {string.Join(" and ", inputs.Select(i => i.ToString()))}; all must have one shape.", source);
                }

                shape = x;
                break;
            case MultiplyOp:
                TensorShape y = inputs[1];
                bool fits = x == y || (x.Channels == y.Channels && (x.Pixels == 1 || y.Pixels == 1));
                if (!fits)
                    throw Fail(DiagnosticIds.ShapeMismatch, $"Layer '{name}' multiplies {x} by {y}; the shapes must be equal, or one of them 1x1 with as many channels.", source);
                shape = x.Pixels >= y.Pixels ? x : y;
                break;
            case ConcatOp:
                foreach (TensorShape other in inputs)
                {
                    if (other.Height != x.Height || other.Width != x.Width)
                        throw Fail(DiagnosticIds.ShapeMismatch, $"Layer '{name}' joins maps of {string.Join(" and ", inputs.Select(i => i.ToString()))}; all must have one height and width.", source);
                }

                shape = x with { Channels = checked((int)Math.Min(int.MaxValue, inputs.Sum(i => (long)i.Channels))) };
                break;
            case ChannelMapOp map:
                foreach (int channel in map.Source)
                {
                    if (channel >= x.Channels || channel < -1)
                        throw Fail(DiagnosticIds.ChannelOutOfRange, $"Layer '{name}' reads channel {channel}, but its input {x} has channels 0 to {x.Channels - 1}.", source);
                }

                shape = x with { Channels = map.Source.Count };
                break;
            case PadOp pad:
                shape = new TensorShape(x.Height + pad.Pads.Top + pad.Pads.Bottom, x.Width + pad.Pads.Left + pad.Pads.Right, x.Channels);
                break;
            case UpsampleOp up:
                shape = new TensorShape(Multiply(x.Height, up.Scale), Multiply(x.Width, up.Scale), x.Channels);
                break;
            case FlattenOp:
                shape = new TensorShape(1, 1, checked((int)Math.Min(int.MaxValue, x.Length)));
                break;
            case BatchNormOp or ActivationOp or LocalResponseNormOp or SoftmaxOp:
                shape = x;
                break;
            default:
                throw new InvalidOperationException("no shape rule for " + op.Name);
        }

        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1)
            throw Fail(DiagnosticIds.EmptyOutput, $"Layer '{name}': the result would be {shape}, which is empty; its input is {x}.", source);
        if (shape.Length > MaxElements)
            throw Fail(DiagnosticIds.TooLarge, $"Layer '{name}': the result would be {shape}, {shape.Length:N0} elements; at most {MaxElements:N0} are supported.", source);
        return shape;
    }

    private static int Multiply(int a, int b) => (int)Math.Min(int.MaxValue, (long)a * b);

    private static int Slide(string name, int size, int kernel, int stride, int before, int after, int dilation, bool ceil, string side, int source)
    {
        long extent = ((long)dilation * (kernel - 1)) + 1;
        long room = size + before + after - extent;
        if (room < 0)
        {
            throw Fail(
                DiagnosticIds.EmptyOutput,
                $"Layer '{name}': a window of {extent} pixels does not fit the {side} of {size} with padding {before} + {after}; make the kernel smaller or the padding larger.",
                source,
                "Kernel");
        }

        long result = (room / stride) + 1;
        if (ceil)
        {
            result = ((room + stride - 1) / stride) + 1;

            // The last window must start inside the map or its leading padding (PyTorch's rule).
            if ((result - 1) * stride >= size + before)
                result--;
        }

        return (int)Math.Min(int.MaxValue, result);
    }

    private static void CheckGroups(string name, int input, int output, int groups, int source)
    {
        if (groups < 1 || input % groups != 0 || output % groups != 0)
        {
            string both = input % Math.Max(groups, 1) != 0 ? $"{input} input channels" : $"{output} output channels";
            throw Fail(DiagnosticIds.GroupsDoNotDivide, $"Layer '{name}': {groups} groups do not divide its {both}.", source, "Groups");
        }
    }

    private static void CheckPoolPadding(string name, Window window, int source)
    {
        Sides p = window.Padding;
        if (p.Top >= window.Kernel.Y || p.Bottom >= window.Kernel.Y || p.Left >= window.Kernel.X || p.Right >= window.Kernel.X)
            throw Fail(DiagnosticIds.BadArgument, $"Layer '{name}': padding {p} must be smaller than the window {window.Kernel}, else windows would be empty.", source, "Padding");
    }

    private static FindingException Fail(string id, string message, int source, string? argument = null) =>
        new(new Finding(id, message, source, argument));
}
