using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Squeeze-and-excitation: how far it squeezes, and whether its two passes over the map are worth it there.</summary>
public sealed class SqueezeExcitation : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Ratio or place of squeeze-and-excitation";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.SqueezeExcitation,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_ratio", 2, "Channels over squeezed channels that must be reached."),
        new Threshold("max_ratio", 32, "Channels over squeezed channels that should not be passed."),
        new Threshold("min_stride", 4, "Sides of the input over sides of the map from which on it has its place."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minRatio = Value(context, "min_ratio"), maxRatio = Value(context, "max_ratio"), minStride = Value(context, "min_stride");
        foreach (CritiqueLayer scale in context.Layers)
        {
            if (scale.Node.Op is not MultiplyOp || scale.Output.Pixels == 1 || Squeeze(context, scale) is not { } squeeze)
                continue;
            double ratio = (double)scale.Output.Channels / squeeze.Output.Channels;
            int suggested = Math.Max(8, Numbers.Nearest(scale.Output.Channels / 4.0, 8));
            string argument = squeeze.IsDense ? "units" : "channels";
            if (ratio < minRatio || ratio > maxRatio)
            {
                yield return new Observation(squeeze, argument, ratio < minRatio ? minRatio / ratio : ratio / maxRatio, Invariant(
                    $"squeeze-and-excitation of {scale.Output.Channels} channels squeezes to {squeeze.Output.Channels}, a ratio of {Numbers.Ratio(ratio)}; {(ratio < minRatio ? "the papers save parameters with ratios of 4 (MobileNetV3) to 16" : "the papers stop at 16 to 24")}: {suggested} channels would be a quarter"))
                {
                    Fix = new FixHint(FixProperties.SetArgument, Invariant($"{suggested}")) { Current = squeeze.Output.Channels },
                };
            }

            double stride = (double)context.InputShape.Height / scale.Output.Height;
            if (stride < minStride)
            {
                double bytes = 3.0 * scale.Output.Length * sizeof(float);
                yield return new Observation(scale, null, bytes, Invariant(
                    $"squeeze-and-excitation on {scale.Output} reads the map twice and writes it once more, {Numbers.Bytes(bytes)}, for features that are still edges and colours; it pays from maps {Numbers.Ratio(minStride)} times smaller than the input on"));
            }
        }
    }

    /// <summary>The first of the two convolutions between the pooled map and its scale, or null when this is something else.</summary>
    private static CritiqueLayer? Squeeze(CritiqueContext context, CritiqueLayer scale)
    {
        foreach (int input in Enumerable.Range(0, 2))
        {
            CritiqueLayer? excite = context.Producer(scale, input);
            if (excite is not { Output.Pixels: 1 } || excite.Node.Op is not ConvOp)
                continue;
            if (context.Producer(excite) is { Node.Op: ConvOp, Output.Pixels: 1 } squeeze && context.Producer(squeeze) is { Node.Op: AdaptivePoolOp or PoolOp })
                return squeeze;
        }

        return null;
    }
}
