using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Ids, descriptors and pages belong together one to one.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] Ids = typeof(DiagnosticIds)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (string)f.GetRawConstantValue()!)
        .ToArray();

    private static readonly string Pages = Path.Combine(Folder(), "..", "..", "src", "docs", "rules");

    [Fact]
    public void EveryId_HasOneDescriptor_AndNoneIsLeftOver()
    {
        Assert.Equal(Ids.Order(), DiagnosticDescriptors.All.Select(d => d.Id).Order());
        Assert.Equal(Ids.Length, Ids.Distinct().Count());
        Assert.All(Ids, id => Assert.Equal(id, DiagnosticDescriptors.Find(id).Id));
        Assert.Same(DiagnosticDescriptors.Internal, DiagnosticDescriptors.Find("SCNN0000"));
    }

    [Fact]
    public void EveryDescriptor_KeepsTheHouseRules()
    {
        foreach (var descriptor in DiagnosticDescriptors.All)
        {
            Assert.Equal($"https://github.com/smallcnngen/smallcnngen/blob/main/src/docs/rules/{descriptor.Id}.md", descriptor.HelpLinkUri);
            Assert.Equal("{0}", descriptor.MessageFormat.ToString());
            Assert.NotEmpty(descriptor.Title.ToString());
            Assert.EndsWith(".", descriptor.Description.ToString());
            Assert.Equal(
                descriptor.Id[4] switch { '0' => "SmallCnnGen.Build", '1' => "SmallCnnGen.Declaration", '2' => "SmallCnnGen.Shape", '4' => "SmallCnnGen.Design", '9' => "SmallCnnGen.Internal", _ => "?" },
                descriptor.Category);
            if (Critic.Rules.Any(r => r.Descriptor.Id == descriptor.Id))
                continue;
            Assert.Equal(
                descriptor.Id is DiagnosticIds.DebugBuild ? DiagnosticSeverity.Info
                    : descriptor.Id is DiagnosticIds.UnusedLayer or DiagnosticIds.SizeProduct or DiagnosticIds.BadThreshold or DiagnosticIds.CriticFailed ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                descriptor.DefaultSeverity);
            Assert.True(descriptor.IsEnabledByDefault);
        }
    }

    [Fact]
    public void EveryDescriptor_HasItsPage_AndEveryPageADescriptor()
    {
        var pages = Directory.GetFiles(Pages, "*.md").Select(p => Path.GetFileNameWithoutExtension(p)!).ToHashSet();
        Assert.All(DiagnosticDescriptors.All, d => Assert.Contains(d.Id, pages));

        // Weights are checked at run time: 3xxx are ids of exceptions, without a descriptor. 0xxx come from the package's
        // build files, before there is a compiler to report anything.
        Assert.All(pages, page => Assert.True(page.StartsWith("SCNN3") || page.StartsWith("SCNN0") || Ids.Contains(page), page));
    }

    [Fact]
    public void EveryPage_HasTheSameSections_AndItsDescriptorsTitle()
    {
        foreach (string path in Directory.GetFiles(Pages, "*.md"))
        {
            string id = Path.GetFileNameWithoutExtension(path);
            string[] lines = File.ReadAllLines(path);
            Assert.StartsWith($"# {id}: ", lines[0]);
            if (Ids.Contains(id))
                Assert.Equal($"# {id}: {DiagnosticDescriptors.Find(id).Title}", lines[0]);
            string[] sections = Critic.Rules.Any(r => r.Descriptor.Id == id)
                ? ["## What", "## Why", "## Measured on our kernels", "## Wrong", "## Right", "## How to fix", "## Options", "## How to suppress"]
                : ["## What", "## Why", "## Wrong", "## Right", "## How to fix"];
            string[] found = lines.Where(l => l.StartsWith("## ")).ToArray();
            Assert.Equal(sections, found.Where(l => l != "## Code fix"));
            int fix = System.Array.IndexOf(found, "## Code fix");
            Assert.True(fix < 0 || found[fix - 1] == "## How to fix", path);
        }
    }

    /// <summary>What a package's page on nuget.org shows.</summary>
    [Theory]
    [InlineData("SmallCnnGen", "../../README.md")]
    [InlineData("SmallCnnGen.Zoo", "README.md")]
    [InlineData("SmallCnnGen.Cli", "README.md")]
    public void EveryPackage_PacksItsReadMe(string project, string readme)
    {
        string folder = Path.Combine(Folder(), "..", "..", "src", project);
        XDocument file = XDocument.Load(Path.Combine(folder, project + ".csproj"));

        Assert.Equal("README.md", Assert.Single(file.Descendants("PackageReadmeFile")).Value);
        Assert.Contains(file.Descendants("None"), item => item.Attribute("Include")?.Value.Split(';').Contains(readme) == true && item.Attribute("Pack")?.Value == "true");
        Assert.True(File.Exists(Path.Combine(folder, readme)));
    }

    [Fact]
    public void EveryLinkBetweenPages_LeadsSomewhere()
    {
        string root = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));
        IEnumerable<string> pages = Directory.GetFiles(Path.Combine(root, "src", "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(["README.md", "benchmarks/README.md", "generated-samples/Glyphs/README.md", "src/SmallCnnGen.Zoo/README.md", "src/SmallCnnGen.Cli/README.md"])
            .Select(page => Path.Combine(root, page));
        const string own = "https://github.com/smallcnngen/smallcnngen/blob/main/";
        string[] broken = pages
            .SelectMany(page => Regex.Matches(File.ReadAllText(page), @"\]\(([^)\s]+)\)").Select(m => (Page: page, Target: m.Groups[1].Value.Split('#')[0])))
            .Where(l => l.Target.Length > 0 && (l.Target.StartsWith(own) || !l.Target.Contains("://")))
            .Where(l => !Path.Exists(l.Target.StartsWith(own) ? Path.Combine(root, l.Target[own.Length..]) : Path.Combine(Path.GetDirectoryName(l.Page)!, l.Target)))
            .Select(l => Path.GetRelativePath(root, l.Page) + " -> " + l.Target)
            .ToArray();
        Assert.Empty(broken);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
