using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace SmallCnnGen.Benchmarks;

/// <summary>Weights that keep activations in a normal range, for timing networks nobody has trained.</summary>
internal static class RandomWeights
{
    /// <summary>Makes a safetensors file with every tensor a network asks for.</summary>
    /// <param name="load">The network's LoadWeights.</param>
    public static byte[] For(Func<byte[], NetworkWeights> load)
    {
        // A file without tensors makes the network list what it misses: "SCNN3001 missing tensor 'name' [64, 32, 1, 1]".
        try
        {
            load(Write([]));
        }
        catch (WeightsException missing)
        {
            return Write(missing.Problems.Select(Parse).ToList());
        }

        return Write([]);
    }

    private static NamedTensor Parse(string problem)
    {
        string name = problem.Split('\'')[1];
        string shapeText = problem.Substring(problem.IndexOf('[', StringComparison.Ordinal) + 1);
        int[] shape = shapeText.Substring(0, shapeText.IndexOf(']', StringComparison.Ordinal)).Split(',').Select(d => int.Parse(d.Trim(), System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        int length = shape.Aggregate(1, (a, b) => a * b);
        double fan = shape.Skip(1).Aggregate(1.0, (a, b) => a * b);
        var random = new Random(name.Aggregate(17, (h, c) => unchecked((h * 31) + c)));
        var data = new float[length];
        for (int i = 0; i < length; i++)
        {
            double u = random.NextDouble();
            data[i] = (float)(shape.Length > 1 ? ((2 * u) - 1) * Math.Sqrt(6 / fan)
                : name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("mean", StringComparison.Ordinal) ? (u - 0.5) * 0.2
                : 0.5 + u);
        }

        return new NamedTensor(name, shape, data);
    }

    private static byte[] Write(IReadOnlyList<NamedTensor> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }
}
