using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>The comment at the top of a network's file: its layers as a table, and its memory.</summary>
internal static class ReportTable
{
    /// <summary>Vector widths in words: "256- and 512-bit".</summary>
    public static string Widths(IEnumerable<int> bits)
    {
        List<string> words = bits.Select(b => Literal.Of(b)).ToList();
        return words.Count == 1 ? words[0] + "-bit" : string.Join("-, ", words.Take(words.Count - 1)) + "- and " + words[words.Count - 1] + "-bit";
    }

    /// <summary>Lines of the comment.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="plans">Its plans, one for each vector width.</param>
    /// <param name="plan">The one that is shown.</param>
    /// <param name="report">Its layers.</param>
    /// <param name="multiplyAdds">Multiply-adds in all.</param>
    /// <param name="parameters">Parameters in all.</param>
    public static IEnumerable<string> Lines(NetworkSpec spec, IReadOnlyList<Plan> plans, Plan plan, IReadOnlyList<LayerReport> report, long multiplyAdds, long parameters)
    {
        yield return spec.FullName;
        yield return string.Empty;
        string[] head = { "layer", "op", "window", "input", "output", "multiply-adds", "params" };
        List<string[]> rows = report.Select(l => new[]
        {
            Short(l.Name), l.Op + (l.Fused.Length > 0 ? " + " + l.Fused.Replace(", ", " + ") : string.Empty), l.Window, l.Input.ToString(), l.Output.ToString(), Literal.Count(l.MultiplyAdds), Literal.Count(l.Parameters),
        }).ToList();
        rows.Insert(0, head);
        rows.Add(new[] { "total", string.Empty, string.Empty, string.Empty, string.Empty, Literal.Count(multiplyAdds), Literal.Count(parameters) });
        foreach (string line in TextColumns.Align(rows, 5))
            yield return "  " + line;
        yield return string.Empty;
        yield return $"  arena: {Literal.Count(plans.Max(p => p.ArenaFloats) * 4L)} bytes (no plan of these maps can need less than {Literal.Count(plan.ArenaLowerBound * 4L)}); packed weights: {Literal.Count(plan.WeightFloats * 4L)} bytes";
        int chains = plan.Steps.Select(s => s.Chain).OfType<StripChain>().Distinct().Count();
        if (chains > 0)
            yield return $"  row strips: {Literal.Of(chains)} chain{(chains == 1 ? string.Empty : "s")} of {Literal.Of(plan.Steps.Count(s => s.Chain is not null))} kernels run a few rows at a time; whole maps would need at least {Literal.Count(plan.WholeMapsLowerBound * 4L)} bytes of arena";
        int copies = plan.Steps.Count(s => s.IsCopy);
        yield return $"  kernels: {plan.Steps.Select(s => s.Kernel).Distinct().Count()} for {plan.Steps.Count} calls, {Widths(plans.Select(p => p.Bits))} vectors; copies: {(copies == 0 ? "none" : Literal.Of(copies))}";
    }

    private static string Short(string name)
    {
        name = name.Replace('\n', ' ').Replace('\r', ' ');
        return name.Length <= 40 ? name : "..." + name.Substring(name.Length - Math.Min(name.Length, 37));
    }
}
