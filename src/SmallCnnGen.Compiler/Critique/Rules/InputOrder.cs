using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>PyTorch's tensors are channels, height, width; whoever copies their sizes in that order declares a strip of many channels.</summary>
public sealed class InputOrder : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Input sizes in another order than height, width, channels";

    // Grey with alpha is rare, and five channels are no picture a camera makes.
    private const int MaxPictureChannels = 4;

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.InputOrder,
        Title,
        RuleSeverity.Warning,
        true,
        new Threshold("min_side", 16, "Width and channels from which on they may be the sides of a picture."),
        new Threshold("max_aspect", 2, "Longer over shorter of the two up to which they may be, where the height is 3; elsewhere they must be equal."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minSide = Value(context, "min_side"), maxAspect = Value(context, "max_aspect");
        foreach (Node input in context.Graph.Inputs)
        {
            // As it is declared: the resolution multiplier scales what stands in Height, whatever was meant by it.
            bool isFirst = ((InputOp)input.Op).Index == 0;
            (int height, int width, int channels) = isFirst
                ? (context.Spec.Options.Height, context.Spec.Options.Width, context.Spec.Options.Channels)
                : (input.Shape.Height, input.Shape.Width, input.Shape.Channels);
            double aspect = Math.Max(width, channels) / (double)Math.Min(width, channels);
            bool isPicture = height <= MaxPictureChannels && width >= minSide && channels >= minSide && aspect <= (height == 3 ? maxAspect : 1);
            if (!isPicture)
                continue;
            string subject = isFirst ? "the input" : $"the input '{input.Name}'";
            yield return new Observation(null, isFirst ? "Height" : null, channels / (double)height, Invariant(
                $"{subject} is {height} pixels high and has {channels} channels, which looks like a tensor of PyTorch's order (channels, height, width); if so, write Height = {width}, Width = {channels}, Channels = {height}, and pass pictures as height x width x channels"));
        }
    }
}
