using System;
using System.ComponentModel;
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
            Guard.VectorSupport(network, wanted);
            return wanted;
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
