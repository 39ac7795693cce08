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

    private readonly Graph _graph;
    private readonly (int Node, int Input)[][] _readers;
    private readonly bool[] _virtual;
    private readonly HashSet<int> _banned = new();
    private readonly (int Parent, int Channel)[] _inside;
    private readonly ChannelRef[]?[] _refs;
    private readonly int[]?[] _order;
    private readonly int[] _pitch;

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
        _refs = new ChannelRef[]?[count];
        _order = new int[]?[count];
        _pitch = new int[count];
        while (!Resolve())
        {
            // Resolve banned a node that could not stay virtual; each round bans at least one, so this ends.
        }
    }

    /// <summary>Where each channel of a node's result is stored.</summary>
    public IReadOnlyList<ChannelRef> Channels(int id) => _refs[id]!;

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
    public (int Root, int Channel)? Contiguous(int id)
    {
        ChannelRef[] refs = _refs[id]!;
        for (int i = 1; i < refs.Length; i++)
        {
            if (refs[i] != new ChannelRef(refs[0].Root, refs[0].Channel + i))
                return null;
        }

        return (refs[0].Root, refs[0].Channel);
    }

    private bool Resolve()
    {
        ChooseVirtual();
        ChooseInPlace();
        foreach (Node node in _graph.Nodes)
        {
            ChannelRef[] refs = Trace(node);
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
            possible[id] = scattered[id] && !_banned.Contains(id) && (node.Op is ConcatOp || node.Op is ChannelMapOp)
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
        List<Node> concats = _graph.Nodes.Where(n => n.Op is ConcatOp && !_virtual[n.Id]).Reverse().ToList();
        foreach (Node concat in concats)
        {
            if (concat.Id != _graph.Output && _inside[concat.Id].Parent < 0)
            {
                Node? longer = concats.LastOrDefault(c => c.Id > concat.Id && c.Inputs.Count > concat.Inputs.Count && c.Inputs.Take(concat.Inputs.Count).SequenceEqual(concat.Inputs));
                if (longer is not null)
                    _inside[concat.Id] = (longer.Id, 0);
            }

            int channel = 0;
            foreach (int input in concat.Inputs)
            {
                Node node = _graph.Nodes[input];
                bool free = _inside[input].Parent < 0 && input != _graph.Output && node.Op is not InputOp && concat.Inputs.Count(i => i == input) == 1;
                if (free)
                    _inside[input] = (concat.Id, channel);
                channel += node.Shape.Channels;
            }
        }
    }

    private ChannelRef[] Trace(Node node)
    {
        if (_virtual[node.Id])
        {
            return node.Op is ChannelMapOp map
                ? map.Source.Select(c => _refs[node.Inputs[0]]![c]).ToArray()
                : node.Inputs.SelectMany(i => _refs[i]!).ToArray();
        }

        int root = node.Id, channel = 0;
        while (_inside[root].Parent >= 0)
        {
            channel += _inside[root].Channel;
            root = _inside[root].Parent;
        }

        return Enumerable.Range(channel, node.Shape.Channels).Select(c => new ChannelRef(root, c)).ToArray();
    }

    /// <summary>Gives a depthwise convolution the order in which its input lies in memory.</summary>
    private ChannelRef[] Reorder(Node node, ChannelRef[] own)
    {
        ChannelRef[] input = _refs[node.Inputs[0]]!;
        int[] order = Enumerable.Range(0, input.Length).OrderBy(c => input[c].Root).ThenBy(c => input[c].Channel).ToArray();
        bool plain = order.Select((c, i) => c == i).All(same => same);
        if (plain || !(_virtual[node.Inputs[0]] || _order[node.Inputs[0]] is not null))
            return own;
        _order[node.Id] = order;
        var refs = new ChannelRef[own.Length];
        for (int position = 0; position < order.Length; position++)
            refs[order[position]] = own[position];
        return refs;
    }

    /// <summary>Buffers read through one table must have one pixel pitch; false when a node had to be banned.</summary>
    private bool UnifyPitches()
    {
        foreach (Node node in _graph.Nodes)
            _pitch[node.Id] = DefaultPitch(node);
        var sets = new List<HashSet<int>>();
        foreach (Node node in _graph.Nodes.Where(n => _virtual[n.Id]))
        {
            var roots = new HashSet<int>(_refs[node.Id]!.Select(r => r.Root));
            if (roots.Any(r => _graph.Nodes[r].Op is InputOp || r == _graph.Output))
            {
                _banned.Add(node.Id);
                return false;
            }

            foreach (HashSet<int> other in sets.Where(s => s.Overlaps(roots)).ToList())
            {
                roots.UnionWith(other);
                sets.Remove(other);
            }

            sets.Add(roots);
            int widest = roots.Max(r => _graph.Nodes[r].Shape.Channels);
            if (roots.Any(r => _graph.Nodes[r].Shape.Channels * MaxStretch < widest))
            {
                _banned.Add(node.Id);
                return false;
            }
        }

        foreach (HashSet<int> roots in sets)
        {
            int pitch = roots.Max(r => DefaultPitch(_graph.Nodes[r]));
            foreach (int root in roots)
                _pitch[root] = pitch;
        }

        return true;
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
