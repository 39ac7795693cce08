using System;
using System.Collections.Generic;
using System.Globalization;
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
    // The last have more threads than some kernels and chains have shares.
    private static readonly (int Threads, StripUse Strips)[] Variants =
    [
        (1, StripUse.Never), (1, StripUse.WhereFaster), (2, StripUse.Never), (2, StripUse.WhereFaster), (4, StripUse.SmallArena), (7, StripUse.Everywhere), (16, StripUse.Everywhere),
    ];

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
        AllAgree(network, splitsEverything, (plan, threads, strips) =>
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
        AllAgree(network, false, (plan, threads, _) => Assert.All(plan.Steps, s => Assert.Equal(threads > 1, Assert.IsType<WinogradKernel>(s.Kernel).IsSplit)));
    }

    private static void AllAgree(SpecBuilder network, bool splitsEverything, Action<Plan, int, StripUse> check)
    {
        Graph graph = network.Expand();
        var weights = new GraphWeights(graph);
        foreach (int bits in CompiledNetworks.Widths)
        {
            NetworkCase[] cases = Variants.Select((v, i) => new NetworkCase(network.Build() with
            {
                Namespace = NetworkCase.Namespace,
                TypeName = "T" + i.ToString(CultureInfo.InvariantCulture),
                TypeModifiers = "public sealed",
                Options = network.Build().Options with { VectorBits = bits, Threads = v.Threads, Strips = v.Strips, SplitsEverything = splitsEverything },
            })).ToArray();
            for (int i = 0; i < cases.Length; i++)
                check(Planner.Create(PassPipeline.Run(graph), cases[i].Spec.Options)[0], Variants[i].Threads, Variants[i].Strips);
            using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
            float[]? expected = null;
            var problems = new List<string>();
            foreach (NetworkCase one in cases)
            {
                using CompiledNetworks.Running running = compiled.Load(one, graph, weights);
                float[] result = running.Run(one.Inputs(graph), problems);
                Assert.True(problems.Count == 0, $"{one.Spec.Options}: {string.Join("; ", problems)}");
                expected ??= result;
                Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(result)), $"other bits: {one.Spec.Options}");
            }

            Assert.DoesNotContain(expected!, float.IsNaN);
        }
    }
}
