using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>
/// How one vector width is written in C#. Kernels are emitted through this, so one emitter serves 128, 256 and 512 bits;
/// remainders narrower than a vector use the next smaller width, down to a scalar.
/// </summary>
/// <remarks>
/// 256 and 512 bits name the x86 instructions, also Max and Min of their 128-bit remainders: ReadyToRun takes MaxNative for a
/// call whose vectors it cannot pass, and gives up the whole method. The 128-bit tier stays portable because it serves Arm.
/// Max and Min keep a NaN in the second operand only: x86 returns that one when either is NaN, so constants come first.
/// Where both may be NaN it is MaxOfBoth.
/// </remarks>
public sealed record Vec
{
    private readonly bool _isX86;

    private Vec(int lanes, bool isX86) => (Lanes, _isX86) = (lanes, isX86);

    /// <summary>Floats in the vector: 1, 4, 8 or 16.</summary>
    public int Lanes { get; }

    /// <summary>C# type.</summary>
    public string Type => Lanes switch
    {
        1 => "float",
        4 => "Vector128<float>",
        8 => "Vector256<float>",
        _ => "Vector512<float>",
    };

    private string Static => Lanes switch { 4 => "Vector128", 8 => "Vector256", _ => "Vector512" };

    /// <summary>The widest vector not above a register width that a run of channels fills at least once.</summary>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="channels">Channels in the run.</param>
    public static Vec For(int bits, int channels)
    {
        int lanes = bits / 32;
        while (lanes > channels)
            lanes = lanes == 4 ? 1 : lanes / 2;
        return new Vec(lanes, bits > 128);
    }

    /// <summary>Reads a vector. Dereferencing keeps accumulators in registers where Vector.Load does not.</summary>
    public string Load(string pointer) => Lanes == 1 ? $"*({pointer})" : $"*({Type}*)({pointer})";

    /// <summary>Statement that writes a vector.</summary>
    public string Store(string pointer, string value) => Load(pointer) + " = " + value + ";";

    /// <summary>A scalar in every lane.</summary>
    public string Broadcast(string scalar) => Lanes == 1 ? scalar.Contains(" ") ? $"({scalar})" : scalar : $"{Static}.Create({scalar})";

    /// <summary>Zero in every lane.</summary>
    public string Zero => Lanes == 1 ? "0f" : Type + ".Zero";

    /// <summary>a * b + c, rounded once.</summary>
    public string Fma(string a, string b, string c) => Lanes switch
    {
        1 => $"MathF.FusedMultiplyAdd({a}, {b}, {c})",
        4 => $"Vector128.FusedMultiplyAdd({a}, {b}, {c})",
        8 => $"Fma.MultiplyAdd({a}, {b}, {c})",
        _ => $"Avx512F.FusedMultiplyAdd({a}, {b}, {c})",
    };

    /// <summary>Larger of the two; b when either is NaN (a scalar: NaN).</summary>
    public string Max(string a, string b) => Lanes switch
    {
        1 => $"MathF.Max({a}, {b})",
        4 => $"{(_isX86 ? "Sse.Max" : "Vector128.MaxNative")}({a}, {b})",
        8 => $"Avx.Max({a}, {b})",
        _ => $"Avx512F.Max({a}, {b})",
    };

    /// <summary>
    /// Larger of the two; NaN when either is. Both orders of the instruction give the same number, and where one gives NaN
    /// the bits of both together are a NaN too, on every instruction set. A sum of the taps, or of their squares, beside the
    /// maximum, asked at the end whether it is NaN, measured the same.
    /// </summary>
    /// <param name="a">Name of a variable.</param>
    /// <param name="b">Name of another.</param>
    public string MaxOfBoth(string a, string b) => Lanes == 1 ? Max(a, b) : $"{Max(a, b)} | {Max(b, a)}";

    /// <summary>Smaller of the two; b when either is NaN (a scalar: NaN).</summary>
    public string Min(string a, string b) => Lanes switch
    {
        1 => $"MathF.Min({a}, {b})",
        4 => $"{(_isX86 ? "Sse.Min" : "Vector128.MinNative")}({a}, {b})",
        8 => $"Avx.Min({a}, {b})",
        _ => $"Avx512F.Min({a}, {b})",
    };

    /// <summary>Square root.</summary>
    public string Sqrt(string value) => Lanes switch
    {
        1 => $"MathF.Sqrt({value})",
        4 => $"Vector128.Sqrt({value})",
        8 => $"Avx.Sqrt({value})",
        _ => $"Avx512F.Sqrt({value})",
    };

    /// <summary>C# type of half of the lanes in double precision; a scalar's whole.</summary>
    public string WideType => Lanes == 1 ? "double" : Static + "<double>";

    /// <summary>Zero in every lane of double precision.</summary>
    public string WideZero => Lanes == 1 ? "0.0" : WideType + ".Zero";

    /// <summary>A double in every lane.</summary>
    public string WideBroadcast(string scalar) => Lanes == 1 ? scalar : $"{Static}.Create({scalar})";

    /// <summary>The lower half of the lanes in double precision; a scalar's whole.</summary>
    public string WidenLower(string value) => Lanes switch
    {
        1 => $"(double){value}",
        4 => _isX86 ? $"Sse2.ConvertToVector128Double({value})" : $"Vector128.WidenLower({value})",
        8 => $"Avx.ConvertToVector256Double(Avx.ExtractVector128({value}, 0))",
        _ => $"Avx512F.ConvertToVector512Double(Avx512F.ExtractVector256({value}, 0))",
    };

    /// <summary>The upper half of the lanes in double precision.</summary>
    public string WidenUpper(string value) => Lanes switch
    {
        4 => _isX86 ? $"Sse2.ConvertToVector128Double(Sse.MoveHighToLow({value}, {value}))" : $"Vector128.WidenUpper({value})",
        8 => $"Avx.ConvertToVector256Double(Avx.ExtractVector128({value}, 1))",
        _ => $"Avx512F.ConvertToVector512Double(Avx512F.ExtractVector256({value}, 1))",
    };

    /// <summary>Both halves, rounded to one vector.</summary>
    public string Narrow(string lower, string upper) => Lanes switch
    {
        1 => $"(float)({lower})",
        4 => _isX86 ? $"Sse.MoveLowToHigh(Sse2.ConvertToVector128Single({lower}), Sse2.ConvertToVector128Single({upper}))" : $"Vector128.Narrow({lower}, {upper})",
        8 => $"Avx.InsertVector128(Avx.InsertVector128(Vector256<float>.Zero, Avx.ConvertToVector128Single({lower}), 0), Avx.ConvertToVector128Single({upper}), 1)",
        _ => $"Avx512F.InsertVector256(Avx512F.InsertVector256(Vector512<float>.Zero, Avx512F.ConvertToVector256Single({lower}), 0), Avx512F.ConvertToVector256Single({upper}), 1)",
    };

    /// <summary>A function of <c>SmallCnnGen.Runtime.VectorMath</c>.</summary>
    public string Math(string function, string value) => $"VectorMath.{function}({value})";

    /// <summary>Sum of all lanes.</summary>
    public string Sum(string value) => Lanes == 1 ? value : $"{Static}.Sum({value})";

    /// <summary>Literal in every lane.</summary>
    public string Constant(float value) => value == 0 ? Zero : Broadcast(Literal.Of(value));
}
