using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Testing.Zoo;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Zoo.Tests.Findings;

/// <summary>Writes FINDINGS.md: what the critic tells each network of the Zoo.</summary>
internal static class FindingsTable
{
    /// <summary>What is told about a network with the default thresholds.</summary>
    public static IReadOnlyList<CritiqueFinding> Of(Type network) => Critic.Run(ReflectionSpecReader.Read(network));

    /// <summary>The whole file.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Head);
        List<(string Family, List<Type> Networks)> lists = ZooModels.Lists().Select(l => (l.Family, l.Networks.Distinct().ToList())).ToList();
        Dictionary<Type, IReadOnlyList<CritiqueFinding>> all = lists.SelectMany(l => l.Networks).ToDictionary(n => n, Of);

        text.Append("## Rules\n\n| rule | title | networks told | of |\n| --- | --- | ---: | ---: |\n");
        foreach (RuleDescriptor rule in Critic.Rules.Select(r => r.Descriptor).Where(r => r.IsEnabledByDefault))
        {
            int told = all.Values.Count(f => f.Any(x => x.RuleId == rule.Id));
            text.Append(CultureInfo.InvariantCulture, $"| [{rule.Id}](../docs/rules/{rule.Id}.md) | {rule.Title} | {told} | {all.Count} |\n");
        }

        foreach ((string family, List<Type> networks) in lists)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {family}\n\n| network | rule | layers | worst | where |\n| --- | --- | ---: | ---: | --- |\n");
            foreach (Type network in networks)
            {
                string name = network.Name;
                if (all[network].Count == 0)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | clean | | | |\n");
                foreach (IGrouping<string, CritiqueFinding> rule in all[network].GroupBy(f => f.RuleId))
                {
                    CritiqueFinding worst = rule.MaxBy(f => f.Measure)!;
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {rule.Key} | {rule.Sum(f => f.Count)} | {Short(worst.Measure)} | {worst.Layer} |\n");
                    name = string.Empty;
                }
            }
        }

        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Short(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private const string Head = """
        # What the critic tells the networks of the Zoo

        HEAD


        """;
}
