using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Report;

/// <summary>
/// A report as one HTML page that needs nothing else: no script, no file, no network. The same network gives the same
/// bytes everywhere.
/// </summary>
public static class HtmlReport
{
    private const string Docs = "https://github.com/smallcnngen/smallcnngen/blob/main/src/docs/";
    private const int Costliest = 10;

    /// <summary>The page of a network.</summary>
    public static string Render(NetworkReport report)
    {
        var page = new StringBuilder();
        string name = report.Spec.FullName;
        Begin(page, name);
        page.Append("<header>\n<p class=\"kicker\">SmallCnnGen report</p>\n<h1>").Append(Breakable(name)).Append("</h1>\n");
        page.Append($"<p class=\"lead\">{report.Input} to {report.Output}, {report.Plan.Bits}-bit vectors</p>\n</header>\n<main>\n");
        Figures(page, report);
        Advice(page, report);
        Section(page, "depth", "Cost over depth", "One bar for each kernel call, in the order of the run. Shaded stretches share a map size; point at a bar for its layer.");
        page.Append("<div class=\"chart\">").Append(DepthChart.Draw(report)).Append("</div>\n</section>\n");
        RooflineSection(page, report);
        Section(page, "arena", "Arena", ArenaText(report));
        page.Append("<div class=\"chart\">").Append(ArenaMap.Draw(report)).Append("</div>\n</section>\n");
        Layers(page, report);
        page.Append($"</main>\n<footer><p>What each figure means, and what it leaves out: <a href=\"{Docs}report.md\">report.md</a>.</p></footer>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>A page that leads to those of several networks.</summary>
    /// <param name="title">Title.</param>
    /// <param name="pages">Reports with the names of their files.</param>
    public static string RenderIndex(string title, IReadOnlyList<(NetworkReport Report, string File)> pages)
    {
        var page = new StringBuilder();
        Begin(page, title);
        page.Append($"<header>\n<p class=\"kicker\">SmallCnnGen reports</p>\n<h1>{Breakable(title)}</h1>\n</header>\n<main>\n<section>\n<div class=\"scroll\"><table>\n");
        page.Append("<thead><tr><th class=\"name\">network</th><th class=\"num\">input</th><th class=\"num\">output</th><th class=\"num\">multiply-adds</th><th class=\"num\">parameters</th><th class=\"num\">arena</th><th class=\"num\">packed weights</th><th class=\"num\">steps</th><th class=\"num\">findings</th></tr></thead>\n<tbody>\n");
        foreach ((NetworkReport report, string file) in pages)
        {
            page.Append($"<tr><td class=\"name\"><a href=\"{Html.Text(Uri.EscapeDataString(file))}\">{Breakable(report.Spec.FullName)}</a></td>")
                .Append($"<td class=\"num\">{report.Input}</td><td class=\"num\">{report.Output}</td><td class=\"num\">{Html.Count(report.MultiplyAdds)}</td><td class=\"num\">{Html.Count(report.Parameters)}</td>")
                .Append($"<td class=\"num\">{Html.Bytes(report.ArenaBytes)}</td><td class=\"num\">{Html.Bytes(report.WeightBytes)}</td><td class=\"num\">{Html.Format(report.Steps.Count, "0")}</td><td class=\"num\">{Html.Format(report.Advice.Count, "0")}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n</section>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Begin(StringBuilder page, string title) => page
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Html.Text(title)).Append(" - SmallCnnGen report</title>\n<style>\n")
        .Append(ReportStyle.Css).Append("</style>\n</head>\n<body>\n");

    private static void Section(StringBuilder page, string id, string title, string text) =>
        page.Append($"<section id=\"{id}\">\n<h2>{Html.Text(title)}</h2>\n<p class=\"note\">{Html.Text(text)}</p>\n");

    private static void Figures(StringBuilder page, NetworkReport report)
    {
        int copies = report.Steps.Count(s => s.IsCopy), strips = report.Steps.Count(s => s.IsInStrips);
        int kernels = report.Plan.Steps.Select(s => s.Kernel).Distinct().Count();
        double cycles = report.Steps.Sum(report.Roofline.Cycles);
        page.Append("<section class=\"figures\">\n");
        Figure("Multiply-adds", Html.Count(report.MultiplyAdds), Html.Format(report.MultiplyAdds, "#,0"));
        Figure("Parameters", Html.Count(report.Parameters), Html.Format(report.Parameters, "#,0") + " learned");
        Figure("Packed weights", Html.Bytes(report.WeightBytes), "shared by all instances");
        Figure("Arena", Html.Bytes(report.ArenaBytes), report.ArenaBytes == report.ArenaBoundBytes ? "the lower bound" : $"{Html.Percent(((double)report.ArenaBytes / Math.Max(1, report.ArenaBoundBytes)) - 1)} over its bound");
        Figure("Kernel calls", Html.Format(report.Steps.Count, "0"), $"{Html.Format(kernels, "0")} kernels, {(copies == 0 ? "no copies" : Html.Format(copies, "0") + (copies == 1 ? " copy" : " copies"))}{(strips == 0 ? string.Empty : $", {Html.Format(strips, "0")} in strips")}");
        Figure("Best case", Html.Count(cycles), "cycles of one core");
        page.Append("</section>\n");

        void Figure(string label, string value, string detail) =>
            page.Append($"<div class=\"figure\"><div class=\"label\">{Html.Text(label)}</div><div class=\"value\">{Html.Text(value)}</div><div class=\"detail\">{Html.Text(detail)}</div></div>\n");
    }

    private static void Advice(StringBuilder page, NetworkReport report)
    {
        page.Append("<section id=\"findings\">\n<h2>Findings</h2>\n");
        if (report.Advice.Count == 0)
        {
            page.Append("<p class=\"note\">The design critic has nothing to say about this network.</p>\n</section>\n");
            return;
        }

        (CritiqueFinding Finding, int Number)[] numbered = report.Advice.Select((f, i) => (f, i + 1)).ToArray();
        foreach (var rule in numbered.GroupBy(f => f.Finding.RuleId))
        {
            RuleDescriptor descriptor = rule.First().Finding.Rule;
            bool isWarning = descriptor.Severity == RuleSeverity.Warning;
            page.Append($"<div class=\"rule\"><h3><a href=\"{Docs}rules/{descriptor.Id}.md\">{descriptor.Id}</a> {Html.Text(descriptor.Title)} <span class=\"badge{(isWarning ? " warning" : string.Empty)}\">{(isWarning ? "warning" : "suggestion")}</span></h3>\n<ul>\n");
            foreach ((CritiqueFinding finding, int number) in rule)
                page.Append($"<li id=\"finding-{Html.Format(number, "0")}\"><span class=\"mark\">{Html.Format(number, "0")}</span>{Html.Text(finding.Message)}</li>\n");
            page.Append("</ul></div>\n");
        }

        page.Append("</section>\n");
    }

    private static void RooflineSection(StringBuilder page, NetworkReport report)
    {
        Roofline roofline = report.Roofline;
        double total = report.Steps.Sum(roofline.Cycles), largest = report.Steps.Select(roofline.Cycles).DefaultIfEmpty().Max();
        Section(page, "roofline", "Roofline",
            "Each dot is a kernel call that multiplies, its area the share of the multiply-adds, placed where its best case is: under the slope of the memory its data fits into, or under the flat roof of the multiply-add units.");
        page.Append("<div class=\"pair\">\n<div class=\"chart plot\">").Append(RooflineChart.Draw(report)).Append("</div>\n<div>\n");
        page.Append("<p class=\"legend\">");
        foreach ((Limit limit, string text) in new[] { (Limit.Compute, "compute"), (Limit.Cache, "second-level cache"), (Limit.Memory, "memory") })
        {
            double share = total > 0 ? report.Steps.Where(s => roofline.LimitOf(s) == limit).Sum(roofline.Cycles) / total : 0;
            page.Append($"<span><i class=\"{RooflineChart.Style(limit)}\"></i>{text} {Html.Percent(share)}</span> ");
        }

        page.Append("</p>\n<div class=\"scroll\"><table>\n<caption>Where the best case spends its cycles</caption>\n<thead><tr><th class=\"name\">layer</th><th class=\"num\">cycles</th><th class=\"num\">share</th><th>limit</th></tr></thead>\n<tbody>\n");
        foreach (ReportStep s in report.Steps.OrderByDescending(roofline.Cycles).ThenBy(s => s.Index).Take(Costliest))
        {
            string limit = RooflineChart.Style(roofline.LimitOf(s));
            page.Append($"<tr><td class=\"name\">{Breakable(s.Name)}</td><td class=\"num\">{Html.Count(roofline.Cycles(s))}</td>{Share(roofline.Cycles(s), largest, total)}<td><i class=\"{limit}\"></i>{limit}</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n</div>\n</div>\n</section>\n");
    }

    private static string ArenaText(NetworkReport report) => report.ArenaBytes == 0
        ? "The network keeps nothing: every map is an input or the output."
        : $"Where every map that must be kept lies, and how long. {Html.Bytes(report.ArenaBytes)} in all; at one step {Html.Bytes(report.ArenaBoundBytes)} are in use at once, and no arrangement of these maps can need less.";

    private static void Layers(StringBuilder page, NetworkReport report)
    {
        Section(page, "layers", "Layers", "What is left after fusion, one row each; a row without a kernel costs nothing when the network runs.");
        page.Append("<div class=\"scroll wide\"><table class=\"layers\">\n<thead><tr><th class=\"num\">step</th><th class=\"name\">layer</th><th>op</th><th>window</th><th class=\"num\">input</th><th class=\"num\">output</th><th class=\"num\">field</th>")
            .Append("<th class=\"num\">multiply-adds</th><th class=\"num\">share</th><th class=\"num\">parameters</th><th class=\"num\">output bytes</th><th class=\"num\">access&nbsp;/ bound</th><th class=\"num\">ops&nbsp;/ byte</th><th>limit</th><th>kernel</th></tr></thead>\n<tbody>\n");
        Dictionary<int, ReportStep> steps = report.Steps.Where(s => !s.IsCopy).GroupBy(s => s.Layer.NodeId).ToDictionary(g => g.Key, g => g.First());
        ILookup<string, int> advice = report.Advice.Select((f, i) => (f.Layer, Number: i + 1)).Where(f => f.Layer.Length > 0).ToLookup(f => f.Layer, f => f.Number, StringComparer.Ordinal);
        long largest = report.Layers.Select(l => l.MultiplyAdds).DefaultIfEmpty().Max();
        foreach (LayerReport layer in report.Layers)
        {
            steps.TryGetValue(layer.NodeId, out ReportStep? step);
            string marks = string.Concat(report.CoveredBy(layer).SelectMany(n => advice[n]).Distinct().Select(n => $" <a class=\"mark\" href=\"#finding-{Html.Format(n, "0")}\" title=\"finding {Html.Format(n, "0")}\">{Html.Format(n, "0")}</a>"));
            string fused = layer.Fused.Length > 0 ? $"<span class=\"fused\"> + {Html.Text(layer.Fused.Replace(", ", " + "))}</span>" : string.Empty;
            page.Append(step is null ? "<tr class=\"free\">" : "<tr>")
                .Append($"<td class=\"num\">{(step is null ? string.Empty : Html.Format(step.Index + 1, "0"))}</td><td class=\"name\">{Breakable(layer.Name)}{marks}</td><td class=\"op\">{Html.Text(layer.Op)}{fused}</td><td>{Html.Text(layer.Window)}</td>")
                .Append($"<td class=\"num\">{layer.Input}</td><td class=\"num\">{layer.Output}</td><td class=\"num\">{Html.Format(layer.ReceptiveField, "#,0")}</td>")
                .Append($"<td class=\"num\">{(layer.MultiplyAdds > 0 ? Html.Format(layer.MultiplyAdds, "#,0") : string.Empty)}</td>{Share(layer.MultiplyAdds, largest, report.MultiplyAdds)}")
                .Append($"<td class=\"num\">{(layer.Parameters > 0 ? Html.Format(layer.Parameters, "#,0") : string.Empty)}</td><td class=\"num\">{Html.Bytes(layer.ActivationBytes)}</td>")
                .Append($"<td class=\"num\">{(layer.MemoryAccessBound > 0 ? Html.Format(layer.MemoryAccessCost / layer.MemoryAccessBound, "0.00") : string.Empty)}</td>");
            string limit = step is null ? string.Empty : RooflineChart.Style(report.Roofline.LimitOf(step));
            page.Append(step is null
                ? "<td></td><td></td><td></td></tr>\n"
                : $"<td class=\"num\">{(step.MultiplyAdds > 0 ? Html.Format(Roofline.Intensity(step), "0.0") : string.Empty)}</td><td><i class=\"{limit}\"></i>{limit}</td><td class=\"kernel\">{Html.Text(layer.Kernel)}{(step.IsInStrips ? " (strips)" : string.Empty)}</td></tr>\n");
        }

        page.Append($"</tbody>\n<tfoot><tr><td></td><td class=\"name\">total</td><td></td><td></td><td></td><td></td><td></td><td class=\"num\">{Html.Format(report.MultiplyAdds, "#,0")}</td><td></td><td class=\"num\">{Html.Format(report.Parameters, "#,0")}</td>")
            .Append($"<td class=\"num\">{Html.Bytes(report.Layers.Sum(l => l.ActivationBytes))}</td><td></td><td></td><td></td><td></td></tr></tfoot>\n</table></div>\n</section>\n");
    }

    /// <summary>A cell with a share of a whole, as a number over a bar; the largest part's bar fills the cell.</summary>
    private static string Share(double part, double largest, double whole) => part <= 0 || whole <= 0
        ? "<td></td>"
        : $"<td class=\"num share\" style=\"--share:{Html.Format(100 * part / largest, "0.0")}%\">{Html.Percent(part / whole)}</td>";

    /// <summary>Text that may break after a dot, as long layer names must.</summary>
    private static string Breakable(string text) => Html.Text(text).Replace(".", ".<wbr>");
}
