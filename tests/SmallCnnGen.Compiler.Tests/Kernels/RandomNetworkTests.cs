using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// Generated kernels against the double oracle on random networks, at every width and with threads, with guard pages around
/// the caller's memory. A failure prints its seed and the smallest declaration that still fails. SCNN_RANDOM_CASES sets how
/// many networks, SCNN_RANDOM_SEED where to start (a number, or "fresh"), SCNN_RANDOM_MINUTES how long to go on instead, from
/// a fresh start unless one is set.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper output)
{
    /// <summary>Networks in one compilation; most come once for every width.</summary>
    private const int Batch = 96;

    /// <summary>How many failures are made small; one cause makes many.</summary>
    private const int Shrunk = 2;

    /// <summary>
    /// Runs of each team where there is time: on a machine that is busy with other things a race may show in one run of a
    /// hundred only.
    /// </summary>
    private const int LongRaces = 200;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Single_layers_agree_with_the_oracle() => Check("Single", RandomNetworks.Count(112), RandomNetworks.Single, isDeep: false);

    [Fact]
    public void Winograd_layers_agree_with_the_oracle() => Check("Winograd", RandomNetworks.Count(112) / 3, RandomNetworks.Winograd, isDeep: false);

    [Fact]
    public void Networks_agree_with_the_oracle() => Check("Dag", RandomNetworks.Count(112) / 4, RandomNetworks.Dag, isDeep: true);

    [Fact]
    public void Declarations_agree_with_the_oracle() => Check("Declaration", RandomNetworks.Count(112) / 4, RandomDeclarations.Make, isDeep: true);

    [Fact]
    public void A_failing_declaration_is_made_small()
    {
        // Stands for a fault: two groups or more, anywhere, with more than one thread.
        static bool Fails(NetworkCase one) => one.Spec.Options.Threads > 1 && one.Expand().Nodes.Any(n => n.Op is Ir.ConvOp { Groups: > 1 });
        NetworkCase[] failing = Enumerable.Range(0, 400).Select(RandomDeclarations.Make).Where(c => c.Spec.Layers.Count > 5 && c.Spec.Blocks.Count > 0 && Fails(c)).Take(5).ToArray();
        Assert.Equal(5, failing.Length);
        foreach (NetworkCase one in failing)
        {
            NetworkCase small = NetworkShrinker.Shrink(one, Fails, s_patience);
            Assert.True(Fails(small));
            Assert.True(small.Spec.Layers.Count == 1, small.Declaration);
            Assert.Equal((2, false, 1.0), (small.Spec.Options.Threads, small.Spec.Options.Trace, small.Spec.Options.ResolutionMultiplier));
            Assert.InRange(small.Spec.Options.Height * small.Spec.Options.Width, 1, 1);
            Assert.InRange(small.Spec.Options.Channels, 2, 4);
        }
    }

    /// <summary>
    /// CheckForOverflowUnderflow changes nothing: other declarations, the same tolerances; an overflow is an exception.
    /// </summary>
    [Fact]
    public void Checked_arithmetic_agrees_with_the_oracle()
    {
        Check("Single", RandomNetworks.Count(112) / 4, seed => RandomNetworks.Single(seed + 1000), isDeep: false, checkOverflow: true);
        Check("Winograd", RandomNetworks.Count(112) / 14, seed => RandomNetworks.Winograd(seed + 1000), isDeep: false, checkOverflow: true);
        Check("Declaration", RandomNetworks.Count(112) / 14, seed => RandomDeclarations.Make(seed + 1000), isDeep: true, checkOverflow: true);
    }

    private void Check(string what, int count, Func<int, NetworkCase> make, bool isDeep, bool checkOverflow = false)
    {
        int start = RandomNetworks.Start(out TimeSpan? time);
        if (checkOverflow)
            time = null; // four tests share the minutes
        output.WriteLine($"{what} networks from seed {start}");
        var failures = new List<string>();
        var clock = Stopwatch.StartNew();
        int done = 0, failed = 0, checks = 0, blind = 0;
        double worst = 0;
        while (time is { } limit ? clock.Elapsed < limit : done < count)
        {
            // Of what is bounded by time, small batches, so that the bound holds.
            int size = time is null ? Math.Min(Batch, count - done) : Batch / 8;
            int[] seeds = Enumerable.Range(start + done, size).ToArray();
            CheckBatch(seeds, make, isDeep, checkOverflow, time is null ? NetworkCheck.Races : LongRaces, (seed, check, problems) =>
            {
                if (check is not null)
                {
                    worst = Math.Max(worst, check.Worst);
                    blind += check.Blind(out int tried).Count;
                    checks += tried;
                }

                if (problems.Count > 0)
                    failures.Add(Failure(what, seed, make(seed), isDeep, problems, failed++ < Shrunk));
            });
            done += size;
        }

        // An activation that is 0 or saturated everywhere, or a map of which nothing is read, hides any error.
        output.WriteLine($"{done} networks; largest error: {worst:G3} of its bound; {checks} missing channels, {blind} of them unseen");
        Assert.True(failures.Count == 0, $"{failures.Count} of {done} {what} networks from seed {start} fail\n" + string.Join("\n", failures.Take(6)));
        double most = checks / 10.0;
        if (start != 0 || time is not null)
            most += 3 * Math.Sqrt(most); // chance, with other seeds
        Assert.True(blind <= most, $"{blind} of {checks} missing channels stay within the bound");
    }

    private static void CheckBatch(int[] seeds, Func<int, NetworkCase> make, bool isDeep, bool checkOverflow, int races, Action<int, NetworkCheck?, List<string>> report)
    {
        // The last declaration is on disk when a guard page ends the process.
        string trail = Path.Combine(Path.GetTempPath(), "scnn-last-random-network-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ".cs");
        (int Seed, NetworkCase Case)[] cases = seeds.Select(s => (s, make(s))).ToArray();
        CompiledNetworks? compiled = null;
        try
        {
            compiled = CompiledNetworks.Compile(cases.SelectMany(c => c.Case.Variants).ToArray(), checkOverflow);
        }
        catch (InvalidOperationException)
        {
            // One of them is refused: which, says each by itself.
        }

        using (compiled)
        {
            foreach ((int seed, NetworkCase one) in cases)
            {
                var check = new NetworkCheck(one, isDeep);
                var problems = new List<string>();
                foreach (NetworkCase variant in one.Variants)
                {
                    File.WriteAllText(trail, variant.Declaration);
                    problems.AddRange(compiled is null ? NetworkCheck.Alone(variant, isDeep, races) : check.Problems(compiled, variant, races));
                }

                report(seed, check, problems);
            }
        }

        File.Delete(trail);
    }

    private static string Failure(string what, int seed, NetworkCase one, bool isDeep, List<string> problems, bool shrink)
    {
        string text = $"{what}, seed {seed}: {string.Join("; ", problems.Take(3))}\n";
        if (!shrink)
            return text + one.Declaration;

        // A race shows in some runs only.
        int races = problems.Any(p => p.Contains("threads gave", StringComparison.Ordinal)) ? 100 * NetworkCheck.Races : 1;
        NetworkCase? variant = one.Variants.FirstOrDefault(v => NetworkCheck.Alone(v, isDeep, races).Count > 0);
        if (variant is null)
            return text + "(by itself it does not fail)\n" + one.Declaration;
        NetworkCase small = NetworkShrinker.Shrink(variant with { HasOwnOptions = true }, c => NetworkCheck.Alone(c, isDeep, races).Count > 0, s_patience);
        return text + $"the smallest that fails: {string.Join("; ", NetworkCheck.Alone(small, isDeep, races).Take(3))}\n{small.Declaration}";
    }
}
