using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>
/// Transposed convolution, gathered: each output pixel sums the input pixels whose windows cover it, a vector of output
/// channels at a time.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Window">Window of the convolution it transposes.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record ConvTransposeKernel(int Bits, TensorRef In, TensorRef Out, Window Window, int Groups, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"ConvTranspose{Window.Kernel}S{Window.Stride}D{Window.Dilation}P{Window.Padding.Top}x{Window.Padding.Left}{(Groups == 1 ? string.Empty : "G" + Literal.Of(Groups))}_{In}_{Out}{Epilogue.Suffix}";

    /// <inheritdoc/>
    public override int Inputs => Epilogue.HasResidual ? 2 : 1;

    /// <inheritdoc/>
    public override long WeightFloats => SlopeOffset + ((long)Epilogue.SlopeVectors * Out.Channels);

    /// <summary>Offset of PReLU slopes behind bias and weights.</summary>
    public long SlopeOffset => Out.Channels + ((long)Window.Kernel.Y * Window.Kernel.X * In.Channels * OutPerGroup);

    private int InPerGroup => In.Channels / Groups;

    private int OutPerGroup => Out.Channels / Groups;

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"Transposed convolution {Window.Kernel}, stride {Window.Stride}, padding {Window.Padding}, dilation {Window.Dilation}, {Groups} groups: {In} to {Out}{Epilogue.Words}.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) => index == 1 ? "r" : "x";

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        Vec v = Vec.For(Bits, OutPerGroup);
        OpenMethod(writer, "internal ", method, Parameters);
        writer.Line($"for (int oy = 0; oy < {Out.Height}; oy++)");
        writer.Open($"for (int ox = 0; ox < {Out.Width}; ox++)");
        writer.Open($"for (int g = 0; g < {Groups}; g++)");
        ChannelLoop.Run(writer, v, OutPerGroup, () =>
        {
            writer.Line($"int channel = g * {OutPerGroup} + c;");
            writer.Line($"{v.Type} a = {v.Load("w + channel")};");
            writer.Open($"for (int ky = 0; ky < {Window.Kernel.Y}; ky++)");
            Source(writer, "y", Window.Padding.Top, Window.Dilation.Y, Window.Stride.Y, In.Height);
            writer.Open($"for (int kx = 0; kx < {Window.Kernel.X}; kx++)");
            Source(writer, "x", Window.Padding.Left, Window.Dilation.X, Window.Stride.X, In.Width);
            writer.Line($"float* i = x + (iy * {In.Width} + ix) * {In.Pitch} + g * {InPerGroup};");
            writer.Line($"float* k = w + {Out.Channels} + ((g * {Window.Kernel.Y} + ky) * {Window.Kernel.X} + kx) * {InPerGroup * OutPerGroup} + c;");
            writer.Line($"for (int ci = 0; ci < {InPerGroup}; ci++)");
            writer.Line($"    a = {v.Fma(v.Broadcast("i[ci]"), v.Load($"k + ci * {OutPerGroup}"), "a")};");
            writer.Close();
            writer.Close();
            writer.Line();
            Epilogue.Emit(writer, v, "a", $"r + (oy * {Out.Width} + ox) * {Epilogue.ResidualPitch} + channel", Epilogue.SlopeVectors > 0 ? Offset("w", SlopeOffset) + " + channel" : null, Out.Channels);
            writer.Line(v.Store($"y + (oy * {Out.Width} + ox) * {Out.Pitch} + channel", "a"));
        });
        writer.Close();
        writer.Close();
        writer.Close();
    }

    /// <summary>The input position that this tap connects with the output position, if there is one.</summary>
    private static void Source(CodeWriter writer, string axis, int padding, int dilation, int stride, int size)
    {
        writer.Line($"int t{axis} = o{axis} + {padding} - k{axis} * {dilation};");
        writer.Line($"if (t{axis} < 0 || t{axis} % {stride} != 0 || t{axis} / {stride} >= {size})");
        writer.Line("    continue;");
        writer.Line($"int i{axis} = t{axis} / {stride};");
    }
}
