using System;

namespace SmallCnnGen;

/// <summary>
/// Turns a partial class into a convolutional network: the layer attributes below it, read from top to bottom,
/// are compiled into shape-specialised SIMD kernels at build time.
/// </summary>
/// <remarks>
/// Activations are 32-bit floats in HWC order (height, width, channels; channels innermost), one image at a time.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>Declares an architecture; its layers are the attributes on this class.</summary>
    public NetworkAttribute()
    {
    }

    /// <summary>Declares a variant of another architecture: same layers, other width, resolution or size.</summary>
    /// <param name="architecture">The class that carries the layer attributes, in this or another assembly.</param>
    public NetworkAttribute(Type architecture) => Architecture = architecture;

    /// <summary>The class whose layers this network has, or null when they stand on this class.</summary>
    public Type? Architecture { get; }

    /// <summary>Input height in pixels. A variant inherits it when not set.</summary>
    public int Height { get; set; }

    /// <summary>Input width in pixels. A variant inherits it when not set.</summary>
    public int Width { get; set; }

    /// <summary>Input channels: 1 for grey, 3 for colour. A variant inherits it when not set.</summary>
    public int Channels { get; set; }

    /// <summary>
    /// Width multiplier (MobileNets, section 3.3): scales the channels of every layer but the classifier,
    /// rounded to <see cref="ChannelDivisor"/>. 1 unless set.
    /// </summary>
    public double WidthMultiplier { get; set; } = 1;

    /// <summary>
    /// Scaled channel counts become the nearest multiple of this, never more than 10 % below the exact product
    /// (the rule of the MobileNet V2 reference code). 8 unless set.
    /// </summary>
    public int ChannelDivisor { get; set; } = 8;

    /// <summary>Resolution multiplier (MobileNets, section 3.4): scales height and width, rounded. 1 unless set.</summary>
    public double ResolutionMultiplier { get; set; } = 1;

    /// <summary>
    /// Vector width in bits of the emitted kernels: 128 (Arm, any x64), 256 (AVX2 with FMA) or 512 (AVX-512), or several
    /// (<c>256 | 512</c>), of which the widest that the processor has runs. When not set, the build property
    /// <c>SmallCnnGenVectorBits</c> decides, else all that the target may have.
    /// </summary>
    public int VectorBits { get; set; }

    /// <summary>
    /// Most threads that share one run, the caller's included; 1 unless set, and then no code for threads is emitted.
    /// An instance uses as many as the machine has processors, at most this; its constructor takes a smaller number.
    /// Results are the same to the last bit whatever the number.
    /// </summary>
    public int Threads { get; set; } = 1;

    /// <summary>
    /// Plans for a small arena: kernels run a few rows at a time wherever that shrinks a map between them, also where it
    /// gains no speed. Off unless set; large maps that would leave the processor's second-level cache are treated so anyway.
    /// </summary>
    public bool SmallArena { get; set; }

    /// <summary>
    /// Also emits <c>Run(input, output, observer)</c>, which shows every tensor that exists after fusion
    /// to an observer, for finding the layer where two implementations part. Off unless set.
    /// </summary>
    public bool Trace { get; set; }

    /// <summary>
    /// Whether wide 3x3 convolutions of stride 1 may be computed by Winograd's method, where that is expected to be faster:
    /// up to three times, with up to four times the weight memory and about twice the rounding error. An infinite or NaN
    /// pixel then spoils whole tiles of outputs (up to 64 instead of 9), and values above 1e37 can become NaN where the direct
    /// method's sums are finite; which layers are concerned does not depend on the processor. When not set, the build property
    /// <c>SmallCnnGenWinograd</c> decides, else true.
    /// </summary>
    public bool Winograd { get; set; } = true;
}
