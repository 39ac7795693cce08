using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Normalization;

/// <summary>Softmax over the channels of each pixel, after subtracting the largest.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
public sealed record SoftmaxKernel(int Bits, TensorRef In, TensorRef Out) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"Softmax_{In}_{Out.Pitch}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"Softmax over {In.Channels} channels, {In.Pixels} pixels.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int pixel = 0; pixel < {In.Pixels}; pixel++)");
        writer.Line("float most = x[0];");
        writer.Line($"for (int c = 1; c < {In.Channels}; c++)");
        writer.Line("    most = MathF.Max(most, x[c]);");
        writer.Line("float sum = 0f;");
        writer.Open($"for (int c = 0; c < {In.Channels}; c++)");
        writer.Line("y[c] = MathF.Exp(x[c] - most);");
        writer.Line("sum += y[c];");
        writer.Close();
        writer.Line($"for (int c = 0; c < {In.Channels}; c++)");
        writer.Line("    y[c] /= sum;");
        writer.Line($"x += {In.Pitch};");
        writer.Line($"y += {Out.Pitch};");
        writer.Close();
        writer.Close();
    }
}
