using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Grouped convolutions in a row whose groups exchange nothing. Which group's results reach which channel is followed
/// through the graph itself: through shuffles, splits, joins, sums and depthwise convolutions, until two groups have met.
/// </summary>
public sealed class ChannelsNeverMeet : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Channels of grouped convolutions never meet";

    /// <summary>Groups that are told apart; of more, neighbours count as one, which can only hide a finding.</summary>
    private const int MaxTokens = 64;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.ChannelsNeverMeet,
        Title,
        RuleSeverity.Warning,
        true,
        new Threshold("max_stacked", 2, "Grouped convolutions that may follow each other without an exchange; ShuffleNet has 2, the last of a unit and the first of the next."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxStacked = Value(context, "max_stacked");
        var worst = new Dictionary<int, Observation>();
        foreach (CritiqueLayer start in context.Layers)
        {
            if (!IsGrouped(start))
                continue;
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (Observation found in Follow(context, start, maxStacked))
            {
                int id = found.Layer!.Node.Id;
                if (!worst.TryGetValue(id, out Observation? known) || found.Measure > known.Measure)
                    worst[id] = found;
            }
        }

        return worst.OrderBy(w => w.Key).Select(w => w.Value);
    }

    private static bool IsGrouped(CritiqueLayer layer) => layer.Conv is { Groups: > 1 } && !layer.IsDepthwise;

    /// <summary>Follows the groups of one convolution until two of them have met.</summary>
    private static IEnumerable<Observation> Follow(CritiqueContext context, CritiqueLayer start, double maxStacked)
    {
        int groups = start.Conv!.Groups;
        int tokens = Math.Min(groups, MaxTokens);
        int perGroup = start.Output.Channels / groups;

        // For each map that depends on the start: which groups reach each channel, and how many grouped convolutions lie between.
        var reach = new Dictionary<int, ulong[]>
        {
            [start.Node.Id] = Enumerable.Range(0, start.Output.Channels).Select(c => 1UL << (int)((long)(c / perGroup) * tokens / groups)).ToArray(),
        };
        var stacked = new Dictionary<int, int> { [start.Node.Id] = 1 };
        var met = new HashSet<int>();
        var pending = new SortedSet<int>(context.Readers(start).Select(r => r.Node.Id));
        int last = pending.Count == 0 ? -1 : pending.Max;
        while (pending.Count > 0)
        {
            int id = pending.Min;
            pending.Remove(id);

            // Nothing behind this reads a map in which the groups are still apart.
            if (id > last)
                yield break;
            CritiqueLayer layer = context.LayerOf(id)!;
            foreach (CritiqueLayer reader in context.Readers(layer))
                pending.Add(reader.Node.Id);

            // Where two groups have met anywhere, the layers behind can carry it on; only no exchange at all is a fault.
            ulong[] result = layer.Node.Inputs.Any(met.Contains) ? Array.Empty<ulong>() : Through(context.Graph, layer, reach);
            if (result.Length == 0 || result.Any(c => (c & (c - 1)) != 0))
            {
                met.Add(id);
                continue;
            }

            int depth = layer.Node.Inputs.Where(reach.ContainsKey).Max(i => stacked[i]) + (IsGrouped(layer) ? 1 : 0);
            if (IsGrouped(layer) && depth > maxStacked)
            {
                yield return new Observation(layer, null, depth, Invariant(
                    $"it is the {Ordinal(depth)} grouped convolution in a row from '{start.Name}' on without an exchange: what the {groups} groups computed there has met in no channel yet; put [Shuffle({layer.Conv!.Groups})] before it (free here: the weights are permuted instead)"))
                {
                    Fix = new FixHint(FixProperties.InsertBefore, Invariant($"Shuffle({layer.Conv.Groups})")),
                };
            }

            reach[id] = result;
            stacked[id] = depth;
            foreach (CritiqueLayer reader in context.Readers(layer))
                last = Math.Max(last, reader.Node.Id);
        }
    }

    /// <summary>What reaches the channels of a layer's result. Inputs that do not depend on the start bring nothing.</summary>
    private static ulong[] Through(Graph graph, CritiqueLayer layer, Dictionary<int, ulong[]> reach)
    {
        var result = new ulong[layer.Output.Channels];
        ulong[] Of(int input) => reach.TryGetValue(input, out ulong[]? known) ? known : new ulong[graph.Nodes[input].Shape.Channels];
        ulong[] first = Of(layer.Node.Inputs[0]);
        int residual = 1;
        switch (layer.Node.Op)
        {
            case ConvOp conv:
                Mix(conv.Groups);
                break;
            case ConvTransposeOp conv:
                Mix(conv.Groups);
                break;
            case ChannelMapOp map:
                for (int c = 0; c < result.Length; c++)
                    result[c] = map.Source[c] < 0 ? 0 : first[map.Source[c]];
                break;
            case ConcatOp:
                int at = 0;
                foreach (int input in layer.Node.Inputs)
                {
                    ulong[] part = Of(input);
                    part.CopyTo(result, at);
                    at += part.Length;
                }

                residual = layer.Node.Inputs.Count;
                break;
            case FlattenOp or SoftmaxOp or LocalResponseNormOp or DenseOp:
                Mix(1);
                break;
            default:
                first.CopyTo(result, 0);
                break;
        }

        // Sums, products and residuals in epilogues: channel by channel.
        for (int i = residual; i < layer.Node.Inputs.Count; i++)
        {
            ulong[] other = Of(layer.Node.Inputs[i]);
            for (int c = 0; c < Math.Min(result.Length, other.Length); c++)
                result[c] |= other[c];
        }

        return result;

        void Mix(int groups)
        {
            int inputs = first.Length / groups, outputs = result.Length / groups;
            for (int g = 0; g < groups; g++)
            {
                ulong union = 0;
                for (int c = g * inputs; c < (g + 1) * inputs; c++)
                    union |= first[c];
                for (int c = g * outputs; c < (g + 1) * outputs; c++)
                    result[c] = union;
            }
        }
    }

    private static string Ordinal(int value) => Invariant($"{value}{(value % 100 is >= 11 and <= 13 ? "th" : (value % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })}");
}
