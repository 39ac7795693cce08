using System;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>How scaled channel counts are rounded: the rule of MobileNet V2's reference code.</summary>
public static class ChannelRounding
{
    /// <summary>
    /// The multiple of <paramref name="divisor"/> nearest to channels times multiplier, at least one divisor and never
    /// more than 10 % below the exact product. A multiplier of 1 leaves the count as it is.
    /// </summary>
    /// <param name="channels">Channels as declared, at least 1.</param>
    /// <param name="multiplier">Width multiplier.</param>
    /// <param name="divisor">Divisor, at least 1.</param>
    public static long Scale(long channels, double multiplier, int divisor)
    {
        if (multiplier == 1)
            return channels;

        // Beyond this no channel count is valid anyway, and the double still converts to a long exactly enough to be refused.
        double exact = Math.Min(channels * multiplier, 1e15);
        long rounded = Math.Max(divisor, (long)(exact + (divisor / 2.0)) / divisor * divisor);
        return rounded < 0.9 * exact ? rounded + divisor : rounded;
    }

    /// <summary>The function round8 of expressions: the same rule with multiplier 1 and divisor 8.</summary>
    /// <param name="value">A count.</param>
    /// <exception cref="OverflowException">The result does not fit 64 bits.</exception>
    public static long RoundTo8(long value)
    {
        long rounded = Math.Max(8, checked(value + 4) / 8 * 8);

        // rounded < 0.9 value, without leaving the integers. The difference is at most 4, so ten times it cannot overflow.
        return value > rounded && (value - rounded) * 10 > value ? checked(rounded + 8) : rounded;
    }
}
