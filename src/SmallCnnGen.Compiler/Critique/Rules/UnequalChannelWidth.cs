using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// ShuffleNet V2's G1: of all 1x1 convolutions with the same multiply-adds the one with as many output as input channels
/// touches the least memory. An inverted residual is judged as a unit: its narrow ends are its design, not two mistakes.
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
        true,
        new Threshold("max_ratio", 1.25, "Memory access cost over its lower bound from which on a layer is reported."),
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
            if (!layer.IsPointwise || layer.Output.Pixels == 1 || inUnits.Contains(layer.Node.Id))
                continue;
            if (InvertedResidual.Find(context, layer) is { } unit)
            {
                inUnits.Add(unit.Project.Node.Id);
                double cost = unit.Expand.MemoryAccessCost + unit.Project.MemoryAccessCost;
                double bound = 2 * Bound((unit.Expand.MultiplyAdds + unit.Project.MultiplyAdds) / 2.0, unit.Expand.Output.Pixels);
                if (cost < least || cost <= maxRatio * bound)
                    continue;
                int width = Numbers.Nearest(Math.Sqrt((unit.Expand.MultiplyAdds + unit.Project.MultiplyAdds) / (2.0 * unit.Expand.Output.Pixels)), 8);
                yield return new Observation(unit.Expand, "channels", cost / bound, Invariant(
                    $"this inverted residual widens {unit.Expand.Input.Channels} channels {Numbers.Ratio((double)unit.Expand.Output.Channels / unit.Expand.Input.Channels)} times, to {unit.Expand.Output.Channels}; its two 1x1 convolutions touch {Numbers.Count(cost)} elements, {Numbers.Ratio(cost / bound)} times the least for their {Numbers.Count(unit.Expand.MultiplyAdds + unit.Project.MultiplyAdds)} multiply-adds, which {width} channels throughout would reach"));
                continue;
            }

            double ratio = layer.MemoryAccessCost / CostRule.MemoryAccessBound(layer.Node.Op, layer.Input, layer.Output);
            if (ratio <= maxRatio || layer.MemoryAccessCost < least)
                continue;
            int balanced = Numbers.Nearest(Math.Sqrt((double)layer.Input.Channels * layer.Output.Channels), 8);
            yield return new Observation(layer, "channels", ratio, Invariant(
                $"{layer.Input.Channels} to {layer.Output.Channels} channels on {layer.Output.Height}x{layer.Output.Width} pixels touch {Numbers.Count(layer.MemoryAccessCost)} elements, {Numbers.Ratio(ratio)} times the least for {Numbers.Count(layer.MultiplyAdds)} multiply-adds, which {balanced} to {balanced} channels would reach"))
            {
                Fix = new FixHint(FixProperties.SetArgument, Invariant($"{balanced}")) { Current = layer.Output.Channels },
            };
        }
    }

    private static double Bound(double work, int pixels) => (2 * Math.Sqrt(pixels * work)) + (work / pixels);
}
