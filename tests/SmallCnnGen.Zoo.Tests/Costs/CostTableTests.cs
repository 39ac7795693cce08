using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Testing.Zoo;
using Xunit;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>The checked-in cost tables are those of the declarations as they are.</summary>
public sealed class CostTableTests
{
    /// <summary>COSTS.md is up to date; SCNN_ACCEPT=1 writes it, except on a build server.</summary>
    [Fact]
    public void Costs_AreUpToDate() => AcceptedFile.Check("COSTS.md", CostTables.Write());

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
}
