using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Normalization;

/// <summary>Local response normalisation: x / (k + alpha / size * sum of squares of neighbouring channels)^beta.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Size">Channels in the window: size / 2 before, (size - 1) / 2 after.</param>
/// <param name="Alpha">Scale.</param>
/// <param name="Beta">Exponent.</param>
/// <param name="K">Constant.</param>
public sealed record LocalResponseNormKernel(int Bits, TensorRef In, TensorRef Out, int Size, double Alpha, double Beta, double K) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"LocalResponseNorm{Size}_{In}_{Out.Pitch}";

    /// <inheritdoc/>
    public override int Units => In.Pixels;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => new(UnitAxis.Pixels, unit, unit + 1, Out.Pixels);

    /// <inheritdoc/>
    public override string UnitName => "pixels";

    /// <summary>Most channels whose squares are put on the stack.</summary>
    private const int MaxChannels = 8192;

    private int Before => Size / 2;

    private int After => (Size - 1) / 2;

    /// <summary>
    /// Vectors of neighbouring channels; one channel at a time where there are few channels or absurdly many, and with an
    /// exponent other than 3/4, which every published network has: it needs square roots only, no power function.
    /// </summary>
    private Vec V => Beta == 0.75 && (long)In.Channels + Size <= MaxChannels ? Vec.For(Bits, In.Channels) : Vec.For(Bits, 1);

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"Local response normalisation over {Size} channels of {In}.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        OpenMethod(writer, "internal ", method, Parameters);
        bool inVectors = V.Lanes > 1;
        if (inVectors)
        {
            writer.Line("// A pixel's squares, between zeros for the neighbours that the first and the last channels lack.");
            writer.Line($"float* squares = stackalloc float[{In.Channels + Before + After}];");
            writer.Line($"new Span<float>(squares, {In.Channels + Before + After}).Clear();");
        }

        OpenPixels(writer, In, Out);
        if (inVectors)
            EmitVectors(writer);
        else
            EmitChannels(writer);
        ClosePixels(writer, In, Out);
        writer.Close();
    }

    private void EmitVectors(CodeWriter writer)
    {
        Vec v = V;
        ChannelLoop.Run(writer, v, In.Channels, () =>
        {
            writer.Line($"{v.Type} a = {v.Load("x + c")};");
            writer.Line(v.Store(Offset("squares", Before) + " + c", "a * a"));
        });
        ChannelLoop.Run(writer, v, In.Channels, () =>
        {
            if (Size <= LongSum.MostPlain)
            {
                writer.Line($"{v.Type} sum = {v.Load("squares + c")};");
                writer.Line($"for (int k = 1; k < {Size}; k++)");
                writer.Line("    " + $"sum += {v.Load("squares + c + k")};");
            }
            else
            {
                var total = new LongSum(v, "total");
                total.Begin(writer);
                writer.Open($"for (int first = 0; first < {Size}; first += {LongSum.Block})");
                writer.Line($"{v.Type} block = {v.Load("squares + c + first")};");
                writer.Line($"int end = Math.Min({Size}, first + {LongSum.Block});");
                writer.Line("for (int k = first + 1; k < end; k++)");
                writer.Line("    " + $"block += {v.Load("squares + c + k")};");
                total.Add(writer, "block");
                writer.Close();
                writer.Line($"{v.Type} sum = {total.Result};");
            }

            writer.Line($"{v.Type} root = {v.Sqrt(v.Fma(v.Constant(Scale), "sum", v.Constant((float)K)))};");
            writer.Line(v.Store("y + c", $"{v.Load("x + c")} / (root * {v.Sqrt("root")})"));
        });
    }

    private void EmitChannels(CodeWriter writer)
    {
        writer.Open($"for (int c = 0; c < {In.Channels}; c++)");
        bool isLong = Size > LongSum.MostPlain;
        writer.Line(isLong ? "double squares = 0.0;" : "float sum = 0f;");
        writer.Line($"int end = Math.Min({In.Channels}, c + {After + 1});");
        writer.Line($"for (int n = Math.Max(0, c - {Before}); n < end; n++)");
        writer.Line(isLong ? "    squares += x[n] * x[n];" : "    sum += x[n] * x[n];");
        if (isLong)
            writer.Line("float sum = (float)squares;");
        string scale = $"{Literal.Of((float)K)} + {Literal.Of(Scale)} * sum";
        if (Beta == 0.75)
        {
            writer.Line($"float root = MathF.Sqrt({scale});");
            writer.Line("y[c] = x[c] / (root * MathF.Sqrt(root));");
        }
        else
        {
            writer.Line($"y[c] = x[c] / MathF.Pow({scale}, {Literal.Of((float)Beta)});");
        }

        writer.Close();
    }

    private float Scale => (float)(Alpha / Size);
}
