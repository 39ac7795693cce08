using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Pooling;

/// <summary>
/// Max or mean over windows [floor(i n / o), ceil((i + 1) n / o)); a 1x1 output is global pooling. Small windows are summed
/// row by row, so rounding grows with height + width rather than with their product, others in blocks (<see cref="LongSum"/>).
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="IsMax">Maximum, else mean.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record AdaptivePoolKernel(int Bits, TensorRef In, TensorRef Out, bool IsMax, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"{(Out.Pixels == 1 ? "Global" : "Adaptive")}{(IsMax ? "Max" : "Average")}Pool_{In}_{Out}{Epilogue.Suffix}";

    /// <inheritdoc/>
    public override int Inputs => Epilogue.HasResidual ? 2 : 1;

    /// <inheritdoc/>
    public override long WeightFloats => (long)Epilogue.SlopeVectors * Out.Channels;

    /// <inheritdoc/>
    public override int Units => Out.Pixels > 1 ? Out.Height : (Out.Channels + Together - 1) / Together;

    /// <inheritdoc/>
    public override bool LastUnitsOverlap => Out.Pixels == 1 && Units > 1 && Out.Channels % Together != 0;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit)
    {
        if (Out.Pixels > 1)
            return UnitSpan.Rows(Out, unit, unit + 1);
        int first = Math.Min(unit * Together, Out.Channels - Together);
        return new UnitSpan(UnitAxis.Channels, first, first + Together, Out.Channels);
    }

    /// <inheritdoc/>
    public override string UnitName => Out.Pixels > 1 ? "rows" : "groups of channels";

    /// <summary>
    /// Vectors of channels taken at a time: whole cache lines side by side, which the hardware fetches ahead, and as many
    /// chains of additions beside each other.
    /// </summary>
    private int Vectors => Math.Min(4, Math.Max(1, Out.Channels / V.Lanes));

    /// <summary>
    /// Whether means are taken in blocks. Row means, one pixel a row, have been rounded before: they have less room.
    /// </summary>
    private bool IsLong => !IsMax && Most(In.Width, Out.Width) + Most(In.Height, Out.Height) > (In.Width == 1 ? LongSum.MostPlain / 2 : LongSum.MostPlain);

    private int Block => In.Width == 1 ? 4 : LongSum.Block;

    /// <summary>Most pixels in a window, along one axis.</summary>
    private static int Most(int input, int output) => input % output == 0 ? input / output : (input / output) + 2;

    private int Together => V.Lanes * Vectors;

    private Vec V => Vec.For(Bits, Out.Channels);

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{(IsMax ? "Maximum" : "Mean")} over {(Out.Pixels == 1 ? "the whole map" : $"a {Out.Height}x{Out.Width} grid of windows")}: {In} to {Out}{Epilogue.Words}.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 1 ? "r" : "x";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = V;
        (string first, string end) = Bounds(0, Units);
        OpenMethod(writer, "internal ", method, Parameters);
        if (Out.Pixels > 1)
        {
            writer.Open($"for (int oy = {first}; oy < {end}; oy++)");
            writer.Line($"int y0 = oy * {In.Height} / {Out.Height};");
            writer.Line($"int y1 = ((oy + 1) * {In.Height} + {Out.Height - 1}) / {Out.Height};");
            writer.Open($"for (int ox = 0; ox < {Out.Width}; ox++)");
            writer.Line($"int x0 = ox * {In.Width} / {Out.Width};");
            writer.Line($"int x1 = ((ox + 1) * {In.Width} + {Out.Width - 1}) / {Out.Width};");
        }
        else
        {
            writer.Line($"const int y0 = 0, y1 = {In.Height}, x0 = 0, x1 = {In.Width};");
        }

        if (!IsMax)
            writer.Line(IsLong ? "double scale = 1.0 / ((y1 - y0) * (x1 - x0));" : "float scale = 1f / ((y1 - y0) * (x1 - x0));");
        int vectors = Vectors;
        string At(string pointer, int k) => Offset(pointer, k * v.Lanes);
        void Body()
        {
            if (IsLong)
                EmitLongSums(writer, v, vectors);
            else
                EmitRows(writer, v, vectors);
            string pixel = Out.Pixels == 1 ? string.Empty : $"(oy * {Out.Width} + ox) * ";
            for (int k = 0; k < vectors; k++)
            {
                if (!IsMax && !IsLong)
                    writer.Line($"a{k} *= {v.Broadcast("scale")};");
                Epilogue.Emit(writer, v, $"a{k}", At(pixel.Length == 0 ? "r + c" : $"r + {pixel}{Epilogue.ResidualPitch} + c", k), Epilogue.SlopeVectors > 0 ? At("w + c", k) : null, Out.Channels);
            }

            for (int k = 0; k < vectors; k++)
                writer.Line(v.Store(At(pixel.Length == 0 ? "y + c" : $"y + {pixel}{Out.Pitch} + c", k), $"a{k}"));
        }

        if (IsSplit && Out.Pixels == 1)
            ChannelLoop.Part(writer, Together, Out.Channels, first, end, Body);
        else
            ChannelLoop.Run(writer, Together, Out.Channels, Body);
        if (Out.Pixels > 1)
        {
            writer.Close();
            writer.Close();
        }

        writer.Close();
    }

    /// <summary>Maxima, or sums row by row, in a0 and the following.</summary>
    private void EmitRows(CodeWriter writer, Vec v, int vectors)
    {
        for (int k = 0; k < vectors; k++)
            writer.Line($"{v.Type} a{k} = {(IsMax ? v.Broadcast("float.NegativeInfinity") : v.Zero)};");
        writer.Open("for (int iy = y0; iy < y1; iy++)");
        writer.Line($"float* i = x + iy * {In.RowPitch} + x0 * {In.Pitch} + c;");
        for (int k = 0; k < vectors && !IsMax; k++)
            writer.Line($"{v.Type} row{k} = {v.Zero};");
        writer.Open("for (int ix = x0; ix < x1; ix++)");
        for (int k = 0; k < vectors; k++)
        {
            string value = v.Load(Offset("i", k * v.Lanes));
            if (IsMax)
            {
                writer.Line($"{v.Type} v{k} = {value};");
                writer.Line($"a{k} = {v.MaxOfBoth($"a{k}", $"v{k}")};");
            }
            else
            {
                writer.Line($"row{k} += {value};");
            }
        }

        writer.Line($"i += {In.Pitch};");
        writer.Close();
        for (int k = 0; k < vectors && !IsMax; k++)
            writer.Line($"a{k} += row{k};");
        writer.Close();
    }

    /// <summary>Means in a0 and the following, the sums in blocks of pixels: of the whole map where that is the window, else of each row.</summary>
    private void EmitLongSums(CodeWriter writer, Vec v, int vectors)
    {
        bool isWhole = Out.Pixels == 1;
        var totals = new LongSum[vectors];
        for (int k = 0; k < vectors; k++)
        {
            totals[k] = new LongSum(v, "total" + Literal.Of(k));
            totals[k].Begin(writer);
        }

        if (!isWhole)
            writer.Open("for (int iy = y0; iy < y1; iy++)");
        writer.Line(isWhole ? "float* i = x + c;" : $"float* i = x + iy * {In.RowPitch} + x0 * {In.Pitch} + c;");
        writer.Open($"for (int left = {(isWhole ? Literal.Of(In.Pixels) : "x1 - x0")}; left > 0; left -= {Block})");
        for (int k = 0; k < vectors; k++)
            writer.Line($"{v.Type} block{k} = {v.Zero};");
        writer.Open($"for (int pixel = Math.Min(left, {Block}); pixel > 0; pixel--)");
        for (int k = 0; k < vectors; k++)
            writer.Line($"block{k} += {v.Load(Offset("i", k * v.Lanes))};");
        writer.Line($"i += {In.Pitch};");
        writer.Close();
        for (int k = 0; k < vectors; k++)
            totals[k].Add(writer, "block" + Literal.Of(k));
        writer.Close();
        if (!isWhole)
            writer.Close();
        for (int k = 0; k < vectors; k++)
            writer.Line($"{v.Type} a{k} = {totals[k].Scaled("scale")};");
    }
}
