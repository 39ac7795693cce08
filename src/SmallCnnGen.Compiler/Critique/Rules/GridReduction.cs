using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Inception's efficient grid-size reduction: widening before a pooling computes four times what is kept; pooling before
/// widening squeezes everything through a quarter of the values. A strided convolution beside a pooling does neither.
/// </summary>
public sealed class GridReduction : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Pooling and widening one after the other";

    private const int MinChannels = 16;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.GridReduction,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_widening", 1.5, "Output over input channels from which on a convolution widens."),
        new Threshold("min_share", 0.05, "Share of the network's multiply-adds that the convolution must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minWidening = Value(context, "min_widening"), minShare = Value(context, "min_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Conv is not { Groups: 1 } conv || conv.Window.Stride != new Pair(1, 1) || conv.Epilogue.HasResidual || layer.Input.Channels < MinChannels
                || layer.Output.Channels < minWidening * layer.Input.Channels || context.Share(layer) < minShare)
            {
                continue;
            }

            IReadOnlyList<CritiqueLayer> readers = context.Readers(layer);
            if (readers.Count == 1 && readers[0].Node.Op is PoolOp pool && IsHalving(readers[0], pool))
            {
                double kept = (double)readers[0].Output.Pixels / layer.Output.Pixels;
                yield return new Observation(layer, null, context.Share(layer), Invariant(
                    $"it widens {layer.Input.Channels} to {layer.Output.Channels} channels with {Numbers.Count(layer.MultiplyAdds)} multiply-adds ({Numbers.Percent(context.Share(layer))} of the network) on pixels of which '{readers[0].Name}' keeps {Numbers.Percent(kept)}; with stride {pool.Window.Stride.Y}, {layer.Output.Channels - layer.Input.Channels} channels and joined with a pooling of its input it would take {Numbers.Count(layer.MultiplyAdds * kept * (layer.Output.Channels - layer.Input.Channels) / layer.Output.Channels)}"));
            }
            else if (context.Producer(layer) is { Node.Op: PoolOp before } producer && IsHalving(producer, before) && context.Readers(producer).Count == 1)
            {
                yield return new Observation(layer, null, context.Share(layer), Invariant(
                    $"'{producer.Name}' just cut {Numbers.Count(producer.Input.Length)} values to {Numbers.Count(producer.Output.Length)}, from which it widens {layer.Input.Channels} to {layer.Output.Channels} channels; a convolution of stride {before.Window.Stride.Y} with {layer.Output.Channels - layer.Input.Channels} channels, joined with that pooling, loses less"));
            }
        }
    }

    private static bool IsHalving(CritiqueLayer layer, PoolOp pool) => Math.Max(pool.Window.Stride.Y, pool.Window.Stride.X) > 1 && layer.Output.Pixels > 1;
}
