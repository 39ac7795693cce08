using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Spatial;

/// <summary>Enlarges a map by a whole factor.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Scale">Factor.</param>
/// <param name="Mode">Interpolation.</param>
/// <param name="AlignCorners">Bilinear: corner pixels on corner pixels, else half-pixel centres clamped at 0.</param>
public sealed record UpsampleKernel(int Bits, TensorRef In, TensorRef Out, int Scale, UpsampleMode Mode, bool AlignCorners) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"Upsample{Mode}{(AlignCorners ? "Corners" : string.Empty)}_{In}_{Out}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{Mode} enlargement by {Scale}: {In} to {Out}.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, In.Channels);
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int oy = 0; oy < {Out.Height}; oy++)");
        if (Mode == UpsampleMode.Nearest)
            writer.Line($"float* xr = x + oy / {Scale} * {In.RowPitch};");
        else
            Position(writer, "y", In.Height, Out.Height, In.RowPitch);
        writer.Open($"for (int ox = 0; ox < {Out.Width}; ox++)");
        if (Mode == UpsampleMode.Nearest)
        {
            writer.Line($"float* i = xr + ox / {Scale} * {In.Pitch};");
            ChannelLoop.Run(writer, v, In.Channels, () => writer.Line(v.Store("y + c", v.Load("i + c"))));
        }
        else
        {
            Position(writer, "x", In.Width, Out.Width, In.Pitch);
            ChannelLoop.Run(writer, v, In.Channels, () =>
            {
                writer.Line($"{v.Type} a = {v.Load("x + y0 + x0 + c")} * {v.Broadcast("1f - fx")} + {v.Load("x + y0 + x1 + c")} * {v.Broadcast("fx")};");
                writer.Line($"{v.Type} b = {v.Load("x + y1 + x0 + c")} * {v.Broadcast("1f - fx")} + {v.Load("x + y1 + x1 + c")} * {v.Broadcast("fx")};");
                writer.Line(v.Store("y + c", $"a * {v.Broadcast("1f - fy")} + b * {v.Broadcast("fy")}"));
            });
        }

        writer.Line($"y += {Out.Pitch};");
        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>Source positions below and above, as offsets, and the weight of the one above.</summary>
    private void Position(CodeWriter writer, string axis, int input, int output, int pitch)
    {
        string o = "o" + axis;
        if (AlignCorners)
            writer.Line(output > 1 ? $"float s{axis} = {o} * ({input - 1}f / {output - 1}f);" : $"const float s{axis} = 0f;");
        else
            writer.Line($"float s{axis} = MathF.Max(0f, ({o} + 0.5f) / {Scale}f - 0.5f);");
        writer.Line($"int i{axis} = Math.Min((int)s{axis}, {input - 1});");
        writer.Line($"float f{axis} = s{axis} - i{axis};");
        writer.Line($"int {axis}0 = i{axis} * {pitch};");
        writer.Line($"int {axis}1 = Math.Min(i{axis} + 1, {input - 1}) * {pitch};");
    }
}
