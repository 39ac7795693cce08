using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Report;

/// <summary>One kernel call, with what its memory traffic is.</summary>
/// <param name="Index">Position in the run, from 0.</param>
/// <param name="Name">Layer whose result it makes.</param>
/// <param name="Layer">Its row of the cost table; a copy has the row of the layer it copies for.</param>
/// <param name="IsCopy">Whether it only moves data.</param>
/// <param name="ReadBytes">Bytes of the maps it reads.</param>
/// <param name="WrittenBytes">Bytes of the map it writes.</param>
/// <param name="WeightBytes">Bytes of packed weights it reads.</param>
/// <param name="LiveBytes">Bytes of the arena in use while it runs.</param>
public sealed record ReportStep(int Index, string Name, LayerReport Layer, bool IsCopy, long ReadBytes, long WrittenBytes, long WeightBytes, long LiveBytes)
{
    /// <summary>Multiply-adds; a copy has none.</summary>
    public long MultiplyAdds => IsCopy ? 0 : Layer.MultiplyAdds;

    /// <summary>All bytes it has to touch at least once.</summary>
    public long Bytes => ReadBytes + WrittenBytes + WeightBytes;

    /// <summary>Those of them that the second-level cache cannot have ready.</summary>
    public long FarBytes { get; init; }

    /// <summary>Whether it runs a few rows at a time, in turn with its neighbours.</summary>
    public bool IsInStrips { get; init; }
}

/// <summary>Everything a report shows of one network, computed from its plan.</summary>
public sealed class NetworkReport
{
    private NetworkReport(NetworkSpec spec, Plan plan, IReadOnlyList<LayerReport> layers, IReadOnlyList<ReportStep> steps, IReadOnlyList<CritiqueFinding> advice)
    {
        Spec = spec;
        Plan = plan;
        Layers = layers;
        Steps = steps;
        Advice = advice;
        MultiplyAdds = layers.Sum(l => l.MultiplyAdds);
        Parameters = plan.Tensors.Where(t => t.IsLearned).Sum(t => t.Length);
        Roofline = new Roofline(plan.Bits);
    }

    /// <summary>The declaration.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>The cost table: one row for each layer that is left after fusion, those without a kernel too.</summary>
    public IReadOnlyList<LayerReport> Layers { get; }

    /// <summary>Kernel calls in order.</summary>
    public IReadOnlyList<ReportStep> Steps { get; }

    /// <summary>What the critic says.</summary>
    public IReadOnlyList<CritiqueFinding> Advice { get; }

    /// <summary>Multiply-adds of convolutions and fully connected layers.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Learned parameters.</summary>
    public long Parameters { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes => Plan.ArenaFloats * (long)sizeof(float);

    /// <summary>Bytes that no arena for these maps can do without.</summary>
    public long ArenaBoundBytes => Plan.ArenaLowerBound * (long)sizeof(float);

    /// <summary>Bytes of the packed weights.</summary>
    public long WeightBytes => Plan.WeightFloats * (long)sizeof(float);

    /// <summary>The processor that best cases are worked out for.</summary>
    public Roofline Roofline { get; }

    /// <summary>Shape of the first input.</summary>
    public TensorShape Input => Plan.Graph.Inputs.First().Shape;

    /// <summary>Shape of the output.</summary>
    public TensorShape Output => Plan.Graph.Nodes[Plan.Graph.Output].Shape;

    /// <summary>Works out the report of a network.</summary>
    /// <param name="spec">The network; a vector width of 0 counts as 256, of several the main one is shown.</param>
    /// <param name="findings">Receives what is wrong with it.</param>
    /// <param name="cancellation">Checked between passes and rules.</param>
    /// <returns>Null when the network has errors.</returns>
    public static NetworkReport? Create(NetworkSpec spec, FindingList findings, CancellationToken cancellation = default)
    {
        if (spec.Options.VectorBits == 0)
            spec = spec with { Options = spec.Options with { VectorBits = 256 } };
        try
        {
            if (SpecExpander.Expand(spec, findings) is not { } declared)
                return null;
            cancellation.ThrowIfCancellationRequested();
            Plan plan = Planner.Create(PassPipeline.Run(declared, cancellation), spec.Options with { VectorBits = spec.Options.MainVectorBits })[0];
            var names = new NameTable();
            foreach (Step step in plan.Steps)
                _ = names[step.Kernel];
            IReadOnlyList<LayerReport> layers = LayerReport.Create(plan, declared, names);
            return new NetworkReport(spec, plan, layers, CreateSteps(plan, layers), Critic.Run(spec, null, cancellation));
        }
        catch (FindingException failure)
        {
            findings.Add(failure.Finding.Id, failure.Finding.Message, failure.Finding.Source, failure.Finding.Argument, failure.Finding.Properties);
            return null;
        }
    }

    /// <summary>Names of the declared layers that a row stands for.</summary>
    public IEnumerable<string> CoveredBy(LayerReport row) => Plan.Graph.Nodes[row.NodeId].Covers;

    private static List<ReportStep> CreateSteps(Plan plan, IReadOnlyList<LayerReport> layers)
    {
        Dictionary<int, LayerReport> rows = layers.ToDictionary(l => l.NodeId);
        var steps = new List<ReportStep>();
        foreach (Step step in plan.Steps)
        {
            int index = steps.Count;
            // Regions start on the arena's grid, so what lies between them is in use too.
            long live = plan.Regions.Where(r => r.FirstStep <= index && index <= r.LastStep).Sum(r => ArenaPlanner.Aligned(r.Length));
            steps.Add(new ReportStep(
                index,
                step.Node.Name,
                rows[step.Node.Id],
                step.IsCopy,
                step.Inputs.Sum(Bytes),
                Bytes(step.Output),
                step.Kernel.WeightFloats * sizeof(float),
                live * sizeof(float)));
        }

        return steps.Select(s => s with { FarBytes = FarBytes(s, steps, plan.Steps[s.Index].Chain), IsInStrips = plan.Steps[s.Index].Chain is not null }).ToList();
    }

    /// <summary>
    /// What comes from memory: everything, where a step touches more than the cache holds. Within a chain of strips maps are
    /// passed on while they are near, so there it is what the chain as a whole reads and writes.
    /// </summary>
    private static long FarBytes(ReportStep step, List<ReportStep> steps, StripChain? chain)
    {
        if (chain is null)
            return step.Bytes > Roofline.CacheBytes ? step.Bytes : 0;
        ReportStep first = steps[chain.First], last = steps[chain.First + chain.Count - 1];
        long outer = first.ReadBytes + last.WrittenBytes + steps.Skip(chain.First).Take(chain.Count).Sum(s => s.WeightBytes);
        return outer <= Roofline.CacheBytes ? 0 : (step.Index == first.Index ? step.ReadBytes : 0) + (step.Index == last.Index ? step.WrittenBytes : 0);
    }

    private static long Bytes(Placement place) => (long)place.Tensor.Height * place.Tensor.Width * place.Tensor.Channels * sizeof(float);
}
