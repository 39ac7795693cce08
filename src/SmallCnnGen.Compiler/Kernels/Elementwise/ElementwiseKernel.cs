using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Kernels.Elementwise;

/// <summary>What an <see cref="ElementwiseKernel"/> computes before its epilogue.</summary>
public enum ElementwiseOperation
{
    /// <summary>The single input as it is (the epilogue is the work).</summary>
    Identity,

    /// <summary>Sum of the inputs.</summary>
    Add,

    /// <summary>Product of the inputs.</summary>
    Multiply,

    /// <summary>Input times a scale plus a shift, one of each a channel: batch normalisation that nothing could absorb.</summary>
    Affine,
}

/// <summary>Pixel-wise work on one or more maps of one shape; a 1x1 input is broadcast over the pixels.</summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="Operation">Operation.</param>
/// <param name="Operands">Input maps; a broadcast one has 1x1 pixels.</param>
/// <param name="Out">Output map.</param>
/// <param name="Epilogue">What happens before the store.</param>
public sealed record ElementwiseKernel(int Bits, ElementwiseOperation Operation, EquatableArray<TensorRef> Operands, TensorRef Out, EpilogueCode Epilogue) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string operation = Operation == ElementwiseOperation.Identity ? "Activate" : Operation.ToString();
            string gate = Operands.Any(IsBroadcast) ? "Channels" : string.Empty;
            return $"{operation}{gate}_{Out}{(Operands.Count > 2 ? "_" + Literal.Of(Operands.Count) : string.Empty)}{Epilogue.Suffix}";
        }
    }

    /// <inheritdoc/>
    public override int Inputs => Operands.Count + (Epilogue.HasResidual ? 1 : 0);

    /// <inheritdoc/>
    public override long WeightFloats => SlopeOffset + ((long)Epilogue.SlopeVectors * Out.Channels);

    /// <summary>Offset of PReLU slopes behind scale and shift.</summary>
    public long SlopeOffset => Operation == ElementwiseOperation.Affine ? 2L * Out.Channels : 0;

    /// <inheritdoc/>
    public override int Units => Out.Height;

    /// <inheritdoc/>
    public override UnitSpan Writes(int unit) => UnitSpan.Rows(Out, unit, unit + 1);

    /// <inheritdoc/>
    public override string UnitName => "rows";

    /// <summary>Whether all maps are one gapless sequence in which the channel does not matter.</summary>
    private bool IsSequence => WeightFloats == 0 && Out.IsDense && (!Epilogue.HasResidual || Epilogue.ResidualPitch == Out.Channels)
        && Operands.All(o => o.IsDense && !IsBroadcast(o));

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        string what = Operation switch
        {
            ElementwiseOperation.Add => "Sum of " + Literal.Of(Operands.Count) + " maps",
            ElementwiseOperation.Multiply => "Product of " + string.Join(" and ", Operands.Select(o => o.ToString())),
            ElementwiseOperation.Affine => "Batch normalisation: scale and shift per channel",
            _ => "Activation",
        };
        yield return $"{what}, {Out}{Epilogue.Words}.";
    }

    /// <inheritdoc/>
    protected override string InputName(int index) =>
        Epilogue.HasResidual && index == Operands.Count ? "r" : base.InputName(index);

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        OpenMethod(writer, "internal ", method, Parameters);
        bool sequence = IsSequence && !IsSplit;
        int channels = sequence ? Out.Pixels * Out.Channels : Out.Channels;
        int pixels = sequence ? 1 : Out.Pixels;
        Vec v = Vec.For(Bits, channels);
        if (IsSplit)
        {
            for (int i = 0; i < Operands.Count; i++)
            {
                if (!IsBroadcast(Operands[i]))
                    writer.Line($"{InputName(i)} += from * {Operands[i].RowPitch};");
            }

            if (Epilogue.HasResidual)
                writer.Line($"r += from * {Out.Width * Epilogue.ResidualPitch};");
            writer.Line($"y += from * {Out.RowPitch};");
            writer.Open($"for (int pixel = from * {Out.Width}; pixel < to * {Out.Width}; pixel++)");
        }
        else if (pixels > 1)
        {
            writer.Open($"for (int pixel = 0; pixel < {pixels}; pixel++)");
        }

        ChannelLoop.Run(writer, v, channels, () =>
        {
            writer.Line($"{v.Type} a = {v.Load(InputName(0) + " + c")};");
            for (int i = 1; i < Operands.Count; i++)
                writer.Line($"a {(Operation == ElementwiseOperation.Add ? "+" : "*")}= {v.Load(InputName(i) + " + c")};");
            if (Operation == ElementwiseOperation.Affine)
                writer.Line($"a = {v.Fma("a", v.Load("w + c"), v.Load($"w + {Out.Channels} + c"))};");
            Epilogue.Emit(writer, v, "a", "r + c", Epilogue.SlopeVectors > 0 ? Offset("w", SlopeOffset) + " + c" : null, Out.Channels);
            writer.Line(v.Store("y + c", "a"));
        });
        if (pixels > 1 || IsSplit)
        {
            for (int i = 0; i < Operands.Count; i++)
            {
                if (!IsBroadcast(Operands[i]))
                    writer.Line($"{InputName(i)} += {Operands[i].Pitch};");
            }

            if (Epilogue.HasResidual)
                writer.Line($"r += {Epilogue.ResidualPitch};");
            writer.Line($"y += {Out.Pitch};");
            writer.Close();
        }

        writer.Close();
    }

    private bool IsBroadcast(TensorRef operand) => operand.Pixels == 1 && Out.Pixels > 1;
}
