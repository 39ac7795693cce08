using System;
using System.Globalization;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Numbers as messages show them, the same in every culture.</summary>
internal static class Numbers
{
    /// <summary>"1.43".</summary>
    public static string Ratio(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>"12.3 %".</summary>
    public static string Percent(double share) => (100 * share).ToString(Math.Abs(share) < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>"569M", "12.5k".</summary>
    public static string Count(double value) => value switch
    {
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>"1.53 MB".</summary>
    public static string Bytes(double value) => value >= 1 << 20
        ? (value / (1 << 20)).ToString("0.##", CultureInfo.InvariantCulture) + " MB"
        : (value / 1024).ToString("0.#", CultureInfo.InvariantCulture) + " KB";

    /// <summary>The multiple of a step nearest to a value, at least one step.</summary>
    public static int Nearest(double value, int step) => Math.Max(step, (int)(Math.Round(value / step, MidpointRounding.AwayFromZero) * step));
}
