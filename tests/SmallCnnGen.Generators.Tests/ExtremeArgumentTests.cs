using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>
/// Every argument of every attribute at its extremes, through the real generator: each network compiles, or is refused by a
/// located SCNN1xxx or SCNN2xxx. Nothing ends in an internal error or in C# that does not compile.
/// </summary>
public sealed class ExtremeArgumentTests
{
    private static readonly string[] Integers = ["0", "-1", "1", "int.MinValue", "int.MaxValue", "65537"];

    private static readonly string[] Longs = ["0", "-1", "1", "long.MinValue", "long.MaxValue"];

    private static readonly string[] Reals =
        ["0.0", "-0.0", "-1.0", "1e308", "-1e308", "1e-320", "double.NaN", "double.PositiveInfinity", "double.NegativeInfinity", "16.0", "1e-300"];

    private static readonly string[] Strings =
    [
        "\"\"", "\" \"", "null!", "Long.X", "Long.Brackets", "Long.Digits", "\"\\0\"", "\"a\\nb\"", "\"\\u202e\\u200b\\ufeff\"", "\"\\U0001F600\"", "\"\\ud800\"", "\"\u00e9\u91cd\u0441\"",
        "\"input\"", "\"0\"", "\"-1\"", "\"99999999999999999999\"", "\"1x\"", "\"0x0\"", "\"1, 2, 3, 4, 5\"", "\"1 / 0\"", "\"in\"", "\"*/ #error\"", "\"\\\"\\\\\"", "\"#\"", "\"</summary>]]>\"",
        "\"{0}\"", "\"a.b\"", "\".\"", "\"p\"", "\"9223372036854775807 + 1\"", "\"same\"",
    ];

    private static readonly string[] Objects =
    [
        .. Integers, "long.MinValue", "long.MaxValue", "ulong.MaxValue", "(byte)255", "'x'", "true", "1.5", "double.NaN", "1e38f", "typeof(int)", "DayOfWeek.Wednesday", "Huge.Most",
        "Activation.ReLU", "(Activation)99", "(Activation)(-1)", "UpsampleMode.Bilinear", "new int[0]", "new object[] { 1, null!, new[] { \"x\" } }", "\"\"", "null!", "Long.Brackets", "Long.Digits",
        "\"\\0\"", "\"\\ud800\"", "\"0\"", "\"1x\"", "\"0x0\"", "\"1, 2, 3, 4, 5\"", "\"1 / 0\"", "\"in\"", "\"*/ #error\"", "\"9223372036854775807 + 1\"", "\"same\"",
    ];

    private const string Common = """
        using System;
        static class Long
        {
            public const string X64 = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
            public const string X = X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64 + X64;
            public const string B64 = "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((";
            public const string Brackets = B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64 + B64;
            public const string D64 = "9999999999999999999999999999999999999999999999999999999999999999";
            public const string Digits = D64 + D64 + D64 + D64 + D64 + D64 + D64 + D64;
        }
        enum Huge : ulong { Most = ulong.MaxValue }
        """;

    private static readonly Type[] Layers = typeof(LayerAttribute).Assembly.GetExportedTypes()
        .Where(t => t.IsSubclassOf(typeof(LayerAttribute)) && !t.IsAbstract).ToArray();

    [Fact]
    public void LayersOwnArguments() => AssertCompilesOrIsRefused(Layers.SelectMany(type => Cases(type, own: true)), least: 1000);

    [Fact]
    public void ArgumentsThatEveryLayerHas()
    {
        Type[] kinds = [typeof(ConvAttribute), typeof(DenseAttribute), typeof(AddAttribute), typeof(SliceAttribute), typeof(SeparableConvAttribute), typeof(InputAttribute)];
        AssertCompilesOrIsRefused(kinds.SelectMany(type => Cases(type, own: false)), least: 400);
    }

    [Fact]
    public void NetworksArguments()
    {
        var cases = new List<string>();
        foreach (PropertyInfo property in typeof(NetworkAttribute).GetProperties().Where(p => p.CanWrite))
        {
            foreach (string value in Values(property.PropertyType).Concat(property.Name == "VectorBits" ? ["896", "384", "129", "1024"] : []))
            {
                // With a multiplier, so that every count goes through rounding.
                var arguments = new Dictionary<string, string> { ["Height"] = "8", ["Width"] = "8", ["Channels"] = "4", ["WidthMultiplier"] = "0.7", ["VectorBits"] = "128" };
                arguments[property.Name] = value;
                string list = string.Join(", ", arguments.Select(a => a.Key + " = " + a.Value));
                cases.Add($"[Network({list})] [Conv(20)] [SeparableConv(12)] [GlobalAveragePool] [Dense(3)]");
            }
        }

        cases.AddRange(typeof(BudgetAttribute).GetProperties().Where(p => p.CanWrite).SelectMany(p => Longs.Where(v => v != "0" && v != "1" && !v.StartsWith('-') && v != "long.MinValue")
            .Select(v => $"[Budget({p.Name} = {v})] {Network}[Conv(3)]")));
        foreach (string value in Objects)
        {
            cases.Add($"[Parameter(\"n\", {value})] {Network}[Conv(\"n\")]");
            cases.Add($"[Parameter(\"n\", {value})] {Network}[Conv(3, Activation = \"n\")]");
        }

        cases.AddRange(Strings.Select(v => $"[Parameter({v}, 3)] {Network}[Conv(3)]"));
        AssertCompilesOrIsRefused(cases, least: 60);
    }

    [Theory]
    [InlineData("0", "ChannelDivisor = 0 is out of range")]
    [InlineData("-1", "ChannelDivisor = -1 is out of range")]
    [InlineData("int.MaxValue", "ChannelDivisor = 2147483647 is out of range")]
    public void WrongDivisor_IsOneFinding(string divisor, string message)
    {
        string text = $"using SmallCnnGen; [Network(Height = 8, Width = 8, Channels = 4, WidthMultiplier = 0.5, ChannelDivisor = {divisor})] [Conv(20)] [SeparableConv(12)] partial class Net;";
        HostResult result = GeneratorHost.Run(text);
        Diagnostic only = Assert.Single(result.Diagnostics.Concat(result.Analyze(new DesignAnalyzer(), new RepairableErrorAnalyzer())), d => d.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal("SCNN1003", only.Id);
        Assert.Contains(message, only.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal("ChannelDivisor = " + divisor, text.Substring(only.Location.SourceSpan.Start, only.Location.SourceSpan.Length));
    }

    [Theory]
    [InlineData("Conv(4, Activation = DayOfWeek.Wednesday)", "Activation = DayOfWeek.Wednesday", "Activation = (System.DayOfWeek)3 is no member of Activation")]
    [InlineData("Activate(UpsampleMode.Bilinear)", "UpsampleMode.Bilinear", "function = (SmallCnnGen.UpsampleMode)1 is no member of Activation")]
    [InlineData("Add(\"input\", Activation = (Activation)99)", "Activation = (Activation)99", "Activation = (SmallCnnGen.Activation)99 is no member of Activation")]
    [InlineData("Wrap(DayOfWeek.Monday)", "Activation = \"act\"", "(System.DayOfWeek)1 is no member of Activation")]
    [InlineData("Conv(4, Kernel = DayOfWeek.Wednesday)", "Kernel = DayOfWeek.Wednesday", "Kernel = (System.DayOfWeek)3 is not a whole number")]
    public void UnrelatedEnum_IsRefusedWhereItStands(string layer, string place, string message)
    {
        string text = "using System; using SmallCnnGen; [Network(Height = 8, Width = 8, Channels = 4)] [" + layer + "] partial class Net;"
            + "[Conv(4, Activation = \"act\")] class WrapAttribute(object act) : BlockAttribute { public object Act => act; }";
        HostResult result = GeneratorHost.Run(text);
        Diagnostic only = Assert.Single(result.Diagnostics);
        Assert.Equal("SCNN1003", only.Id);
        Assert.Contains(message, only.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal(place, text.Substring(only.Location.SourceSpan.Start, only.Location.SourceSpan.Length));
    }

    [Fact]
    public void EnumsOfTheirOwnKind_StillWork()
    {
        GeneratorHost.Run("""
            using SmallCnnGen;
            [Parameter("act", Activation.Tanh)]
            [Network(Height = 8, Width = 8, Channels = 4)]
            [Conv(4, Activation = Activation.HardSwish)] [Conv(4, Activation = "act")] [Wrap] [Wrap(Activation.SiLU)] [Wrap(act: Activation.None)] [Upsample(2, Mode = UpsampleMode.Bilinear)]
            public partial class Net;
            [Conv(4, Activation = "act")] public class WrapAttribute(Activation act = Activation.ReLU6) : BlockAttribute { public Activation Act => act; }
            """).EnsureClean();
    }

    private const string Network = "[Network(Height = 8, Width = 8, Channels = 4, VectorBits = 128)] ";

    private static string[] Values(Type type) =>
        type == typeof(int) ? Integers
        : type == typeof(long) ? Longs
        : type == typeof(double) ? Reals
        : type == typeof(bool) ? ["true", "false"]
        : type == typeof(string) ? Strings
        : type == typeof(UpsampleMode) ? ["UpsampleMode.Bilinear", "(UpsampleMode)2", "(UpsampleMode)(-1)", "(UpsampleMode)int.MinValue"]
        : type == typeof(int[]) ? ["new int[0]", "null!", "-1", "0, 0, 3", "int.MaxValue", "int.MinValue, 1", "4"]
        : type == typeof(string[]) ? [.. Strings.Where(s => s != "null!"), "null!", "new string[0]", "new string[] { null! }", "\"p\", \"input\"", "\"p\", \"p\", \"p\""]
        : type == typeof(object) ? Objects
        : throw new NotSupportedException($"values of {type}");

    private static IEnumerable<string> Cases(Type type, bool own)
    {
        string name = type.Name[..^"Attribute".Length];
        ParameterInfo[] parameters = type.GetConstructors().Single().GetParameters();
        string[] usual = parameters.Select(p => p.HasDefaultValue ? null : name switch
        {
            "MaxUnpool" => "\"pool\"",
            "Input" => "\"more\"",
            "Slice" => p.Name == "start" ? "0" : "2",
            "Upsample" or "Shuffle" => "2",
            "Activate" => "Activation.ReLU",
            "Add" or "Multiply" or "Concat" => "\"p\"",
            "Gather" => "1",
            _ => "4",
        }).OfType<string>().ToArray();
        string Layer(string arguments) => name == "Input"
            ? $"{Network}[Conv(4, Name = \"p\")] [Add(\"p\", \"more\")] [Input({arguments})]"
            : $"{Network}[Conv(4, Name = \"p\")] [MaxPool(Kernel = 2, Name = \"pool\")] [{name}({arguments})] {(name == "MaxUnpool" ? "" : "[Flatten] [Dense(2)]")}";
        if (own)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                foreach (string value in Values(parameters[i].ParameterType))
                    yield return Layer(string.Join(", ", usual.Take(i).Append(value).Concat(usual.Skip(i + 1))));
            }
        }

        foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true } && p.DeclaringType == typeof(LayerAttribute) != own))
        {
            string needed = name == "Input" && property.Name != "Channels" ? ", Channels = 4" + (property.Name == "Height" ? "" : ", Height = 8") + (property.Name == "Width" ? "" : ", Width = 8") : string.Empty;
            foreach (string value in Values(property.PropertyType))
            {
                string list = string.Join(", ", usual.Append(property.Name + " = " + value)) + needed;

                // A function that has a constant, so that it is read.
                yield return Layer(property.Name == "Alpha" && name != "LocalResponseNorm" ? list.Replace("Activation.ReLU", "Activation.ELU") + (name == "Activate" ? "" : ", Activation = Activation.ELU") : list);
            }
        }
    }

    private static void AssertCompilesOrIsRefused(IEnumerable<string> cases, int least)
    {
        var text = new StringBuilder("using System; using SmallCnnGen;\n");
        int count = 0;
        foreach (string declaration in cases)
            text.Append(declaration.Replace("(, ", "(")).Append(CultureInfo.InvariantCulture, $" public partial class N{count++};\n");
        (string, string)[] sources = [("All.cs", text.ToString()), ("Common.cs", Common)];
        HostResult result = GeneratorHost.Run(sources, new HostOptions { Nullable = false });

        // The analyzers judge declarations, so they need not wait for what is generated to be compiled.
        HostResult declared = GeneratorHost.Run(sources, new HostOptions { Nullable = false, BuildProperties = new Dictionary<string, string> { ["SmallCnnGenDeclarationsOnly"] = "true" } });
        Diagnostic[] all = result.GeneratorDiagnostics.Concat(CSharpDiagnostics(result))
            .Concat(declared.Analyze(new MissingNetworkAnalyzer(), new DesignAnalyzer(), new RepairableErrorAnalyzer()))
            .Where(d => d.Severity >= DiagnosticSeverity.Warning || d.Id.StartsWith("SCNN9", StringComparison.Ordinal)).ToArray();
        Diagnostic[] wrong = all.Where(d => !Regex.IsMatch(d.Id, "^SCNN[124][0-9]{3}$") || d.Location.SourceTree?.FilePath != "All.cs").ToArray();
        Assert.True(wrong.Length == 0, HostResult.Describe(wrong));

        // What is refused is refused in its own declaration, in one line of bearable length.
        var files = result.GeneratedSources.Where(s => !TestHost.IsStub(s)).Select(s => s.HintName.Split('.')[0]).ToHashSet();
        Dictionary<int, Diagnostic[]> byLine = all.Where(d => d.Severity == DiagnosticSeverity.Error).GroupBy(d => d.Location.GetLineSpan().StartLinePosition.Line - 1).ToDictionary(g => g.Key, g => g.ToArray());
        for (int i = 0; i < count; i++)
            Assert.True(byLine.ContainsKey(i) != files.Contains("N" + i.ToString(CultureInfo.InvariantCulture)), $"neither refused nor generated, or both: {text.ToString().Split('\n')[i + 1]}");
        Assert.All(all, d => Assert.InRange(d.GetMessage(CultureInfo.InvariantCulture).Length, 1, 1100));
        Assert.All(all, d => Assert.DoesNotContain(d.GetMessage(CultureInfo.InvariantCulture), c => char.IsControl(c) || c is '\u202e' or '\u200b' or '\ufeff'));
        Assert.True(files.Count >= 10 && byLine.Count >= 10 && count >= least, $"{count} cases, {files.Count} compiled, {byLine.Count} refused");
    }

    /// <summary>What the C# compiler says, of each generated file that differs in more than the network's number.</summary>
    private static IEnumerable<Diagnostic> CSharpDiagnostics(HostResult result)
    {
        var seen = new HashSet<string>();
        return result.OutputCompilation.SyntaxTrees
            .Where(tree => seen.Add(Regex.Replace(tree.ToString(), @"\bN[0-9]+\b|0x[0-9A-Fa-f]{16}", string.Empty)))
            .SelectMany(tree => result.OutputCompilation.GetSemanticModel(tree).GetDiagnostics());
    }
}
