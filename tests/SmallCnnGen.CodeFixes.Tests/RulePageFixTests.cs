using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>The pages of the rules and the fixes belong together: the wrong examples of the rules of design are mended.</summary>
public sealed class RulePageFixTests
{
    /// <summary>Rules of design with a mechanical change, and the title of the one for the page's example.</summary>
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["SCNN4001"] = "Set channels to 184",
        ["SCNN4002"] = "Set Groups to 2",
        ["SCNN4005"] = "",
        ["SCNN4006"] = "Set Activation to Activation.None",
        ["SCNN4007"] = "Insert [GlobalAveragePool] before",
        ["SCNN4008"] = "Replace by [Conv(64, Kernel = 3)] [Conv(64, Kernel = 3)]",
        ["SCNN4009"] = "Replace by [Conv(64, Kernel = \"1x7\")] [Conv(64, Kernel = \"7x1\")]",
        ["SCNN4013"] = "Set channels to 16",
        ["SCNN4014"] = "Set Activation to Activation.ReLU",
        ["SCNN4016"] = "Set channels to 32",
        ["SCNN4019"] = "Set channels to 16",
        ["SCNN4021"] = "Insert [Conv(32, Kernel = 1)] before",
        ["SCNN4023"] = "Set Activation to Activation.ReLU",
    };

    /// <summary>Errors that <see cref="DeclarationFixTests"/> and <see cref="ShapeFixTests"/> mend.</summary>
    private static readonly string[] Errors =
    [
        "SCNN1001", "SCNN1003", "SCNN1004", "SCNN1005", "SCNN1006", "SCNN1007", "SCNN1010",
        "SCNN2001", "SCNN2003", "SCNN2004", "SCNN2005", "SCNN2007", "SCNN2008",
    ];

    public static TheoryData<string> Rules() => new(Critic.Rules.Select(r => r.Descriptor.Id));

    [Fact]
    public void Pages_SayWhichRulesHaveAFix() => Assert.Equal(
        Errors.Concat(Titles.Keys).Order(),
        Directory.GetFiles(Folder(), "SCNN*.md").Select(p => Path.GetFileNameWithoutExtension(p)).Where(id => Read(id).Contains("\n## Code fix\n")).Order());

    [Fact]
    public void CommandOfTheDocumentation_NamesEveryErrorWithAFix() => Assert.Equal(
        Errors.Except(["SCNN2001"]).Order(),
        Regex.Match(File.ReadAllText(Path.Combine(Folder(), "..", "language.md")), @"--severity hidden --diagnostics((?: SCNN\d{4})+)").Groups[1].Value.Trim().Split(' '));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task WrongExample_IsMended(string id)
    {
        string wrong = Regex.Match(Read(id), "## Wrong\n\n```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        using var host = new CodeFixHost("using SmallCnnGen;\n" + wrong, new HostOptions { EditorConfig = $"[*.cs]\ndotnet_diagnostic.{id}.severity = warning\n" });
        Assert.Contains(await host.DiagnosticsAsync(), d => d.Id == id);
        var fix = (await host.OffersAsync()).FirstOrDefault(o => o.Diagnostic.Id == id);
        Assert.Equal(Titles.GetValueOrDefault(id, string.Empty), fix?.Title ?? string.Empty);
        if (fix is null)
            return;
        await host.ApplyAsync(fix);
        Assert.Empty(host.Problems());
        Assert.DoesNotContain(await host.DiagnosticsAsync(), d => d.Id == id);
    }

    private static string Read(string id) => File.ReadAllText(Path.Combine(Folder(), id + ".md")).ReplaceLineEndings("\n");

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src", "docs", "rules");
}
