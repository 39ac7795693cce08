using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Report;
using SmallCnnGen.Tooling;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Report;

/// <summary>The page of a network: complete, the same everywhere, and harmless whatever the names are.</summary>
public sealed class HtmlReportTests
{
    public static TheoryData<Type> Networks() => new(typeof(MobileNetV2), typeof(ShuffleNetV2), typeof(GoogLeNet), typeof(SqueezeNet1_1), typeof(ENet));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Page_IsTheSame_InEveryCulture(Type network)
    {
        string page = Render(network);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            // Decimal commas, and a minus sign that is none.
            var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            strange.NumberFormat.NumberDecimalSeparator = strange.NumberFormat.PercentDecimalSeparator = ",";
            strange.NumberFormat.NumberGroupSeparator = ".";
            strange.NumberFormat.NegativeSign = "\u2212";
            CultureInfo.CurrentCulture = strange;
            Assert.Equal(page, Render(network));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Page_NeedsNothingElse(Type network)
    {
        string page = Render(network);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\r', page);
        Assert.All(Regex.Matches(page, "(?:href|src)=\"([^\"]*)\"").Select(m => m.Groups[1].Value), target =>
            Assert.True(target.StartsWith('#') || target.StartsWith("https://github.com/smallcnngen/smallcnngen/blob/main/src/docs/", StringComparison.Ordinal), target));

        // A mark in the table leads to a finding that is there.
        Assert.All(Regex.Matches(page, "href=\"#([^\"]*)\"").Select(m => m.Groups[1].Value), id => Assert.Contains($"id=\"{id}\"", page));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Drawings_AreWellFormed_AndShowEveryStep(Type network)
    {
        NetworkReport report = Create(network);
        XElement[] drawings = Regex.Matches(HtmlReport.Render(report), "<svg.*?</svg>", RegexOptions.Singleline).Select(m => XElement.Parse(m.Value)).ToArray();

        Assert.Equal(3, drawings.Length);
        Assert.Equal(report.Steps.Count, Count(drawings[0], "rect", "compute"));
        Assert.Equal(report.Steps.Count, Count(drawings[0], "rect", "hover"));
        Assert.Equal(report.Steps.Count(s => s.MultiplyAdds > 0), drawings[1].Elements("circle").Count());
        Assert.Equal(report.Plan.Regions.Count, drawings[2].Elements("rect").Count());
        foreach (XElement drawing in drawings)
        {
            double[] size = drawing.Attribute("viewBox")!.Value.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
            foreach (XElement rect in drawing.Elements("rect"))
            {
                double Value(string name) => double.Parse(rect.Attribute(name)!.Value, CultureInfo.InvariantCulture);
                Assert.InRange(Value("x"), 0, size[2]);
                Assert.InRange(Value("x") + Value("width"), 0, size[2] + 0.02);
                Assert.InRange(Value("y"), 0, size[3]);
                Assert.InRange(Value("y") + Value("height"), 0, size[3] + 0.02);
            }
        }

        static int Count(XElement drawing, string element, string style) => drawing.Elements(element).Count(e => e.Attribute("class")!.Value == style);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Figures_AgreeWithEachOther(Type network)
    {
        NetworkReport report = Create(network);

        Assert.Equal(report.MultiplyAdds, report.Steps.Sum(s => s.MultiplyAdds));
        Assert.Equal(report.ArenaBoundBytes, report.Steps.Max(s => s.LiveBytes));
        Assert.InRange(report.ArenaBoundBytes, 1, report.ArenaBytes);
        Assert.All(report.Steps, s => Assert.True(s.ReadBytes > 0 && s.WrittenBytes > 0 && s.WeightBytes >= 0, s.Name));
        Assert.InRange(report.Steps.Sum(s => s.WeightBytes), report.Parameters * 3L, report.WeightBytes);
        Assert.Contains(report.MultiplyAdds.ToString("#,0", CultureInfo.InvariantCulture), HtmlReport.Render(report));
    }

    /// <summary>The table of layers is wider than most windows and longer: what shows the rest must not lie below it.</summary>
    [Fact]
    public void Layers_ScrollInView()
    {
        string page = Render(typeof(MobileNetV2));

        Assert.Contains("<div class=\"scroll wide\"><table class=\"layers\">", page);
        Assert.Matches(@"\.wide \{ max-height: calc\(100vh[^}]*overflow: auto;", page);
        Assert.Matches(@"\.wide th \{ position: sticky; top: 0;", page);
        Assert.Matches(@"@media print[\s\S]*\.wide \{ overflow: visible; max-height: none;", page);
    }

    [Fact]
    public void Titles_AreText_WhateverTheyHold()
    {
        string page = HtmlReport.RenderIndex("<script>alert(1)</script> a\"b&c", []);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page);
        Assert.Contains("a&quot;b&amp;c", page);
    }

    [Fact]
    public void SmallestNetwork_HasAPageToo()
    {
        var report = NetworkReport.Create(new SpecBuilder(1, 1, 1).Layer("Activate", ("function", 1)).Build(), new FindingList())!;

        Assert.Equal(0, report.MultiplyAdds);
        Assert.Equal(0, report.ArenaBytes);
        Assert.DoesNotContain("NaN", HtmlReport.Render(report));
        Assert.DoesNotContain("Infinity", HtmlReport.Render(report));
    }

    [Fact]
    public void WrongNetwork_HasFindingsInsteadOfAPage()
    {
        var findings = new FindingList();
        Assert.Null(NetworkReport.Create(new SpecBuilder(8, 8, 12).Layer("Conv", ("channels", 8), ("Groups", 5)).Build(), findings));
        Assert.Equal(DiagnosticIds.GroupsDoNotDivide, Assert.Single(findings.Items).Id);
    }

    [Fact]
    public void Index_LeadsToEveryPage()
    {
        var pages = new[] { (Create(typeof(MobileNetV2)), "a b.html"), (Create(typeof(ShuffleNetV2)), "c.html") };
        string index = HtmlReport.RenderIndex("Shop", pages);

        Assert.Contains("href=\"a%20b.html\"", index);
        Assert.Contains("href=\"c.html\"", index);
    }

    private static NetworkReport Create(Type network) => NetworkReport.Create(ReflectionSpecReader.Read(network), new FindingList())!;

    private static string Render(Type network) => HtmlReport.Render(Create(network));
}
