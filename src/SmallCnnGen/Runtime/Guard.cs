using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SmallCnnGen.Runtime.Tests")]

namespace SmallCnnGen.Runtime;

/// <summary>Checks at the door of generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Guard
{
    /// <summary>What the ahead-of-time compiler of this framework calls the levels of x64; .NET 10 renamed them.</summary>
#if NET10_0_OR_GREATER
    private const string X64Level = "x86-64";
#else
    private const string X64Level = "x86-x64";
#endif

    /// <summary>Requires a span to have exactly the length of a tensor.</summary>
    /// <param name="parameter">Name of the parameter.</param>
    /// <param name="actual">Floats it has.</param>
    /// <param name="expected">Floats it must have.</param>
    /// <param name="shape">The tensor's shape ("224x224x3").</param>
    /// <param name="network">Name of the network, for the message.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(string parameter, int actual, int expected, string shape, string? network = null)
    {
        if (actual != expected)
            ThrowLength(parameter, actual, expected, shape, network);
    }

    /// <summary>Requires that input and output share no memory: kernels read the input while they write the output.</summary>
    /// <param name="input">Input of the network.</param>
    /// <param name="output">Output of the network.</param>
    public static void NoOverlap(ReadOnlySpan<float> input, ReadOnlySpan<float> output)
    {
        if (input.Overlaps(output))
            throw new ArgumentException("input and output overlap; the network reads one while it writes the other, so give it two buffers.", nameof(output));
    }

    /// <summary>Requires that this process can run kernels of a vector width.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="bits">Vector width the kernels were emitted for: 128, 256 or 512.</param>
    /// <exception cref="PlatformNotSupportedException">It cannot; the message says what to change.</exception>
    public static void VectorSupport(string network, int bits)
    {
        if (!VectorTier.IsSupported(bits))
            ThrowVectorSupport(network, bits);
    }

    /// <summary>The message of <see cref="VectorSupport"/>.</summary>
    internal static string VectorSupportMessage(string network, int bits) => bits switch
    {
        128 => $"Network {network} needs 128-bit vectors (SSE or Arm AdvSimd), which this process cannot use. " +
            "If DOTNET_EnableHWIntrinsic=0 is set, unset it; a 32-bit Arm or WebAssembly runtime without SIMD cannot run it.",
        256 => $"Network {network} was compiled for 256-bit vectors (AVX2 and FMA), which this process cannot use. " +
            $"Under NativeAOT, set <IlcInstructionSet>{X64Level}-v3</IlcInstructionSet> in the project: its default has no AVX. " +
            "On Arm, and on x64 CPUs without AVX2 and FMA, set VectorBits = 128 on [Network] (or the build property SmallCnnGenVectorBits), or leave both unset for all widths.",
        _ => $"Network {network} was compiled for 512-bit vectors (AVX-512), which this process cannot use. " +
            $"Under NativeAOT, set <IlcInstructionSet>{X64Level}-v4</IlcInstructionSet> in the project: its default has no AVX. " +
            "On CPUs without AVX-512 (or where the runtime avoids it: DOTNET_PreferredVectorBitWidth=512 asks for it), set VectorBits = 256 on [Network], " +
            "on Arm and on CPUs without AVX2 and FMA VectorBits = 128 (or the build property SmallCnnGenVectorBits).",
    };

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowLength(string parameter, int actual, int expected, string shape, string? network)
    {
        var order = shape.Contains("order", StringComparison.Ordinal) ? "" : " in HWC order";
        throw new ArgumentException(FormattableString.Invariant(
            $"{parameter} has {Text.Count(actual, "float")}; {network ?? "the network"} expects {expected} = {shape}{order}"), parameter);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowVectorSupport(string network, int bits) =>
        throw new PlatformNotSupportedException(VectorSupportMessage(network, bits));
}
