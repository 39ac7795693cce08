using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Spatial;

/// <summary>Copies a map into a larger one with zero rows and columns around it; negative amounts crop.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Pads">Amounts.</param>
public sealed record PadKernel(int Bits, TensorRef In, TensorRef Out, Sides Pads) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"Pad_{In}_{Out}_{Side(Pads.Top)}{Side(Pads.Left)}{Side(Pads.Bottom)}{Side(Pads.Right)}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{In} with {Literal.Of(Pads.Top)}, {Literal.Of(Pads.Left)}, {Literal.Of(Pads.Bottom)}, {Literal.Of(Pads.Right)} zero rows and columns above, left, below and right: {Out}.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, In.Channels);
        int left = Math.Min(Out.Width, Math.Max(0, Pads.Left)), first = Math.Max(0, -Pads.Left);
        int columns = Math.Max(0, Math.Min(In.Width - first, Out.Width - left)), right = Out.Width - left - columns;

        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int oy = 0; oy < {Out.Height}; oy++)");
        writer.Line($"float* yr = y + oy * {Out.RowPitch};");
        if (columns == 0)
        {
            Zeros(writer, v, "yr", Out.Width);
            writer.Close();
            writer.Close();
            return;
        }

        writer.Open($"if ((uint)(oy - ({Literal.Of(Pads.Top)})) >= {In.Height}u)");
        Zeros(writer, v, "yr", Out.Width);
        writer.Line("continue;");
        writer.Close();
        writer.Line();
        writer.Line($"float* xr = {Offset($"x + (oy - ({Literal.Of(Pads.Top)})) * {In.RowPitch}", first * In.Pitch)};");
        Zeros(writer, v, "yr", left);
        writer.Open($"for (int ox = 0; ox < {columns}; ox++)");
        ChannelLoop.Run(writer, v, In.Channels, () => writer.Line(v.Store($"{Offset("yr", left * Out.Pitch)} + ox * {Out.Pitch} + c", v.Load($"xr + ox * {In.Pitch} + c"))));
        writer.Close();
        Zeros(writer, v, Offset("yr", (left + columns) * Out.Pitch), right);
        writer.Close();
        writer.Close();
    }

    private void Zeros(CodeWriter writer, Vec v, string pointer, int columns)
    {
        if (columns == 0)
            return;
        writer.Open($"for (int ox = 0; ox < {columns}; ox++)");
        ChannelLoop.Run(writer, v, In.Channels, () => writer.Line(v.Store($"{pointer} + ox * {Out.Pitch} + c", v.Zero)));
        writer.Close();
    }

    private static string Side(int amount) => amount < 0 ? "m" + Literal.Of(-amount) : Literal.Of(amount);
}
