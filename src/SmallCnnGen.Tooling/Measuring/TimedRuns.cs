using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>One run.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="Share">Part of the core that the thread got meanwhile.</param>
public readonly record struct TimedRun(double Seconds, double Share);

/// <summary>Runs of one thing in short blocks, so that several things can be timed in turn.</summary>
public static class TimedRuns
{
    /// <summary>A round (or run) in which the process got less of its core is dropped.</summary>
    public const double LeastShare = 0.98;

    private const double BlockSeconds = 0.02, WarmUpSeconds = 0.5;
    private const int LeastRuns = 3, MostRuns = 64;

    // A method is compiled anew after 30 calls and a quiet tenth of a second.
    private const int TierUpCalls = 40;
    private static readonly TimeSpan s_tierUpPause = TimeSpan.FromMilliseconds(150);

    /// <summary>Runs until code and caches have settled; returns how many runs fill a block.</summary>
    public static int WarmUp(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
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

    /// <summary>Times some runs, after one that brings back the caches that others have had.</summary>
    public static TimedRun[] Block(Action run, int runs)
    {
        ArgumentNullException.ThrowIfNull(run);
        run();
        var samples = new TimedRun[runs];
        for (int i = 0; i < runs; i++)
        {
            double used = Core.Used();
            double wall = Time(run);
            samples[i] = new TimedRun(wall, (Core.Used() - used) / wall);
        }

        return samples;
    }

    /// <summary>Median seconds of the runs that had their core; NaN when none had.</summary>
    public static double Alone(IEnumerable<TimedRun> runs) => Middle(runs.Where(r => r.Share >= LeastShare).Select(r => r.Seconds));

    /// <summary>Median seconds of the core that the runs used: what is left to look at when none had its core.</summary>
    public static double OfTheCore(IEnumerable<TimedRun> runs) => Middle(runs.Select(r => r.Seconds * r.Share));

    /// <summary>Middle value.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
