using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

/// <summary>Random declarations: whatever is written, the result is a valid graph or findings, never an exception.</summary>
public class HostileSpecTests
{
    private static readonly object?[] Values =
    [
        null, 0, 1, 2, 3, 4, 7, 8, 16, 255, 256, 65535, 65536, -1, -8, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue,
        0.0, 0.5, -1.5, double.NaN, double.PositiveInfinity, true, false,
        "", " ", "in", "in * 2", "in / 2", "inHeight", "c", "c, c", "3x3", "1x7", "half", "same", "valid", "auto", "input", "a", "b", "a, b", "#", "a.#", ",", "1 +", "c == 1", "1/0", "\0",
        new[] { 0, 1 }, new[] { "a" }, new[] { "input", "a" }, new int[0], typeof(string),
    ];

    [Fact]
    public void RandomDeclarations_GiveAGraphOrFindings()
    {
        var random = new Random(20250101);
        LayerKind[] kinds = LayerKinds.All.OrderBy(k => k.Name, StringComparer.Ordinal).ToArray();
        int graphs = 0;
        for (int i = 0; i < 6000; i++)
        {
            // Few wild values, so that a good part of the declarations goes deep.
            double wild = random.NextDouble() * 0.15;
            var builder = new SpecBuilder(Size(random, wild), Size(random, wild), Size(random, wild));
            builder.Block("B", "c, stride:d=1", Enumerable.Range(0, random.Next(4)).Select(_ => SpecBuilder.L(Pick(random, kinds, wild, out var a), a)).ToArray());
            builder.Block("C", "channels:c", SpecBuilder.B("B", ("c", "c + 1")), SpecBuilder.L(Pick(random, kinds, wild, out var b), b));
            for (int n = random.Next(-4, 4); n > 0; n--)
                builder.Parameter(random.NextDouble() < wild ? Pick(random) : "c", random.NextDouble() < wild ? Any(random) : 4, n % 2);
            for (int n = random.Next(1, 8); n > 0; n--)
            {
                if (random.Next(4) == 0)
                    builder.Use(random.Next(2) == 0 ? "B" : "C", ("c", random.NextDouble() < wild ? Any(random) : 4));
                else
                    builder.Layer(Pick(random, kinds, wild, out var arguments), arguments);
            }

            var findings = new FindingList();
            NetworkSpec spec = builder.Build();
            Graph? graph = SpecExpander.Expand(spec, findings);
            if (graph is null)
            {
                Assert.NotEmpty(findings.Items);
                Assert.All(findings.Items, f => Assert.InRange(f.Source, -1, 102));
            }
            else
            {
                graphs++;
                GraphVerifier.Verify(graph);
                Assert.NotEmpty(GraphPrinter.Print(graph));
                Assert.All(findings.Items, f => Assert.Equal(DiagnosticIds.UnusedLayer, f.Id));
            }
        }

        // The test means something only if both outcomes are frequent.
        Assert.InRange(graphs, 600, 5400);
    }

    private static int Size(Random random, double wild) => random.NextDouble() < wild / 4 ? random.Next(-2, 70000) : random.Next(1, 9) * 4;

    private static string Pick(Random random) => Values[random.Next(Values.Length)] as string ?? "d";

    private static object? Any(Random random) => Values[random.Next(Values.Length)];

    private static string Pick(Random random, LayerKind[] kinds, double wild, out (string Name, object? Value)[] arguments)
    {
        LayerKind kind = kinds[random.Next(kinds.Length)];
        var written = new List<(string, object?)>();
        foreach (ArgumentRule rule in kind.Arguments)
        {
            if (random.NextDouble() < wild)
                written.Add((rule.Name, Any(random)));
            else if (rule.Default is null || (rule.Name is "inputs" or "Channels"))
                written.Add((rule.Name, Usual(random, rule.Name)));
        }

        arguments = written.ToArray();
        return kind.Name;
    }

    private static object Usual(Random random, string argument) => argument switch
    {
        "index" => new[] { 0, 1 },
        "inputs" => new[] { "input" },
        "pool" => "input",
        "name" => $"in{random.Next(1000)}",
        "start" => 0,
        "function" => random.Next(0, 11),
        "end" or "groups" or "scale" => 2,
        "size" or "pads" => random.Next(1, 4),
        _ => random.Next(1, 5) * 4,
    };
}
