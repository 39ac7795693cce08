using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// ShuffleNet V2's G2: at equal multiply-adds a grouped convolution touches more memory than a dense one, because it needs
/// more channels. The alternative has as many groups fewer and is narrower by the root of that.
/// </summary>
public sealed class TooManyGroups : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Many groups cost memory accesses";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.TooManyGroups,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_ratio", 1.5, "Memory access cost over that of the dense convolution with equal multiply-adds from which on a layer is reported."),
        new Threshold("min_share", 0.005, "Share of the network's multiply-adds that a layer must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxRatio = Value(context, "max_ratio"), minShare = Value(context, "min_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Conv is not { Groups: > 1 } conv || layer.IsDepthwise || context.Share(layer) < minShare)
                continue;
            double ratio = layer.MemoryAccessCost / Cost(layer, conv, 1);
            if (ratio <= maxRatio)
                continue;

            // The most groups that stay under the threshold against the dense alternative.
            int groups = Enumerable.Range(1, conv.Groups - 1)
                .Where(g => layer.Input.Channels % g == 0 && layer.Output.Channels % g == 0 && Cost(layer, conv, g) <= maxRatio * Cost(layer, conv, 1))
                .DefaultIfEmpty(1)
                .Max();
            double narrower = Math.Sqrt((double)conv.Groups / groups);
            yield return new Observation(layer, "Groups", ratio, Invariant(
                $"{conv.Groups} groups on {layer.Output.Height}x{layer.Output.Width} pixels: {layer.Input.Channels} to {layer.Output.Channels} channels touch {Numbers.Count(layer.MemoryAccessCost)} elements, {Numbers.Ratio(ratio)} times those of the dense convolution with the same {Numbers.Count(layer.MultiplyAdds)} multiply-adds; {groups} {(groups == 1 ? "group" : "groups")} and {Numbers.Ratio(1 / narrower)} times the channels would touch {Numbers.Count(Cost(layer, conv, groups))}"))
            {
                Fix = new FixHint(FixProperties.SetArgument, Invariant($"{groups}")) { Current = conv.Groups, OwnOnly = true },
            };
        }
    }

    /// <summary>Memory access cost with other groups and channels scaled so that the multiply-adds stay.</summary>
    private static double Cost(CritiqueLayer layer, ConvOp conv, int groups)
    {
        double weights = layer.MemoryAccessCost - layer.Input.Length - layer.Output.Length;
        return ((layer.Input.Length + layer.Output.Length) * Math.Sqrt((double)groups / conv.Groups)) + weights;
    }
}
