using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Which kernels several threads share.</summary>
internal static class ThreadRule
{
    /// <summary>Some 2 microseconds of multiply-adds: below, the barrier costs more than the second thread saves.</summary>
    private const long LeastMultiplyAdds = 200_000;

    /// <summary>Some 2 microseconds of reading and writing.</summary>
    private const long LeastFloats = 16_384;

    /// <summary>Whether a second thread pays for the barrier behind it.</summary>
    public static bool IsWorthSplitting(Op op, TensorRef input, TensorRef output) =>
        CostRule.MultiplyAdds(op, Shape(input), Shape(output)) >= LeastMultiplyAdds
        || ((long)input.Pixels * input.Channels) + ((long)output.Pixels * output.Channels) >= LeastFloats;

    private static TensorShape Shape(TensorRef map) => new(map.Height, map.Width, map.Channels);
}
