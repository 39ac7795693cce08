using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Inception v2's second factorisation, and SqueezeNext's: a row and a column in place of a square. Off by default: the
/// papers gain from it on maps of 12 to 20 pixels only, and a network is trained for it or not.
/// </summary>
public sealed class SeparableKernel : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "A row and a column would do for a square kernel";

    private const int MinChannels = 16;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.SeparableKernel,
        Title,
        RuleSeverity.Suggestion,
        false,
        new Threshold("min_grid", 12, "Smallest side of a map on which layers are reported."),
        new Threshold("max_grid", 20, "Largest side of a map on which layers are reported."),
        new Threshold("min_share", 0.02, "Share of the network's multiply-adds that a layer must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minGrid = Value(context, "min_grid"), maxGrid = Value(context, "max_grid"), minShare = Value(context, "min_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Conv is not { Groups: 1 } conv || layer.Input.Channels < MinChannels || context.Share(layer) < minShare)
                continue;
            int kernel = conv.Window.Kernel.Y, grid = Math.Max(layer.Output.Height, layer.Output.Width);
            if (kernel != conv.Window.Kernel.X || kernel < 3 || kernel % 2 == 0 || grid < minGrid || grid > maxGrid || conv.Window.Stride != new Pair(1, 1))
                continue;
            int between = Math.Min(layer.Input.Channels, layer.Output.Channels);
            double pair = (double)kernel * layer.Output.Pixels * between * (layer.Input.Channels + layer.Output.Channels);
            double saving = 1 - (pair / layer.MultiplyAdds);
            if (saving <= 0)
                continue;
            yield return new Observation(layer, "Kernel", saving * layer.MultiplyAdds, Invariant(
                $"{kernel}x{kernel} on {layer.Output.Height}x{layer.Output.Width} pixels takes {Numbers.Count(layer.MultiplyAdds)} multiply-adds; 1x{kernel} and {kernel}x1 with {between} channels between take {Numbers.Count(pair)} ({Numbers.Percent(saving)} less, {Numbers.Percent(saving * context.Share(layer))} of the network)"))
            {
                Fix = Replacement.Chain(layer, conv, new[] { (between, Invariant($"\"1x{kernel}\"")), (layer.Output.Channels, Invariant($"\"{kernel}x1\"")) }),
            };
        }
    }
}
