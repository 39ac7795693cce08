using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallCnnGen;

/// <summary>Pinned float arrays whose payload begins on a cache line.</summary>
internal static class AlignedFloats
{
    /// <summary>Floats before and after the payload that a kernel may touch without leaving the array.</summary>
    public const int Slack = 16;

    private const int Alignment = 64;

    /// <summary>Allocates a zeroed array on the pinned heap, so an address taken once stays right.</summary>
    /// <param name="length">Floats of payload.</param>
    /// <param name="start">Index of the first payload float; its address is a multiple of 64.</param>
    public static unsafe float[] Allocate(int length, out int start)
    {
        var total = (long)length + 2 * Slack + Alignment / sizeof(float);
        if (total > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(length), length, "A buffer of this many floats does not fit one array.");
        var array = GC.AllocateArray<float>((int)total, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) + Slack * sizeof(float);
        var misalignment = (int)(address % Alignment);
        start = Slack + (misalignment == 0 ? 0 : (Alignment - misalignment) / sizeof(float));
        return array;
    }
}
