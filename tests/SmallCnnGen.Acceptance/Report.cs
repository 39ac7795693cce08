using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace SmallCnnGen.Acceptance;

/// <summary>What became of one case at one width.</summary>
internal enum Verdict
{
    /// <summary>Everything agreed.</summary>
    Passed,

    /// <summary>Something did not.</summary>
    Failed,

    /// <summary>This machine has no registers of the width; nothing else is a reason.</summary>
    Skipped,
}

/// <summary>One case's outcome.</summary>
/// <param name="Verdict">Verdict.</param>
/// <param name="Detail">Reason, or for a passed model its numbers.</param>
/// <param name="ErrorFraction">Largest error as a fraction of the tolerance.</param>
/// <param name="Observed">Intermediate tensors that were compared.</param>
/// <param name="NotObservable">Intermediate tensors that no longer exist after fusion.</param>
internal sealed record Outcome(Verdict Verdict, string Detail, double ErrorFraction = 0, int Observed = 0, int NotObservable = 0)
{
    /// <summary>A failure; of a reason with several lines (a crash's stack) the first is kept.</summary>
    public static Outcome Fail(string detail) => new(Verdict.Failed, detail.Split('\n', 2)[0].TrimEnd());

    public static Outcome Skip(string detail) => new(Verdict.Skipped, detail);
}

/// <summary>Collects outcomes, prints progress and the summary.</summary>
internal sealed class Report(int total)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(string Id, Outcome Outcome)> _outcomes = [];
    private readonly object _lock = new();

    /// <summary>0 when something ran and nothing failed: a run that skipped all it was asked for has shown nothing.</summary>
    public int ExitCode => _outcomes.Any(o => o.Outcome.Verdict == Verdict.Failed) || _outcomes.All(o => o.Outcome.Verdict == Verdict.Skipped) ? 1 : 0;

    /// <summary>Books an outcome; failures, and cases with a line of their own, are printed at once.</summary>
    public void Add(string id, Outcome outcome, bool line)
    {
        lock (_lock)
        {
            _outcomes.Add((id, outcome));
            if (line || outcome.Verdict == Verdict.Failed)
            {
                string word = outcome.Verdict switch { Verdict.Passed => "pass", Verdict.Failed => "FAIL", _ => "skip" };
                Line($"{word}  {id}  {outcome.Detail}");
            }
        }
    }

    public void Line(string text)
    {
        lock (_lock)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{_clock.Elapsed.TotalSeconds,6:F1} s {_outcomes.Count,4}/{total}] {text}"));
    }

    public void PrintSummary()
    {
        foreach (IGrouping<string, (string Id, Outcome Outcome)> group in _outcomes.Where(o => o.Outcome.Verdict == Verdict.Skipped).GroupBy(o => o.Outcome.Detail).OrderBy(g => g.Key, StringComparer.Ordinal))
            Console.WriteLine($"skipped, {group.Key}: {group.Count()} ({string.Join(", ", group.Take(5).Select(o => o.Id))}{(group.Count() > 5 ? ", ..." : string.Empty)})");

        // They were printed as they came; again here, where a log is read first.
        const int Shown = 20;
        foreach ((string id, Outcome outcome) in _outcomes.Where(o => o.Outcome.Verdict == Verdict.Failed).Take(Shown))
            Console.WriteLine($"FAILED {id}: {outcome.Detail}");
        if (Count(Verdict.Failed) > Shown)
            Console.WriteLine($"... and {Count(Verdict.Failed) - Shown} more failures above");
        if (_outcomes.Any(o => o.Outcome.Verdict == Verdict.Passed))
        {
            (string id, Outcome worst) = _outcomes.Where(o => o.Outcome.Verdict == Verdict.Passed).MaxBy(o => o.Outcome.ErrorFraction);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest error as a fraction of its tolerance: {worst.ErrorFraction:G3} ({id})"));
        }

        int observed = _outcomes.Sum(o => o.Outcome.Observed), hidden = _outcomes.Sum(o => o.Outcome.NotObservable);
        if (observed + hidden > 0)
            Console.WriteLine($"intermediate tensors: {observed} compared, {hidden} not observable (fused away)");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"elapsed: {_clock.Elapsed.TotalSeconds:F1} s"));
        if (Count(Verdict.Passed) + Count(Verdict.Failed) == 0)
            Console.WriteLine("nothing ran: that is a failure");
        Console.WriteLine($"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed, {Count(Verdict.Skipped)} skipped");
    }

    private int Count(Verdict verdict) => _outcomes.Count(o => o.Outcome.Verdict == verdict);
}
