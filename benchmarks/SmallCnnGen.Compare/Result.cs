using System;

namespace SmallCnnGen.Compare;

/// <summary>Seconds from bytes in memory to a usable network, and of the first run.</summary>
internal sealed record Start(double Load, double FirstCall);

/// <summary>Everything measured of one network.</summary>
/// <param name="Name">Network.</param>
/// <param name="MultiplyAdds">Multiply-adds of one run.</param>
/// <param name="Measurement">The rounds.</param>
/// <param name="Ours">Our start.</param>
/// <param name="Theirs">The rival's start, or null without a rival.</param>
/// <param name="Difference">Largest difference of the outputs relative to the largest output, or NaN.</param>
internal sealed record Result(string Name, long MultiplyAdds, Measurement Measurement, Start Ours, Start? Theirs, double Difference)
{
    /// <summary>Stands behind the name where no round was undisturbed.</summary>
    public string Mark => Measurement.Quality switch { Quality.Undisturbed => string.Empty, Quality.UndisturbedRuns => " *", _ => " **" };

    /// <summary>
    /// Median of our time in a round, in seconds. Like every figure but the minima, not a number when nothing had its core:
    /// such figures would be quoted.
    /// </summary>
    public double OursMedian { get; } = Median(Measurement, r => r.Ours);

    /// <summary>Median of the rival's.</summary>
    public double TheirsMedian { get; } = Median(Measurement, r => r.Theirs);

    /// <summary>Median of the rounds' ratios: ours divided by theirs.</summary>
    public double Ratio { get; } = Median(Measurement, r => r.Ours / r.Theirs);

    /// <summary>Our operations a second as a part of the core's peak, both of the same round.</summary>
    public double PartOfPeak { get; } = Median(Measurement, r => 2 * MultiplyAdds / r.Ours / r.Peak);

    /// <summary>Our time as a multiple of the limit: of multiply-adds alone at the peak.</summary>
    public double OursToLimit => 1 / PartOfPeak;

    /// <summary>The rival's time as a multiple of the same limit.</summary>
    public double TheirsToLimit { get; } = Median(Measurement, r => r.Theirs * r.Peak / (2 * MultiplyAdds));

    private static double Median(Measurement measurement, Func<Round, double> of) =>
        measurement.Quality == Quality.Disturbed ? double.NaN : measurement.Median(of);
}
