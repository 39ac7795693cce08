using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmallCnnGen.Runtime;

/// <summary>
/// Exponential functions for the activations that need them, at every vector width.
/// </summary>
/// <remarks>
/// exp is Cephes' expf: the argument split as n ln 2 + r with |r| at most ln 2 / 2, a polynomial of degree 5 in r, and n put
/// into the exponent in two halves so that results near the smallest normal number stay exact. Relative error below 2e-7.
/// Each function is written once for each vector type; the types share no arithmetic interface that the JIT compiles well.
/// Max, Min and conversions name their instruction on x64: ReadyToRun takes the portable MaxNative for a call, and leaves out
/// every kernel that uses it.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorMath
{
    private const float Log2E = 1.44269504088896341f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float ExpMost = 88.7228391f;
    private const float ExpLeast = -103.97208f;
    /// <summary>1.5 x 2^23 + 127: a float that large has no digits behind the point, and its last bits are an exponent as it is stored.</summary>
    private const float RoundToExponent = 12583039f;
    // ln 2 in one float: the product with a whole exponent is exact in the fused operation, and 126 times its error is 2.4e-7.
    private const float Ln2 = 0.693147180559945309f;
    private const float SigmoidLeast = -88.5f;
    private const float SigmoidMost = 87f;

    // e^-r on |r| up to ln 2 / 2, interpolated at Chebyshev's nodes: relative error below 1.7e-7.
    private const float Q0 = 1.0000001192092896f;
    private const float Q2 = 0.4999886751174927f;
    private const float Q3 = 0.16666504740715027f;
    private const float Q4 = 0.04191775992512703f;
    private const float Q5 = 0.008369184099137783f;
    private const float P0 = 1.9875691500e-4f;
    private const float P1 = 1.3981999507e-3f;
    private const float P2 = 8.3334519073e-3f;
    private const float P3 = 4.1665795894e-2f;
    private const float P4 = 1.6666665459e-1f;
    private const float P5 = 5.0000001201e-1f;

    /// <summary>e^x.</summary>
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>e^x - 1, accurate near 0 as well.</summary>
    public static float ExpMinus1(float x) => MathF.Abs(x) < 1e-4f ? MathF.FusedMultiplyAdd(0.5f * x, x, x) : (float)(Math.Exp(x) - 1);

    /// <summary>1 / (1 + e^-x).</summary>
    public static float Sigmoid(float x) => 1f / (1f + MathF.Exp(-x));

    /// <summary>x / (1 + e^-x).</summary>
    public static float SiLU(float x) => x / (1f + MathF.Exp(-x));

    /// <summary>Hyperbolic tangent.</summary>
    public static float Tanh(float x) => MathF.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Max(a, b) : Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Min(a, b) : Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToInt32(Vector128<float> x) => Sse2.IsSupported ? Sse2.ConvertToVector128Int32WithTruncation(x) : Vector128.ConvertToInt32Native(x);

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        Vector128<float> v = Min(Vector128.Create(ExpMost), Max(Vector128.Create(ExpLeast), x));
        Vector128<float> n = Vector128.Floor(Vector128.FusedMultiplyAdd(v, Vector128.Create(Log2E), Vector128.Create(0.5f)));
        Vector128<float> r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2Low), Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2High), v));
        Vector128<float> p = Polynomial(r);
        Vector128<int> whole = ToInt32(n);
        Vector128<int> half = whole >> 1;
        Vector128<float> low = ((half + Vector128.Create(127)) << 23).AsSingle();
        Vector128<float> high = ((whole - half + Vector128.Create(127)) << 23).AsSingle();
        return p * low * high;
    }

    /// <summary>e^x - 1, accurate near 0 as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ExpMinus1(Vector128<float> x)
    {
        // Near 0 the polynomial without its leading 1 keeps the digits that the subtraction would lose.
        Vector128<float> small = Vector128.FusedMultiplyAdd(Tail(x) * x, x, x);
        return Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Abs(x), Vector128.Create(0.34f)), small, Exp(x) - Vector128<float>.One);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sigmoid(Vector128<float> x) => Vector128<float>.One / OnePlusExpOfMinus(x);

    /// <summary>x / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SiLU(Vector128<float> x) => x / OnePlusExpOfMinus(x);

    /// <summary>
    /// 1 + e^-x; infinite for x below -88.376, where a sigmoid is below the normal numbers, and 1 from where it is 1 in any
    /// case. In between e^-x is a normal number, so rounding to a whole exponent is one addition of a large number, whose last
    /// bits then are the power of two; shifted into place they are multiplied, since an addition to the exponent turns some
    /// NaN into numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OnePlusExpOfMinus(Vector128<float> x)
    {
        Vector128<float> v = Min(Vector128.Create(SigmoidMost), Max(Vector128.Create(SigmoidLeast), x));
        Vector128<float> shifted = Vector128.FusedMultiplyAdd(v, Vector128.Create(-Log2E), Vector128.Create(RoundToExponent));
        Vector128<float> n = shifted - Vector128.Create(RoundToExponent);
        Vector128<float> r = Vector128.FusedMultiplyAdd(n, Vector128.Create(Ln2), v);
        Vector128<float> p = Vector128.FusedMultiplyAdd(Vector128.Create(-Q5), r, Vector128.Create(Q4));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(-Q3));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(Q2));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(-1f));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(Q0));
        return Vector128.FusedMultiplyAdd(p, (shifted.AsInt32() << 23).AsSingle(), Vector128<float>.One);
    }

    /// <summary>Hyperbolic tangent: an odd polynomial below 0.625 (Cephes' tanhf), 1 - 2 / (e^2|x| + 1) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        Vector128<float> z = x * x;
        Vector128<float> p = Vector128.FusedMultiplyAdd(Vector128.Create(-5.70498872745e-3f), z, Vector128.Create(2.06390887954e-2f));
        p = Vector128.FusedMultiplyAdd(p, z, Vector128.Create(-5.37397155531e-2f));
        p = Vector128.FusedMultiplyAdd(p, z, Vector128.Create(1.33314422036e-1f));
        p = Vector128.FusedMultiplyAdd(p, z, Vector128.Create(-3.33332819422e-1f));
        Vector128<float> small = Vector128.FusedMultiplyAdd(p * z, x, x);
        Vector128<float> magnitude = Vector128.Abs(x);
        Vector128<float> large = Vector128<float>.One - (Vector128.Create(2f) / (Exp(magnitude + magnitude) + Vector128<float>.One));
        Vector128<float> signed = large | (x & Vector128.Create(-0f));
        return Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(0.625f)), small, signed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Polynomial(Vector128<float> r) => Vector128.FusedMultiplyAdd(Tail(r) * r, r, r) + Vector128<float>.One;

    /// <summary>(e^r - 1 - r) / r^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Tail(Vector128<float> r)
    {
        Vector128<float> p = Vector128.FusedMultiplyAdd(Vector128.Create(P0), r, Vector128.Create(P1));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(P2));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(P3));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(P4));
        return Vector128.FusedMultiplyAdd(p, r, Vector128.Create(P5));
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        Vector256<float> v = Avx.Min(Vector256.Create(ExpMost), Avx.Max(Vector256.Create(ExpLeast), x));
        Vector256<float> n = Vector256.Floor(Vector256.FusedMultiplyAdd(v, Vector256.Create(Log2E), Vector256.Create(0.5f)));
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), v));
        Vector256<float> p = Polynomial(r);
        Vector256<int> whole = Avx.ConvertToVector256Int32WithTruncation(n);
        Vector256<int> half = whole >> 1;
        Vector256<float> low = ((half + Vector256.Create(127)) << 23).AsSingle();
        Vector256<float> high = ((whole - half + Vector256.Create(127)) << 23).AsSingle();
        return p * low * high;
    }

    /// <summary>e^x - 1, accurate near 0 as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ExpMinus1(Vector256<float> x)
    {
        // Near 0 the polynomial without its leading 1 keeps the digits that the subtraction would lose.
        Vector256<float> small = Vector256.FusedMultiplyAdd(Tail(x) * x, x, x);
        return Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(x), Vector256.Create(0.34f)), small, Exp(x) - Vector256<float>.One);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / OnePlusExpOfMinus(x);

    /// <summary>x / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SiLU(Vector256<float> x) => x / OnePlusExpOfMinus(x);

    /// <summary>
    /// 1 + e^-x; infinite for x below -88.376, where a sigmoid is below the normal numbers, and 1 from where it is 1 in any
    /// case. In between e^-x is a normal number, so rounding to a whole exponent is one addition of a large number, whose last
    /// bits then are the power of two; shifted into place they are multiplied, since an addition to the exponent turns some
    /// NaN into numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> OnePlusExpOfMinus(Vector256<float> x)
    {
        Vector256<float> v = Avx.Min(Vector256.Create(SigmoidMost), Avx.Max(Vector256.Create(SigmoidLeast), x));
        Vector256<float> shifted = Vector256.FusedMultiplyAdd(v, Vector256.Create(-Log2E), Vector256.Create(RoundToExponent));
        Vector256<float> n = shifted - Vector256.Create(RoundToExponent);
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(Ln2), v);
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(-Q5), r, Vector256.Create(Q4));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-Q3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(Q2));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(Q0));
        return Vector256.FusedMultiplyAdd(p, (shifted.AsInt32() << 23).AsSingle(), Vector256<float>.One);
    }

    /// <summary>Hyperbolic tangent: an odd polynomial below 0.625 (Cephes' tanhf), 1 - 2 / (e^2|x| + 1) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> z = x * x;
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(-5.70498872745e-3f), z, Vector256.Create(2.06390887954e-2f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-5.37397155531e-2f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(1.33314422036e-1f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(-3.33332819422e-1f));
        Vector256<float> small = Vector256.FusedMultiplyAdd(p * z, x, x);
        Vector256<float> magnitude = Vector256.Abs(x);
        Vector256<float> large = Vector256<float>.One - (Vector256.Create(2f) / (Exp(magnitude + magnitude) + Vector256<float>.One));
        Vector256<float> signed = large | (x & Vector256.Create(-0f));
        return Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0.625f)), small, signed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Polynomial(Vector256<float> r) => Vector256.FusedMultiplyAdd(Tail(r) * r, r, r) + Vector256<float>.One;

    /// <summary>(e^r - 1 - r) / r^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Tail(Vector256<float> r)
    {
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(P0), r, Vector256.Create(P1));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P2));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P4));
        return Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P5));
    }

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> v = Avx512F.Min(Vector512.Create(ExpMost), Avx512F.Max(Vector512.Create(ExpLeast), x));
        Vector512<float> n = Vector512.Floor(Vector512.FusedMultiplyAdd(v, Vector512.Create(Log2E), Vector512.Create(0.5f)));
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), v));
        Vector512<float> p = Polynomial(r);
        Vector512<int> whole = Avx512F.ConvertToVector512Int32WithTruncation(n);
        Vector512<int> half = whole >> 1;
        Vector512<float> low = ((half + Vector512.Create(127)) << 23).AsSingle();
        Vector512<float> high = ((whole - half + Vector512.Create(127)) << 23).AsSingle();
        return p * low * high;
    }

    /// <summary>e^x - 1, accurate near 0 as well.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpMinus1(Vector512<float> x)
    {
        // Near 0 the polynomial without its leading 1 keeps the digits that the subtraction would lose.
        Vector512<float> small = Vector512.FusedMultiplyAdd(Tail(x) * x, x, x);
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(0.34f)), small, Exp(x) - Vector512<float>.One);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / OnePlusExpOfMinus(x);

    /// <summary>x / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SiLU(Vector512<float> x) => x / OnePlusExpOfMinus(x);

    /// <summary>
    /// 1 + e^-x; infinite for x below -88.376, where a sigmoid is below the normal numbers, and 1 from where it is 1 in any
    /// case. In between e^-x is a normal number, so rounding to a whole exponent is one addition of a large number, whose last
    /// bits then are the power of two; shifted into place they are multiplied, since an addition to the exponent turns some
    /// NaN into numbers.
    /// The division that follows overlaps with the polynomials of others: SiLU takes 6.3 cycles a vector on Zen 5, with an
    /// estimated reciprocal and a step of Newton's method 9.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> OnePlusExpOfMinus(Vector512<float> x)
    {
        Vector512<float> v = Avx512F.Min(Vector512.Create(SigmoidMost), Avx512F.Max(Vector512.Create(SigmoidLeast), x));
        Vector512<float> shifted = Vector512.FusedMultiplyAdd(v, Vector512.Create(-Log2E), Vector512.Create(RoundToExponent));
        Vector512<float> n = shifted - Vector512.Create(RoundToExponent);
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2), v);
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(-Q5), r, Vector512.Create(Q4));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(-Q3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(Q2));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(Q0));
        return Vector512.FusedMultiplyAdd(p, (shifted.AsInt32() << 23).AsSingle(), Vector512<float>.One);
    }

    /// <summary>Hyperbolic tangent: an odd polynomial below 0.625 (Cephes' tanhf), 1 - 2 / (e^2|x| + 1) above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> z = x * x;
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(-5.70498872745e-3f), z, Vector512.Create(2.06390887954e-2f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-5.37397155531e-2f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.33314422036e-1f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-3.33332819422e-1f));
        Vector512<float> small = Vector512.FusedMultiplyAdd(p * z, x, x);
        Vector512<float> magnitude = Vector512.Abs(x);
        Vector512<float> large = Vector512<float>.One - (Vector512.Create(2f) / (Exp(magnitude + magnitude) + Vector512<float>.One));
        Vector512<float> signed = large | (x & Vector512.Create(-0f));
        return Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), small, signed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Polynomial(Vector512<float> r) => Vector512.FusedMultiplyAdd(Tail(r) * r, r, r) + Vector512<float>.One;

    /// <summary>(e^r - 1 - r) / r^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Tail(Vector512<float> r)
    {
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(P0), r, Vector512.Create(P1));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P2));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P4));
        return Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P5));
    }
}
