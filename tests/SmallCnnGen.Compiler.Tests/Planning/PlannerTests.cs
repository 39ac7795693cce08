using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Oracle;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Kit;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Planning;

/// <summary>Plans put every map where its readers find it, in little more memory than any plan needs.</summary>
public class PlannerTests(ITestOutputHelper output)
{
    /// <summary>Of the lower bound: what the greedy placement may waste on a published network.</summary>
    private const double MostArena = 1.35;

    [KitFact]
    public void Kit_models_fit_tightly()
    {
        var problems = new List<string>();
        foreach (string path in Kit.Models())
        {
            KitCase kit = KitCase.ReadModel(path);
            Plan plan = Plan(SpecBuilder.Expand(KitSpec.Make(kit)), 256);
            double ratio = plan.ArenaLowerBound == 0 ? 1 : (double)plan.ArenaFloats / plan.ArenaLowerBound;
            output.WriteLine($"{kit.Id}: arena {plan.ArenaFloats * 4L / 1024} KB, {ratio:F3} x the bound, {plan.Steps.Count(s => s.IsCopy)} copies, {plan.Steps.Select(s => s.Kernel).Distinct().Count()} kernels for {plan.Steps.Count} calls");
            if (plan.ArenaFloats < plan.ArenaLowerBound || ratio > MostArena)
                problems.Add($"{kit.Id}: arena is {ratio:F3} x the bound");
            if (plan.Regions.Any(r => r.Offset % ArenaPlanner.AlignmentFloats != 0) || plan.Steps.Any(s => s.WeightOffset > 0 && s.WeightOffset % ArenaPlanner.AlignmentFloats != 0))
                problems.Add($"{kit.Id}: something does not begin on a 64-byte boundary");
            problems.AddRange(Overlaps(plan).Select(o => $"{kit.Id}: {o}"));
        }

        Assert.Empty(problems);
    }

    [KitTheory]
    [InlineData("densenet121", 0)]
    [InlineData("googlenet", 0)]
    [InlineData("inception_v3", 0)]
    [InlineData("squeezenet_1.1", 0)]
    [InlineData("shufflenet_v1_g3_1x", 0)]
    [InlineData("shufflenet_v2_1.0", 0)]
    [InlineData("mobilenet_v3_small_1.0", 0)]
    [InlineData("enet", null)]
    [InlineData("nasnet_a_mobile", null)]
    [InlineData("condensenet74_g8", null)]
    public void Every_read_finds_what_the_graph_says(string model, int? copies)
    {
        Plan plan = Plan(SpecBuilder.Expand(KitSpec.Make(Kit.Model(model))), 256);
        Assert.Empty(PlanSimulation.Problems(plan));
        output.WriteLine($"{plan.Steps.Count(s => s.IsCopy)} copies in {plan.Steps.Count} steps");
        if (copies is { } expected)
            Assert.Equal(expected, plan.Steps.Count(s => s.IsCopy));
    }

    [Fact]
    public void Random_networks_are_planned_rightly()
    {
        int count = RandomNetworks.Count(300), copies = 0, views = 0;
        for (int seed = 0; seed < count; seed++)
        {
            NetworkCase one = RandomNetworks.Dag(seed);
            foreach (int bits in new[] { 128, 512 })
            {
                Plan plan = Plan(one.Expand(), bits);
                string[] problems = PlanSimulation.Problems(plan).Concat(Overlaps(plan)).ToArray();
                Assert.True(problems.Length == 0, string.Join("\n", problems) + "\n" + one.Declaration);
                Assert.True(plan.ArenaFloats >= plan.ArenaLowerBound);
                copies += plan.Steps.Count(s => s.IsCopy);
                views += plan.Places.Count(p => !p.Tensor.IsDense);
            }
        }

        output.WriteLine($"{count} networks, {copies} copies, {views} maps that are views");
        Assert.True(copies > count / 20 && views > count / 2, "the networks must have something to plan");
    }

    [Fact]
    public void A_slice_and_a_gather_are_views_for_a_convolution()
    {
        Plan plan = Plan(new SpecBuilder(4, 4, 12).Layer("Conv", ("channels", 12), ("Kernel", 1), ("Name", "c"))
            .Layer("Slice", ("start", 4), ("end", 9), ("Name", "s")).Layer("Conv", ("channels", 3), ("From", "s"), ("Name", "d"))
            .Layer("Slice", ("start", 0), ("end", 12), ("Step", 2), ("From", "c"), ("Name", "g")).Layer("Conv", ("channels", 3), ("Name", "e"))
            .Layer("Add", ("inputs", new[] { "d", "e" })).Expand(), 256);
        Assert.Empty(PlanSimulation.Problems(plan));
        Assert.DoesNotContain(plan.Steps, s => s.Node.Name == "s");
        Assert.DoesNotContain(plan.Steps, s => s.Node.Name == "g");
        Placement c = plan.Places[plan.Graph.Nodes.Single(n => n.Name == "c").Id], view = plan.Places[plan.Graph.Nodes.Single(n => n.Name == "s").Id];
        Assert.Equal(c with { Offset = c.Offset + 4, Tensor = new TensorRef(4, 4, 5, c.Tensor.Pitch) }, view);
    }

    [Fact]
    public void An_input_is_copied_into_a_concatenation_and_a_repeated_map_twice()
    {
        Plan plan = Plan(new SpecBuilder(4, 4, 3).Layer("Conv", ("channels", 5), ("Name", "c")).Layer("Concat", ("inputs", new[] { "c", "input", "c" })).Layer("Conv", ("channels", 2)).Expand(), 256);
        Assert.Empty(PlanSimulation.Problems(plan));
        Assert.Equal(3, plan.Steps.Count(s => s.IsCopy));
    }

    [Fact]
    public void The_simulation_sees_a_region_moved_onto_another()
    {
        Plan plan = Plan(new SpecBuilder(4, 4, 3).Layer("Conv", ("channels", 16), ("Name", "a")).Layer("Conv", ("channels", 16), ("Name", "b")).Layer("Conv", ("channels", 16)).Layer("Add", ("inputs", new[] { "a" })).Layer("Conv", ("channels", 2)).Expand(), 256);
        Assert.Empty(PlanSimulation.Problems(plan));
        Step[] broken = plan.Steps.Select((s, i) => i != 1 ? s : s with { Output = s.Output with { Offset = plan.Steps[0].Output.Offset } }).ToArray();
        Assert.NotEmpty(PlanSimulation.Problems(plan with { Steps = broken }));
    }

    private static Plan Plan(Graph graph, int bits) => Planner.Create(PassPipeline.Run(graph), bits);

    private static IEnumerable<string> Overlaps(Plan plan)
    {
        ArenaRegion[] regions = plan.Regions.ToArray();
        for (int i = 0; i < regions.Length; i++)
        {
            ArenaRegion a = regions[i];
            if (a.Offset < 0 || a.Offset + a.Length > plan.ArenaFloats)
                yield return $"'{a.Name}' lies outside the arena";
            foreach (ArenaRegion b in regions.Skip(i + 1))
            {
                if (a.FirstStep <= b.LastStep && b.FirstStep <= a.LastStep && a.Offset < b.Offset + b.Length && b.Offset < a.Offset + a.Length)
                    yield return $"'{a.Name}' and '{b.Name}' overlap";
            }
        }
    }
}
