using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SmallCnnGen;

/// <summary>Little-endian floating-point formats to 32-bit floats, and the scans over them.</summary>
internal static class FloatConversion
{
    private const uint ExponentMask = 0x7F80_0000;

    public static void Decode(string dtype, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (dtype)
        {
            case "F32":
                if (BitConverter.IsLittleEndian)
                {
                    bytes.CopyTo(MemoryMarshal.AsBytes(values));
                    break;
                }

                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case "F16":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case "BF16":
                // bfloat16 is the upper half of a float
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
            case "F64":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            default:
                throw new ArgumentException("No floating-point format: " + dtype, nameof(dtype));
        }
    }

    /// <summary>Index of the first NaN or infinity, or -1. These are the values whose exponent bits are all set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOfNotFinite(ReadOnlySpan<float> values)
    {
        ref var first = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(values));
        var i = 0;
        var mask = Vector256.Create(ExponentMask);
        for (; i <= values.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            if (Vector256.EqualsAny(Vector256.LoadUnsafe(ref first, (nuint)i) & mask, mask))
                break;
        }

        for (; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }

    /// <summary>destination = source * scale, in double, rounded once.</summary>
    // weights are loaded once, so the first call must already be fast
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(ReadOnlySpan<float> source, double scale, Span<float> destination)
    {
        if (scale == 1)
        {
            source.CopyTo(destination);
            return;
        }

        destination = destination[..source.Length];
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= source.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            Vector256.Narrow(low * scale, high * scale).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
            destination[i] = (float)(source[i] * scale);
    }
}
