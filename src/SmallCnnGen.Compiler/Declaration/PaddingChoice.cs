using System;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>A padding as declared; its amounts may depend on the input, which is known later.</summary>
/// <param name="Mode">How it is written.</param>
/// <param name="Amounts">The amounts of <see cref="PaddingMode.Fixed"/>.</param>
internal readonly record struct PaddingChoice(PaddingMode Mode, Sides Amounts)
{
    /// <summary>The amounts for a window over an input.</summary>
    public Sides Resolve(TensorShape input, Pair kernel, Pair stride, Pair dilation)
    {
        switch (Mode)
        {
            case PaddingMode.Half:
                int y = dilation.Y * (kernel.Y - 1) / 2;
                int x = dilation.X * (kernel.X - 1) / 2;
                return new Sides(y, x, y, x);
            case PaddingMode.Same:
                (int top, int bottom) = Same(input.Height, kernel.Y, stride.Y, dilation.Y);
                (int left, int right) = Same(input.Width, kernel.X, stride.X, dilation.X);
                return new Sides(top, left, bottom, right);
            default:
                return Amounts;
        }
    }

    private static (int Before, int After) Same(int size, int kernel, int stride, int dilation)
    {
        long extent = ((long)dilation * (kernel - 1)) + 1;
        long output = ((long)size + stride - 1) / stride;
        int total = (int)Math.Max(((output - 1) * stride) + extent - size, 0);
        return (total / 2, total - (total / 2));
    }
}
