using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>MobileNetV3's efficient last stage: the 1x1 convolution that makes the final wide features can follow the global pooling.</summary>
public sealed class ExpensiveLastStage : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Expensive last stage";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.ExpensiveLastStage,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_share", 0.05, "Share of the network's multiply-adds that the layer must have."),
        new Threshold("min_widening", 2, "Output over input channels from which on the layer widens."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minShare = Value(context, "min_share"), minWidening = Value(context, "min_widening");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (!layer.IsPointwise || layer.Output.Pixels == 1 || layer.Output.Channels < minWidening * layer.Input.Channels || context.Share(layer) < minShare)
                continue;
            IReadOnlyList<CritiqueLayer> readers = context.Readers(layer);
            if (readers.Count != 1 || readers[0].Node.Op is not (AdaptivePoolOp or PoolOp) || readers[0].Output.Pixels != 1)
                continue;
            double saving = 1 - (1.0 / layer.Output.Pixels);
            yield return new Observation(layer, null, context.Share(layer), Invariant(
                $"it widens {layer.Input.Channels} to {layer.Output.Channels} channels on all {layer.Output.Height}x{layer.Output.Width} pixels just before they are averaged, {Numbers.Count(layer.MultiplyAdds)} multiply-adds or {Numbers.Percent(context.Share(layer))} of the network; behind the pooling it saves {Numbers.Percent(saving)} of that (MobileNetV3, Figure 5), {(layer.Activation.IsNone ? "with the same result: without an activation the two can change places" : "though not with the same result, because of the activation between")}"));
        }
    }
}
