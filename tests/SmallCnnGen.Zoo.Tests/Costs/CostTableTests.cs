using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using SmallCnnGen.Testing.Snapshots;
using SmallCnnGen.Testing.Zoo;
using Xunit;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>The checked-in cost tables are those of the declarations as they are.</summary>
public sealed class CostTableTests
{
    /// <summary>COSTS.md is up to date; SCNN_ACCEPT=1 writes it, except on a build server.</summary>
    [Fact]
    public void Costs_AreUpToDate()
    {
        string path = Path.Combine(Folder(), "..", "..", "..", "src", "SmallCnnGen.Zoo", "COSTS.md");
        SnapshotPolicy policy = SnapshotPolicy.FromEnvironment();
        Assert.False(policy.Accept && policy.IsBuildServer, "SCNN_ACCEPT is set on a build server (CI): files are accepted by people");

        string text = CostTables.Write();
        if (policy.Accept)
            File.WriteAllText(path, text);

        Assert.True(File.Exists(path), path + " is missing; to write it: SCNN_ACCEPT=1 dotnet test");
        string[] actual = File.ReadAllLines(path), expected = text.TrimEnd('\n').Split('\n');
        int line = actual.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        Assert.True(
            actual.SequenceEqual(expected),
            $"COSTS.md is stale from line {line + 1} on; to write it: SCNN_ACCEPT=1 dotnet test\n  - {actual.ElementAtOrDefault(line)}\n  + {expected.ElementAtOrDefault(line)}");
    }

    /// <summary>Every network of the Zoo is in a list, and so in the tables.</summary>
    [Fact]
    public void EveryNetwork_IsListed() => Assert.Equal(
        typeof(ResNet18).Assembly.GetExportedTypes().Where(t => t.IsDefined(typeof(NetworkAttribute), false)).Select(t => t.Name).Order(StringComparer.Ordinal),
        ZooModels.All().Select(m => m.Network.Name).Order(StringComparer.Ordinal));

    /// <summary>A figure that does not agree has a reason, and a count that is named as the reason explains it.</summary>
    [Fact]
    public void Differences_AreExplained()
    {
        var problems = new List<string>();
        foreach (PrintedFigure figure in PrintedFigures.All)
        {
            CostModel cost = CostModel.Of(figure.Network);
            Check(figure.Parameters, cost.Parameters, cost.Count(figure.Size), figure.Size != ParameterCount.Ours, 0);
            Check(figure.MultiplyAdds, cost.MultiplyAdds, cost.Count(figure.Work), figure.Work != WorkCount.Ours, figure.WorkDigit);

            void Check(string? printed, long ours, long counted, bool hasCount, long digit)
            {
                if (printed is null)
                    return;
                bool differs = PrintedFigure.Compare(printed, ours, digit) == Agreement.Different;
                if (differs && figure.Reason is null)
                    problems.Add($"{figure.Network.Name}, {figure.Source}: {printed}, ours {ours}: no reason");
                if (hasCount && PrintedFigure.Compare(printed, counted, digit) == Agreement.Different)
                    problems.Add($"{figure.Network.Name}, {figure.Source}: {printed}, ours {ours}, counted as the source does {counted}: not the printed one either");
                if (hasCount && PrintedFigure.Compare(printed, ours, digit) == Agreement.Rounded)
                    problems.Add($"{figure.Network.Name}, {figure.Source}: {printed}, ours {ours}: agrees without the source's way of counting");
            }
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
