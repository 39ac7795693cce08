using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>SqueezeNext's two-stage squeeze: halving the channels once more before a 3x3 convolution costs little and halves that convolution.</summary>
public sealed class TwoStageSqueeze : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "A second squeeze before a large kernel";

    private const int MinChannels = 32;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.TwoStageSqueeze,
        Title,
        RuleSeverity.Suggestion,
        false,
        new Threshold("min_saving", 0.3, "Share of the large convolution's multiply-adds that must be saved."),
        new Threshold("min_share", 0.05, "Share of the network's multiply-adds that the large convolution must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minSaving = Value(context, "min_saving"), minShare = Value(context, "min_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Conv is not { Groups: 1 } conv || conv.Window.Kernel.Y * conv.Window.Kernel.X < 9 || layer.Input.Channels < MinChannels || context.Share(layer) < minShare)
                continue;
            if (context.Producer(layer) is not { IsPointwise: true } squeeze || squeeze.Output.Channels >= squeeze.Input.Channels)
                continue;
            // Squeezed twice already.
            if (context.Producer(squeeze) is { IsPointwise: true } first && first.Output.Channels < first.Input.Channels)
                continue;
            double extra = (double)layer.Input.Pixels * layer.Input.Channels * (layer.Input.Channels / 2);
            double saving = 0.5 - (extra / layer.MultiplyAdds);
            if (saving < minSaving)
                continue;
            yield return new Observation(layer, null, saving * layer.MultiplyAdds, Invariant(
                $"it reads {layer.Input.Channels} channels that '{squeeze.Name}' squeezed from {squeeze.Input.Channels}; a second 1x1 convolution to {layer.Input.Channels / 2} before it costs {Numbers.Count(extra)} multiply-adds and saves {Numbers.Count(layer.MultiplyAdds / 2.0)} of its {Numbers.Count(layer.MultiplyAdds)}"))
            {
                Fix = new FixHint(FixProperties.InsertBefore, Invariant($"Conv({layer.Input.Channels / 2}, Kernel = 1)")),
            };
        }
    }
}
