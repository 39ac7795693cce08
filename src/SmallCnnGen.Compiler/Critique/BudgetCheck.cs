using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Compares plans with the network's [Budget]. Part of compiling, not of the critic: it cannot be turned off.</summary>
internal static class BudgetCheck
{
    /// <summary>Contributors that a message names.</summary>
    private const int Named = 3;

    /// <summary>Reports every figure that the budget does not allow.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="plans">Its plans, one for each vector width: a budget holds on every machine, so for each figure the one that needs most counts.</param>
    /// <param name="findings">Receives the findings.</param>
    public static void Run(NetworkSpec spec, IReadOnlyList<Plan> plans, FindingList findings)
    {
        if (spec.Budget is not { } budget)
            return;
        Graph graph = plans[0].Graph;
        Plan heaviest = plans.OrderByDescending(p => p.WeightFloats).First(), largest = plans.OrderByDescending(p => p.ArenaFloats).First();
        Node[] layers = graph.Nodes.Where(n => n.Inputs.Count > 0).ToArray();
        TensorShape InputOf(Node node) => graph.Nodes[node.Inputs[0]].Shape;

        Check("MultiplyAdds", budget.MultiplyAdds, "multiply-adds", layers.Select(n => (n.Name, CostRule.MultiplyAdds(n.Op, InputOf(n), n.Shape))));
        var counted = new HashSet<string>(StringComparer.Ordinal);
        Check("Parameters", budget.Parameters, "parameters", layers.Select(n => (n.Name, CostRule.Tensors(n.Op, InputOf(n), n.Shape).Where(t => t.IsLearned && counted.Add(t.Name)).Sum(t => t.Length))));
        Check("WeightBytes", budget.WeightBytes, "bytes of packed weights", heaviest.Steps.Select(s => (s.Node.Name, s.Kernel.WeightFloats * sizeof(float))), heaviest.WeightFloats * (long)sizeof(float));

        // The maps that are alive when most is: those that would have to shrink.
        int fullest = largest.Regions.Select(r => r.FirstStep)
            .OrderByDescending(step => largest.Regions.Where(r => r.FirstStep <= step && step <= r.LastStep).Sum(r => (long)r.Length))
            .FirstOrDefault();
        Check(
            "ArenaBytes",
            budget.ArenaBytes,
            "bytes of arena",
            largest.Regions.Where(r => r.FirstStep <= fullest && fullest <= r.LastStep).Select(r => (r.Name, r.Length * (long)sizeof(float))),
            largest.ArenaFloats * (long)sizeof(float));

        void Check(string argument, long? limit, string what, IEnumerable<(string Name, long Amount)> parts, long? whole = null)
        {
            if (limit is not { } most)
                return;
            if (most < 1)
            {
                findings.Add(DiagnosticIds.BadArgument, Invariant($"Network '{spec.TypeName}': {argument} = {most} is no budget; use 1 or more, or leave it out."), budget.Source, argument);
                return;
            }

            (string Name, long Amount)[] all = parts.ToArray();
            long amount = whole ?? all.Sum(p => p.Amount);
            if (amount <= most)
                return;
            string top = string.Join(", ", all.OrderByDescending(p => p.Amount).Take(Named).Select(p => Invariant($"'{p.Name}' {p.Amount}")));
            findings.Add(
                DiagnosticIds.BudgetExceeded,
                Invariant($"Network '{spec.TypeName}' needs {amount} {what}, {Numbers.Percent(((double)amount / most) - 1)} more than its budget of {most}. Most are in {top}."),
                budget.Source,
                argument);
        }
    }
}
