using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>
/// Several variants timed in turn, round by round: within a fraction of a second all of them meet the same neighbours and
/// the same clock, so ratios within a round mean something where times of different minutes do not. Only runs that had
/// their core count; see <see cref="IsQuiet"/> for when there are none.
/// </summary>
public sealed class VariantRounds
{
    private const int TriesPerRound = 3, LeastQuiet = 3;

    private readonly List<(double[] Seconds, bool Quiet)> _rounds = [];

    private VariantRounds()
    {
    }

    /// <summary>Rounds in which every variant had a run with its core.</summary>
    public int Quiet => _rounds.Count(r => r.Quiet);

    /// <summary>Rounds that were tried.</summary>
    public int Tried => _rounds.Count;

    /// <summary>
    /// Whether there were enough quiet rounds. If not, all rounds count, and where a variant had no run with its core, the
    /// time it had of the core is taken instead of wall time: caches may have been disturbed.
    /// </summary>
    public bool IsQuiet => Quiet >= Math.Min(LeastQuiet, Tried);

    /// <summary>Quiet rounds of those tried, with a star where these were too few: "11/12", "1/33 *".</summary>
    public string Counts => FormattableString.Invariant($"{Quiet}/{Tried}{(IsQuiet ? string.Empty : " *")}");

    private IEnumerable<double[]> Counted => _rounds.Where(r => r.Quiet || !IsQuiet).Select(r => r.Seconds);

    /// <summary>Measures until enough rounds are quiet, or too many were tried.</summary>
    /// <param name="variants">One run of each.</param>
    /// <param name="rounds">Quiet rounds wanted.</param>
    public static VariantRounds Take(IReadOnlyList<Action> variants, int rounds)
    {
        ArgumentNullException.ThrowIfNull(variants);
        var measured = new VariantRounds();
        int[] runs = variants.Select(TimedRuns.WarmUp).ToArray();
        for (int i = 0; i < rounds * TriesPerRound && measured.Quiet < rounds; i++)
        {
            // Each round starts with another variant: none always follows the same one.
            var seconds = new double[variants.Count];
            bool quiet = true;
            for (int k = 0; k < variants.Count; k++)
            {
                int variant = (i + k) % variants.Count;
                TimedRun[] block = TimedRuns.Block(variants[variant], runs[variant]);
                double alone = TimedRuns.Alone(block);
                quiet &= double.IsFinite(alone);
                seconds[variant] = double.IsFinite(alone) ? alone : TimedRuns.OfTheCore(block);
            }

            measured._rounds.Add((seconds, quiet));
        }

        return measured;
    }

    /// <summary>Median seconds of a variant.</summary>
    public double Seconds(int variant) => TimedRuns.Middle(Counted.Select(r => r[variant]));

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

    private IEnumerable<double> Ratios(int variant, int other) => Counted.Select(r => r[variant] / r[other]);
}
