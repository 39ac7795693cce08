using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Channels that lie side by side in one buffer.</summary>
/// <param name="Root">Node whose buffer holds them.</param>
/// <param name="Channel">First channel of that buffer.</param>
/// <param name="Count">How many.</param>
public readonly record struct ChannelRun(int Root, int Channel, int Count);

/// <summary>
/// Where the channels of a map are stored, run by run: a flattened picture has a hundred million channels, but they are one
/// run.
/// </summary>
public sealed class ChannelRuns
{
    private readonly List<ChannelRun> _runs = new();

    /// <summary>The runs, in the order of the map's channels; neighbours are not one run.</summary>
    public IReadOnlyList<ChannelRun> Runs => _runs;

    /// <summary>The channels one by one; only for maps whose channels do not lie side by side, which are few.</summary>
    public IEnumerable<ChannelRef> Channels
    {
        get
        {
            foreach (ChannelRun run in _runs)
            {
                for (int i = 0; i < run.Count; i++)
                    yield return new ChannelRef(run.Root, run.Channel + i);
            }
        }
    }

    /// <summary>Number of channels.</summary>
    public int Count { get; private set; }

    /// <summary>Appends channels.</summary>
    public void Add(ChannelRun run)
    {
        Count += run.Count;
        if (_runs.Count > 0 && _runs[_runs.Count - 1] is { } last && last.Root == run.Root && last.Channel + last.Count == run.Channel)
            _runs[_runs.Count - 1] = last with { Count = last.Count + run.Count };
        else
            _runs.Add(run);
    }
}
