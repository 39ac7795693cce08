using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Global pooling averages judgements of single pixels; one that sees a part of the input only judges that part.</summary>
public sealed class ReceptiveField : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Receptive field smaller than the input";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.ReceptiveField,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("min_coverage", 0.9, "Receptive field over the longer side of the input that the pooled map must have."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double minCoverage = Value(context, "min_coverage");
        CritiqueLayer? pool = context.Layers.LastOrDefault(l => l.Output.Pixels == 1 && l.Input.Pixels > 1 && l.Node.Op is AdaptivePoolOp or PoolOp);

        // Behind the classifier's pooling no map is left; another is part of squeeze-and-excitation.
        if (pool is null || context.Layers.Any(l => l.Node.Id > pool.Node.Id && l.Output.Pixels > 1))
            yield break;
        long field = SpatialOnly(context, pool.Node.Inputs[0]);
        int side = Math.Max(context.InputShape.Height, context.InputShape.Width);
        if (field >= minCoverage * side)
            yield break;
        yield return new Observation(pool, null, side / (double)field, Invariant(
            $"each of the {pool.Input.Height}x{pool.Input.Width} pixels it pools has seen {field}x{field} pixels of the {context.InputShape.Height}x{context.InputShape.Width} input, {Numbers.Percent((double)field / side)} of a side; more layers, larger kernels or dilation behind the last stride widen that fastest"));
    }

    /// <summary>The field without global poolings on the way: a squeezed gate weighs channels, it does not see.</summary>
    private static long SpatialOnly(CritiqueContext context, int node)
    {
        var fields = new (long Size, double Jump)[context.Graph.Nodes.Count];
        int longestSide = context.Graph.LongestSide();
        foreach (Node at in context.Graph.Nodes)
        {
            fields[at.Id] = at.Shape.Pixels == 1 && at.Op is not InputOp
                ? (1, 1)
                : LayerReport.Field(at, fields, longestSide);
            if (at.Id == node)
                break;
        }

        return fields[node].Size;
    }
}
