using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>An activation as code: the function and its constant.</summary>
/// <param name="Function">Function.</param>
/// <param name="Alpha">Slope or scale.</param>
public readonly record struct ActivationCode(Activation Function, float Alpha)
{
    /// <summary>From the graph's description.</summary>
    public static ActivationCode From(ActivationSpec spec) => new(spec.Function, spec.Alpha);

    /// <summary>Whether it reads a slope per channel.</summary>
    public bool HasSlopes => Function == Activation.PReLU;

    /// <summary>Whether it changes nothing.</summary>
    public bool IsNone => Function == Activation.None;

    /// <summary>
    /// Whether it takes dozens of instructions (an exponential). Such a function is applied in a loop over a finished tile,
    /// which lies in the first-level cache: unrolled into every accumulator it would no longer be inlined, and a call
    /// spills all of them.
    /// </summary>
    public bool IsLong => Function is Activation.Sigmoid or Activation.SiLU or Activation.Tanh or Activation.ELU;

    /// <summary>Vectors of constants that it reads, for each of which the JIT takes a register (zero costs none).</summary>
    public int Constants => Function switch
    {
        Activation.HardSwish or Activation.HardSigmoid => 3,
        Activation.ReLU6 or Activation.LeakyReLU => 1,
        _ => 0,
    };

    /// <summary>For kernel names: "_ReLU" or nothing.</summary>
    public string Suffix => IsNone ? string.Empty : "_" + Function;

    /// <summary>An expression for the activated value.</summary>
    /// <param name="vec">Vector width.</param>
    /// <param name="v">Name of the value.</param>
    /// <param name="slopes">PReLU: expression for the slopes.</param>
    public string Apply(Vec vec, string v, string? slopes) => Function switch
    {
        Activation.None => v,
        Activation.ReLU => vec.Max(vec.Zero, v),
        Activation.ReLU6 => vec.Min(vec.Constant(6), vec.Max(vec.Zero, v)),
        Activation.LeakyReLU => vec.Fma(vec.Min(vec.Zero, v), vec.Constant(Alpha), vec.Max(vec.Zero, v)),
        Activation.PReLU => vec.Fma(vec.Min(vec.Zero, v), slopes!, vec.Max(vec.Zero, v)),
        Activation.HardSigmoid => $"{vec.Min(vec.Constant(6), vec.Max(vec.Zero, $"{v} + {vec.Constant(3)}"))} * {vec.Constant(1f / 6)}",
        Activation.HardSwish => $"{v} * {vec.Constant(1f / 6)} * {vec.Min(vec.Constant(6), vec.Max(vec.Zero, $"{v} + {vec.Constant(3)}"))}",
        Activation.Sigmoid => vec.Math("Sigmoid", v),
        Activation.SiLU => vec.Math("SiLU", v),
        Activation.Tanh => vec.Math("Tanh", v),
        Activation.ELU => $"{vec.Max(vec.Zero, v)} + {vec.Constant(Alpha)} * {vec.Math("ExpMinus1", vec.Min(vec.Zero, v))}",
        _ => throw new InvalidOperationException("no code for " + Function),
    };
}

/// <summary>What a kernel does to each value before storing it: y = After(Before(value) + residual).</summary>
/// <param name="Before">First activation.</param>
/// <param name="ResidualPitch">Pixel pitch of the added map, or 0 when nothing is added.</param>
/// <param name="After">Second activation.</param>
public readonly record struct EpilogueCode(ActivationCode Before, int ResidualPitch, ActivationCode After)
{
    /// <summary>Whether a map is added.</summary>
    public bool HasResidual => ResidualPitch > 0;

    /// <summary>Whether it is applied in a loop of its own after a tile.</summary>
    public bool IsLong => Before.IsLong || After.IsLong;

    /// <summary>Vectors of constants that it reads (see <see cref="ActivationCode.Constants"/>).</summary>
    public int Constants => Math.Max(Before.Constants, After.Constants);

    /// <summary>How many slope vectors (one float a channel each) follow the kernel's weights.</summary>
    public int SlopeVectors => (Before.HasSlopes ? 1 : 0) + (After.HasSlopes ? 1 : 0);

    /// <summary>For kernel names.</summary>
    public string Suffix => Before.Suffix + (HasResidual ? "_Add" : string.Empty) + After.Suffix;

    /// <summary>In words, for comments: ", then ReLU".</summary>
    public string Words
    {
        get
        {
            var parts = new List<string>();
            if (!Before.IsNone)
                parts.Add(Before.Function.ToString());
            if (HasResidual)
                parts.Add("add");
            if (!After.IsNone)
                parts.Add(After.Function.ToString());
            return parts.Count == 0 ? string.Empty : ", then " + string.Join(", ", parts);
        }
    }

    /// <summary>Writes the statements that turn a value into what is stored.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vec">Vector width.</param>
    /// <param name="value">Variable that holds the value and receives the result.</param>
    /// <param name="residual">Expression for the pointer to the added value.</param>
    /// <param name="slopes">Expression for the pointer to this channel's slopes in the first slope vector.</param>
    /// <param name="channels">Length of a slope vector.</param>
    public void Emit(CodeWriter writer, Vec vec, string value, string? residual, string? slopes, int channels)
    {
        if (!Before.IsNone)
            writer.Line($"{value} = {Before.Apply(vec, value, slopes is null ? null : vec.Load(slopes))};");
        if (HasResidual)
            writer.Line($"{value} += {vec.Load(residual!)};");
        if (!After.IsNone)
        {
            string? second = slopes is null ? null : vec.Load(Before.HasSlopes ? $"{slopes} + {Literal.Of(channels)}" : slopes);
            writer.Line($"{value} = {After.Apply(vec, value, second)};");
        }
    }
}
