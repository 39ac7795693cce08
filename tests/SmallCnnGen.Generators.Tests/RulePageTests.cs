using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>The pages of the critic's rules say what the rules do.</summary>
public sealed class RulePageTests
{
    public static TheoryData<string> Rules() => new(Critic.Rules.Select(r => r.Descriptor.Id));

    [Fact]
    public void Rules_AreInOrder_AndAgreeWithTheirDescriptors()
    {
        Assert.Equal(Critic.Rules.Select(r => r.Descriptor.Id).Order().Distinct(), Critic.Rules.Select(r => r.Descriptor.Id));
        Assert.Equal(Critic.Rules.Select(r => r.Descriptor.Id), DesignDescriptors.All.Select(d => d.Id));
        foreach (RuleDescriptor rule in Critic.Rules.Select(r => r.Descriptor))
        {
            DiagnosticDescriptor descriptor = DiagnosticDescriptors.Find(rule.Id);
            Assert.Equal(rule.Title, descriptor.Title.ToString());
            Assert.Equal(rule.IsEnabledByDefault, descriptor.IsEnabledByDefault);
            Assert.Equal(rule.Severity == RuleSeverity.Warning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info, descriptor.DefaultSeverity);
            Assert.Equal(rule.Thresholds.Count, rule.Thresholds.Select(t => t.Name).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Examples_AreTrue(string id)
    {
        // Also rules that are off by default.
        var options = new HostOptions { EditorConfig = $"[*.cs]\ndotnet_diagnostic.{id}.severity = warning\n" };
        string page = Read(id);

        Assert.Contains(id, Ids(Example(page, "Wrong"), options));
        Assert.DoesNotContain(id, Ids(Example(page, "Right"), options));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Options_AreAllListed(string id)
    {
        RuleDescriptor rule = Critic.Rules.Single(r => r.Descriptor.Id == id).Descriptor;
        var listed = Regex.Matches(Read(id), @"^\| `([^`]+)` \| ([\d.]+) \| (.+) \|$", RegexOptions.Multiline).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value));

        Assert.Equal(rule.Thresholds.Select(t => (rule.KeyOf(t), t.Default.ToString(System.Globalization.CultureInfo.InvariantCulture), t.Meaning)), listed);
        Assert.Contains($"Severity: {(rule.Severity == RuleSeverity.Warning ? "warning" : "suggestion")}{(rule.IsEnabledByDefault ? string.Empty : " · off by default")}\n", Read(id));
    }

    private static IEnumerable<string> Ids(string source, HostOptions options) =>
        TestHost.Run("using SmallCnnGen;\n" + source, options).EnsureClean().Analyze(new Analyzers.DesignAnalyzer()).Select(d => d.Id);

    private static string Example(string page, string section) =>
        Regex.Match(page, $@"## {section}\n\n```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string Read(string id, [CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src", "docs", "rules", id + ".md")).ReplaceLineEndings("\n");
}
