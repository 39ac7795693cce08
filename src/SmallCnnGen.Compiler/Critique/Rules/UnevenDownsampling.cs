using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Resolution that falls by a large step at once, or to its final value when most convolutions are still to come.</summary>
public sealed class UnevenDownsampling : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Resolution falls too early or unevenly";

    /// <summary>Networks with fewer convolutions, or less downsampling, have no stages to speak of.</summary>
    private const int MinConvolutions = 8, MinDownsampling = 8;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.UnevenDownsampling,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_step", 3, "Factor by which one layer may divide the sides of its map."),
        new Threshold("min_depth", 0.25, "Share of the convolutions that should lie above the final resolution."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxStep = Value(context, "max_step"), minDepth = Value(context, "min_depth");
        foreach (CritiqueLayer layer in context.Layers)
        {
            // A pooling to one pixel is the classifier's, not a stage's.
            if (layer.Output.Pixels == 1 || layer.IsDense || layer.Node.Op is not (ConvOp or PoolOp or AdaptivePoolOp))
                continue;
            double step = Math.Max((double)layer.Input.Height / layer.Output.Height, (double)layer.Input.Width / layer.Output.Width);
            Pair stride = layer.Node.Op switch { ConvOp c => c.Window.Stride, PoolOp p => p.Window.Stride, _ => new Pair(1, 1) };
            if (step > maxStep && Math.Max(stride.Y, stride.X) > maxStep)
            {
                yield return new Observation(layer, "Stride", step, Invariant(
                    $"it divides the map at once by {stride}, from {layer.Input.Height}x{layer.Input.Width} to {layer.Output.Height}x{layer.Output.Width} pixels; two steps of half the stride with a layer between keep what lies between the samples"));
            }
        }

        CritiqueLayer[] convolutions = context.Layers.Where(l => l.Conv is not null && l.Output.Pixels > 1).ToArray();
        bool enlarges = context.Layers.Any(l => l.Node.Op is ConvTransposeOp or UpsampleOp or MaxUnpoolOp);
        if (enlarges || convolutions.Length < MinConvolutions)
            yield break;
        int last = convolutions.Min(l => l.Output.Height);
        int before = Array.FindIndex(convolutions, l => l.Output.Height == last);
        if (context.InputShape.Height < MinDownsampling * last || before >= minDepth * convolutions.Length)
            yield break;
        CritiqueLayer first = convolutions[before];
        yield return new Observation(first, "Stride", 1 - ((double)before / convolutions.Length), Invariant(
            $"the final {first.Output.Height}x{first.Output.Width} pixels are reached after {before} of {convolutions.Length} convolutions; the rest work on maps {context.InputShape.Height / last} times smaller than the input, which costs accuracy (SqueezeNet: downsample late)"));
    }
}
