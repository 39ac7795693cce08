using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// MobileNetV2's linear bottlenecks: an activation on the narrow result of an inverted residual destroys what the few
/// channels carry. Squeezes before a dense convolution (SqueezeNet, ResNet) have activations by design and are left alone.
/// </summary>
public sealed class NonlinearBottleneck : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Activation on a narrow bottleneck";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.NonlinearBottleneck,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_ratio", 0.5, "Output over input channels up to which a projection counts as narrow."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxRatio = Value(context, "max_ratio");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (InvertedResidual.Find(context, layer) is not { } unit || unit.Project.Activation.IsNone)
                continue;
            double ratio = (double)unit.Project.Output.Channels / unit.Project.Input.Channels;
            if (ratio > maxRatio)
                continue;
            bool own = unit.Project.Node.Op is EpilogueOp { Epilogue.Before.IsNone: false };
            yield return new Observation(unit.Project, "Activation", 1 / ratio, Invariant(
                $"{unit.Project.Activation.Function} on {unit.Project.Output.Channels} channels that {unit.Project.Input.Channels} were just projected to{(own ? string.Empty : " (behind the shortcut's addition)")} loses what is negative in every one of them; MobileNetV2 leaves this layer linear (Activation = Activation.None), which its ablation found more accurate and which costs nothing here"))
            {
                Fix = own ? new FixHint(FixProperties.SetArgument, "Activation.None") { Current = (int)unit.Project.Activation.Function } : null,
            };
        }
    }
}
