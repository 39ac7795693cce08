using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Multipliers below what the papers found useful: below them another architecture is better than a thinner one.</summary>
public sealed class MultiplierRange : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Width multiplier or resolution below the useful range";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.MultiplierRange,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_width", 0.25, "Smallest width multiplier that is not reported."),
        new Threshold("min_resolution", 96, "Smallest side of the input, in pixels, that a network which divides it by 32 should have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minWidth = Value(context, "min_width"), minResolution = Value(context, "min_resolution");
        double width = context.Spec.Options.WidthMultiplier;
        if (width < minWidth)
        {
            yield return new Observation(null, "WidthMultiplier", minWidth / width, Invariant(
                $"the width multiplier {width:R} is below {Numbers.Ratio(minWidth)}, the smallest of the MobileNet papers, where accuracy falls off: fewer or narrower layers use {Numbers.Count(context.MultiplyAdds)} multiply-adds better"));
        }

        const int deep = 32;
        int side = Math.Min(context.InputShape.Height, context.InputShape.Width);
        CritiqueLayer? last = context.Layers.LastOrDefault(l => l.Conv is not null && l.Output.Pixels > 1);
        if (last is null || side >= minResolution || Math.Max(context.InputShape.Height, context.InputShape.Width) / Math.Max(last.Output.Height, last.Output.Width) < deep / 2 || last.Output.Height > 3)
            yield break;
        bool isScaled = context.Spec.Options.ResolutionMultiplier != 1;
        yield return new Observation(null, isScaled ? "ResolutionMultiplier" : "Height", minResolution / side, Invariant(
            $"{context.InputShape.Height}x{context.InputShape.Width} pixels leave maps of {last.Output.Height}x{last.Output.Width} at the end, mostly padding; the papers stop at {minResolution:0} pixels for networks that divide the sides by 32 (below that, drop a stride)"));
    }
}
