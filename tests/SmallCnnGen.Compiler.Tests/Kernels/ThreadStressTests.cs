using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Several threads give the bits of one, run after run: every kind of kernel that threads share, channel remainders and
/// activations by chance, two to eight threads. SCNN_STRESS_MINUTES=10 goes on with fresh seeds for as long, some thousand
/// runs of each network, and prints what it ran.
/// </summary>
public class ThreadStressTests(ITestOutputHelper output)
{
    private const int Most = 8;

    private static readonly string? Minutes = Environment.GetEnvironmentVariable("SCNN_STRESS_MINUTES");

    /// <summary>Of the widths that this processor has.</summary>
    public static IEnumerable<object[]> Overlapping => new object[][]
    {
        [14, 14, 672, 30, Activation.SiLU, 256],
        [7, 8, 1024, 15, Activation.SiLU, 128],
        [7, 8, 1024, 62, Activation.HardSwish, 512],
    }.Where(row => CompiledNetworks.Widths.Contains((int)row[^1]));

    /// <summary>What was once a race: an activation behind the tile, in panels of which the last overlaps the one before.</summary>
    [Theory]
    [MemberData(nameof(Overlapping))]
    public void Panels_that_overlap_give_the_bits_of_one_thread(int height, int width, int inputs, int channels, Activation activation, int bits)
    {
        SpecBuilder network = new SpecBuilder(height, width, inputs).Layer("Conv", ("channels", channels), ("Kernel", 1), ("Activation", (int)activation));
        var one = new NetworkCase(network.Build() with { Namespace = NetworkCase.Namespace, Options = network.Build().Options with { VectorBits = bits, Threads = 2 } });
        using CompiledNetworks compiled = CompiledNetworks.Compile([one]);
        Assert.Equal(0, Differences(compiled, one, 2, 2000));
    }

    [Fact]
    public void Threads_give_the_bits_of_one()
    {
        if (Minutes is not null)
        {
            Stress(double.Parse(Minutes, CultureInfo.InvariantCulture));
            return;
        }

        int[] widths = CompiledNetworks.Widths;
        NetworkCase[] cases = SharedLayers.Kinds.SelectMany((kind, k) => Enumerable.Range(0, 2).Select(seed => SharedLayers.Make(kind, 100 + seed, widths[(k + seed) % widths.Length], Most))).ToArray();
        var failures = new List<string>();
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
        for (int i = 0; i < cases.Length; i++)
        {
            int threads = 2 + (i % (Most - 1));
            Check(compiled, cases[i], threads, threads <= 3 ? 200 : 40, failures);
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private void Stress(double minutes)
    {
        int[] widths = CompiledNetworks.Widths;
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        int seed = Environment.TickCount & 0xffffff, networks = 0;
        long runs = 0;
        output.WriteLine($"first seed {seed}");
        while (clock.Elapsed.TotalMinutes < minutes)
        {
            NetworkCase[] cases = SharedLayers.Kinds.Select((kind, k) => SharedLayers.Make(kind, seed, widths[(k + seed) % widths.Length], Most)).ToArray();
            using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
            for (int i = 0; i < cases.Length && clock.Elapsed.TotalMinutes < minutes; i++)
            {
                // Mostly two threads, which run at the same time here; more threads than processors meet in other ways.
                int threads = (i + seed) % 3 != 0 ? 2 : 3 + ((i + seed) / 3 % (Most - 2)), count = threads == 2 ? 4000 : 300;
                Check(compiled, cases[i], threads, count, failures);
                runs += count;
                networks++;
            }

            seed++;
        }

        string summary = $"{networks} networks, {runs} runs, {failures.Count} networks with differences";
        output.WriteLine(summary);
        Assert.True(failures.Count == 0, summary + "\n" + string.Join("\n", failures));
    }

    private static void Check(CompiledNetworks compiled, NetworkCase one, int threads, int runs, List<string> failures)
    {
        int different = Differences(compiled, one, threads, runs);
        if (different > 0)
            failures.Add($"{different} of {runs} runs on {threads} threads differ from one thread at {one.Spec.Options.VectorBits} bits\n{one.Declaration}");
    }

    /// <summary>Runs whose result differs from one thread's in any bit.</summary>
    private static int Differences(CompiledNetworks compiled, NetworkCase one, int threads, int runs)
    {
        Graph graph = one.Expand();
        var weights = new GraphWeights(graph);
        GuardedFloats[] inputs = one.Inputs(graph).Select(values =>
        {
            var place = new GuardedFloats(values.Length);
            values.CopyTo(place.Span(place.AtEnd));
            return place;
        }).ToArray();
        using var result = new GuardedFloats((int)graph.Nodes[graph.Output].Shape.Length);
        nint[] at = inputs.Select(i => i.AtEnd).ToArray();
        float[] expected;
        (IDisposable alone, Action<nint[], nint> run) = compiled.Open(one, weights, 1);
        using (alone)
        {
            run(at, result.AtEnd);
            expected = result.Span(result.AtEnd).ToArray();
        }

        int different = 0;
        (IDisposable team, run) = compiled.Open(one, weights, threads);
        using (team)
        {
            for (int i = 0; i < runs; i++)
            {
                result.Span(result.AtEnd).Fill(float.NaN);
                run(at, result.AtEnd);
                if (!MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(result.Span(result.AtEnd))))
                    different++;
            }
        }

        foreach (GuardedFloats place in inputs)
            place.Dispose();
        return different;
    }
}
