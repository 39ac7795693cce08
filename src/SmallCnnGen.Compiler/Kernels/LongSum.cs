using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>
/// A sum of many terms: blocks of a few are summed in single precision, their sums in double. Plain sums of n terms of one
/// sign are off by up to n roundings (a mean of 65025 times 0.1 by 6e-4 of itself); this one by a block's and one more,
/// however many the terms, for two conversions and two additions a block.
/// </summary>
/// <param name="Vec">Vector width.</param>
/// <param name="Name">Prefix of the variables that hold the total.</param>
public readonly record struct LongSum(Vec Vec, string Name)
{
    /// <summary>Terms in a block: with two roundings for the mean, 15 x 2^-24 = 9e-7 of the sum of magnitudes.</summary>
    public const int Block = 14;

    /// <summary>Most roundings on a term's way through a plain sum before it is taken in blocks.</summary>
    public const int MostPlain = 16;

    private string Lower => Name + "Low";

    private string Upper => Name + "High";

    private bool IsScalar => Vec.Lanes == 1;

    /// <summary>Declares the total as zero.</summary>
    public void Begin(CodeWriter writer) =>
        writer.Line(IsScalar ? $"double {Lower} = 0.0;" : $"{Vec.WideType} {Lower} = {Vec.WideZero}, {Upper} = {Vec.WideZero};");

    /// <summary>Declares the total as a value.</summary>
    public void Begin(CodeWriter writer, string value) =>
        writer.Line(IsScalar ? $"double {Lower} = {Vec.WidenLower(value)};" : $"{Vec.WideType} {Lower} = {Vec.WidenLower(value)}, {Upper} = {Vec.WidenUpper(value)};");

    /// <summary>Adds the sum of a block.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="block">Variable that holds it.</param>
    public void Add(CodeWriter writer, string block)
    {
        writer.Line($"{Lower} += {Vec.WidenLower(block)};");
        if (!IsScalar)
            writer.Line($"{Upper} += {Vec.WidenUpper(block)};");
    }

    /// <summary>The total in single precision.</summary>
    public string Result => Vec.Narrow(Lower, Upper);

    /// <summary>The total times a double, in single precision.</summary>
    public string Scaled(string scale) => Vec.Narrow($"{Lower} * {Vec.WideBroadcast(scale)}", $"{Upper} * {Vec.WideBroadcast(scale)}");
}
