using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;

namespace SmallCnnGen.Testing.Kit;

/// <summary>A tensor of the kit: what the rule needs to make it.</summary>
/// <param name="Name">Name; the rule hashes it.</param>
/// <param name="Shape">PyTorch shape.</param>
/// <param name="Kind">Kind of the rule ("conv_weight", "bias", "input").</param>
public sealed record KitTensor(string Name, int[] Shape, string Kind)
{
    /// <summary>Elements.</summary>
    public long Length => Shape.Aggregate(1L, (n, d) => n * d);
}

/// <summary>The reference kit's rule that makes every tensor from its name, bit for bit in any language.</summary>
public static class TensorRule
{
    private const int Chunk = 1 << 16;

    /// <summary>FNV-1a, 64 bits, of a name's UTF-8 bytes.</summary>
    public static ulong Hash(string name)
    {
        ulong h = 14695981039346656037UL;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            h = unchecked((h ^ b) * 1099511628211UL);
        return h;
    }

    /// <summary>A whole tensor.</summary>
    /// <param name="tensor">Tensor.</param>
    /// <param name="gain">The model's gain; 1 for op cases.</param>
    public static float[] Make(KitTensor tensor, double gain = 1)
    {
        var values = new float[tensor.Length];
        Parallel.For(0, Chunks(tensor), chunk => Fill(tensor, gain, chunk * Chunk, values.AsSpan((int)(chunk * Chunk), (int)Math.Min(Chunk, tensor.Length - (chunk * Chunk)))));
        return values;
    }

    /// <summary>Elements start, start + 1, ... of a tensor.</summary>
    /// <param name="tensor">Tensor.</param>
    /// <param name="gain">The model's gain; 1 for op cases.</param>
    /// <param name="start">First element.</param>
    /// <param name="values">Receives as many elements as it holds.</param>
    public static void Fill(KitTensor tensor, double gain, long start, Span<float> values)
    {
        ulong h = Hash(tensor.Name);
        long fan = tensor.Shape.Skip(1).Aggregate(1L, (n, d) => n * d);

        // Every kind is a + b * u or (2u - 1) * scale, computed in the order the rule writes it: no reassociation.
        switch (tensor.Kind)
        {
            case "conv_weight" or "linear_weight" or "convtranspose_weight":
                Centred(h, start, Math.Sqrt(3.0 / fan) * gain, values);
                break;
            case "bias":
                Centred(h, start, 0.1, values);
                break;
            case "bn_beta" or "bn_mean":
                Centred(h, start, 0.2, values);
                break;
            case "input":
                Centred(h, start, 2.0, values);
                break;
            case "input8":
                Centred(h, start, 8.0, values);
                break;
            case "bn_gamma" or "bn_var":
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(0.5 + Uniform(h, start + i));
                break;
            case "prelu_slope":
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(0.1 + (0.3 * Uniform(h, start + i)));
                break;
            default:
                throw new NotSupportedException("tensor kind " + tensor.Kind);
        }
    }

    /// <summary>The kit's checksum over all tensors of a model: bits * (2k + 1), k counting across tensors.</summary>
    public static ulong Checksum(IEnumerable<KitTensor> tensors, double gain)
    {
        ulong sum = 0, k = 0;
        foreach (KitTensor tensor in tensors)
        {
            ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(Make(tensor, gain));
            foreach (uint b in bits)
                sum = unchecked(sum + (b * ((2 * k++) + 1)));
        }

        return sum;
    }

    internal static long Chunks(KitTensor tensor) => (tensor.Length + Chunk - 1) / Chunk;

    internal static int ChunkSize => Chunk;

    private static void Centred(ulong h, long start, double scale, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(((2.0 * Uniform(h, start + i)) - 1.0) * scale);
    }

    private static double Uniform(ulong h, long i)
    {
        unchecked
        {
            ulong z = h + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            return (z >> 40) / 16777216.0;
        }
    }
}
