using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Kernels compute whole vectors of output channels; the last one overlaps the one before, and groups narrower than a
/// vector are merged with zeros between. At 512 bits two pixels may share the last vector, which then wastes less. What is computed beyond the declared work is wasted. A classifier has as many
/// channels as it has classes, and is left alone.
/// </summary>
public sealed class WastedLanes : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Channel count wastes vector lanes";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.WastedLanes,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_waste", 0.2, "Share of a layer's vector work that may be wasted."),
        new Threshold("min_share", 0.02, "Share of the network's multiply-adds that a layer must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxWaste = Value(context, "max_waste"), minShare = Value(context, "min_share");
        int bits = context.Spec.Options.MainVectorBits, lanes = bits / 32;
        bool isScaled = context.Spec.Options.WidthMultiplier != 1;
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Node.Op is not ConvOp conv || layer.IsDepthwise || context.Share(layer) < minShare || context.IsClassifier(layer))
                continue;
            int useful = layer.Output.Channels / conv.Groups;
            int merged = conv.Groups == 1 ? 1 : GroupMerge.Factor(bits, conv.Groups, layer.Input.Channels / conv.Groups, useful);
            int vector = Vec.For(bits, useful * merged).Lanes;
            TileChoice tile = TileChoice.Pick(bits, vector, useful * merged, layer.Output.Pixels, pairs: true);
            int panel = tile.IsPaired ? tile.Channels(vector) : vector;
            int computed = ((useful * merged) + panel - 1) / panel * (tile.IsPaired ? panel : lanes);
            double waste = 1 - ((double)useful / computed);
            if (waste <= maxWaste)
                continue;
            int below = useful / lanes * lanes * conv.Groups, above = (useful + lanes - 1) / lanes * lanes * conv.Groups;
            int nearest = below > 0 && layer.Output.Channels - below < above - layer.Output.Channels ? below : above;
            string ofGroup = conv.Groups == 1 ? string.Empty : Invariant($" ({useful} in each of {conv.Groups} groups{(merged > 1 ? Invariant($", merged {merged} at a time with zeros between") : string.Empty)})");
            string text = Invariant($"{layer.Output.Channels} output channels{ofGroup} fill {useful} of the {computed} lanes computed for them with {bits}-bit vectors; {Numbers.Percent(waste)} of its vector work is wasted. {(below > 0 && below != above ? Invariant($"{below} or {above}") : Invariant($"{above}"))} channels waste none");

            // Scaled counts cannot be changed at the layer but by what they are rounded to.
            yield return isScaled
                ? new Observation(null, "ChannelDivisor", waste * context.Share(layer), Invariant($"the width multiplier gives '{layer.Name}' a count that wastes lanes: {text}; ChannelDivisor = {lanes} rounds to such counts"))
                : new Observation(layer, layer.IsDense ? "units" : "channels", waste * context.Share(layer), text)
                {
                    Fix = context.CanChangeChannels(layer) ? new FixHint(FixProperties.SetArgument, Invariant($"{nearest}")) { Current = layer.Output.Channels } : null,
                };
        }
    }
}
