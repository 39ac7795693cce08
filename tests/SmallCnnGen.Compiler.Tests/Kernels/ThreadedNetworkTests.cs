using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels.Winograd;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Neither the threads a network is compiled for, nor those that run it, nor strips change a bit of its result; on maps
/// large enough for what random networks do not reach.
/// </summary>
public class ThreadedNetworkTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inverted_residuals_give_the_same_bits(bool splitsEverything)
    {
        SpecBuilder network = new SpecBuilder(72, 60, 3)
            .Layer("Conv", ("channels", 16), ("Name", "stem"))
            .Layer("DepthwiseConv", ("Kernel", 3), ("Activation", (int)Activation.ReLU6))
            .Layer("Conv", ("channels", 72), ("Kernel", 1), ("Activation", (int)Activation.ReLU6))
            .Layer("DepthwiseConv", ("Kernel", 5), ("Stride", 2), ("Activation", (int)Activation.HardSwish))
            .Layer("Conv", ("channels", 24), ("Kernel", 1), ("Name", "a"))
            .Layer("Conv", ("channels", 96), ("Kernel", 1))
            .Layer("DepthwiseConv", ("Kernel", 3))
            .Layer("Conv", ("channels", 24), ("Kernel", 1), ("Name", "b"))
            .Layer("Add", ("inputs", new[] { "a", "b" }))
            .Layer("MaxPool", ("Kernel", 3), ("Stride", 3))
            .Layer("Conv", ("channels", 40), ("Kernel", 1));

        // The last have more threads than some chains have parts.
        (int, StripUse)[] variants = [(1, StripUse.Never), (2, StripUse.Never), (2, StripUse.WhereFaster), (4, StripUse.SmallArena), (16, StripUse.Everywhere)];
        AllAgree(network, splitsEverything, variants, (plan, threads, strips) =>
        {
            if (threads > 1 && strips != StripUse.Never)
                Assert.Contains(plan.Steps, s => s.Chain?.Parts > 1);
        });
    }

    [Theory]
    [InlineData(56, 64, 96)]
    [InlineData(29, 80, 128)]
    [InlineData(14, 256, 256)]
    [InlineData(7, 192, 512)]
    public void Winograd_layers_give_the_same_bits(int size, int inputs, int channels)
    {
        SpecBuilder network = new SpecBuilder(size, size, inputs)
            .Layer("Conv", ("channels", channels), ("Activation", (int)Activation.ReLU), ("Name", "a"))
            .Layer("Conv", ("channels", channels), ("Name", "b"))
            .Layer("Add", ("inputs", new[] { "a", "b" }), ("Activation", (int)Activation.HardSwish));

        // More threads than a layer has panels or groups of tiles, too.
        (int, StripUse)[] variants = [(1, StripUse.Never), (3, StripUse.Never), (24, StripUse.Never)];
        AllAgree(network, false, variants, (plan, threads, _) => Assert.All(plan.Steps, s => Assert.Equal(threads > 1, Assert.IsType<WinogradKernel>(s.Kernel).IsSplit)));
    }

    [Fact]
    public void Random_networks_reach_every_way_of_sharing()
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        IEnumerable<NetworkCase> cases = Enumerable.Range(0, 37).Select(RandomNetworks.Winograd).Concat(Enumerable.Range(0, 28).Select(RandomNetworks.Dag));
        foreach (NetworkCase one in cases.SelectMany(c => CompiledNetworks.Widths.Select(c.WithBits)).Where(c => c.IsThreaded))
        {
            foreach (Step step in Planner.Create(PassPipeline.Run(one.Expand()), one.Spec.Options)[0].Steps)
            {
                if (step.Kernel is WinogradKernel { IsSplit: true } kernel)
                    reached.Add($"{kernel.Tile}x{kernel.Tile}, {kernel.UnitName}, {(step.Parts < one.Spec.Options.Threads ? "fewer than" : "all")} threads");
                if (step.Chain is { } chain)
                    reached.Add($"strips, {(chain.Parts < one.Spec.Options.Threads ? "fewer than" : "all")} threads");
            }
        }

        // 7x7x192 above has fewer panels than threads with tiles of 2x2.
        string[] missing = new[]
        {
            "2x2, groups of tiles, all", "2x2, groups of tiles, fewer than", "2x2, panels, all", "4x4, groups of tiles, all", "4x4, groups of tiles, fewer than",
            "4x4, panels, all", "4x4, panels, fewer than", "strips, all", "strips, fewer than",
        }.Select(r => r + " threads").Except(reached).ToArray();
        Assert.True(missing.Length == 0, "not reached: " + string.Join("; ", missing));
    }

    private static void AllAgree(SpecBuilder network, bool splitsEverything, (int Threads, StripUse Strips)[] variants, Action<Plan, int, StripUse> check)
    {
        Graph graph = network.Expand();
        var weights = new GraphWeights(graph);
        NetworkCase[] cases = CompiledNetworks.Widths.SelectMany(bits => variants.Select((v, i) => new NetworkCase(network.Build() with
        {
            Namespace = NetworkCase.Namespace,
            TypeName = FormattableString.Invariant($"T{bits}_{i}"),
            Options = network.Build().Options with { VectorBits = bits, Threads = v.Threads, Strips = v.Strips, SplitsEverything = splitsEverything },
        }))).ToArray();
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
        foreach (NetworkCase[] width in cases.Chunk(variants.Length))
        {
            float[]? expected = null;
            for (int i = 0; i < width.Length; i++)
            {
                NetworkOptions options = width[i].Spec.Options;
                check(Planner.Create(PassPipeline.Run(graph), options)[0], variants[i].Threads, variants[i].Strips);
                using CompiledNetworks.Running running = compiled.Load(width[i], graph, weights);
                var problems = new List<string>();
                float[] result = running.Run(width[i].Inputs(graph), problems);
                Assert.True(problems.Count == 0, $"{options}: {string.Join("; ", problems)}");
                expected ??= result;
                Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(result)), $"other bits: {options}");
            }

            Assert.DoesNotContain(expected!, float.IsNaN);
        }
    }
}
