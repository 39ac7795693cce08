using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Spatial;

/// <summary>
/// Puts each value where the max-pooling found its maximum, zeros elsewhere. The first maximum of each window of the map
/// that was pooled is found again, which costs less than keeping an index tensor alive through the network. NaN counts as
/// larger than anything, and of several the last is taken, as PyTorch does.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="Values">Values to place.</param>
/// <param name="Pooled">The map that was pooled.</param>
/// <param name="Out">Output map, as large as the pooled one.</param>
/// <param name="Pool">The pooling's window.</param>
public sealed record MaxUnpoolKernel(int Bits, TensorRef Values, TensorRef Pooled, TensorRef Out, Window Pool) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"MaxUnpool{Pool.Kernel}_{Values}_{Out}";

    /// <inheritdoc/>
    public override int Inputs => 2;

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{Values} placed into {Out} where {Pool.Kernel} max-pooling found its maxima.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, Out.Channels);
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Open($"for (int pixel = 0; pixel < {Out.Pixels}; pixel++)");
        ChannelLoop.Run(writer, v, Out.Channels, () => writer.Line(v.Store($"y + pixel * {Out.Pitch} + c", v.Zero)));
        writer.Close();
        writer.Line();
        writer.Line($"for (int py = 0; py < {Values.Height}; py++)");
        writer.Line($"for (int px = 0; px < {Values.Width}; px++)");
        writer.Open($"for (int c = 0; c < {Out.Channels}; c++)");
        writer.Line("int best = -1;");
        writer.Line("float most = 0f;");
        writer.Line($"for (int iy = py * {Pool.Stride.Y}; iy < Math.Min({Pooled.Height}, py * {Pool.Stride.Y} + {Pool.Kernel.Y}); iy++)");
        writer.Open($"for (int ix = px * {Pool.Stride.X}; ix < Math.Min({Pooled.Width}, px * {Pool.Stride.X} + {Pool.Kernel.X}); ix++)");
        writer.Line($"float value = x1[(iy * {Pooled.Width} + ix) * {Pooled.Pitch} + c];");
        writer.Open("if (best < 0 || value > most || float.IsNaN(value))");
        writer.Line("most = value;");
        writer.Line($"best = iy * {Out.Width} + ix;");
        writer.Close();
        writer.Close();
        writer.Line();
        writer.Line("if (best >= 0)");
        writer.Line($"    y[best * {Out.Pitch} + c] = x[(py * {Values.Width} + px) * {Values.Pitch} + c];");
        writer.Close();
        writer.Close();
    }
}
