using System;

namespace SmallCnnGen.Benchmarks;

/// <summary>Images for timing.</summary>
internal static class RandomInput
{
    /// <summary>Values in [-2, 2), the same every time.</summary>
    public static float[] Make(int length)
    {
        var random = new Random(length);
        var data = new float[length];
        for (int i = 0; i < length; i++)
            data[i] = (float)((random.NextDouble() * 4) - 2);
        return data;
    }
}
