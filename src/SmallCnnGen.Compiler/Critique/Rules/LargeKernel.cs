using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Inception v2's first factorisation: a chain of 3x3 convolutions sees what a 5x5 or 7x7 sees.</summary>
public sealed class LargeKernel : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "A chain of 3x3 convolutions would do for a large kernel";

    /// <summary>The first convolution has too few input channels to gain.</summary>
    private const int MinChannels = 16;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.LargeKernel,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_kernel", 5, "Smallest side of a kernel that is reported."),
        new Threshold("min_saving", 0.2, "Share of the layer's multiply-adds that must be saved."),
        new Threshold("min_share", 0.02, "Share of the network's multiply-adds that a layer must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minKernel = Value(context, "min_kernel"), minSaving = Value(context, "min_saving"), minShare = Value(context, "min_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Conv is not { Groups: 1 } conv || layer.Input.Channels < MinChannels || context.Share(layer) < minShare)
                continue;
            Window window = conv.Window;
            int kernel = window.Kernel.Y;
            if (kernel != window.Kernel.X || kernel % 2 == 0 || kernel < Math.Max(5, minKernel) || window.Dilation != new Pair(1, 1))
                continue;
            int count = (kernel - 1) / 2, between = Math.Min(layer.Input.Channels, layer.Output.Channels);
            double chain = 9.0 * layer.Output.Pixels * (((double)layer.Input.Channels * between) + ((count - 2.0) * between * between) + ((double)between * layer.Output.Channels));
            double saving = 1 - (chain / layer.MultiplyAdds);
            if (saving < minSaving)
                continue;
            yield return new Observation(layer, "Kernel", saving * layer.MultiplyAdds, Invariant(
                $"{kernel}x{kernel} from {layer.Input.Channels} to {layer.Output.Channels} channels takes {Numbers.Count(layer.MultiplyAdds)} multiply-adds; {count} 3x3 convolutions with {between} channels between see as far and take {Numbers.Count(chain)} ({Numbers.Percent(saving)} less, {Numbers.Percent(saving * context.Share(layer))} of the network)"))
            {
                Fix = Replacement.Chain(layer, conv, Enumerable.Range(0, count).Select(i => (Channels: i == count - 1 ? layer.Output.Channels : between, Kernel: "3"))),
            };
        }
    }
}
