using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Channels;

/// <summary>A map in NCHW order as one row of channels: y[(c H + h) W + w] = x[h, w, c].</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
public sealed record FlattenKernel(int Bits, TensorRef In) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"Flatten_{In}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{In} as one row of {In.Pixels * In.Channels} values in NCHW order.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int pixel = 0; pixel < {In.Pixels}; pixel++)");
        writer.Line($"for (int c = 0; c < {In.Channels}; c++)");
        writer.Line($"    y[c * {In.Pixels} + pixel] = x[c];");
        writer.Line($"x += {In.Pitch};");
        writer.Close();
        writer.Close();
    }
}
