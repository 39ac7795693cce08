using System;
using System.Diagnostics;

namespace Glyphs;

/// <summary>What one network does on the test set: how often it is right, how long it takes, what it allocates.</summary>
/// <param name="Predictions">Character predicted for each picture.</param>
/// <param name="MedianMicroseconds">Median time of one run.</param>
/// <param name="MinMicroseconds">Shortest time of one run.</param>
/// <param name="Runs">Runs that were timed.</param>
/// <param name="BytesPerRun">Bytes allocated by one run.</param>
internal sealed record Measurement(string Predictions, double MedianMicroseconds, double MinMicroseconds, int Runs, double BytesPerRun)
{
    private const int Rounds = 10;

    // .NET compiles a method again, better, once it has run often enough; timing starts after that.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Runs a network over the set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="progress">Told what is happening.</param>
    public static Measurement Of(IGlyphNetwork network, TestSet set, Action<string> progress)
    {
        var logits = new float[GlyphClasses.Characters.Length];
        var predictions = new char[set.Inputs.Length];
        for (int i = 0; i < set.Inputs.Length; i++)
        {
            network.Run(set.Inputs[i], logits);
            predictions[i] = GlyphClasses.Characters[GlyphClasses.Best(logits)];
            if ((i + 1) % 40 == 0)
                progress(FormattableString.Invariant($"classified {i + 1} of {set.Inputs.Length}"));
        }

        progress("warming up");
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(start) < WarmUp; i = (i + 1) % set.Inputs.Length)
            network.Run(set.Inputs[i], logits);

        var ticks = new long[Rounds * set.Inputs.Length];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < ticks.Length; i++)
        {
            float[] input = set.Inputs[i % set.Inputs.Length];
            long begin = Stopwatch.GetTimestamp();
            network.Run(input, logits);
            ticks[i] = Stopwatch.GetTimestamp() - begin;
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(ticks);
        double microseconds = 1e6 / Stopwatch.Frequency;
        return new Measurement(
            new string(predictions), ticks[ticks.Length / 2] * microseconds, ticks[0] * microseconds, ticks.Length, (double)bytes / ticks.Length);
    }
}
