using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using Xunit;

namespace SmallCnnGen.Compiler.Tests;

/// <summary>What compiling takes follows layers, not pixels, taps or copies of nothing: counts are asserted, not seconds.</summary>
public class CompileBoundsTests
{
    /// <summary>Source of one layer, at one width. The file of the network's API is in it, some 10,000 characters.</summary>
    private const int MostPerLayer = 60_000;

    /// <summary>Pooling at a width, with the API: edges of wide windows share one method.</summary>
    private const int MostOfPooling = 40_000;

    [Theory]
    [InlineData("DepthwiseConv", "255x255", 300, 8)]
    [InlineData("DepthwiseConv", "1x255", 300, 8)]
    [InlineData("DepthwiseConv", "255x1", 300, 8)]
    [InlineData("DepthwiseConv", "63x63", 2000, 8)]
    [InlineData("DepthwiseConv", "255x255", 300, 1)]
    [InlineData("Conv", "255x255", 300, 8)]
    [InlineData("Conv", "255x255", 300, 1)]
    [InlineData("Conv", "1x255", 300, 8)]
    [InlineData("Conv", "255x1", 300, 8)]
    [InlineData("Conv", "19x19", 30, 3)]
    [InlineData("ConvTranspose", "255x255", 100, 8)]
    public void Source_does_not_follow_taps(string kind, string kernel, int side, int channels)
    {
        foreach (int bits in new[] { 128, 256, 512 })
        {
            SpecBuilder builder = new SpecBuilder(side, side, channels).Options(o => o with { VectorBits = bits });
            builder = kind == "DepthwiseConv" ? builder.Layer(kind, ("Kernel", kernel)) : builder.Layer(kind, ("channels", 8), ("Kernel", kernel));
            Assert.InRange(Characters(builder.Build()), 1, MostPerLayer);
        }
    }

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    public void Source_of_pooling_follows_taps_at_most(string kind) =>
        Assert.InRange(Characters(new SpecBuilder(300, 300, 8).Layer(kind, ("Kernel", 255), ("Padding", 127), ("Stride", 1)).Build()), 1, MostOfPooling);

    [Theory]
    [InlineData(16384, 16384, 1)]
    [InlineData(4096, 4096, 16)]
    public void A_flattened_picture_is_one_run_of_channels(int height, int width, int channels)
    {
        NetworkSpec spec = new SpecBuilder(height, width, channels).Layer("Flatten").Layer("Activate", ("function", Activation.ReLU)).Build();
        var findings = new FindingList();
        Graph graph = PassPipeline.Run(SpecExpander.Expand(spec, findings)!);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var views = new ChannelViews(graph);
        Assert.All(graph.Nodes, n => Assert.Single(views.Channels(n.Id).Runs));
        Assert.Equal(height * width * channels, views.Channels(graph.Output).Count);

        // One number a channel would be a gigabyte.
        Characters(spec);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void Tall_maps_are_not_scanned_for_strips()
    {
        // 65,536 rows of 64 pixels in a chain of kernels: as few strips as a person could read.
        NetworkSpec spec = new SpecBuilder(65536, 64, 1).Options(o => o with { Strips = StripUse.SmallArena })
            .Layer("Conv", ("channels", 2)).Layer("DepthwiseConv").Layer("DepthwiseConv", ("Kernel", "3x1")).Layer("MaxPool", ("Kernel", 2)).Build();
        var findings = new FindingList();
        Plan plan = Assert.Single(Planner.Create(PassPipeline.Run(SpecExpander.Expand(spec, findings)!), spec.Options));
        Assert.All(plan.Steps, s => Assert.True(s.Chain is null || s.Chain.AllStrips <= 4096));
        Assert.InRange(Characters(spec), 1, 5 * MostPerLayer);
    }

    [Fact]
    public void Full_windows_are_those_a_scan_finds()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            var axis = new SmallCnnGen.Compiler.Kernels.WindowAxis(random.Next(1, 30), random.Next(1, 30), random.Next(1, 12), random.Next(1, 5), random.Next(0, 12), random.Next(1, 4));
            int start = 0;
            while (start < axis.Output && !axis.IsFull(start))
                start++;
            int end = start;
            while (end < axis.Output && axis.IsFull(end))
                end++;
            Assert.Equal((start, end), (axis.FullStart, axis.FullEnd));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_lower_bound_is_the_largest_sum_at_a_step(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            ArenaPlanner.Request[] requests = Enumerable.Range(0, random.Next(1, 30)).Select(n =>
            {
                int first = random.Next(20);
                return new ArenaPlanner.Request("r", random.Next(1, 1000), first, first + random.Next(10));
            }).ToArray();
            long most = Enumerable.Range(0, 40).Max(step => requests.Where(r => r.FirstStep <= step && step <= r.LastStep).Sum(r => ArenaPlanner.Aligned(r.Length)));
            Assert.Equal(most, ArenaPlanner.LowerBound(requests));
        }
    }

    [Fact]
    public void Many_layers_take_as_much_each_as_few()
    {
        long Allocated(int layers)
        {
            SpecBuilder builder = new(8, 8, 8);
            for (int i = 0; i < layers; i++)
                builder.Layer("Activate", ("function", Activation.ReLU));
            NetworkSpec spec = builder.Build();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.InRange(Characters(spec), 1, 10_000 + (layers * 400));
            return (GC.GetAllocatedBytesForCurrentThread() - before) / layers;
        }

        // Copying a graph or a list for every layer would make it ten times as much.
        long few = Allocated(1000);
        Assert.InRange(Allocated(10_000), 1, 2 * few);
    }

    [Fact]
    public void Maps_all_alive_at_the_end_are_placed()
    {
        // Ten thousand regions, each overlapping all others.
        ArenaPlanner.Request[] requests = Enumerable.Range(0, 10_000).Select(i => new ArenaPlanner.Request("r", 16 + (i % 7), i, 20_000)).ToArray();
        (_, int size) = ArenaPlanner.Place(requests);
        Assert.Equal(ArenaPlanner.LowerBound(requests), size);
    }

    [Fact]
    public void Empty_blocks_in_blocks_are_refused_where_they_multiply()
    {
        SpecBuilder builder = new SpecBuilder(8, 8, 3).BlockSources(10).Block("Level0", "", SpecBuilder.L("Softmax", ("When", "0")));
        for (int level = 1; level < 10; level++)
            builder.Block("Level" + level, "", SpecBuilder.B("Level" + (level - 1), ("Repeat", 1000)));
        NetworkSpec spec = builder.Use("Level9", ("Repeat", 1000)).Layer("Conv", ("channels", 3)).Build();
        var findings = new FindingList();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(SpecExpander.Expand(spec, findings));
        Finding only = Assert.Single(findings.Items);
        Assert.Equal(DiagnosticIds.TooLarge, only.Id);
        Assert.Contains("expands to more than 20000 copies of blocks; lower a Repeat.", only.Message);
        Assert.True(only.Source >= 0);

        // Some kilobytes for each of the copies that were looked at.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * 8_000L);
    }

    [Fact]
    public void Layers_left_out_count_too()
    {
        SpecBuilder builder = new SpecBuilder(8, 8, 3).BlockSources(10).Block("Nothing", "", Enumerable.Range(0, 50).Select(_ => SpecBuilder.L("Conv", ("channels", 3), ("When", "0"))).ToArray());
        var findings = new FindingList();
        Assert.Null(SpecExpander.Expand(builder.Use("Nothing", ("Repeat", 1000)).Use("Nothing", ("Repeat", 1000)).Build(), findings));
        Assert.Contains("expands to more than 60000 layers, those left out counted", Assert.Single(findings.Items).Message);
    }

    [Fact]
    public void Concatenations_that_begin_with_others_lie_in_the_last()
    {
        // As DenseNet's: each concatenation begins with the one before, and lies inside the last.
        SpecBuilder builder = new(4, 4, 1);
        builder.Layer("Conv", ("channels", 1), ("Kernel", 1), ("Name", "c0"));
        builder.Layer("Conv", ("channels", 1), ("Kernel", 1), ("Name", "c1"));
        for (int i = 2; i < 300; i++)
        {
            builder.Layer("Concat", ("inputs", Enumerable.Range(0, i).Select(k => "c" + k).ToArray()), ("Name", "j" + i));
            builder.Layer("Conv", ("channels", 1), ("Kernel", 1), ("Name", "c" + i));
        }

        NetworkSpec spec = builder.Build();
        Graph graph = PassPipeline.Run(SpecExpander.Expand(spec, new FindingList())!);
        var views = new ChannelViews(graph);
        int[] roots = graph.Nodes.Where(n => n.Op is ConcatOp).Select(n => Assert.Single(views.Channels(n.Id).Runs).Root).Distinct().ToArray();
        Assert.Single(roots);
    }

    private static int Characters(NetworkSpec spec)
    {
        CompileResult result = NetworkCompiler.Compile(spec);
        Assert.Empty(result.Findings);
        return result.Files.Sum(f => f.Text.Length);
    }
}
