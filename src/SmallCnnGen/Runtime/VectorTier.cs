using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SmallCnnGen.Runtime;

/// <summary>Chooses the vector width a network runs at, once, when its weights are packed.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VectorTier
{
    /// <summary>
    /// Environment variable that asks for a width (128, 256 or 512) of networks compiled for several; networks compiled for
    /// one ignore it.
    /// </summary>
    public const string Variable = "SMALLCNNGEN_VECTOR_BITS";

    /// <summary>The widest of some widths that this process runs at full speed, or the one the environment asks for.</summary>
    /// <param name="network">Name of the network, for messages.</param>
    /// <param name="compiled">The widths it was compiled for, or-ed: 128 | 256 | 512.</param>
    /// <returns>128, 256 or 512.</returns>
    /// <exception cref="PlatformNotSupportedException">This process has none of them, or not the one asked for.</exception>
    public static int Choose(string network, int compiled) =>
        Choose(network, compiled, Environment.GetEnvironmentVariable(Variable));

    /// <summary>As above, with what the environment says.</summary>
    internal static int Choose(string network, int compiled, string? asked)
    {
        if (!string.IsNullOrWhiteSpace(asked))
        {
            var wanted = asked.Trim() switch { "128" => 128, "256" => 256, "512" => 512, _ => 0 };
            if ((compiled & wanted) == 0)
                throw new PlatformNotSupportedException($"{Variable} is {Text.Quote(asked)}, but network {network} was compiled for {Words(compiled)}. Unset it or set it to one of these.");
            return IsSupported(wanted) ? wanted : throw new PlatformNotSupportedException(Unavailable(network, compiled, wanted, IsSupported));
        }

        for (var bits = 512; bits >= 128; bits /= 2)
        {
            if ((compiled & bits) != 0 && IsSupported(bits))
                return bits;
        }

        // none: the message for the narrowest says what to change
        var narrowest = compiled & -compiled;
        Guard.VectorSupport(network, narrowest);
        return narrowest;
    }

    /// <summary>Whether this process runs kernels of a width in registers.</summary>
    /// <param name="bits">128, 256 or 512.</param>
    internal static bool IsSupported(int bits) => bits switch
    {
        // one expression a width, so that ahead-of-time compilers see which instructions are asked for
        128 => Vector128.IsHardwareAccelerated,
        256 => Vector256.IsHardwareAccelerated && Fma.IsSupported,
        512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported,
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Vector width must be 128, 256 or 512 bits."),
    };

    /// <summary>What to say when the environment asks for a width that the network has and this process does not.</summary>
    internal static string Unavailable(string network, int compiled, int wanted, Func<int, bool> isSupported)
    {
        var usable = 0;
        for (var bits = 128; bits <= 512; bits *= 2)
            usable |= isSupported(bits) ? compiled & bits : 0;
        var native = RuntimeFeature.IsDynamicCodeSupported ? "" : " or this native program was published without it (IlcInstructionSet in the project)";
        return FormattableString.Invariant($"{Variable} asks for {wanted} bits, which this process cannot run: the processor lacks it{native}. ")
            + (usable == 0 ? $"Network {network} was compiled for {Words(compiled)}, and this process has none of them."
                : $"Unset it, or set it to {Words(usable).Replace("and", "or", StringComparison.Ordinal).Replace(" bits", "", StringComparison.Ordinal)}, which network {network} can use here.");
    }

    private static string Words(int compiled)
    {
        var text = "";
        for (var bits = 128; bits <= 512; bits *= 2)
        {
            if ((compiled & bits) != 0)
                text += (text.Length == 0 ? "" : " and ") + FormattableString.Invariant($"{bits}");
        }

        return text + " bits";
    }
}
