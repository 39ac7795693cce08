using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>What is checked in beside the sample's declarations is what the generator emits.</summary>
public class GeneratedFilesTests
{
    private const string Refresh = "dotnet build generated-samples/Glyphs -p:RefreshGenerated=true";

    [Fact]
    public void CheckedInFiles_AreWhatTheGeneratorEmits()
    {
        string sample = Path.Combine(Root(), "generated-samples", "Glyphs");
        string[] declarations = ["GlyphMobileNetV2.cs", "GlyphShuffleNetV2.cs", "IGlyphNetwork.cs", "ClassifierAttribute.cs"];
        var options = new HostOptions { BuildProperties = new Dictionary<string, string> { ["SmallCnnGenVectorBits"] = "256" } };
        HostResult result = GeneratorHost.Run(declarations.Select(f => (f, File.ReadAllText(Path.Combine(sample, f)))), options);
        result.EnsureClean();
        Dictionary<string, string> emitted = result.GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString(), StringComparer.Ordinal);
        string[] checkedIn = Directory.GetFiles(Path.Combine(sample, "generated"), "*.cs").Select(f => Path.GetFileName(f)).ToArray();

        var problems = new List<string>();
        problems.AddRange(emitted.Keys.Except(checkedIn).Select(f => f + " is missing"));
        problems.AddRange(checkedIn.Except(emitted.Keys).Select(f => f + " is no longer emitted"));
        foreach (string file in checkedIn.Intersect(emitted.Keys))
        {
            // Git may check text out with other line ends.
            string[] old = Lines(File.ReadAllText(Path.Combine(sample, "generated", file))), now = Lines(emitted[file]);
            int line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).FirstOrDefault(i => i >= old.Length || i >= now.Length || old[i] != now[i], -1);
            if (line >= 0)
                problems.Add(FormattableString.Invariant($"{file} differs from line {line + 1}"));
        }

        Assert.True(problems.Count == 0, "generated-samples/Glyphs/generated is stale; refresh it with\n  " + Refresh + "\n" + string.Join('\n', problems));
        Assert.NotEmpty(emitted);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmallCnnGen.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no folder above " + AppContext.BaseDirectory + " contains SmallCnnGen.sln");
    }
}
