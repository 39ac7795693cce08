using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// Inception's first principle: between two maps that everything must pass, the number of values should fall gently. Where
/// a shortcut or a branch goes past a narrow map, there is no bottleneck.
/// </summary>
public sealed class RepresentationalBottleneck : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Representational bottleneck";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.RepresentationalBottleneck,
        Title,
        RuleSeverity.Suggestion,
        true,
        new Threshold("max_drop", 8, "Factor by which the values may fall from one map that everything passes to the next."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxDrop = Value(context, "max_drop");
        HashSet<int> cuts = CutPoints.Find(context.Graph);
        int lastWork = context.Layers.Where(l => l.MultiplyAdds > 0 && !l.IsDense).Select(l => l.Node.Id).DefaultIfEmpty(-1).Max();
        Node? before = null;
        foreach (Node node in context.Graph.Nodes)
        {
            // Behind the last convolution, or on one pixel, the classifier is entitled to be narrow.
            if (!cuts.Contains(node.Id))
                continue;
            if (node.Shape.Pixels == 1 || node.Id >= lastWork)
                yield break;
            double drop = before is null ? 0 : (double)before.Shape.Length / node.Shape.Length;
            if (drop > maxDrop && context.LayerOf(node.Id) is { } layer)
            {
                yield return new Observation(layer, layer.Conv is null ? null : "channels", drop, Invariant(
                    $"everything passes this map of {node.Shape}, {Numbers.Count(node.Shape.Length)} values, {Numbers.Ratio(drop)} times fewer than the {Numbers.Count(before!.Shape.Length)} of '{context.LayerOf(before.Id)?.Name ?? before.Name}' ({before.Shape}) just before; what it cannot hold is lost to all layers behind"));
            }

            before = node;
        }
    }
}
