using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// ShuffleNet V2's G1: of all 1x1 convolutions with the same multiply-adds the one with as many output as input channels
/// touches the least memory. An inverted residual is judged as a unit: its narrow ends are its design, not two mistakes; a
/// bottleneck around a dense KxK convolution is not judged, because that convolution is what it is for;
/// nor is a classifier, whose channels are its classes.
/// </summary>
public sealed class UnequalChannelWidth : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Unequal channel width of a 1x1 convolution";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.UnequalChannelWidth,
        Title,
        RuleSeverity.Suggestion,
        false,
        new Threshold("max_ratio", 1.2, "Memory access cost over its lower bound from which on a layer is reported."),
        new Threshold("min_share", 0.02, "Share of the network's memory accesses that a layer must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxRatio = Value(context, "max_ratio");
        double all = 0;
        foreach (CritiqueLayer layer in context.Layers)
            all += context.IsFree(layer) ? 0 : layer.MemoryAccessCost;
        double least = Value(context, "min_share") * all;
        var inUnits = new HashSet<int>();
        foreach (CritiqueLayer layer in context.Layers)
        {
            // Units are found at their expansion, which comes before their projection.
            if (layer.Conv is not { } conv || layer.IsDepthwise || !conv.Window.IsPointwise || layer.Output.Pixels == 1 || inUnits.Contains(layer.Node.Id))
                continue;
            if (InvertedResidual.Find(context, layer) is { } unit)
            {
                inUnits.Add(unit.Project.Node.Id);
                double cost = unit.Expand.MemoryAccessCost + unit.Project.MemoryAccessCost;
                double work = unit.Expand.MultiplyAdds + unit.Project.MultiplyAdds;
                double bound = 2 * Bound(work / 2, unit.Expand.Output.Pixels);
                if (cost < least || cost <= maxRatio * bound)
                    continue;
                int width = Numbers.Nearest(Math.Sqrt(work / (2 * unit.Expand.Output.Pixels)), 8);
                yield return new Observation(unit.Expand, "channels", cost / bound, Invariant(
                    $"this inverted residual widens {unit.Expand.Input.Channels} channels {Numbers.Ratio((double)unit.Expand.Output.Channels / unit.Expand.Input.Channels)} times, to {unit.Expand.Output.Channels}; its two 1x1 convolutions touch {Numbers.Count(cost)} elements, {Numbers.Ratio(cost / bound)} times the least for their {Numbers.Count(work)} multiply-adds, which {width} channels throughout would reach"));
                continue;
            }

            // With the weights as they are, equal multiply-adds mean an equal product of the channels.
            double weights = layer.MemoryAccessCost - layer.Input.Length - layer.Output.Length;
            double ratio = layer.MemoryAccessCost / ((2 * layer.Output.Pixels * Math.Sqrt((double)layer.Input.Channels * layer.Output.Channels)) + weights);
            if (ratio <= maxRatio || layer.MemoryAccessCost < least || IsOfBottleneck(context, layer) || context.IsClassifier(layer))
                continue;
            int balanced = Numbers.Nearest(Math.Sqrt((double)layer.Input.Channels * layer.Output.Channels), 8);
            yield return new Observation(layer, "channels", ratio, Invariant(
                $"{layer.Input.Channels} to {layer.Output.Channels} channels on {layer.Output.Height}x{layer.Output.Width} pixels touch {Numbers.Count(layer.MemoryAccessCost)} elements, {Numbers.Ratio(ratio)} times the least for {Numbers.Count(layer.MultiplyAdds)} multiply-adds, which {balanced} to {balanced} channels would reach"))
            {
                Fix = conv.Groups == 1 && context.CanChangeChannels(layer) ? new FixHint(FixProperties.SetArgument, Invariant($"{balanced}")) { Current = layer.Output.Channels } : null,
            };
        }
    }

    /// <summary>
    /// Whether a layer narrows for a dense KxK convolution, or widens again behind or beside one (SqueezeNet, ResNet): that
    /// makes the large convolution cheaper by more than it costs.
    /// </summary>
    private static bool IsOfBottleneck(CritiqueContext context, CritiqueLayer layer) =>
        layer.Output.Channels < layer.Input.Channels
            ? NarrowsForLarge(context, layer)
            : context.Producer(layer) is { } producer && (IsLarge(producer) || NarrowsForLarge(context, producer));

    private static bool NarrowsForLarge(CritiqueContext context, CritiqueLayer layer) =>
        layer.IsPointwise && layer.Output.Channels < layer.Input.Channels && context.Readers(layer).Any(r => IsLarge(r) || NarrowsForLarge(context, r));

    private static bool IsLarge(CritiqueLayer layer) => layer.Conv is { } conv && !layer.IsDepthwise && conv.Window.Kernel != new Pair(1, 1);

    private static double Bound(double work, int pixels) => (2 * Math.Sqrt(pixels * work)) + (work / pixels);
}
