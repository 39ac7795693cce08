using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SmallCnnGen.Runtime;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>The vector functions against Math in double precision, at every width and every lane.</summary>
public class VectorMathTests(ITestOutputHelper output)
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>
    /// How far results may be off where the exact one is next to nothing. Below -88.376 e^-x needs an exponent above the
    /// largest, a sigmoid is 0 and x times it -0; there they are e^-88.376 and 88.376 times that. Numbers below the normal
    /// ones have few digits.
    /// </summary>
    private static readonly Dictionary<string, double> Absolute = new() { ["Sigmoid"] = 4.2e-39, ["SiLU"] = 3.8e-37 };

    /// <summary>Units in the last place of the exact result, where that is a normal number.</summary>
    private static readonly Dictionary<string, (Func<double, double> Exact, double Units)> Functions = new()
    {
        ["Exp"] = (Math.Exp, 3),
        ["ExpMinus1"] = (x => Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1, 4),
        ["Sigmoid"] = (x => 1 / (1 + Math.Exp(-x)), 5),
        ["SiLU"] = (x => x / (1 + Math.Exp(-x)), 6),
        ["Tanh"] = (Math.Tanh, 4),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string function in Functions.Keys)
            {
                // 256 and 512 bits name x64 instructions: no kernel calls them where these are missing.
                data.Add(function, 32);
                data.Add(function, 128);
                if (Avx.IsSupported)
                    data.Add(function, 256);
                if (Avx512F.IsSupported)
                    data.Add(function, 512);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_accurate(string function, int bits)
    {
        (Func<double, double> exact, double most) = Functions[function];
        float[] points = Points().ToArray();
        float[] results = Apply(function, bits, points);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double expected = exact(points[i]);
            double units;
            if (Math.Abs(expected) > float.MaxValue)
            {
                // Beyond the largest float: infinity, or the largest within the bound.
                units = float.IsPositiveInfinity(results[i]) ? 0 : (float.MaxValue - (double)results[i]) / Unit(float.MaxValue);
            }
            else
            {
                double error = Math.Abs(results[i] - expected);
                units = error <= Absolute.GetValueOrDefault(function) ? 0 : error / Unit(Math.Max(Math.Abs(expected), SmallestNormal));
            }

            if (!(units <= worst))
                (worst, at) = (double.IsNaN(units) ? double.PositiveInfinity : units, points[i]);
        }

        output.WriteLine($"{function} at {bits} bits: {worst:F2} units in the last place, at {at:G9}, over {points.Length} points");
        Assert.True(worst <= most, $"{function} at {bits} bits is off by {worst:F2} units in the last place at {at:G9}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Takes_extremes(string function, int bits)
    {
        float[] points = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0, -0f, float.Epsilon, -float.Epsilon, 1000, -1000];
        float[] results = Apply(function, bits, points);
        Func<double, double> exact = Functions[function].Exact;
        Assert.True(float.IsNaN(results[0]), "NaN must stay NaN");
        for (int i = 1; i < points.Length; i++)
        {
            // Saturated arguments may end at the limit's neighbour: e^88.72, not infinity, and 1 / (1 + that), not 0.
            double expected = exact(points[i]);
            bool fits = double.IsNaN(expected) ? float.IsNaN(results[i]) : double.IsInfinity(expected) || expected > float.MaxValue ? results[i] > 3.4e38f : Math.Abs(results[i] - expected) <= 2e-7 * Math.Abs(expected) + 1e-36;
            Assert.True(fits, $"{function}({points[i]}) is {results[i]}, expected {expected}");
        }
    }

    /// <summary>Every exponent, either sign, from the smallest number to the largest: within the bound of <see cref="Is_accurate"/>.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_accurate_at_every_exponent(string function, int bits)
    {
        (Func<double, double> exact, double most) = Functions[function];
        int[] digits = [0, 1, 0x123456, 0x2AAAAA, 0x400000, 0x555555, 0x7FFFFF];
        float[] points = Enumerable.Range(0, 255).SelectMany(e => digits.SelectMany(m => new[] { (e << 23) | m, (1 << 31) | (e << 23) | m })).Select(BitConverter.Int32BitsToSingle).ToArray();
        float[] results = Apply(function, bits, points);
        for (int i = 0; i < points.Length; i++)
        {
            double expected = exact(points[i]);
            double error = Math.Abs(results[i] - expected);
            bool fits = expected > float.MaxValue
                ? results[i] > 3.4e38f
                : error <= Math.Max(Absolute.GetValueOrDefault(function), most * Unit(Math.Max(Math.Abs(expected), SmallestNormal)));
            Assert.True(fits, FormattableString.Invariant($"{function}({points[i]:G9}) at {bits} bits is {results[i]:G9}, expected {expected:G9}"));
        }
    }

    /// <summary>Quiet and signalling, either sign, any payload: a sum of bits with a NaN's would make some of them numbers.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_NaN_stays_NaN(string function, int bits)
    {
        var random = new Random(1);
        float[] points = Enumerable.Range(0, 23).Select(b => 1 << b)
            .Concat([0x400001, 0x7FFFFF, 0x7FFFFE, 0x555555])
            .Concat(Enumerable.Range(0, 4000).Select(_ => random.Next(1, 1 << 23)))
            .SelectMany(payload => new[] { 0x7F800000 | payload, unchecked((int)0xFF800000) | payload })
            .Select(BitConverter.Int32BitsToSingle).ToArray();
        float[] results = Apply(function, bits, points);
        for (int i = 0; i < points.Length; i++)
            Assert.True(float.IsNaN(results[i]), $"{function} of NaN with the bits {BitConverter.SingleToInt32Bits(points[i]):X8} is {results[i]} at {bits} bits");
    }

    private static IEnumerable<float> Points()
    {
        for (int i = -110_000; i <= 110_000; i++)
            yield return i / 1000f;
        for (int i = -20_000; i <= 20_000; i++)
            yield return i / 16_384f;
        for (float x = 1e-30f; x < 1; x *= 1.07f)
        {
            yield return x;
            yield return -x;
        }
    }

    /// <summary>Distance of floats around a value.</summary>
    private static double Unit(double value) => Math.ScaleB(1, Math.ILogB(value) - 23);

    private static float[] Apply(string function, int bits, float[] points)
    {
        var results = new float[points.Length];
        int lanes = bits / 32;
        Span<float> from = stackalloc float[16], to = stackalloc float[16];
        for (int i = 0; i < points.Length; i += lanes)
        {
            int count = Math.Min(lanes, points.Length - i);
            from.Clear();
            points.AsSpan(i, count).CopyTo(from);
            switch (bits)
            {
                case 32:
                    to[0] = function switch { "Exp" => VectorMath.Exp(from[0]), "ExpMinus1" => VectorMath.ExpMinus1(from[0]), "Sigmoid" => VectorMath.Sigmoid(from[0]), "SiLU" => VectorMath.SiLU(from[0]), _ => VectorMath.Tanh(from[0]) };
                    break;
                case 128:
                    Vector128<float> a = Vector128.Create<float>(from);
                    (function switch { "Exp" => VectorMath.Exp(a), "ExpMinus1" => VectorMath.ExpMinus1(a), "Sigmoid" => VectorMath.Sigmoid(a), "SiLU" => VectorMath.SiLU(a), _ => VectorMath.Tanh(a) }).CopyTo(to);
                    break;
                case 256:
                    Vector256<float> b = Vector256.Create<float>(from);
                    (function switch { "Exp" => VectorMath.Exp(b), "ExpMinus1" => VectorMath.ExpMinus1(b), "Sigmoid" => VectorMath.Sigmoid(b), "SiLU" => VectorMath.SiLU(b), _ => VectorMath.Tanh(b) }).CopyTo(to);
                    break;
                default:
                    Vector512<float> c = Vector512.Create<float>(from);
                    (function switch { "Exp" => VectorMath.Exp(c), "ExpMinus1" => VectorMath.ExpMinus1(c), "Sigmoid" => VectorMath.Sigmoid(c), "SiLU" => VectorMath.SiLU(c), _ => VectorMath.Tanh(c) }).CopyTo(to);
                    break;
            }

            to[..count].CopyTo(results.AsSpan(i));
        }

        return results;
    }
}
