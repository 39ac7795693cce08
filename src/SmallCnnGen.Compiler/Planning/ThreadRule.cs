using System;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Which kernels several threads share.</summary>
internal static class ThreadRule
{
    /// <summary>Some 2 microseconds of multiply-adds: below, the barrier costs more than the second thread saves.</summary>
    private const long LeastMultiplyAdds = 200_000;

    /// <summary>Some 2 microseconds of reading and writing.</summary>
    private const long LeastFloats = 16_384;

    /// <summary>The kernel as threads share it, or as it is where they do not.</summary>
    public static KernelSpec Share(KernelSpec kernel, Op op, TensorRef input, TensorRef output, NetworkOptions options) =>
        options.Threads > 1 && kernel.Shares > 1 && (options.SplitsEverything || IsWorthSplitting(op, input, output)) ? kernel with { IsSplit = true } : kernel;

    /// <summary>How many threads may run a kernel at once, each with scratch memory of its own.</summary>
    public static int Parts(KernelSpec kernel, NetworkOptions options) => kernel.IsSplit ? Math.Min(options.Threads, kernel.Shares) : 1;

    /// <summary>Whether a second thread pays for the barrier behind it.</summary>
    public static bool IsWorthSplitting(Op op, TensorRef input, TensorRef output) =>
        CostRule.MultiplyAdds(op, Shape(input), Shape(output)) >= LeastMultiplyAdds
        || ((long)input.Pixels * input.Channels) + ((long)output.Pixels * output.Channels) >= LeastFloats;

    private static TensorShape Shape(TensorRef map) => new(map.Height, map.Width, map.Channels);
}
