using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>
/// Several variants timed in turn, round by round: within a fraction of a second all of them meet the same neighbours and
/// the same clock, so ratios within a round mean something where times of different minutes do not. Only runs that had
/// their core count.
/// </summary>
public sealed class VariantRounds
{
    private const int TriesPerRound = 3;

    private readonly List<double[]> _rounds = [];

    private VariantRounds()
    {
    }

    /// <summary>Rounds in which every variant had a run with its core.</summary>
    public int Complete => _rounds.Count(IsComplete);

    /// <summary>Rounds that were tried.</summary>
    public int Tried => _rounds.Count;

    /// <summary>Measures until enough rounds are complete, or too many were tried.</summary>
    /// <param name="variants">One run of each.</param>
    /// <param name="rounds">Complete rounds wanted.</param>
    public static VariantRounds Take(IReadOnlyList<Action> variants, int rounds)
    {
        ArgumentNullException.ThrowIfNull(variants);
        var measured = new VariantRounds();
        int[] runs = variants.Select(TimedRuns.WarmUp).ToArray();
        for (int i = 0; i < rounds * TriesPerRound && measured.Complete < rounds; i++)
        {
            // Each round starts with another variant: none always follows the same one.
            var seconds = new double[variants.Count];
            for (int k = 0; k < variants.Count; k++)
            {
                int variant = (i + k) % variants.Count;
                seconds[variant] = TimedRuns.Alone(TimedRuns.Block(variants[variant], runs[variant]));
            }

            measured._rounds.Add(seconds);
        }

        return measured;
    }

    /// <summary>Median seconds of a variant.</summary>
    public double Seconds(int variant) => TimedRuns.Middle(_rounds.Select(r => r[variant]).Where(double.IsFinite));

    /// <summary>Median over the rounds of a variant's time divided by another's.</summary>
    public double Ratio(int variant, int other) => TimedRuns.Middle(Ratios(variant, other));

    /// <summary>
    /// Half of the rounds' ratios lie within this of their median, as a part of it: how far to trust <see cref="Ratio"/>.
    /// </summary>
    public double Spread(int variant, int other)
    {
        double middle = Ratio(variant, other);
        return TimedRuns.Middle(Ratios(variant, other).Select(r => Math.Abs(r - middle))) / middle;
    }

    private static bool IsComplete(double[] round) => round.All(double.IsFinite);

    private IEnumerable<double> Ratios(int variant, int other) => _rounds.Select(r => r[variant] / r[other]).Where(double.IsFinite);
}
