using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>
/// How many floating-point operations a second this core can do at most: fused multiply-adds on registers, nothing else.
/// Twelve independent chains cover a latency of 4 cycles at up to 3 a cycle, and fit 16 registers.
/// </summary>
public static class FmaPeak
{
    private const int Chains = 12, Unroll = 2, OperationsPerLane = 2;
    private const int Iterations = 20_000, Attempts = 6;

    /// <summary>Operations a second at a vector width, the best of a few short attempts; 0 where the width is missing.</summary>
    public static double Measure(int bits)
    {
        bool hasFma = Fma.IsSupported && bits switch { 512 => Vector512.IsHardwareAccelerated, 256 => Vector256.IsHardwareAccelerated, _ => true };
        if (!hasFma)
            return 0;
        double best = double.PositiveInfinity;
        for (int i = 0; i < Attempts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            float sum = bits switch { 512 => Run512(Iterations), 256 => Run256(Iterations), _ => Run128(Iterations) };
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (float.IsNaN(sum))
                throw new InvalidOperationException("multiply-adds that converge gave no number");
            best = Math.Min(best, seconds);
        }

        return (double)Iterations * Chains * Unroll * OperationsPerLane * (bits / 32) / best;
    }

    // x = x / 2 + 1 stays near 2: no overflow, no denormal number, whatever the number of iterations.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run128(int iterations)
    {
        Vector128<float> h = Vector128.Create(0.5f), o = Vector128.Create(1f);
        Vector128<float> a = o, b = o, c = o, d = o, e = o, f = o, g = o, i = o, j = o, k = o, l = o, m = o;
        for (int n = 0; n < iterations; n++)
        {
            a = Fma.MultiplyAdd(a, h, o);
            b = Fma.MultiplyAdd(b, h, o);
            c = Fma.MultiplyAdd(c, h, o);
            d = Fma.MultiplyAdd(d, h, o);
            e = Fma.MultiplyAdd(e, h, o);
            f = Fma.MultiplyAdd(f, h, o);
            g = Fma.MultiplyAdd(g, h, o);
            i = Fma.MultiplyAdd(i, h, o);
            j = Fma.MultiplyAdd(j, h, o);
            k = Fma.MultiplyAdd(k, h, o);
            l = Fma.MultiplyAdd(l, h, o);
            m = Fma.MultiplyAdd(m, h, o);
            a = Fma.MultiplyAdd(a, h, o);
            b = Fma.MultiplyAdd(b, h, o);
            c = Fma.MultiplyAdd(c, h, o);
            d = Fma.MultiplyAdd(d, h, o);
            e = Fma.MultiplyAdd(e, h, o);
            f = Fma.MultiplyAdd(f, h, o);
            g = Fma.MultiplyAdd(g, h, o);
            i = Fma.MultiplyAdd(i, h, o);
            j = Fma.MultiplyAdd(j, h, o);
            k = Fma.MultiplyAdd(k, h, o);
            l = Fma.MultiplyAdd(l, h, o);
            m = Fma.MultiplyAdd(m, h, o);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + i + j + k + l + m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run256(int iterations)
    {
        Vector256<float> h = Vector256.Create(0.5f), o = Vector256.Create(1f);
        Vector256<float> a = o, b = o, c = o, d = o, e = o, f = o, g = o, i = o, j = o, k = o, l = o, m = o;
        for (int n = 0; n < iterations; n++)
        {
            a = Fma.MultiplyAdd(a, h, o);
            b = Fma.MultiplyAdd(b, h, o);
            c = Fma.MultiplyAdd(c, h, o);
            d = Fma.MultiplyAdd(d, h, o);
            e = Fma.MultiplyAdd(e, h, o);
            f = Fma.MultiplyAdd(f, h, o);
            g = Fma.MultiplyAdd(g, h, o);
            i = Fma.MultiplyAdd(i, h, o);
            j = Fma.MultiplyAdd(j, h, o);
            k = Fma.MultiplyAdd(k, h, o);
            l = Fma.MultiplyAdd(l, h, o);
            m = Fma.MultiplyAdd(m, h, o);
            a = Fma.MultiplyAdd(a, h, o);
            b = Fma.MultiplyAdd(b, h, o);
            c = Fma.MultiplyAdd(c, h, o);
            d = Fma.MultiplyAdd(d, h, o);
            e = Fma.MultiplyAdd(e, h, o);
            f = Fma.MultiplyAdd(f, h, o);
            g = Fma.MultiplyAdd(g, h, o);
            i = Fma.MultiplyAdd(i, h, o);
            j = Fma.MultiplyAdd(j, h, o);
            k = Fma.MultiplyAdd(k, h, o);
            l = Fma.MultiplyAdd(l, h, o);
            m = Fma.MultiplyAdd(m, h, o);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + i + j + k + l + m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run512(int iterations)
    {
        Vector512<float> h = Vector512.Create(0.5f), o = Vector512.Create(1f);
        Vector512<float> a = o, b = o, c = o, d = o, e = o, f = o, g = o, i = o, j = o, k = o, l = o, m = o;
        for (int n = 0; n < iterations; n++)
        {
            a = Avx512F.FusedMultiplyAdd(a, h, o);
            b = Avx512F.FusedMultiplyAdd(b, h, o);
            c = Avx512F.FusedMultiplyAdd(c, h, o);
            d = Avx512F.FusedMultiplyAdd(d, h, o);
            e = Avx512F.FusedMultiplyAdd(e, h, o);
            f = Avx512F.FusedMultiplyAdd(f, h, o);
            g = Avx512F.FusedMultiplyAdd(g, h, o);
            i = Avx512F.FusedMultiplyAdd(i, h, o);
            j = Avx512F.FusedMultiplyAdd(j, h, o);
            k = Avx512F.FusedMultiplyAdd(k, h, o);
            l = Avx512F.FusedMultiplyAdd(l, h, o);
            m = Avx512F.FusedMultiplyAdd(m, h, o);
            a = Avx512F.FusedMultiplyAdd(a, h, o);
            b = Avx512F.FusedMultiplyAdd(b, h, o);
            c = Avx512F.FusedMultiplyAdd(c, h, o);
            d = Avx512F.FusedMultiplyAdd(d, h, o);
            e = Avx512F.FusedMultiplyAdd(e, h, o);
            f = Avx512F.FusedMultiplyAdd(f, h, o);
            g = Avx512F.FusedMultiplyAdd(g, h, o);
            i = Avx512F.FusedMultiplyAdd(i, h, o);
            j = Avx512F.FusedMultiplyAdd(j, h, o);
            k = Avx512F.FusedMultiplyAdd(k, h, o);
            l = Avx512F.FusedMultiplyAdd(l, h, o);
            m = Avx512F.FusedMultiplyAdd(m, h, o);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + i + j + k + l + m);
    }
}
