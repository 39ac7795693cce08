using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

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
                    Slide(name, x, conv.Window, isVertical: true, false, source),
                    Slide(name, x, conv.Window, isVertical: false, false, source),
                    conv.Channels);
                break;
            case ConvTransposeOp conv:
                CheckGroups(name, x.Channels, conv.Channels, conv.Groups, source);
                Window w = conv.Window;
                if (conv.OutputPadding.Y >= Math.Max(w.Stride.Y, w.Dilation.Y) || conv.OutputPadding.X >= Math.Max(w.Stride.X, w.Dilation.X))
                    throw Fail(DiagnosticIds.BadArgument, $"Layer '{name}': output padding {conv.OutputPadding} must be smaller than the stride {w.Stride} or the dilation {w.Dilation}.", source, "OutputPadding", Repair.SetArgument("OutputPadding", Literal(Math.Min(Math.Max(w.Stride.Y, w.Dilation.Y), Math.Max(w.Stride.X, w.Dilation.X)) - 1)));
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
                    Slide(name, x, pool.Window, isVertical: true, pool.CeilMode, source),
                    Slide(name, x, pool.Window, isVertical: false, pool.CeilMode, source),
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

    private static int Slide(string name, TensorShape input, Window window, bool isVertical, bool ceil, int source)
    {
        (int size, int stride, int extent, int before, int after) = isVertical
            ? (input.Height, window.Stride.Y, window.Extent.Y, window.Padding.Top, window.Padding.Bottom)
            : (input.Width, window.Stride.X, window.Extent.X, window.Padding.Left, window.Padding.Right);
        long room = (long)size + before + after - extent;
        if (room < 0)
        {
            throw Fail(
                DiagnosticIds.EmptyOutput,
                $"Layer '{name}': a window of {extent} pixels does not fit the {(isVertical ? "height" : "width")} of {size} with padding {before} + {after}; make the kernel smaller or the padding larger.",
                source,
                "Kernel",
                Shrink(input, window));
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

    /// <summary>The largest kernel that fits. Padding that depends on the kernel shrinks with it, so none is counted on.</summary>
    private static EquatableArray<FindingProperty> Shrink(TensorShape input, Window window)
    {
        int y = Math.Min(window.Kernel.Y, ((input.Height - 1) / window.Dilation.Y) + 1);
        int x = Math.Min(window.Kernel.X, ((input.Width - 1) / window.Dilation.X) + 1);
        return Repair.SetArgument("Kernel", y == x ? Literal(y) : "\"" + new Pair(y, x) + "\"", Written(window.Kernel));
    }

    private static string Literal(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Written(Pair sizes) => sizes.Y == sizes.X ? Literal(sizes.Y) : sizes.ToString();

    /// <summary>The common divisor of two channel counts nearest to a count of groups; of two as near, the smaller.</summary>
    private static int NearestGroups(int input, int output, int groups)
    {
        int best = 1;
        for (int divisor = 2; divisor <= Math.Min(input, output); divisor++)
        {
            if (input % divisor == 0 && output % divisor == 0 && Math.Abs((long)divisor - groups) < Math.Abs((long)best - groups))
                best = divisor;
        }

        return best;
    }

    /// <summary>What groups may be, for messages: all that divide both counts, or of many those nearest to what was written.</summary>
    /// <param name="input">Input channels.</param>
    /// <param name="output">Output channels.</param>
    /// <param name="groups">Groups as written.</param>
    internal static string Divisors(int input, int output, int groups)
    {
        const int shown = 12;
        List<int> all = Enumerable.Range(1, Math.Min(input, output)).Where(d => input % d == 0 && output % d == 0).ToList();
        string them = input == output ? Invariant($"divisors of {input}") : Invariant($"common divisors of {input} and {output}");
        IEnumerable<int> near = all.OrderBy(d => Math.Abs((long)d - groups)).Take(shown).OrderBy(d => d);
        string list = string.Join(", ", near.Select(Literal));
        return all.Count > shown ? $"the nearest {them} are {list}" : all.Count == 1 ? $"1 is the only one of the {them}" : $"the {them} are {list}";
    }

    /// <summary>A repair for groups that do not divide the channels.</summary>
    /// <param name="argument">The argument with the groups.</param>
    /// <param name="input">Input channels.</param>
    /// <param name="output">Output channels.</param>
    /// <param name="groups">Groups.</param>
    internal static EquatableArray<FindingProperty> DivideEvenly(string argument, int input, int output, int groups) =>
        Repair.SetArgument(argument, NearestGroups(input, output, groups), groups);

    private static void CheckGroups(string name, int input, int output, int groups, int source)
    {
        if (groups < 1 || input % groups != 0 || output % groups != 0)
        {
            string both = input % Math.Max(groups, 1) != 0 ? $"{input} input channels" : $"{output} output channels";
            throw Fail(DiagnosticIds.GroupsDoNotDivide, $"Layer '{name}': {groups} groups do not divide its {both}; {Divisors(input, output, groups)}.", source, "Groups", DivideEvenly("Groups", input, output, groups));
        }
    }

    private static void CheckPoolPadding(string name, Window window, int source)
    {
        Sides p = window.Padding;
        if (p.Top >= window.Kernel.Y || p.Bottom >= window.Kernel.Y || p.Left >= window.Kernel.X || p.Right >= window.Kernel.X)
            throw Fail(DiagnosticIds.BadArgument, $"Layer '{name}': padding {p} must be smaller than the window {window.Kernel}, else windows would be empty.", source, "Padding", Repair.SetArgument("Padding", Literal(Math.Min(window.Kernel.Y, window.Kernel.X) / 2)));
    }

    private static FindingException Fail(string id, string message, int source, string? argument = null, EquatableArray<FindingProperty> repair = default) =>
        new(new Finding(id, message, source, argument) { Properties = repair });
}
