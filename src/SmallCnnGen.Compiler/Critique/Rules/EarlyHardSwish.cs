using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>MobileNetV3: swish pays only where maps are small; on early maps ReLU is as good and cheaper.</summary>
public sealed class EarlyHardSwish : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Swish on early layers";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.EarlyHardSwish,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_stride", 8, "Sides of the input over sides of the map from which on swish has its place."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minStride = Value(context, "min_stride");
        foreach (CritiqueLayer layer in context.Layers)
        {
            // MobileNetV3 itself keeps h-swish behind its first convolution.
            if (layer.Activation.Function is not (Activation.HardSwish or Activation.SiLU) || context.Producer(layer) is null || layer.Output.Pixels == 1)
                continue;
            double stride = (double)context.InputShape.Height / layer.Output.Height;
            if (stride >= minStride)
                continue;
            string cost = layer.Activation.Function == Activation.SiLU ? "an exponential and a division" : "four operations";
            yield return new Observation(layer, layer.Node.Op is ActivationOp ? "function" : "Activation", layer.Output.Length, Invariant(
                $"{layer.Activation.Function} on {layer.Output}, {Numbers.Count(layer.Output.Length)} values at {cost} each where ReLU takes one; MobileNetV3 uses it from the middle of the network on, where maps are small"))
            {
                Fix = new FixHint(FixProperties.SetArgument, "Activation.ReLU") { Current = (int)layer.Activation.Function },
            };
        }
    }
}
