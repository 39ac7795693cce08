using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>A fully connected layer on a map of many pixels that holds most parameters, where global pooling would do.</summary>
public sealed class DenseParameters : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Fully connected layer on a map holds most parameters";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.DenseParameters,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_share", 0.5, "Share of the network's parameters from which on the layer is reported."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxShare = Value(context, "max_share");
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (!layer.IsDense || layer.Input.Pixels == 1 || layer.Parameters <= maxShare * context.Parameters)
                continue;
            long pooled = ((long)layer.Input.Channels + 1) * layer.Output.Channels;
            yield return new Observation(layer, null, (double)layer.Parameters / context.Parameters, Invariant(
                $"it reads all {layer.Input} values and so holds {Numbers.Count(layer.Parameters)} of the network's {Numbers.Count(context.Parameters)} parameters ({Numbers.Percent((double)layer.Parameters / context.Parameters)}); behind [GlobalAveragePool] it would need {Numbers.Count(pooled)}"))
            {
                Fix = new FixHint(FixProperties.InsertBefore, "GlobalAveragePool"),
            };
        }
    }
}
