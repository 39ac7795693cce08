using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <content>Layers that join, choose, move or normalise values.</content>
internal sealed partial class PrimitiveLowering
{
    private int LowerAdd(LayerCopy layer)
    {
        ActivationSpec activation = ReadActivation(layer, "Activation", false, false, LayerPath.Join(layer.Module, "act"), shared: false);
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        RequireSlopes(layer, activation, ShapeOf(layer.Inputs[0]).Channels);
        int node = Append(layer, activation.IsNone ? string.Empty : ".add", new AddOp(), layer.Inputs);
        return AppendActivation(layer, activation, node);
    }

    private int LowerMultiply(LayerCopy layer)
    {
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        int node = layer.Inputs[0];
        for (int i = 1; i < layer.Inputs.Count; i++)
        {
            bool isLast = i == layer.Inputs.Count - 1;
            node = Append(layer, isLast ? string.Empty : Invariant($".mul{i}"), new MultiplyOp(), node, layer.Inputs[i]);
        }

        return node;
    }

    private int LowerSlice(LayerCopy layer)
    {
        long start = layer.Arguments.Long("start");
        long end = layer.Arguments.Long("end");
        int step = layer.Arguments.Int("Step");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        if (start < 0 || start >= input.Channels)
            throw Fail(layer, DiagnosticIds.ChannelOutOfRange, Invariant($"start is {start}, but its input {input} has channels 0 to {input.Channels - 1}."), "start");
        if (end <= start || end > input.Channels)
            throw Fail(layer, DiagnosticIds.ChannelOutOfRange, Invariant($"end is {end}; it must lie above the start {start} and at most at {input.Channels}, the channels of its input {input}."), "end", Repair.SetArgument("end", input.Channels, end));
        long count = (end - start + step - 1) / step;
        return AppendMap(layer, "slice", count, j => (int)(start + (j * step)));
    }

    private int LowerShuffle(LayerCopy layer)
    {
        int groups = layer.Arguments.Int("groups");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        int channels = ShapeOf(layer.Inputs[0]).Channels;
        if (channels % groups != 0)
            throw Fail(layer, DiagnosticIds.GroupsDoNotDivide, Invariant($"{groups} groups do not divide its {channels} channels; {ShapeRule.Divisors(channels, channels, groups)}."), "groups", ShapeRule.DivideEvenly("groups", channels, channels, groups));
        int size = channels / groups;
        return AppendMap(layer, "shuffle", channels, j => (int)(((j % groups) * size) + (j / groups)));
    }

    private int LowerGather(LayerCopy layer)
    {
        bool isSeries = layer.Arguments.IsWritten("Channel");
        IReadOnlyList<long> index = isSeries ? ReadSeries(layer) : layer.Arguments.Integers("index");
        if (!isSeries)
            layer.Arguments.RefuseUseless("Count", "it belongs to Channel");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        string argument = isSeries ? "Channel" : "index";
        foreach (long channel in index)
        {
            if (channel < 0 || channel >= input.Channels)
                throw Fail(layer, DiagnosticIds.ChannelOutOfRange, Invariant($"{argument} gives {channel}, but its input {input} has channels 0 to {input.Channels - 1}."), argument);
        }

        return AppendMap(layer, "gather", index.Count, j => (int)index[(int)j]);
    }

    private IReadOnlyList<long> ReadSeries(LayerCopy layer)
    {
        // An empty list is what leaving the list out can look like.
        if (layer.Arguments.Written("index") is { Kind: not ArgumentKind.List } or { Items.Count: > 0 })
            layer.Arguments.RefuseUseless("index", "Channel gives the channels");
        if (!layer.Arguments.IsWritten("Count"))
            layer.Arguments.Fail(DiagnosticIds.BadArgument, "Channel", "Channel is an expression over i and needs Count, the output channels.");
        int count = layer.Arguments.IsWritten("Count") ? layer.Arguments.Int("Count") : 0;
        CheckMapEntries(layer, count);
        return layer.Arguments.Series("Channel", count) ?? System.Array.Empty<long>();
    }

    private int LowerPadChannels(LayerCopy layer)
    {
        int channels = layer.Arguments.Int("channels");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        if (channels < input.Channels)
            throw Fail(layer, DiagnosticIds.BadArgument, Invariant($"channels is {channels}, fewer than the {input.Channels} of its input {input}; use [Slice] to drop channels."), "channels", Repair.SetArgument("channels", input.Channels, channels));
        return AppendMap(layer, "pad_channels", channels, j => j < input.Channels ? (int)j : -1);
    }

    private int AppendMap(LayerCopy layer, string kind, long count, System.Func<long, int> source)
    {
        CheckMapEntries(layer, count);
        _mapEntries += count;
        var map = new int[count];
        for (int j = 0; j < map.Length; j++)
            map[j] = source(j);
        return Append(layer, string.Empty, new ChannelMapOp(kind, new EquatableArray<int>(map)), layer.Inputs);
    }

    private void CheckMapEntries(LayerCopy layer, long count)
    {
        if (_mapEntries + count > MaxMapEntries)
            throw Fail(layer, DiagnosticIds.TooLarge, Invariant($"the channel choices of the network have more than {MaxMapEntries} entries together; use fewer channels or fewer such layers."), null);
    }

    private int LowerPad(LayerCopy layer)
    {
        Sides pads = layer.Arguments.Sides("pads");
        if (CannotLower(layer))
            return ExpansionScope.Failed;

        // A crop may not reach past the map, even where padding on the other side would make up for it.
        TensorShape input = ShapeOf(layer.Inputs[0]);
        bool isEmpty = pads.Top <= -input.Height || pads.Bottom <= -input.Height || pads.Left <= -input.Width || pads.Right <= -input.Width;
        if (isEmpty)
            throw Fail(layer, DiagnosticIds.EmptyOutput, $"cropping {pads} (top, left, bottom, right) takes all of its input {input}.", "pads");
        return Append(layer, string.Empty, new PadOp(pads), layer.Inputs);
    }

    private int LowerUpsample(LayerCopy layer)
    {
        int scale = layer.Arguments.Int("scale");
        var mode = (UpsampleMode)layer.Arguments.Enum("Mode", "UpsampleMode");
        bool alignCorners = layer.Arguments.Bool("AlignCorners");
        if (alignCorners && mode == UpsampleMode.Nearest)
            layer.Arguments.RefuseUseless("AlignCorners", "it belongs to Mode = UpsampleMode.Bilinear");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        return Append(layer, string.Empty, new UpsampleOp(scale, mode, alignCorners), layer.Inputs);
    }

    private int LowerLocalResponseNorm(LayerCopy layer)
    {
        int size = layer.Arguments.Int("Size");
        double alpha = layer.Arguments.Real("Alpha", 0, 1e6);
        double beta = layer.Arguments.Real("Beta", -100, 100);
        double k = layer.Arguments.Real("K", 0, 1e6);
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        return Append(layer, string.Empty, new LocalResponseNormOp(size, alpha, beta, k), layer.Inputs);
    }
}
