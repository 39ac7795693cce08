using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Where one channel of a map is stored.</summary>
/// <param name="Root">Node whose buffer holds it.</param>
/// <param name="Channel">Channel of that buffer.</param>
public readonly record struct ChannelRef(int Root, int Channel);

/// <summary>
/// Finds maps that need no memory and no work of their own. A slice is a look at part of its input. Inputs of a
/// concatenation are written where it wants them. And where every reader can take its channels from anywhere
/// (convolutions through a table of offsets, depthwise convolutions run by run with permuted weights), concatenations,
/// splits and channel shuffles do not exist at run time at all: they are only a list of where each channel lies.
/// </summary>
public sealed class ChannelViews
{
    /// <summary>Buffers read through one table share a pixel pitch; narrower ones may be stretched by this much.</summary>
    private const int MaxStretch = 2;

    /// <summary>Most channels of a map that is only a list of where they lie: the list is a table in the generated code.</summary>
    private const int MaxListed = 65536;

    /// <summary>Rounds that give up one map each; after them a round gives up all that stand in its way.</summary>
    private const int SingleRounds = 64;

    private readonly Graph _graph;
    private readonly (int Node, int Input)[][] _readers;
    private readonly bool[] _virtual;
    private readonly HashSet<int> _banned = new();
    private readonly (int Parent, int Channel)[] _inside;
    private readonly ChannelRuns?[] _refs;
    private readonly int[]?[] _order;
    private readonly int[] _pitch;
    private int _rounds;

    /// <summary>Analyses a graph.</summary>
    public ChannelViews(Graph graph)
    {
        _graph = graph;
        int count = graph.Nodes.Count;
        _readers = Enumerable.Range(0, count).Select(_ => Array.Empty<(int, int)>()).ToArray();
        var readers = Enumerable.Range(0, count).Select(_ => new List<(int, int)>()).ToArray();
        foreach (Node node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
                readers[node.Inputs[i]].Add((node.Id, i));
        }

        for (int i = 0; i < count; i++)
            _readers[i] = readers[i].ToArray();
        _virtual = new bool[count];
        _inside = new (int, int)[count];
        _refs = new ChannelRuns?[count];
        _order = new int[]?[count];
        _pitch = new int[count];
        while (!Resolve())
        {
            // Resolve banned a node that could not stay virtual; each round bans at least one, so this ends.
        }
    }

    /// <summary>Where each channel of a node's result is stored.</summary>
    public ChannelRuns Channels(int id) => _refs[id]!;

    /// <summary>Floats from pixel to pixel of a root's buffer.</summary>
    public int Pitch(int root) => _pitch[root];

    /// <summary>Whether a node runs no kernel: it is only a list of where its channels lie.</summary>
    public bool HasNoKernel(int id) => _virtual[id] || IsSliceView(id);

    /// <summary>
    /// Order in which a depthwise convolution stores its channels, as the channel of the declared map at each position;
    /// null when it is the declared order.
    /// </summary>
    public IReadOnlyList<int>? StorageOrder(int id) => _order[id];

    /// <summary>The buffer and first channel of a node whose channels lie side by side in order, or null.</summary>
    public (int Root, int Channel)? Contiguous(int id) =>
        _refs[id]!.Runs is { Count: 1 } runs ? (runs[0].Root, runs[0].Channel) : null;

    private bool Resolve()
    {
        ChooseVirtual();
        ChooseInPlace();
        foreach (Node node in _graph.Nodes)
        {
            ChannelRuns refs = Trace(node);
            _order[node.Id] = null;
            if (!_virtual[node.Id] && IsDepthwise(node) && _inside[node.Id].Parent < 0)
                refs = Reorder(node, refs);
            _refs[node.Id] = refs;
        }

        return UnifyPitches();
    }

    /// <summary>Decides which concatenations and channel maps vanish.</summary>
    private void ChooseVirtual()
    {
        int count = _graph.Nodes.Count;
        var possible = new bool[count];
        var scattered = new bool[count];
        for (int id = count - 1; id >= 0; id--)
        {
            Node node = _graph.Nodes[id];
            scattered[id] = id != _graph.Output && _readers[id].Length > 0 && _readers[id].All(r => ReadsScattered(r.Node, r.Input, possible, scattered));
            possible[id] = scattered[id] && !_banned.Contains(id) && (node.Op is ConcatOp || node.Op is ChannelMapOp) && node.Shape.Channels <= MaxListed
                && (node.Op is not ChannelMapOp map || map.Source.All(c => c >= 0))
                && node.Inputs.All(i => _graph.Nodes[i].Op is not InputOp && i != _graph.Output);
        }

        var reordered = new bool[count];
        foreach (Node node in _graph.Nodes)
        {
            bool fromVirtual = node.Inputs.Any(i => _virtual[i] || reordered[i]);
            bool wanted = node.Op switch
            {
                ChannelMapOp => SliceStart(node) is null || fromVirtual,
                ConcatOp => fromVirtual || node.Inputs.Any(i => _graph.Nodes[i].Op is ChannelMapOp) || node.Inputs.Distinct().Count() < node.Inputs.Count
                    || _readers[node.Id].Any(r => possible[r.Node] && SliceStart(_graph.Nodes[r.Node]) is null && _graph.Nodes[r.Node].Op is ChannelMapOp),
                _ => false,
            };
            _virtual[node.Id] = possible[node.Id] && wanted;
            reordered[node.Id] = IsDepthwise(node) && (_virtual[node.Inputs[0]] || reordered[node.Inputs[0]]);
        }
    }

    /// <summary>Whether a reader can take the channels of an input from anywhere.</summary>
    private bool ReadsScattered(int reader, int input, bool[] possible, bool[] scattered)
    {
        Node node = _graph.Nodes[reader];
        if (node.Op is ConcatOp or ChannelMapOp)
            return possible[reader];
        if (input != 0 || node.Op is not ConvOp { HasGate: false, Prologue: null } conv)
            return false;
        if (!IsDepthwise(node))
            return !conv.Epilogue.HasResidual || !node.Inputs.Skip(1).Contains(node.Inputs[0]);

        // A depthwise convolution stores what it reads in the order it lies, so its own readers must not mind either.
        return scattered[reader] && !conv.Epilogue.HasResidual && conv.Epilogue.Before.Slopes is null && conv.Epilogue.After.Slopes is null;
    }

    /// <summary>Lets inputs of remaining concatenations be written in place.</summary>
    private void ChooseInPlace()
    {
        for (int i = 0; i < _inside.Length; i++)
            _inside[i] = (-1, 0);
        foreach (Node node in _graph.Nodes)
        {
            if (!_virtual[node.Id] && IsSliceView(node.Id))
                _inside[node.Id] = (node.Inputs[0], SliceStart(node)!.Value);
        }

        // Later concatenations first: an earlier one that is a prefix of a later one (DenseNet) lies inside it.
        // Of several longer ones it is the first.
        var beginnings = new Dictionary<(int Count, long Hash), Node>();
        foreach (Node concat in _graph.Nodes.Where(n => n.Op is ConcatOp && !_virtual[n.Id]).Reverse().ToList())
        {
            long hash = concat.Inputs.Aggregate(0L, Extend);
            if (concat.Id != _graph.Output && _inside[concat.Id].Parent < 0 && beginnings.TryGetValue((concat.Inputs.Count, hash), out Node? longer)
                && longer.Inputs.Take(concat.Inputs.Count).SequenceEqual(concat.Inputs))
            {
                _inside[concat.Id] = (longer.Id, 0);
            }

            hash = 0;
            var times = new Dictionary<int, int>();
            for (int i = 0; i < concat.Inputs.Count; i++)
            {
                if (i > 0)
                    beginnings[(i, hash)] = concat;
                hash = Extend(hash, concat.Inputs[i]);
                times[concat.Inputs[i]] = times.TryGetValue(concat.Inputs[i], out int before) ? before + 1 : 1;
            }

            int channel = 0;
            foreach (int input in concat.Inputs)
            {
                Node node = _graph.Nodes[input];
                bool free = _inside[input].Parent < 0 && input != _graph.Output && node.Op is not InputOp && times[input] == 1;
                if (free)
                    _inside[input] = (concat.Id, channel);
                channel += node.Shape.Channels;
            }
        }
    }

    private static long Extend(long hash, int input) => unchecked((hash * 1_000_003) + input + 1);

    private ChannelRuns Trace(Node node)
    {
        var refs = new ChannelRuns();
        if (_virtual[node.Id])
        {
            if (node.Op is ChannelMapOp map)
            {
                ChannelRef[] from = _refs[node.Inputs[0]]!.Channels.Take(1 + map.Source.Max()).ToArray();
                foreach (int c in map.Source)
                    refs.Add(new ChannelRun(from[c].Root, from[c].Channel, 1));
            }
            else
            {
                foreach (ChannelRun run in node.Inputs.SelectMany(i => _refs[i]!.Runs))
                    refs.Add(run);
            }

            return refs;
        }

        int root = node.Id, channel = 0;
        while (_inside[root].Parent >= 0)
        {
            channel += _inside[root].Channel;
            root = _inside[root].Parent;
        }

        refs.Add(new ChannelRun(root, channel, node.Shape.Channels));
        return refs;
    }

    /// <summary>Gives a depthwise convolution the order in which its input lies in memory.</summary>
    private ChannelRuns Reorder(Node node, ChannelRuns own)
    {
        if (!(_virtual[node.Inputs[0]] || _order[node.Inputs[0]] is not null))
            return own;
        ChannelRef[] input = _refs[node.Inputs[0]]!.Channels.ToArray(), places = own.Channels.ToArray();
        int[] order = Enumerable.Range(0, input.Length).OrderBy(c => input[c].Root).ThenBy(c => input[c].Channel).ToArray();
        if (order.Select((c, i) => c == i).All(same => same))
            return own;
        _order[node.Id] = order;
        var reordered = new ChannelRef[places.Length];
        for (int position = 0; position < order.Length; position++)
            reordered[order[position]] = places[position];
        var refs = new ChannelRuns();
        foreach (ChannelRef place in reordered)
            refs.Add(new ChannelRun(place.Root, place.Channel, 1));
        return refs;
    }

    /// <summary>Buffers read through one table must have one pixel pitch; false when a node had to be banned.</summary>
    private bool UnifyPitches()
    {
        foreach (Node node in _graph.Nodes)
            _pitch[node.Id] = DefaultPitch(node);

        // Sets of buffers read through one table, each with its narrowest, its widest and its pitch.
        var sets = new Dictionary<int, PitchSet>();
        bool all = true;
        _rounds++;
        foreach (Node node in _graph.Nodes.Where(n => _virtual[n.Id]))
        {
            int[] roots = _refs[node.Id]!.Runs.Select(r => r.Root).Distinct().ToArray();
            bool fits = !roots.Any(r => _graph.Nodes[r].Op is InputOp || r == _graph.Output);
            if (fits)
            {
                PitchSet set = Unite(sets, roots);
                fits = set.Narrowest * MaxStretch >= set.Widest;
            }

            if (fits)
                continue;
            _banned.Add(node.Id);
            if (_rounds <= SingleRounds)
                return false;
            all = false;
        }

        if (all)
        {
            foreach (int root in sets.Keys.ToList())
                _pitch[root] = sets[root].Top.Pitch;
        }

        return all;
    }

    private PitchSet Unite(Dictionary<int, PitchSet> sets, int[] roots)
    {
        PitchSet? united = null;
        foreach (int root in roots)
        {
            if (!sets.TryGetValue(root, out PitchSet? set))
            {
                int channels = _graph.Nodes[root].Shape.Channels;
                sets.Add(root, set = new PitchSet { Narrowest = channels, Widest = channels, Pitch = DefaultPitch(_graph.Nodes[root]) });
            }

            set = set.Top;
            if (united is null)
            {
                united = set;
            }
            else if (united != set)
            {
                united.Narrowest = Math.Min(united.Narrowest, set.Narrowest);
                united.Widest = Math.Max(united.Widest, set.Widest);
                united.Pitch = Math.Max(united.Pitch, set.Pitch);
                set.Parent = united;
            }
        }

        return united!;
    }

    /// <summary>Buffers that share a pitch; united sets point to what they became.</summary>
    private sealed class PitchSet
    {
        public PitchSet? Parent { get; set; }

        public long Narrowest { get; set; }

        public long Widest { get; set; }

        public int Pitch { get; set; }

        public PitchSet Top
        {
            get
            {
                PitchSet top = this;
                while (top.Parent is { } parent)
                    top = parent;
                if (Parent is not null && Parent != top)
                    Parent = top;
                return top;
            }
        }
    }

    /// <summary>
    /// Floats from pixel to pixel. Pixels a multiple of 2 KB apart fall into the same few sets of the first-level cache, and
    /// a tile reads a dozen of them at once, so such maps get a line more (7x7x1024 convolutions: 20 % faster). Depthwise
    /// convolutions keep whole rows there, which 1 KB spoils already.
    /// </summary>
    private int DefaultPitch(Node root)
    {
        int channels = root.Shape.Channels;
        bool conflicts = root.Op is not InputOp && root.Id != _graph.Output && root.Shape.Pixels > 1 && (channels % 512 == 0 || (channels % 256 == 0 && _readers[root.Id].Any(r => IsDepthwise(_graph.Nodes[r.Node]))));
        return conflicts ? channels + ArenaPlanner.AlignmentFloats : channels;
    }

    private bool IsSliceView(int id) => id != _graph.Output && SliceStart(_graph.Nodes[id]) is not null;

    private bool IsDepthwise(Node node) => node.Op is ConvOp conv && KernelSelector.IsDepthwise(conv, _graph.Nodes[node.Inputs[0]].Shape.Channels);

    /// <summary>First channel of a map that takes neighbouring channels in order, or null.</summary>
    private static int? SliceStart(Node node)
    {
        if (node.Op is not ChannelMapOp map || map.Source[0] < 0)
            return null;
        for (int j = 1; j < map.Source.Count; j++)
        {
            if (map.Source[j] != map.Source[0] + j)
                return null;
        }

        return map.Source[0];
    }
}
