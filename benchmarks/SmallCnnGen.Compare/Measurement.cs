using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace SmallCnnGen.Compare;

/// <summary>One round: both sides and the core's peak within a fraction of a second.</summary>
/// <param name="Ours">Median seconds of our runs.</param>
/// <param name="Theirs">Median seconds of the rival's, or NaN.</param>
/// <param name="Peak256">Operations a second at 256 bits.</param>
/// <param name="Peak512">Operations a second at 512 bits, or 0.</param>
/// <param name="Peak">Operations a second at our width.</param>
/// <param name="Share">Part of the core that the process got.</param>
internal sealed record Round(double Ours, double Theirs, double Peak256, double Peak512, double Peak, double Share);

/// <summary>Times two sides in turn.</summary>
internal sealed class Measurement
{
    /// <summary>A round in which the process got less of its core is dropped.</summary>
    public const double LeastShare = 0.98;

    private const double BlockSeconds = 0.02, WarmUpSeconds = 0.5;
    private const int LeastRuns = 3, MostRuns = 64, TriesPerRound = 3;

    // A method is compiled anew after 30 calls and a quiet tenth of a second.
    private const int TierUpCalls = 40;
    private static readonly TimeSpan s_tierUpPause = TimeSpan.FromMilliseconds(150);

    private readonly List<Round> _rounds = [];

    /// <summary>Shortest run of ours, in seconds.</summary>
    public double OursMin { get; private set; } = double.PositiveInfinity;

    /// <summary>Shortest run of the rival's.</summary>
    public double TheirsMin { get; private set; } = double.PositiveInfinity;

    /// <summary>Rounds that count: the undisturbed ones, or all when there are none.</summary>
    public IReadOnlyList<Round> Rounds => IsDisturbed ? _rounds : _rounds.Where(IsQuiet).ToArray();

    /// <summary>Rounds that were tried.</summary>
    public int Tried => _rounds.Count;

    /// <summary>Rounds in which the process had its core.</summary>
    public int Quiet => _rounds.Count(IsQuiet);

    /// <summary>Whether no round was undisturbed, so that the figures are only indicative.</summary>
    public bool IsDisturbed => !_rounds.Any(IsQuiet);

    /// <summary>Median over the rounds that count.</summary>
    public double Median(Func<Round, double> of) => Middle(Rounds.Select(of));

    /// <summary>Middle value.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Measures until there are enough undisturbed rounds, or too many were tried.</summary>
    /// <param name="ours">One run of ours.</param>
    /// <param name="theirs">One run of the rival's, or null.</param>
    /// <param name="rounds">Rounds wanted.</param>
    /// <param name="bits">Our vector width.</param>
    /// <param name="threads">Threads that may run.</param>
    public static Measurement Take(Action ours, Action? theirs, int rounds, int bits, int threads)
    {
        var measurement = new Measurement();
        int oursRuns = WarmUp(ours), theirsRuns = theirs is null ? 0 : WarmUp(theirs);
        FmaPeak.Measure(bits);
        for (int i = 0; i < rounds * TriesPerRound && measurement.Quiet < rounds; i++)
            measurement.Add(ours, oursRuns, theirs, theirsRuns, bits, threads, i % 2 == 1);
        return measurement;
    }

    private static bool IsQuiet(Round round) => round.Share >= LeastShare;

    /// <summary>Runs until code and caches have settled; returns how many runs fill a block.</summary>
    private static int WarmUp(Action run)
    {
        double best = double.PositiveInfinity;
        for (int pass = 0; pass < 2; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < TierUpCalls && (i < LeastRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds); i++)
                best = Math.Min(best, Time(run));
            Thread.Sleep(s_tierUpPause);
        }

        return Math.Clamp((int)Math.Ceiling(BlockSeconds / best), LeastRuns, MostRuns);
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double[] Block(Action run, int runs)
    {
        // The other side has just had the caches.
        run();
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
            times[i] = Time(run);
        return times;
    }

    private void Add(Action ours, int oursRuns, Action? theirs, int theirsRuns, int bits, int threads, bool theirsFirst)
    {
        // Several threads may rest, but should not wait for a core; one should have it all the time.
        bool isParallel = threads > 1;
        double before = isParallel ? Core.Waited() : Core.Used();
        long start = Stopwatch.GetTimestamp();
        double peak256 = FmaPeak.Measure(256), peak512 = FmaPeak.Measure(512);
        double[] second = [];
        if (theirsFirst && theirs is not null)
            second = Block(theirs, theirsRuns);
        double[] first = Block(ours, oursRuns);
        if (!theirsFirst && theirs is not null)
            second = Block(theirs, theirsRuns);
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double share = isParallel ? 1 - ((Core.Waited() - before) / (wall * threads)) : (Core.Used() - before) / wall;
        OursMin = Math.Min(OursMin, first.Min());
        if (second.Length > 0)
            TheirsMin = Math.Min(TheirsMin, second.Min());
        double peak = bits switch { 512 => peak512, 256 => peak256, _ => FmaPeak.Measure(bits) };
        _rounds.Add(new Round(Middle(first), Middle(second), peak256, peak512, peak, share));
    }
}
