using System;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels.Winograd;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>Winograd's method: its algebra, when it is chosen, and the memory it is given.</summary>
public class WinogradTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_matrices_compute_a_convolution(int tile)
    {
        (double[][] bt, double[][] g, double[][] at) = WinogradError.Matrices(tile);
        var random = new Random(tile);
        double[] d = Enumerable.Range(0, tile + 2).Select(_ => random.NextDouble() - 0.5).ToArray();
        double[] filter = Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.5).ToArray();
        double[] products = bt.Zip(g, (b, u) => Dot(b, d) * Dot(u, filter)).ToArray();
        for (int i = 0; i < tile; i++)
            Assert.Equal(Dot(d.AsSpan(i, 3).ToArray(), filter), Dot(at[i], products), 1e-14);
    }

    [Fact]
    public void The_error_growth_is_the_documented_one()
    {
        Assert.Equal(16, WinogradError.Growth(2), 1e-9);
        Assert.Equal(204, WinogradError.Growth(4), 1.0);
    }

    [Theory]
    [InlineData(56, 64, 64, 256, 4)]
    [InlineData(56, 64, 64, 512, 4)]
    [InlineData(14, 256, 256, 512, 4)]
    [InlineData(7, 512, 512, 256, 2)]
    [InlineData(7, 512, 512, 512, 2)]
    [InlineData(224, 3, 64, 512, 0)]
    [InlineData(1, 512, 512, 256, 0)]
    public void The_tile_follows_the_shape(int size, int inputs, int outputs, int bits, int tile)
    {
        Plan plan = Plan(new SpecBuilder(size, size, inputs).Layer("Conv", ("channels", outputs)), bits, WinogradUse.WhereFaster);
        Assert.Equal(tile, Assert.Single(plan.Steps).Kernel is WinogradKernel kernel ? kernel.Tile : 0);
    }

    /// <summary>Layers of which the model expects more at one width than at another, among them those where the tiles would differ.</summary>
    [Theory]
    [InlineData(4, 16, 24)]
    [InlineData(4, 512, 512)]
    [InlineData(7, 12, 16)]
    [InlineData(7, 24, 96)]
    [InlineData(7, 32, 112)]
    [InlineData(7, 512, 512)]
    [InlineData(8, 16, 48)]
    [InlineData(8, 24, 48)]
    [InlineData(14, 24, 16)]
    [InlineData(32, 16, 16)]
    [InlineData(56, 64, 64)]
    public void The_tile_does_not_depend_on_the_width(int size, int inputs, int outputs)
    {
        SpecBuilder network = new SpecBuilder(size, size, inputs).Layer("Conv", ("channels", outputs));
        int[] tiles = new[] { 128, 256, 512 }.Select(bits => Assert.Single(Plan(network, bits, WinogradUse.WhereFaster).Steps).Kernel is WinogradKernel kernel ? kernel.Tile : 0).ToArray();
        Assert.Single(tiles.Distinct());
    }

    /// <summary>
    /// As documented: an infinite or NaN pixel spoils whole tiles, every output that the direct method would spoil and no
    /// output of another tile, the same at every width; and values near the largest float overflow in the transforms.
    /// </summary>
    [Theory]
    [InlineData(WinogradUse.Tiles2, float.NaN)]
    [InlineData(WinogradUse.Tiles4, float.NaN)]
    [InlineData(WinogradUse.Tiles2, float.PositiveInfinity)]
    [InlineData(WinogradUse.Tiles4, float.PositiveInfinity)]
    public void What_is_not_finite_spoils_whole_tiles_and_no_others(WinogradUse use, float value)
    {
        const int size = 11, inputs = 5, outputs = 19;
        int tile = use == WinogradUse.Tiles2 ? 2 : 4;
        SpecBuilder network = new SpecBuilder(size, size, inputs).Layer("Conv", ("channels", outputs), ("BatchNorm", false), ("Activation", 0));
        Graph graph = network.Expand();
        var weights = new GraphWeights(graph);
        int[] widths = CompiledNetworks.Widths;
        NetworkCase[] cases = widths.Select(w => new NetworkCase(network.Build() with
        {
            Namespace = NetworkCase.Namespace,
            TypeName = FormattableString.Invariant($"W{w}"),
            Options = network.Build().Options with { VectorBits = w, Winograd = use },
        })).ToArray();
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
        foreach ((int py, int px) in new[] { (0, 0), (3, 4), (5, 7), (7, 8), (10, 10), (10, 3) })
        {
            float[] input = cases[0].Inputs(graph)[0];
            input[(((py * size) + px) * inputs) + 2] = value;
            foreach ((NetworkCase one, int width) in cases.Zip(widths))
            {
                using CompiledNetworks.Running running = compiled.Load(one, graph, weights);
                var problems = new System.Collections.Generic.List<string>();
                float[] result = running.Run([input], problems);
                Assert.Empty(problems);
                for (int y = 0; y < size; y++)
                {
                    for (int x = 0; x < size; x++)
                    {
                        // A tile reads one pixel more on each side than it writes.
                        bool Reaches(int pixel, int output) => pixel >= (output / tile * tile) - 1 && pixel <= (output / tile * tile) + tile;
                        bool direct = Math.Abs(y - py) <= 1 && Math.Abs(x - px) <= 1, reached = Reaches(py, y) && Reaches(px, x);
                        for (int c = 0; c < outputs; c++)
                        {
                            bool finite = float.IsFinite(result[(((y * size) + x) * outputs) + c]);
                            Assert.True(direct ? !finite : finite || reached, $"{use}, {width} bits, pixel ({py}, {px}): output ({y}, {x}), channel {c} is {result[(((y * size) + x) * outputs) + c]}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("Kernel", "5x5")]
    [InlineData("Kernel", "1x3")]
    [InlineData("Stride", 2)]
    [InlineData("Dilation", 2)]
    [InlineData("Groups", 2)]
    [InlineData("Padding", "3, 1, 1, 1")]
    public void Other_convolutions_are_computed_directly(string argument, object value)
    {
        foreach (WinogradUse use in Enum.GetValues<WinogradUse>())
        {
            Plan plan = Plan(new SpecBuilder(28, 28, 64).Layer("Conv", ("channels", 64), (argument, value)), 256, use);
            Assert.IsNotType<WinogradKernel>(Assert.Single(plan.Steps).Kernel);
        }
    }

    [Fact]
    public void Switched_off_there_is_none()
    {
        Plan plan = Plan(new SpecBuilder(56, 56, 64).Layer("Conv", ("channels", 64)), 256, WinogradUse.Never);
        Step step = Assert.Single(plan.Steps);
        Assert.IsNotType<WinogradKernel>(step.Kernel);
        Assert.Equal(-1, step.ScratchOffset);
        Assert.Empty(plan.Regions);
    }

    [Fact]
    public void Scratch_memory_is_counted_aligned_and_shared_with_other_steps()
    {
        SpecBuilder network = new SpecBuilder(28, 28, 32)
            .Layer("Conv", ("channels", 64), ("Name", "a"))
            .Layer("Conv", ("channels", 64), ("Name", "b"))
            .Layer("Conv", ("channels", 32), ("Name", "c"))
            .Layer("MaxPool", ("Kernel", 2), ("Stride", 2));
        Plan plan = Plan(network, 512, WinogradUse.Tiles4);
        Assert.Empty(PlanSimulation.Problems(plan));
        Step[] steps = plan.Steps.Where(s => s.Kernel is WinogradKernel).ToArray();
        Assert.Equal(3, steps.Length);
        long scratch = 0;
        foreach (Step step in steps)
        {
            ArenaRegion region = Assert.Single(plan.Regions, r => r.Name == step.Node.Name + " (scratch)");
            Assert.Equal((step.ScratchOffset, step.Kernel.ScratchFloats), (region.Offset, region.Length));
            Assert.Equal(region.FirstStep, region.LastStep);
            Assert.Equal(0, step.ScratchOffset % ArenaPlanner.AlignmentFloats);
            scratch += region.Length;
        }

        // At "b" both maps of 28x28x64 and its scratch are alive, and no two scratches at once.
        Assert.True(plan.ArenaLowerBound >= (2 * 28 * 28 * 64) + steps[1].Kernel.ScratchFloats);
        Assert.True(plan.ArenaFloats < (2 * 28 * 28 * 64) + (28 * 28 * 32) + scratch);
    }

    [Theory]
    [InlineData(56, 64, 512, "groups of tiles")]
    [InlineData(28, 128, 512, "groups of tiles")]
    [InlineData(14, 256, 512, "panels")]
    [InlineData(7, 512, 256, "panels")]
    public void Threads_share_weights_where_these_are_what_takes_time(int size, int channels, int bits, string units)
    {
        SpecBuilder network = new SpecBuilder(size, size, channels).Layer("Conv", ("channels", channels));
        Step one = Assert.Single(Plan(network, bits, WinogradUse.WhereFaster).Steps);
        Step two = Assert.Single(Planner.Create(PassPipeline.Run(network.Expand()), new NetworkOptions(0, 0, 0, VectorBits: bits, Threads: 2))[0].Steps);
        Assert.True(two.Kernel is WinogradKernel { IsSplit: true }, "it is not shared");
        Assert.Equal(units, two.Kernel.UnitName);
        Assert.Equal(one.Kernel with { IsSplit = true }, two.Kernel);

        // The same weights in the same order: sharing them must not depend on the threads.
        Assert.Equal(one.Bindings, two.Bindings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Each_thread_has_scratch_memory_of_its_own(int threads)
    {
        SpecBuilder network = new SpecBuilder(28, 28, 32).Layer("Conv", ("channels", 48), ("Name", "a")).Layer("Conv", ("channels", 32), ("Name", "b"));
        var options = new NetworkOptions(0, 0, 0, VectorBits: 512, Threads: threads, Winograd: WinogradUse.Tiles4);
        Plan plan = Planner.Create(PassPipeline.Run(network.Expand()), options)[0];
        Assert.Empty(PlanSimulation.Problems(plan));
        foreach (Step step in plan.Steps)
        {
            ArenaRegion region = Assert.Single(plan.Regions, r => r.Name == step.Node.Name + " (scratch)");
            int parts = Math.Min(threads, step.Kernel.Units);
            Assert.Equal(parts, step.Parts);
            Assert.InRange(step.Kernel.ScratchPitch, step.Kernel.ScratchFloats, step.Kernel.ScratchFloats + ArenaPlanner.AlignmentFloats - 1);
            Assert.Equal(0, step.Kernel.ScratchPitch % ArenaPlanner.AlignmentFloats);
            Assert.Equal(((parts - 1) * step.Kernel.ScratchPitch) + step.Kernel.ScratchFloats, region.Length);
        }
    }

    [Fact]
    public void What_one_thread_computes_alone_has_one_scratch_memory()
    {
        SpecBuilder network = new SpecBuilder(4, 4, 8).Layer("Conv", ("channels", 8));
        Step step = Assert.Single(Planner.Create(PassPipeline.Run(network.Expand()), new NetworkOptions(0, 0, 0, Threads: 4, Winograd: WinogradUse.Tiles2))[0].Steps);
        Assert.Equal((false, 1), (step.Kernel.IsSplit, step.Parts));
    }

    [Fact]
    public void The_simulation_sees_scratch_memory_on_a_map()
    {
        Plan plan = Plan(new SpecBuilder(8, 8, 16).Layer("Conv", ("channels", 16), ("Name", "a")).Layer("Conv", ("channels", 16), ("Name", "b")).Layer("Add", ("inputs", new[] { "a", "b" })), 256, WinogradUse.Tiles2);
        Assert.Empty(PlanSimulation.Problems(plan));
        Step[] broken = plan.Steps.Select((s, i) => i != 1 ? s : s with { ScratchOffset = Math.Min(plan.Steps[0].Output.Offset, plan.ArenaFloats - (int)s.Kernel.ScratchFloats) }).ToArray();
        Assert.NotEmpty(PlanSimulation.Problems(plan with { Steps = broken }));
    }

    private static Plan Plan(SpecBuilder network, int bits, WinogradUse use) =>
        Planner.Create(PassPipeline.Run(network.Expand()), bits, use);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
