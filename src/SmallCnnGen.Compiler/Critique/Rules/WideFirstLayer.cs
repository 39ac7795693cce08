using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>The first convolution works on the largest map and sees three channels: few filters serve it.</summary>
public sealed class WideFirstLayer : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "First layer wider than it needs";

    /// <summary>Inputs with more channels are features, not pictures.</summary>
    private const int MaxInputChannels = 4;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.WideFirstLayer,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_channels", 32, "Channels that are not reported."),
        new Threshold("max_share", 0.1, "Share of the network's multiply-adds that is not reported."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxChannels = Value(context, "max_channels"), maxShare = Value(context, "max_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            bool isFirst = context.Producer(layer) is null && layer.Conv is not null && layer.Input.Channels <= MaxInputChannels;
            if (!isFirst || layer.Output.Channels <= maxChannels || context.Share(layer) <= maxShare)
                continue;
            string kernel = layer.Conv!.Window.Kernel.Y > 3 ? Invariant($", and a 3x3 kernel {Numbers.Percent(1 - (9.0 / (layer.Conv.Window.Kernel.Y * layer.Conv.Window.Kernel.X)))} more") : string.Empty;
            yield return new Observation(layer, "channels", context.Share(layer), Invariant(
                $"{layer.Output.Channels} filters of {layer.Conv.Window.Kernel} on {layer.Output.Height}x{layer.Output.Width} pixels take {Numbers.Count(layer.MultiplyAdds)} multiply-adds, {Numbers.Percent(context.Share(layer))} of the network; {maxChannels:0} filters (MobileNet; MobileNetV3 16) would save {Numbers.Percent(1 - (maxChannels / layer.Output.Channels))} of that{kernel}"))
            {
                Fix = context.CanChangeChannels(layer) && maxChannels >= 1 ? new FixHint(FixProperties.SetArgument, Invariant($"{maxChannels:0}")) { Current = layer.Output.Channels } : null,
            };
        }
    }
}
