using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Normalization;

/// <summary>Softmax over the channels of each pixel, after subtracting the largest, or its logarithm.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="IsLog">Whether it computes the logarithm.</param>
public sealed record SoftmaxKernel(int Bits, TensorRef In, TensorRef Out, bool IsLog) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"{(IsLog ? "Log" : string.Empty)}Softmax_{In}_{Out.Pitch}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{(IsLog ? "Logarithm of softmax" : "Softmax")} over {In.Channels} channels, {In.Pixels} pixels.";
    }

    /// <inheritdoc/>
    public override int Units => In.Pixels;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => new(UnitAxis.Pixels, unit, unit + 1, Out.Pixels);

    /// <inheritdoc/>
    public override string UnitName => "pixels";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, In.Channels);
        OpenMethod(writer, "internal ", method, Parameters);
        OpenPixels(writer, In, Out);
        writer.Line($"{v.Type} most = {v.Load("x")};");
        ChannelLoop.Run(writer, v, In.Channels, () => writer.Line($"most = {v.Max("most", v.Load("x + c"))};"));
        writer.Line("float largest = x[0];");
        writer.Line($"for (int c = 0; c < {v.Lanes}; c++)");
        writer.Line($"    largest = MathF.Max(largest, {(v.Lanes == 1 ? "most" : "most[c]")});");
        ChannelLoop.Run(writer, v, In.Channels, () => writer.Line(v.Store("y + c", v.Math("Exp", $"{v.Load("x + c")} - {v.Broadcast("largest")}"))));

        // In double precision: a thousand additions otherwise lose digits, and the chain of them takes as long either way.
        writer.Line("double total = 0.0;");
        writer.Line($"for (int c = 0; c < {In.Channels}; c++)");
        writer.Line("    total += y[c];");
        if (IsLog)
        {
            // Of differences from the largest, so that a large input costs no digits.
            writer.Line("float log = (float)Math.Log(total);");
            ChannelLoop.Run(writer, v, In.Channels, () => writer.Line(v.Store("y + c", $"{v.Load("x + c")} - {v.Broadcast("largest")} - {v.Broadcast("log")}")));
        }
        else
        {
            writer.Line("float sum = (float)total;");

            // Divided once for each channel: vectors at the end overlap.
            writer.Line($"for (int c = 0; c < {In.Channels}; c++)");
            writer.Line("    y[c] /= sum;");
        }

        ClosePixels(writer, In, Out);
        writer.Close();
    }
}
