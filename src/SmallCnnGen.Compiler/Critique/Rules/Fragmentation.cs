using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>
/// ShuffleNet V2's G3: many small operators side by side. A region is a use of a block, or what lies between two layers
/// through which everything passes; layers that run no kernel here (joins, splits, shuffles) and fused ones do not count.
/// </summary>
public sealed class Fragmentation : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Many small operators side by side";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(
        DiagnosticIds.Fragmentation,
        Title,
        RuleSeverity.Suggestion,
        false,
        new Threshold("max_branches", 3, "Kernels side by side that are not reported."),
        new Threshold("max_work", 50e6, "Mean multiply-adds of a kernel from which on fragments are large enough."));

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        double maxBranches = Value(context, "max_branches"), maxWork = Value(context, "max_work");
        HashSet<int> cuts = CutPoints.Find(context.Graph);
        var region = new List<CritiqueLayer>();
        Declaration.LayerOrigin? block = null;
        for (int i = 0; i <= context.Layers.Count; i++)
        {
            CritiqueLayer? layer = i < context.Layers.Count ? context.Layers[i] : null;
            Declaration.LayerOrigin? of = layer?.Origin.Use is null ? null : layer.Origin.Outermost;
            bool ends = layer is null || of != block || (region.Count > 0 && cuts.Contains(region[region.Count - 1].Node.Id));
            if (ends && region.Count > 0)
            {
                if (Judge(context, region, block, maxBranches, maxWork) is { } found)
                    yield return found;
                region.Clear();
            }

            block = of;
            if (layer is not null)
                region.Add(layer);
        }
    }

    private static Observation? Judge(CritiqueContext context, List<CritiqueLayer> region, Declaration.LayerOrigin? block, double maxBranches, double maxWork)
    {
        var depths = new Dictionary<int, int>();
        var widths = new Dictionary<int, int>();
        int kernels = 0;
        foreach (CritiqueLayer layer in region)
        {
            int depth = layer.Node.Inputs.Select(n => depths.TryGetValue(n, out int d) ? d : 0).Max();

            // A join is where branches end, whether it runs a kernel or not.
            bool counts = layer.Node.Op is not ConcatOp && !context.IsFree(layer);
            if (counts)
            {
                kernels++;
                widths[++depth] = widths.TryGetValue(depth, out int width) ? width + 1 : 1;
            }

            depths[layer.Node.Id] = depth;
        }

        int branches = widths.Values.DefaultIfEmpty(0).Max();
        double work = region.Sum(l => (double)l.MultiplyAdds) / Math.Max(1, kernels);
        if (branches <= maxBranches || work >= maxWork)
            return null;
        return new Observation(region[0], null, (double)branches * kernels, Invariant(
            $"{kernels} kernels, up to {branches} side by side, share {Numbers.Count(work * kernels)} multiply-adds, {Numbers.Count(work)} each; fewer and larger operators do the same work with fewer reads of the same map"))
        {
            At = block,
        };
    }
}
