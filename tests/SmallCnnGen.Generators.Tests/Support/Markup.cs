using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests.Support;

/// <summary>Sources in which <c>{|SCNN1001:text|}</c> marks where a diagnostic must be, exactly.</summary>
internal static class Markup
{
    /// <summary>Splits marked text into the source and the expected places.</summary>
    public static (string Text, List<(string Id, int Start, int End)> Expected) Parse(string marked)
    {
        var text = new StringBuilder();
        var expected = new List<(string, int, int)>();
        var open = new Stack<(string Id, int Start)>();
        for (int i = 0; i < marked.Length; i++)
        {
            if (marked[i] == '{' && i + 1 < marked.Length && marked[i + 1] == '|')
            {
                int colon = marked.IndexOf(':', i);
                open.Push((marked[(i + 2)..colon], text.Length));
                i = colon;
            }
            else if (marked[i] == '|' && i + 1 < marked.Length && marked[i + 1] == '}' && open.Count > 0)
            {
                var (id, start) = open.Pop();
                expected.Add((id, start, text.Length));
                i++;
            }
            else
            {
                text.Append(marked[i]);
            }
        }

        Assert.Empty(open);
        return (text.ToString(), expected);
    }

    /// <summary>Runs generator and analyzers; our diagnostics must be exactly the marked ones.</summary>
    public static HostResult Verify(string marked, HostOptions? options = null) => Verify([("Source.cs", marked)], options);

    /// <summary>The same for several files.</summary>
    public static HostResult Verify((string Path, string Text)[] files, HostOptions? options = null)
    {
        var parsed = files.Select(f => (f.Path, Markup: Parse("using SmallCnnGen;\n" + f.Text))).ToArray();
        var result = TestHost.Run(parsed.Select(p => (p.Path, p.Markup.Text)), options);
        var actual = result.GeneratorDiagnostics
            .Concat(result.Analyze(new MissingNetworkAnalyzer()))
            .Where(d => !d.IsSuppressed)
            .Select(Format);
        var expected = parsed.SelectMany(p => p.Markup.Expected.Select(e => $"{e.Id} at {p.Path}: {p.Markup.Text[e.Start..e.End]} [{e.Start}..{e.End})"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        return result;
    }

    /// <summary>
    /// Runs the design critic with one rule switched on; what it says must be exactly what is marked. Whatever else the critic
    /// says is returned with it.
    /// </summary>
    public static ImmutableArray<Diagnostic> VerifyDesign(string rule, string marked, HostOptions? options = null) =>
        VerifyDesignAsConfigured(rule, marked, SwitchOn(rule, options));

    /// <summary>The same with the rule on or off as by default or as the options say.</summary>
    public static ImmutableArray<Diagnostic> VerifyDesignAsConfigured(string rule, string marked, HostOptions? options = null)
    {
        var (text, expected) = Parse("using SmallCnnGen;\n" + marked);
        var result = TestHost.Run([("Source.cs", text)], options).EnsureClean();
        var diagnostics = result.Analyze(new DesignAnalyzer()).Where(d => !d.IsSuppressed).ToImmutableArray();
        Assert.Equal(
            expected.Select(e => $"{e.Id} at Source.cs: {text[e.Start..e.End]} [{e.Start}..{e.End})").Order(StringComparer.Ordinal),
            diagnostics.Where(d => d.Id == rule || !d.Id.StartsWith("SCNN4", StringComparison.Ordinal)).Select(Format).Order(StringComparer.Ordinal));
        return diagnostics;
    }

    /// <summary>Options under which a rule that is off by default speaks.</summary>
    public static HostOptions SwitchOn(string rule, HostOptions? options = null)
    {
        options ??= HostOptions.Default;
        return DiagnosticDescriptors.Find(rule).IsEnabledByDefault
            ? options
            : options with { EditorConfig = options.EditorConfig + $"\n[*.cs]\ndotnet_diagnostic.{rule}.severity = suggestion\n" };
    }

    private static string Format(Diagnostic diagnostic)
    {
        var location = diagnostic.Location;

        // Our ids are located in real trees; anything else (CS8785, AD0001) fails the comparison by its text.
        return location.SourceTree is null
            ? diagnostic.ToString()
            : $"{diagnostic.Id} at {location.SourceTree.FilePath}: {location.SourceTree.GetText().ToString(location.SourceSpan)} [{location.SourceSpan.Start}..{location.SourceSpan.End})";
    }
}
