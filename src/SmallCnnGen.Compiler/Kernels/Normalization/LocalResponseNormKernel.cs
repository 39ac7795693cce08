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
    public override IEnumerable<string> Describe()
    {
        yield return $"Local response normalisation over {Size} channels of {In}.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        int before = Size / 2, after = (Size - 1) / 2;
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int pixel = 0; pixel < {In.Pixels}; pixel++)");
        writer.Open($"for (int c = 0; c < {In.Channels}; c++)");
        writer.Line("float sum = 0f;");
        writer.Line($"int end = Math.Min({In.Channels}, c + {after + 1});");
        writer.Line($"for (int n = Math.Max(0, c - {before}); n < end; n++)");
        writer.Line("    sum += x[n] * x[n];");
        string scale = $"{Literal.Of((float)K)} + {Literal.Of((float)(Alpha / Size))} * sum";

        // beta = 3/4, as every published network has it, needs no power function.
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
        writer.Line($"x += {In.Pitch};");
        writer.Line($"y += {Out.Pitch};");
        writer.Close();
        writer.Close();
    }
}
