using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>
/// The cost table as an editor shows it when the pointer rests on a network's name: few lines, so blocks count as one
/// layer where there are many.
/// </summary>
internal static class HoverTable
{
    private const int MostRows = 20;
    private const int MostLetters = 28;

    /// <summary>The summary of a network's class: a sentence, and the table below it.</summary>
    /// <param name="sentence">The sentence, as XML.</param>
    /// <param name="report">Rows of the cost table.</param>
    public static IEnumerable<string> Summary(string sentence, IReadOnlyList<LayerReport> report) =>
        new[] { "/// <summary>", "/// " + sentence, "/// <code>" }
            .Concat(Lines(report).Select(line => "/// " + TypeFrame.Xml(line)))
            .Concat(new[] { "/// </code>", "/// </summary>" });

    /// <summary>The table again, for the summary of a member: editors follow it, so it is written once.</summary>
    /// <param name="type">Name of the class, from global::.</param>
    public static string Reference(string type) => $"<inheritdoc cref=\"{type}\" path=\"/summary/code\"/>";

    /// <summary>Lines of the table, plain text.</summary>
    /// <param name="report">Rows of the cost table.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<LayerReport> report)
    {
        long all = Math.Max(1, report.Sum(l => l.MultiplyAdds));
        var rows = new List<string[]> { new[] { "layer", "op", "output", "multiply-adds", "share", "params" } };
        List<IGrouping<string, LayerReport>> groups = Group(report);
        foreach (IGrouping<string, LayerReport> group in groups.Take(MostRows))
            rows.Add(Row(Short(group.Key), group.ToList(), all));
        List<LayerReport> rest = groups.Skip(MostRows).SelectMany(g => g).ToList();
        if (rest.Count > 0)
            rows.Add(Row("...", rest, all));
        rows.Add(Row("total", report, all));
        return TextColumns.Align(rows, 3).Select(line => line.TrimEnd());
    }

    /// <summary>Neighbours with the same beginning of the name, as much of it as keeps the rows few.</summary>
    private static List<IGrouping<string, LayerReport>> Group(IReadOnlyList<LayerReport> report)
    {
        int deepest = report.Max(l => l.Name.Count(c => c == '.')) + 1;
        for (int depth = deepest; ; depth--)
        {
            List<IGrouping<string, LayerReport>> groups = report.GroupBy(l => Prefix(l.Name, depth), StringComparer.Ordinal).ToList();
            if (groups.Count <= MostRows || depth == 1)
                return groups;
        }
    }

    private static string[] Row(string name, IReadOnlyList<LayerReport> layers, long all)
    {
        long multiplyAdds = layers.Sum(l => l.MultiplyAdds);
        LayerReport last = layers[layers.Count - 1];
        return new[]
        {
            name,
            layers.Count == 1 ? (last.Op + " " + last.Window).TrimEnd() : Literal.Of(layers.Count) + " layers",
            last.Output.ToString(),
            Literal.Count(multiplyAdds),
            (100.0 * multiplyAdds / all).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " %",
            Literal.Count(layers.Sum(l => l.Parameters)),
        };
    }

    private static string Prefix(string name, int parts)
    {
        int end = -1;
        for (int i = 0; i < parts; i++)
        {
            end = name.IndexOf('.', end + 1);
            if (end < 0)
                return name;
        }

        return name.Substring(0, end);
    }

    private static string Short(string name) => name.Length <= MostLetters ? name : name.Substring(0, MostLetters - 3) + "...";
}
