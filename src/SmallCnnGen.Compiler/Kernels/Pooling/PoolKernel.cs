using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Pooling;

/// <summary>
/// Max or average over windows, channels innermost. Kernel rows outside the map are skipped by a loop, kernel columns
/// outside by code of their own for the columns at the left and right.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="IsMax">Maximum, else mean.</param>
/// <param name="Window">Window.</param>
/// <param name="CountIncludePad">Mean: whether padding counts in the divisor.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record PoolKernel(int Bits, TensorRef In, TensorRef Out, bool IsMax, Window Window, bool CountIncludePad, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <summary>Windows with more columns than this loop over them.</summary>
    private const int MaxUnrolledColumns = 16;

    /// <inheritdoc/>
    public override string Name =>
        $"{(IsMax ? "Max" : "Average")}Pool{WindowName(Window)}_{In}_{Out}{Epilogue.Suffix}";

    /// <inheritdoc/>
    public override int Inputs => Epilogue.HasResidual ? 2 : 1;

    /// <inheritdoc/>
    public override long WeightFloats => (long)Epilogue.SlopeVectors * Out.Channels;

    /// <inheritdoc/>
    public override int Units => Out.Height;

    /// <inheritdoc/>
    public override bool HasStrips => Out.Height > 1;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => UnitSpan.Rows(Out, unit, unit + 1);

    /// <inheritdoc/>
    public override string UnitName => "rows";

    /// <summary>How the taps of a mean are summed: one after the other, kernel row by kernel row, or in blocks (<see cref="LongSum"/>).</summary>
    private bool SumsRows => !IsMax && Window.Kernel.Y * Window.Kernel.X > LongSum.MostPlain;

    private bool IsLong => SumsRows && Window.Kernel.Y + Window.Kernel.X > LongSum.MostPlain;

    private Vec V => Vec.For(Bits, Out.Channels);

    private WindowAxis Rows => new(In.Height, Out.Height, Window.Kernel.Y, Window.Stride.Y, Window.Padding.Top, 1);

    private WindowAxis Columns => new(In.Width, Out.Width, Window.Kernel.X, Window.Stride.X, Window.Padding.Left, 1);

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{(IsMax ? "Maximum" : "Mean")} over {Window.Kernel} windows, stride {Window.Stride}, padding {Window.Padding}: {In} to {Out}{Epilogue.Words}.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 1 ? "r" : "x";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        WindowAxis columns = Columns;
        int start = columns.FullStart, end = columns.FullEnd;
        var pixels = new List<(string Method, int Kx0, int Kx1, int Divisor)>();

        OpenMethod(writer, "internal ", method, Parameters);
        (string first, string last) = Bounds(0, Out.Height);
        writer.Open($"for (int oy = {first}; oy < {last}; oy++)");
        writer.Line($"int top = oy * {Window.Stride.Y} - {Window.Padding.Top};");
        KernelRows(writer, Window, In.Height);
        if (!IsMax)
        {
            // With count_include_pad the divisor is the window clipped to the padded map, else to the map itself.
            writer.Line(CountIncludePad
                ? $"int rows = Math.Min({Window.Kernel.Y}, {In.Height + Window.Padding.Bottom} - top);"
                : "int rows = ky1 - ky0;");
        }

        writer.Line($"float* xr = x + top * {In.RowPitch};");
        writer.Line($"float* yr = y + oy * {Out.RowPitch};");
        if (Epilogue.HasResidual)
            writer.Line($"float* rr = r + oy * {Out.Width * Epilogue.ResidualPitch};");
        EmitEdge(0, start);
        if (end > start)
            Call(writer, method, pixels, start, end - start);
        EmitEdge(end, Out.Width);
        writer.Close();
        writer.Close();
        if (SharesEdges && (start > 0 || end < Out.Width))
        {
            writer.Line();
            EmitPixel(writer, method + "_Edge", "kx0", "kx1", "kernel columns kx0 to kx1 - 1", ", int kx0, int kx1", int.MaxValue);
        }

        foreach ((string name, int kx0, int kx1, int divisor) in pixels)
        {
            writer.Line();
            EmitPixel(writer, name, Literal.Of(kx0), Literal.Of(kx1), $"kernel columns {kx0} to {kx1 - 1}{(IsMax ? string.Empty : $", {divisor} of them in the divisor")}", string.Empty, kx1 - kx0, kx0);
        }

        void EmitEdge(int from, int to)
        {
            if (!SharesEdges)
            {
                for (int ox = from; ox < to; ox++)
                    Call(writer, method, pixels, ox, 1);
            }
            else if (from < to)
            {
                CallEdge(writer, method + "_Edge", from, to);
            }
        }
    }

    /// <summary>
    /// Whether columns at the edges share code that is told which kernel columns lie inside: with a copy for each column the
    /// source would grow with the window.
    /// </summary>
    private bool SharesEdges => Window.Kernel.X > MaxUnrolledColumns;

    /// <summary>Some columns at an edge, one pixel at a time.</summary>
    private void CallEdge(CodeWriter writer, string method, int from, int to)
    {
        OpenEdge(writer, Window, In.Width, from, to);
        string divisor = CountIncludePad ? $"Math.Min({Window.Kernel.X}, {In.Width + Window.Padding.Right} - left)" : "(kx1 - kx0)";
        writer.Line($"{method}(xr + left * {In.Pitch}{(Epilogue.HasResidual ? $", rr + ox * {Epilogue.ResidualPitch}" : string.Empty)}{(WeightFloats > 0 ? ", w" : string.Empty)}, yr + ox * {Out.Pitch}, ky0, ky1, kx0, kx1{(IsMax ? string.Empty : $", {(IsLong ? "1.0" : "1f")} / (rows * {divisor})")});");
        writer.Close();
    }

    private void Call(CodeWriter writer, string method, List<(string Method, int Kx0, int Kx1, int Divisor)> pixels, int ox, int count)
    {
        WindowAxis columns = Columns;
        int kx0 = columns.First(ox), kx1 = columns.End(ox);
        int divisor = CountIncludePad
            ? System.Math.Min(Window.Kernel.X, In.Width + Window.Padding.Right - columns.Start(ox))
            : kx1 - kx0;
        string name = $"{method}_{kx0}to{kx1}" + (IsMax || divisor == kx1 - kx0 ? string.Empty : "by" + Literal.Of(divisor));
        if (!pixels.Contains((name, kx0, kx1, divisor)))
            pixels.Add((name, kx0, kx1, divisor));
        string x = Offset("xr", columns.Start(ox) * In.Pitch), y = Offset("yr", ox * Out.Pitch), r = Offset("rr", ox * Epilogue.ResidualPitch);
        string step = count == 1 ? string.Empty : " + n * ";
        if (count > 1)
            writer.Line($"for (int n = 0; n < {count}; n++)");
        string At(string pointer, int pitch) => count == 1 ? pointer : $"{pointer}{step}{pitch}";
        string call = $"{name}({At(x, Window.Stride.X * In.Pitch)}{(Epilogue.HasResidual ? ", " + At(r, Epilogue.ResidualPitch) : string.Empty)}{(WeightFloats > 0 ? ", w" : string.Empty)}, {At(y, Out.Pitch)}, ky0, ky1{(IsMax ? string.Empty : $", {(IsLong ? "1.0" : "1f")} / (rows * {divisor})")});";
        writer.Line((count > 1 ? "    " : string.Empty) + call);
    }

    /// <summary>One output pixel.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">Name of the method.</param>
    /// <param name="kx0">Expression for the first kernel column inside the map.</param>
    /// <param name="kx1">Expression for one past the last.</param>
    /// <param name="what">Which columns, for the method's documentation.</param>
    /// <param name="bounds">Parameters for them, or nothing.</param>
    /// <param name="columns">How many; as many as can be where only the call knows.</param>
    /// <param name="start">First of them, where they are known.</param>
    private void EmitPixel(CodeWriter writer, string name, string kx0, string kx1, string what, string bounds, int columns, int start = 0)
    {
        Vec v = V;
        string parameters = "float* x" + (Epilogue.HasResidual ? ", float* r" : string.Empty) + (WeightFloats > 0 ? ", float* w" : string.Empty)
            + ", float* y, int ky0, int ky1" + bounds + (IsMax ? string.Empty : IsLong ? ", double scale" : ", float scale");
        writer.Line($"/// <summary>One output pixel; {what}.</summary>");
        OpenMethod(writer, "private ", name, parameters);
        ChannelLoop.Run(writer, v, Out.Channels, () =>
        {
            var total = new LongSum(v, "total");
            if (IsLong)
                total.Begin(writer);
            else
                writer.Line($"{v.Type} a = {(IsMax ? v.Broadcast("float.NegativeInfinity") : v.Zero)};");
            writer.Line($"float* i = x + ky0 * {In.RowPitch} + c;");
            writer.Open("for (int ky = ky0; ky < ky1; ky++)");
            if (IsLong && columns > LongSum.Block)
            {
                writer.Open($"for (int first = {kx0}; first < {kx1}; first += {LongSum.Block})");
                writer.Line($"{v.Type} row = {v.Zero};");
                writer.Line($"int end = Math.Min(first + {LongSum.Block}, {kx1});");
                writer.Line("for (int kx = first; kx < end; kx++)");
                writer.Line($"    row += {v.Load($"i + kx * {In.Pitch}")};");
                total.Add(writer, "row");
                writer.Close();
            }
            else if (SumsRows && columns <= Window.Kernel.X)
            {
                for (int kx = start; kx < start + columns; kx++)
                    writer.Line($"{(kx == start ? v.Type + " row =" : "row +=")} {v.Load(Offset("i", kx * In.Pitch))};");
                if (columns > 0 && IsLong)
                    total.Add(writer, "row");
                else if (columns > 0)
                    writer.Line("a += row;");
            }
            else if (columns <= MaxUnrolledColumns)
            {
                for (int kx = start; kx < start + columns && IsMax; kx++)
                    writer.Line($"{v.Type} t{kx} = {v.Load(Offset("i", kx * In.Pitch))};");
                for (int kx = start; kx < start + columns; kx++)
                    writer.Line(IsMax ? $"a = {v.MaxOfBoth("a", "t" + Literal.Of(kx))};" : $"a += {v.Load(Offset("i", kx * In.Pitch))};");
            }
            else
            {
                writer.Open($"for (int kx = {kx0}; kx < {kx1}; kx++)");
                writer.Line($"{v.Type} t = {v.Load($"i + kx * {In.Pitch}")};");
                writer.Line(IsMax ? $"a = {v.MaxOfBoth("a", "t")};" : "a += t;");
                writer.Close();
            }

            writer.Line($"i += {In.RowPitch};");
            writer.Close();
            if (IsLong)
                writer.Line($"{v.Type} a = {total.Scaled("scale")};");
            else if (!IsMax)
                writer.Line($"a *= {(v.Lanes == 1 ? "scale" : v.Broadcast("scale"))};");
            Epilogue.Emit(writer, v, "a", "r + c", Epilogue.SlopeVectors > 0 ? "w + c" : null, Out.Channels);
            writer.Line(v.Store("y + c", "a"));
        });
        writer.Close();
    }
}
