using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Kernels.Depthwise;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Tooling;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Planning;

/// <summary>The schedule is played through with a set of rows for each buffer: whatever a kernel reads must be there.</summary>
public class StripChainTests
{
    public static TheoryData<int, int, int, int, int, int> Cases()
    {
        // Height, rows in a strip, kernel and stride of the middle, kernel of the last, parts.
        var data = new TheoryData<int, int, int, int, int, int>();
        foreach (int height in new[] { 1, 2, 5, 13, 28, 112 })
        {
            foreach (int rows in new[] { 1, 2, 8 })
            {
                foreach (int parts in new[] { 1, 2, 3, 64 })
                {
                    data.Add(height, rows, 3, 1, 1, parts);
                    data.Add(height, rows, 3, 2, 3, parts);
                    data.Add(height, rows, 5, 2, 1, parts);
                    data.Add(height, rows, 1, 3, 5, parts);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_part_computes_from_rows_that_are_there_and_all_together_the_last_map_once(int height, int rows, int kernel, int stride, int last, int parts)
    {
        (KernelSpec Kernel, Window Window, int InputHeight, int Height)[] layers =
        [
            Layer(height, 3, 1, depthwise: false),
            Layer(height, kernel, stride, depthwise: true),
            Layer(Out(height, kernel, stride), last, 1, depthwise: false),
        ];
        StripChain chain = StripChain.Schedule(0, layers, rows, parts);
        Assert.Equal(Math.Min(parts, layers[2].Kernel.Units), chain.Parts);
        Assert.True(chain.StripCount <= (height + rows - 1) / rows, $"{chain.StripCount} strips");
        Assert.Equal(chain.Parts * chain.StripCount * chain.Columns, chain.Table.Count);

        int finished = 0;
        for (int part = 0; part < chain.Parts; part++)
        {
            int[] done = PlayPart(chain, layers, part, finished);
            Assert.Equal(layers[2].Kernel.Units * (part + 1) / chain.Parts, done[2]);
            finished = done[2];
            if (chain.Parts == 1)
                Assert.Equal(layers.Select(l => l.Kernel.Units), done);
        }

        Assert.Equal(layers[2].Kernel.Units, chain.UnitsComputed(2));
    }

    /// <summary>Plays the strips of a part; gives the units after the last of each kernel.</summary>
    private static int[] PlayPart(StripChain chain, (KernelSpec Kernel, Window Window, int InputHeight, int Height)[] layers, int part, int firstOfLast)
    {
        // Where a part begins is its own choice, but for the last kernel.
        int start = part * chain.StripCount * chain.Columns;
        int[] done = [chain.Table[start], chain.Table[start + 2], firstOfLast], begin = done.ToArray();
        var buffers = new List<int>[] { [], [] };
        for (int strip = 0; strip < chain.StripCount; strip++)
        {
            int at = start + (strip * chain.Columns);
            for (int k = 0; k < 3; k++)
            {
                (KernelSpec spec, Window window, int inputHeight, _) = layers[k];
                int from = chain.Table[at + (2 * k)], to = chain.Table[at + (2 * k) + 1];
                Assert.Equal(done[k], from);
                if (k < 2)
                {
                    // Rows are moved to the front before the kernel writes behind them.
                    int column = at + 6 + (3 * k), shift = chain.Table[column], keep = chain.Table[column + 1], first = chain.Table[column + 2];
                    List<int> kept = buffers[k].Skip(shift).Take(keep).ToList();
                    Assert.Equal(keep, kept.Count);
                    Assert.All(kept.Select((row, i) => (row, i)), p => Assert.Equal(first + p.i, p.row));
                    kept.AddRange(Enumerable.Range(spec.RowsAfter(from), spec.RowsAfter(to) - spec.RowsAfter(from)));
                    Assert.True(kept.Count <= chain.BufferRows[k], "the buffer overflows");
                    if (kept.Count > 0)
                        Assert.Equal(first, kept[0]);
                    buffers[k] = kept;
                }

                for (int row = spec.RowsAfter(from); k > 0 && row < spec.RowsAfter(to); row++)
                {
                    for (int tap = 0; tap < window.Kernel.Y; tap++)
                    {
                        int input = (row * window.Stride.Y) - window.Padding.Top + tap;
                        if (input >= 0 && input < inputHeight)
                            Assert.Contains(input, buffers[k - 1]);
                    }
                }

                done[k] = to;
            }
        }

        // The first and the last unit of a kernel make rows that the next one reads: no part computes more than it needs.
        for (int k = 0; k < 2 && chain.Parts > 1; k++)
        {
            (KernelSpec next, Window window, _, _) = layers[k + 1];
            int[] read = Enumerable.Range(next.RowsAfter(begin[k + 1]), next.RowsAfter(done[k + 1]) - next.RowsAfter(begin[k + 1]))
                .SelectMany(row => Enumerable.Range((row * window.Stride.Y) - window.Padding.Top, window.Kernel.Y)).ToArray();
            foreach (int unit in done[k] > begin[k] ? new[] { begin[k], done[k] - 1 } : [])
                Assert.Contains(read, row => layers[k].Kernel.RowsAfter(unit) <= row && row < layers[k].Kernel.RowsAfter(unit + 1));
        }

        return done;
    }

    [Fact]
    public void Large_maps_of_MobileNetV2_exist_as_rows_only()
    {
        Graph graph = CompileGraph(typeof(MobileNetV2));
        Plan whole = Planner.Create(graph, new NetworkOptions(0, 0, 0, Strips: StripUse.Never))[0];
        Plan faster = Planner.Create(graph, new NetworkOptions(0, 0, 0))[0];
        Plan small = Planner.Create(graph, new NetworkOptions(0, 0, 0, Strips: StripUse.SmallArena))[0];
        Assert.True(faster.ArenaFloats * 3 < whole.ArenaFloats, $"{faster.ArenaFloats} of {whole.ArenaFloats} floats");
        Assert.True(small.ArenaFloats <= faster.ArenaFloats, $"{small.ArenaFloats} of {faster.ArenaFloats} floats");
        Assert.Equal(whole.ArenaLowerBound, faster.WholeMapsLowerBound);
        Assert.True(faster.ArenaFloats >= faster.ArenaLowerBound);
        Assert.Contains(faster.Steps, s => s.Chain is not null);
        Assert.All(faster.Steps.Where(s => s.Chain is not null), s => Assert.True(s.Kernel.IsStrip));
        Assert.DoesNotContain(whole.Steps, s => s.Chain is not null || s.Kernel.IsStrip);

        // The same weights, packed as the kernels that read them expect.
        Assert.Equal(whole.Tensors, faster.Tensors);
    }

    [Fact]
    public void Threads_share_chains_each_with_buffers_of_its_own()
    {
        Graph graph = CompileGraph(typeof(MobileNetV2));
        Plan one = Planner.Create(graph, new NetworkOptions(0, 0, 0))[0];
        Plan two = Planner.Create(graph, new NetworkOptions(0, 0, 0, Threads: 2))[0];
        StripChain[] chains = two.Steps.Select(s => s.Chain).OfType<StripChain>().Distinct().ToArray();
        Assert.True(chains.Length > 1 && two.ArenaFloats < one.WholeMapsLowerBound / 2, $"{chains.Length} chains, {two.ArenaFloats} floats");
        Assert.All(chains, c => Assert.Equal(2, c.Parts));
        foreach (StripChain chain in chains)
        {
            for (int k = 0; k < chain.Count - 1; k++)
            {
                Step step = two.Steps[chain.First + k];
                ArenaRegion region = Assert.Single(two.Regions, r => r.Name == step.Node.Name);
                long rows = (long)chain.BufferRows[k] * step.Output.Tensor.RowPitch;
                Assert.Equal(ArenaPlanner.Aligned(rows) + rows, region.Length);
            }
        }

        Assert.Equal(one.WholeMapsLowerBound, two.WholeMapsLowerBound);
    }

    [Fact]
    public void What_the_parts_of_a_chain_repeat_stays_small()
    {
        Graph graph = CompileGraph(typeof(MobileNetV2));
        for (int threads = 2; threads <= 64; threads *= 2)
        {
            Plan plan = Planner.Create(graph, new NetworkOptions(0, 0, 0, Threads: threads))[0];
            foreach (StripChain chain in plan.Steps.Select(s => s.Chain).OfType<StripChain>().Distinct())
            {
                Step[] steps = plan.Steps.Skip(chain.First).Take(chain.Count).ToArray();
                double[] work = steps.Select(s => (double)CostRule.MultiplyAdds(s.Node.Op, graph.Nodes[s.Node.Inputs[0]].Shape, s.Node.Shape)).ToArray();
                double done = work.Select((w, k) => w * chain.UnitsComputed(k) / steps[k].Kernel.Units).Sum();
                Assert.True(done <= work.Sum() * 1.11, $"{threads} threads: {done / work.Sum():F3}");
            }
        }
    }

    [Fact]
    public void A_chain_too_small_to_share_is_computed_by_one_thread()
    {
        SpecBuilder network = new SpecBuilder(6, 6, 4).Layer("Conv", ("channels", 4)).Layer("Conv", ("channels", 4), ("Kernel", 1));
        var options = new NetworkOptions(0, 0, 0, Threads: 4, Strips: StripUse.Everywhere);
        Plan small = Planner.Create(PassPipeline.Run(network.Expand()), options)[0], split = Planner.Create(PassPipeline.Run(network.Expand()), options with { SplitsEverything = true })[0];
        Assert.All(small.Steps, s => Assert.Equal(1, s.Chain!.Parts));
        Assert.All(split.Steps, s => Assert.Equal(4, s.Chain!.Parts));
    }

    private static Graph CompileGraph(Type network)
    {
        Graph? graph = NetworkCase.TryExpand(ReflectionSpecReader.Read(network), out _);
        return PassPipeline.Run(graph!);
    }

    private static int Out(int height, int kernel, int stride) => ((height + (2 * (kernel / 2)) - kernel) / stride) + 1;

    private static (KernelSpec Kernel, Window Window, int InputHeight, int Height) Layer(int height, int kernel, int stride, bool depthwise)
    {
        var window = new Window(new Pair(kernel, kernel), new Pair(stride, stride), new Sides(kernel / 2, kernel / 2, kernel / 2, kernel / 2), new Pair(1, 1));
        int outHeight = Out(height, kernel, stride);
        var input = new TensorRef(height, 16, 32, 32);
        var output = new TensorRef(outHeight, Out(16, kernel, stride), 32, 32);
        KernelSpec spec = depthwise ? new DepthwiseKernel(256, input, output, window, default) : new ConvKernel(256, input, output, window, 1, default);
        return (spec with { IsSplit = true, IsStrip = true }, window, height, outHeight);
    }
}
