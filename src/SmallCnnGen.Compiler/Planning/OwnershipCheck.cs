using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Kernels;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>
/// The invariant of what threads share: between two barriers no element is stored, or read back, by two of them. It holds
/// because a unit touches nothing of the output but what <see cref="KernelSpec.Writes"/> says (a test runs every unit of real
/// kernels and looks), and because of what is checked here for every shared kernel of a plan.
/// </summary>
public static class OwnershipCheck
{
    /// <summary>Up to so many units each one is looked at; of more, those around every cut.</summary>
    private const int MostUnits = 1 << 16;

    /// <summary>Checks all steps of a plan that threads share.</summary>
    /// <param name="steps">Steps.</param>
    /// <param name="threads">Most threads.</param>
    /// <exception cref="InvalidOperationException">Two threads would write the same element: a bug of this compiler.</exception>
    public static void Run(IReadOnlyList<Step> steps, int threads)
    {
        if (threads == 1)
            return;
        var known = new HashSet<KernelSpec>();
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            if (step.Chain is { Parts: > 1 } chain)
                CheckChain(step, i - chain.First, chain);
            else if (step.Chain is null && step.Kernel.IsSplit && known.Add(step.Kernel))
                CheckKernel(step.Kernel, threads);
        }
    }

    /// <summary>Checks a kernel for every number of threads up to the most.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="threads">Most threads.</param>
    /// <exception cref="InvalidOperationException">Two threads would write the same element, or none would.</exception>
    public static void CheckKernel(KernelSpec kernel, int threads)
    {
        int units = kernel.Units;
        UnitSpan first = kernel.Writes(0), last = kernel.Writes(units - 1);
        if (first.First != 0 || last.End != last.Of)
            Fail(kernel, $"units cover {first.First} to {last.End} of {last.Of}");
        if (units <= MostUnits)
        {
            for (int unit = 1; unit < units; unit++)
                CheckNeighbours(kernel, unit, kernel.LastUnitsOverlap && unit == units - 1);
        }

        for (int parts = 2; parts <= threads; parts++)
        {
            for (int part = 1; part < parts; part++)
            {
                int cut = kernel.Cut(part, parts);
                if (cut < kernel.Cut(part - 1, parts) || cut > units)
                    Fail(kernel, $"part {part} of {parts} begins at {cut}");
                if (cut > 0 && cut < units)
                    CheckNeighbours(kernel, cut, false);
            }
        }
    }

    /// <summary>Whether a unit begins where the one before ends; in order, so that no other two can meet.</summary>
    private static void CheckNeighbours(KernelSpec kernel, int unit, bool mayOverlap)
    {
        UnitSpan before = kernel.Writes(unit - 1), after = kernel.Writes(unit);
        bool follows = mayOverlap ? after.First >= before.First && after.First <= before.End && after.End >= before.End : after.First == before.End;
        if (!follows || after.End <= after.First || after.Axis != before.Axis || after.Of != before.Of)
            Fail(kernel, $"unit {unit - 1} writes {before}, unit {unit} {after}");
    }

    /// <summary>
    /// Parts of a chain compute some rows of the maps between twice, each in buffers of its own; of the last map each has its
    /// own rows.
    /// </summary>
    private static void CheckChain(Step step, int index, StripChain chain)
    {
        if (index < chain.Count - 1)
        {
            if (step.RowMeans is not null)
                Fail(step.Kernel, "several parts of a chain of strips would write its rows' means");
            return;
        }

        int end = 0;
        for (int strip = 0; strip < chain.AllStrips; strip++)
        {
            int at = (strip * chain.Columns) + (2 * index);
            if (chain.Table[at] != end || chain.Table[at + 1] < end)
                Fail(step.Kernel, $"strip {strip} computes units {chain.Table[at]} to {chain.Table[at + 1]} after {end}");
            end = chain.Table[at + 1];
        }

        if (end != step.Kernel.Units || step.Kernel.LastUnitsOverlap)
            Fail(step.Kernel, $"strips compute {end} of {step.Kernel.Units} units");
        for (int unit = 1; unit < Math.Min(end, MostUnits); unit++)
            CheckNeighbours(step.Kernel, unit, false);
    }

    private static void Fail(KernelSpec kernel, string what) =>
        throw new InvalidOperationException($"Threads cannot share {kernel.Name}: {what}.");
}
