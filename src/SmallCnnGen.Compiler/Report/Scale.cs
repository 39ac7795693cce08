using System;
using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Report;

/// <summary>Distances of ticks that people like to read.</summary>
internal static class Scale
{
    /// <summary>Distance for about a number of ticks: 1, 2 or 5 times a power of ten, or of two for bytes.</summary>
    public static double Nice(double max, int ticks, bool isBytes)
    {
        double wanted = Math.Max(max, 1) / ticks;
        if (isBytes)
            return Math.Pow(2, Math.Ceiling(Math.Log(wanted) / Math.Log(2)));
        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        foreach (int factor in new[] { 1, 2, 5 })
        {
            if (power * factor >= wanted)
                return power * factor;
        }

        return power * 10;
    }

    /// <summary>The numbers to write under so many steps: the first, and every so many.</summary>
    public static IEnumerable<int> Numbers(int count)
    {
        int distance = Math.Max(1, (int)Nice(count, 12, false));
        for (int number = 1; number <= count; number = number == 1 && distance > 1 ? distance : number + distance)
            yield return number;
    }
}
