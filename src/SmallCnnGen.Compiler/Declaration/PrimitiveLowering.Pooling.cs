using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <content>Pooling.</content>
internal sealed partial class PrimitiveLowering
{
    /// <summary>Emits an unpooling; <paramref name="pool"/> is the node it names, or Failed.</summary>
    public int LowerMaxUnpool(LayerCopy layer, int pool)
    {
        if (CannotLower(layer) || pool == ExpansionScope.Failed)
            return ExpansionScope.Failed;
        Node named = _builder.Nodes[pool];
        if (named.Op is not PoolOp { IsMax: true } op)
            throw Fail(layer, DiagnosticIds.BadArgument, $"'{named.Name}' is {named.Op.Name}, not a [MaxPool]; name the pooling whose positions are wanted.", "pool");
        if (!op.Window.Padding.IsZero || op.Window.Stride != op.Window.Kernel)
        {
            throw Fail(
                layer,
                DiagnosticIds.BadArgument,
                $"the pooling '{named.Name}' has kernel {op.Window.Kernel}, stride {op.Window.Stride} and padding {op.Window.Padding}; only windows that do not overlap (stride = kernel, no padding) can be undone.",
                "pool");
        }

        TensorShape values = ShapeOf(layer.Inputs[0]);
        TensorShape pooled = ShapeOf(named.Inputs[0]);
        if (values.Height != named.Shape.Height || values.Width != named.Shape.Width)
            throw Fail(layer, DiagnosticIds.ShapeMismatch, $"the values are {values}, but the pooling '{named.Name}' gave {named.Shape}; height and width must agree.", null);
        if ((long)values.Height * op.Window.Kernel.Y > pooled.Height || (long)values.Width * op.Window.Kernel.X > pooled.Width)
            throw Fail(layer, DiagnosticIds.BadArgument, $"the pooling '{named.Name}' has windows that reach beyond its input {pooled} (CeilMode); only whole windows can be undone.", "pool");
        return Append(layer, string.Empty, new MaxUnpoolOp(op.Window), layer.Inputs[0], named.Inputs[0]);
    }

    private int LowerPool(LayerCopy layer, bool isMax)
    {
        LayerArguments arguments = layer.Arguments;
        Pair kernel = arguments.Pair("Kernel");
        Pair stride = arguments.IsWritten("Stride") ? arguments.Pair("Stride") : kernel;
        if (layer.Index > 0)
            stride = new Pair(1, 1);
        PaddingChoice padding = arguments.Padding("Padding", allowSame: true);
        bool ceil = arguments.Bool("CeilMode");

        // TensorFlow's padding is not counted; PyTorch's is.
        bool countIncludePad = !isMax && arguments.Bool("CountIncludePad") && (padding.Mode != PaddingMode.Same || arguments.IsWritten("CountIncludePad"));
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        var one = new Pair(1, 1);
        var window = new Window(kernel, stride, padding.Resolve(ShapeOf(layer.Inputs[0]), kernel, stride, one), one);
        return Append(layer, string.Empty, new PoolOp(isMax, window, ceil, countIncludePad), layer.Inputs);
    }

    private int LowerGlobalPool(LayerCopy layer, bool isMax) =>
        CannotLower(layer) ? ExpansionScope.Failed : Append(layer, string.Empty, new AdaptivePoolOp(isMax, new Pair(1, 1)), layer.Inputs);

    private int LowerAdaptivePool(LayerCopy layer, bool isMax)
    {
        Pair size = layer.Arguments.Pair("size");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        return Append(layer, string.Empty, new AdaptivePoolOp(isMax, size), layer.Inputs);
    }
}
