using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using SmallCnnGen.Tooling.Measuring;

namespace SmallCnnGen.Compare;

/// <summary>One round: both sides and the core's peak within a fraction of a second.</summary>
/// <param name="Ours">Median seconds of our runs.</param>
/// <param name="Theirs">Median seconds of the rival's, or NaN.</param>
/// <param name="OursAlone">Median seconds of those of our runs that had their core; NaN when none had.</param>
/// <param name="TheirsAlone">The same of the rival's.</param>
/// <param name="Peak256">Operations a second at 256 bits.</param>
/// <param name="Peak512">Operations a second at 512 bits, or 0.</param>
/// <param name="Peak">Operations a second at our width.</param>
/// <param name="Share">Part of the core that the process got.</param>
internal sealed record Round(double Ours, double Theirs, double OursAlone, double TheirsAlone, double Peak256, double Peak512, double Peak, double Share);

/// <summary>What a measurement is worth.</summary>
internal enum Quality
{
    /// <summary>Whole rounds in which the process had its core.</summary>
    Undisturbed,

    /// <summary>Single runs that had their core, in rounds that had not.</summary>
    UndisturbedRuns,

    /// <summary>Nothing had its core.</summary>
    Disturbed,
}

/// <summary>Times two sides in turn.</summary>
internal sealed class Measurement
{
    private const int TriesPerRound = 3;

    private readonly List<Round> _rounds = [];
    private readonly bool _hasRival;

    private Measurement(bool hasRival) => _hasRival = hasRival;

    /// <summary>Shortest run of ours, in seconds.</summary>
    public double OursMin { get; private set; } = double.PositiveInfinity;

    /// <summary>Shortest run of the rival's.</summary>
    public double TheirsMin { get; private set; } = double.PositiveInfinity;

    /// <summary>
    /// Rounds that count: the undisturbed ones; when there are none, the others with their undisturbed runs only; when
    /// there are none of those either, all.
    /// </summary>
    public IReadOnlyList<Round> Rounds => Quality switch
    {
        Quality.Undisturbed => _rounds.Where(IsQuiet).ToArray(),
        Quality.UndisturbedRuns => _rounds.Where(HasRuns).Select(r => r with { Ours = r.OursAlone, Theirs = r.TheirsAlone }).ToArray(),
        _ => _rounds,
    };

    /// <summary>What the rounds that count are worth.</summary>
    public Quality Quality => _rounds.Any(IsQuiet) ? Quality.Undisturbed : _rounds.Any(HasRuns) ? Quality.UndisturbedRuns : Quality.Disturbed;

    /// <summary>Rounds that were tried.</summary>
    public int Tried => _rounds.Count;

    /// <summary>Rounds in which the process had its core.</summary>
    public int Quiet => _rounds.Count(IsQuiet);

    /// <summary>Median over the rounds that count.</summary>
    public double Median(Func<Round, double> of) => TimedRuns.Middle(Rounds.Select(of));

    /// <summary>Measures until there are enough undisturbed rounds, or too many were tried.</summary>
    /// <param name="ours">One run of ours.</param>
    /// <param name="theirs">One run of the rival's, or null.</param>
    /// <param name="rounds">Rounds wanted.</param>
    /// <param name="bits">Our vector width.</param>
    /// <param name="threads">Threads that may run.</param>
    public static Measurement Take(Action ours, Action? theirs, int rounds, int bits, int threads)
    {
        var measurement = new Measurement(theirs is not null);
        int oursRuns = TimedRuns.WarmUp(ours), theirsRuns = theirs is null ? 0 : TimedRuns.WarmUp(theirs);
        FmaPeak.Measure(bits);
        for (int i = 0; i < rounds * TriesPerRound && measurement.Quiet < rounds; i++)
            measurement.Add(ours, oursRuns, theirs, theirsRuns, bits, threads, i % 2 == 1);
        return measurement;
    }

    private static bool IsQuiet(Round round) => round.Share >= TimedRuns.LeastShare;

    private bool HasRuns(Round round) => !double.IsNaN(round.OursAlone) && !(_hasRival && double.IsNaN(round.TheirsAlone));

    private void Add(Action ours, int oursRuns, Action? theirs, int theirsRuns, int bits, int threads, bool theirsFirst)
    {
        // Several threads may rest, but should not wait for a core; one should have it all the time.
        bool isParallel = threads > 1;
        double before = isParallel ? Core.Waited() : Core.Used();
        long start = Stopwatch.GetTimestamp();
        double peak256 = FmaPeak.Measure(256), peak512 = FmaPeak.Measure(512);
        TimedRun[] second = [];
        if (theirsFirst && theirs is not null)
            second = TimedRuns.Block(theirs, theirsRuns);
        TimedRun[] first = TimedRuns.Block(ours, oursRuns);
        if (!theirsFirst && theirs is not null)
            second = TimedRuns.Block(theirs, theirsRuns);
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double share = isParallel ? 1 - ((Core.Waited() - before) / (wall * threads)) : (Core.Used() - before) / wall;
        OursMin = Math.Min(OursMin, first.Min(s => s.Seconds));
        if (second.Length > 0)
            TheirsMin = Math.Min(TheirsMin, second.Min(s => s.Seconds));
        double peak = bits switch { 512 => peak512, 256 => peak256, _ => FmaPeak.Measure(bits) };
        _rounds.Add(new Round(
            TimedRuns.Middle(first.Select(s => s.Seconds)),
            TimedRuns.Middle(second.Select(s => s.Seconds)),
            isParallel ? double.NaN : TimedRuns.Alone(first),
            isParallel ? double.NaN : TimedRuns.Alone(second),
            peak256,
            peak512,
            peak,
            share));
    }
}
