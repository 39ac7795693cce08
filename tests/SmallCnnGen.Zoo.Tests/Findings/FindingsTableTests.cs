using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Testing.Snapshots;
using SmallCnnGen.Testing.Zoo;
using SmallCnnGen.Tooling;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Zoo.Tests.Findings;

/// <summary>The critic's verdicts on the papers' networks: checked in, and in agreement with what the papers say of each other.</summary>
public sealed class FindingsTableTests(ITestOutputHelper log)
{
    /// <summary>FINDINGS.md is up to date; SCNN_ACCEPT=1 writes it, except on a build server.</summary>
    [Fact]
    public void Findings_AreUpToDate()
    {
        string path = Path.Combine(Folder(), "..", "..", "..", "src", "SmallCnnGen.Zoo", "FINDINGS.md");
        SnapshotPolicy policy = SnapshotPolicy.FromEnvironment();
        Assert.False(policy.Accept && policy.IsBuildServer, "SCNN_ACCEPT is set on a build server (CI): files are accepted by people");

        string text = FindingsTable.Write();
        if (policy.Accept)
            File.WriteAllText(path, text);

        Assert.True(File.Exists(path), path + " is missing; to write it: SCNN_ACCEPT=1 dotnet test");
        string[] actual = File.ReadAllLines(path), expected = text.TrimEnd('\n').Split('\n');
        int line = actual.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        Assert.True(
            actual.SequenceEqual(expected),
            $"FINDINGS.md is stale from line {line + 1} on; to write it: SCNN_ACCEPT=1 dotnet test\n  - {actual.ElementAtOrDefault(line)}\n  + {expected.ElementAtOrDefault(line)}");
    }

    /// <summary>Prints how long each network takes; nothing is asserted, machines differ.</summary>
    [Fact]
    public void Time_IsPrinted()
    {
        var times = new List<(string Name, double Milliseconds)>();
        foreach (Type network in ZooModels.All().Select(m => m.Network).Distinct())
        {
            var spec = ReflectionSpecReader.Read(network);
            Critic.Run(spec);
            double best = double.MaxValue;
            for (int run = 0; run < 5; run++)
            {
                var watch = Stopwatch.StartNew();
                Critic.Run(spec);
                best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            }

            times.Add((network.Name, best));
        }

        foreach ((string name, double milliseconds) in times.OrderByDescending(t => t.Milliseconds).Take(10))
            log.WriteLine(FormattableString.Invariant($"{name}: {milliseconds:0.0} ms"));
        Type slowest = ZooModels.All().Select(m => m.Network).First(n => n.Name == times.MaxBy(t => t.Milliseconds).Name);
        var whole = Stopwatch.StartNew();
        CritiqueContext context = Critic.CreateContext(ReflectionSpecReader.Read(slowest), CritiqueSettings.Default, default)!;
        log.WriteLine(FormattableString.Invariant($"  {slowest.Name}, reading, expanding and optimising: {whole.Elapsed.TotalMilliseconds:0.0} ms"));
        foreach (CritiqueRule rule in Critic.Rules)
        {
            var watch = Stopwatch.StartNew();
            int count = rule.Check(context).Count();
            log.WriteLine(FormattableString.Invariant($"  {slowest.Name}, {rule.Descriptor.Id}: {watch.Elapsed.TotalMilliseconds:0.0} ms, {count} observations"));
        }

        log.WriteLine(FormattableString.Invariant($"{times.Count} networks, {times.Average(t => t.Milliseconds):0.0} ms on average"));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
