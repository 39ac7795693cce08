using System;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels.Winograd;

/// <summary>
/// The one-dimensional transforms of Winograd's F(n, 3) as code: n outputs of a filter of three taps from n + 2 inputs with
/// n + 2 multiplications (Lavin and Gray, arXiv 1509.09308). Applied to columns and then to rows they give F(n x n, 3 x 3).
/// </summary>
/// <remarks>
/// F(4, 3) interpolates at 0, ±5/8, ±3/2 and infinity. The usual points 0, ±1, ±2 give twice the error; of the symmetric
/// choices with few bits this one was measured best, and every constant below is exact in 32 bits. F(2, 3) uses 0, ±1 and
/// infinity. The runtime's WeightBinder transforms the weights with the same points.
/// </remarks>
internal static class WinogradTransform
{
    private const float A = 5 / 8f, B = 3 / 2f, A2 = A * A, B2 = B * B;

    /// <summary>Writes e = Bᵀ d: declares a variable for each of the results.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vec">Vector width.</param>
    /// <param name="outputs">2 or 4.</param>
    /// <param name="d">The outputs + 2 inputs; null for one that is zero.</param>
    /// <param name="e">Names of the results; one that is always zero is set to zero.</param>
    public static void Input(CodeWriter writer, Vec vec, int outputs, string?[] d, string[] e)
    {
        var code = new Code(writer, vec);
        if (outputs == 2)
        {
            code.Declare(e[0], code.Subtract(d[0], d[2]));
            code.Declare(e[1], code.Add(d[1], d[2]));
            code.Declare(e[2], code.Subtract(d[2], d[1]));
            code.Declare(e[3], code.Subtract(d[3], d[1]));
            return;
        }

        // Even and odd parts of the input, once with ±3/2 divided out and once with ±5/8.
        string? even = code.Name("p", code.Fma(d[2], -B2, d[4])), odd = code.Name("q", code.Fma(d[1], -B2, d[3]));
        code.Declare(e[0], code.Fma(d[0], A2 * B2, code.Fma(d[2], -(A2 + B2), d[4])));
        code.Declare(e[1], code.Fma(odd, A, even));
        code.Declare(e[2], code.Fma(odd, -A, even));
        even = code.Name("f", code.Fma(d[2], -A2, d[4]));
        odd = code.Name("g", code.Fma(d[1], -A2, d[3]));
        code.Declare(e[3], code.Fma(odd, B, even));
        code.Declare(e[4], code.Fma(odd, -B, even));
        code.Declare(e[5], code.Fma(d[1], A2 * B2, code.Fma(d[3], -(A2 + B2), d[5])));
    }

    /// <summary>Writes y = Aᵀ m: assigns the results that are wanted.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vec">Vector width.</param>
    /// <param name="outputs">2 or 4.</param>
    /// <param name="m">The outputs + 2 products.</param>
    /// <param name="y">Variables for the results, as many as are wanted; they are declared already.</param>
    public static void Output(CodeWriter writer, Vec vec, int outputs, string[] m, string[] y)
    {
        var code = new Code(writer, vec);
        if (outputs == 2)
        {
            writer.Line($"{y[0]} = {m[0]} + {m[1]} + {m[2]};");
            if (y.Length > 1)
                writer.Line($"{y[1]} = {m[1]} - {m[2]} + {m[3]};");
            return;
        }

        string s = code.Name("sum1", $"{m[1]} + {m[2]}")!, u = code.Name("sum2", $"{m[3]} + {m[4]}")!;
        string d = "difference1", v = "difference2";
        if (y.Length > 1)
        {
            code.Declare(d, $"{m[1]} - {m[2]}");
            code.Declare(v, $"{m[3]} - {m[4]}");
        }

        writer.Line($"{y[0]} = {m[0]} + {s} + {u};");
        if (y.Length > 1)
            writer.Line($"{y[1]} = {code.Fma(v, B, code.Fma(d, A, null))};");
        if (y.Length > 2)
            writer.Line($"{y[2]} = {code.Fma(u, B2, code.Fma(s, A2, null))};");
        if (y.Length > 3)
            writer.Line($"{y[3]} = {code.Fma(v, B * B2, code.Fma(d, A * A2, m[5]))};");
    }

    /// <summary>Expressions in which null stands for zero.</summary>
    private sealed class Code(CodeWriter writer, Vec vec)
    {
        public void Declare(string name, string? expression) => writer.Line($"{vec.Type} {name} = {expression ?? vec.Zero};");

        /// <summary>Gives an expression a name, unless it is zero.</summary>
        public string? Name(string name, string? expression)
        {
            if (expression is null)
                return null;
            Declare(name, expression);
            return name;
        }

        public string? Add(string? a, string? b) => a is null ? b : b is null ? a : $"{a} + {b}";

        public string? Subtract(string? a, string? b) => b is null ? a : a is null ? $"{vec.Zero} - {b}" : $"{a} - {b}";

        public string? Fma(string? a, float factor, string? c) =>
            a is null ? c : c is null ? $"{a} * {vec.Constant(factor)}" : vec.Fma(a, vec.Constant(factor), c);
    }
}
