using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Nonsense in, errors out, never an exception; and no culture changes anything.</summary>
public sealed class RobustnessTests
{
    private static readonly string[] Layers =
    [
        "Conv", "DepthwiseConv", "ConvTranspose", "Dense", "BatchNorm", "Activate", "MaxPool", "AveragePool", "GlobalAveragePool",
        "AdaptiveAveragePool", "MaxUnpool", "Input", "Add", "Multiply", "Concat", "Slice", "Shuffle", "Gather", "Pad", "PadChannels",
        "Upsample", "LocalResponseNorm", "Softmax", "Flatten", "Odd", "Blk", "Layer", "Block", "Network", "Nothing", "System.Obsolete", "global::SmallCnnGen.ConvAttribute", "Gen<int>",
    ];

    private static readonly string[] Values =
    [
        "0", "-1", "3", "int.MaxValue", "int.MinValue", "ulong.MaxValue", "1.5", "double.NaN", "-0.0", "1e308f", "\"\"", "\"in *\"", "\"a,b\"", "\"\\0\\uD800\"",
        "null", "true", "'x'", "typeof(Net)", "typeof(Gen<>)", "typeof(void)", "Activation.ReLU", "(Activation)99", "new int[0]", "new object[] { 1, null, new[] { \"x\" } }",
        "new string[] { null }", "undefined", "1 +", "nameof(Net)", "default", "new()", "$\"{1}\"", "1 / 0", "\"\"u8", "()", "new[] { typeof(int) }",
    ];

    private static readonly string[] Names =
    [
        "Name", "From", "Kernel", "Stride", "Channels", "Repeat", "When", "Height", "WidthMultiplier", "Padding", "Activation", "Nope", "TypeId", "Alpha",
    ];

    private static readonly string[] Shapes =
    [
        "partial class", "class", "static class", "abstract partial class", "partial record", "record struct", "partial struct", "interface", "sealed partial class", "file partial class", "enum", "ref struct", "readonly partial record struct",
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void RandomNonsense_NeverThrows(int seed, bool oneFile)
    {
        var random = new Random(seed);
        var files = Enumerable.Range(0, 150).Select(i => ($"F{i}.cs", (oneFile ? "" : Header) + Nonsense(random, i))).ToArray();
        if (oneFile)
            files = [("All.cs", Header + string.Concat(files.Select(f => f.Item2)))];

        // Twice: with a compiler that accepts everything, and with the real one.
        foreach (var generator in new[] { new SmallCnnGenerator(TestHost.Accept), new SmallCnnGenerator() })
        {
            var result = GeneratorHost.Run(files.Append(("Common.cs", Common)), new HostOptions { Generator = generator });
            Assert.Null(Assert.Single(result.Driver.GetRunResult().Results).Exception);
            var bad = result.GeneratorDiagnostics.Concat(result.Analyze(new MissingNetworkAnalyzer(), new DesignAnalyzer()))
                .Where(d => d.Id is "CS8785" or "AD0001" or "SCNN9001" or "SCNN9002").ToArray();
            Assert.True(bad.Length == 0, HostResult.Describe(bad));
            Assert.All(result.GeneratorDiagnostics, d => Assert.StartsWith("SCNN", d.Id));
            Assert.True(result.GeneratorDiagnostics.Select(d => d.Id).Distinct().Count() >= 4, "the nonsense must get far enough to mean something");

            // Every diagnostic lies in a file of the compilation and can be printed.
            Assert.All(result.GeneratorDiagnostics, d => Assert.NotNull(d.Location.SourceTree));
            Assert.NotEmpty(HostResult.Describe(result.GeneratorDiagnostics));
        }
    }

    /// <summary>
    /// Arguments that compile and mostly make sense, so that networks get past the compiler and reach the critic: all its
    /// rules, with odd thresholds, on odd sizes, blocks in blocks, huge and unknown values.
    /// </summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void RandomDesigns_NeverMakeTheCriticThrow(int seed)
    {
        const int networks = 150;
        var random = new Random(seed);
        string thresholds = string.Concat(Critic.Rules.SelectMany(r => r.Descriptor.Thresholds.Select(t => (Rule: r.Descriptor, Threshold: t)))
            .Select(t => $"smallcnngen.{t.Rule.Id}.{t.Threshold.Name} = {Pick(random, ["0", "0.001", "1", "7", "1e9", "nonsense", t.Threshold.Default.ToString(CultureInfo.InvariantCulture)])}\n"));
        string severities = string.Concat(Critic.Rules.Select(r => $"dotnet_diagnostic.{r.Descriptor.Id}.severity = warning\n"));
        var text = new StringBuilder(Header + DesignBlocks);
        for (int i = 0; i < networks; i++)
            text.Append(Design(random, i));
        var options = new HostOptions { EditorConfig = "[*.cs]\n" + thresholds + severities, BuildProperties = new Dictionary<string, string> { ["SmallCnnGenDeclarationsOnly"] = "true" } };
        var result = GeneratorHost.Run([("All.cs", text.ToString()), ("Common.cs", Common)], options);
        var diagnostics = result.Diagnostics.Concat(result.Analyze(new MissingNetworkAnalyzer(), new DesignAnalyzer())).ToArray();

        var bad = diagnostics.Where(d => d.Id is "CS8785" or "AD0001" or "SCNN9001" or "SCNN9002").ToArray();
        Assert.True(bad.Length == 0, HostResult.Describe(bad));
        string[] told = diagnostics.Select(d => d.Id).Where(id => id.StartsWith("SCNN4")).Distinct().ToArray();
        Assert.True(told.Length >= 12, "the designs must get far enough to mean something: " + string.Join(" ", told));
        int refused = diagnostics.Where(d => d.Id is "SCNN1003" or "SCNN1004" or "SCNN1006" or "SCNN2002" or "SCNN2003" or "SCNN2004").Count();
        Assert.True(refused > 5, "some must be refused");
    }

    private const string DesignBlocks = """
        [Conv("c", Kernel = "k", Groups = "g", Name = "a")] [DepthwiseConv(Kernel = "k")] [Conv("in", Kernel = 1, Activation = Activation.SiLU, Groups = "g")] [Add("input")]
        sealed class UnitAttribute([ChannelCount] object c, object k, object g) : BlockAttribute { public object C => c; public object K => k; public object G => g; }
        [Unit("c", 3, 1)] [Unit("c * 2", "k", 2)] [Conv("c", Kernel = 1)] [MaxPool(Kernel = 2, Stride = 2)]
        sealed class StageAttribute([ChannelCount] object c, object k) : BlockAttribute { public object C => c; public object K => k; }
        [Stage("c", 5, Repeat = "n")] [Shuffle(2)] [Unit("in", 1, "in")]
        sealed class DeepAttribute(object c, object n) : BlockAttribute { public object C => c; public object N => n; }
        [GlobalAveragePool] [Conv("s", Kernel = 1, BatchNorm = false)] [Conv("in", Kernel = 1, BatchNorm = false, Activation = Activation.HardSigmoid)] [Multiply("input")]
        sealed class GateAttribute(object s) : BlockAttribute { public object S => s; }

        """;

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static string Design(Random random, int index)
    {
        string Count() => Pick(random, ["1", "2", "3", "4", "7", "8", "16", "24", "31", "32", "64", "64", "64", "128", "512"]);
        string Odd() => Pick(random, ["0", "-1", "1000000", "int.MaxValue", "\"in * 2\"", "\"in / 2\"", "\"nothing\"", "null", "1.5", "\"1x3\"", "typeof(int)"]);
        string Number() => random.Next(60) == 0 ? Odd() : Count();
        string Size() => random.Next(60) == 0 ? Odd() : Pick(random, ["1", "1", "3", "3", "5", "7", "\"1x7\"", "2"]);
        string Groups() => random.Next(60) == 0 ? Odd() : Pick(random, ["1", "1", "2", "4", "8"]);
        string Act() => "Activation." + Pick(random, ["None", "ReLU", "HardSwish", "SiLU", "PReLU"]);
        string Layer() => random.Next(22) switch
        {
            0 or 1 or 2 => $"Conv({Number()}, Kernel = {Size()}, Stride = {Pick(random, ["1", "1", "2", "4"])}, Groups = {Groups()})",
            3 or 4 or 5 => $"Conv(64, Kernel = 1, Groups = {Groups()}, Repeat = {Pick(random, ["1", "3"])})",
            6 => $"Conv({Number()}, Kernel = {Size()}, Activation = {Act()})",
            7 => $"DepthwiseConv(Kernel = {Size()}, Stride = {Pick(random, ["1", "2"])})",
            8 => $"Unit({Number()}, {Size()}, {Groups()})",
            9 => $"Stage({Number()}, {Size()})",
            10 => $"Deep({Number()}, {Pick(random, ["0", "1", "2"])})",
            11 => $"Gate({Number()})",
            12 => $"Shuffle({Groups()})",
            13 => $"Slice(0, {Pick(random, ["\"in\"", "1", "8", "32"])})",
            14 => $"MaxPool(Kernel = 2, Stride = {Pick(random, ["1", "2"])})",
            15 => "Activate(Activation.HardSwish)",
            16 => "BatchNorm",
            17 => $"PadChannels({Pick(random, ["64", "128"])})",
            18 => $"InvertedResidual({Number()}, expand: {Pick(random, ["1", "2", "6"])}, stride: {Pick(random, ["1", "2"])})",
            19 => $"ConvTranspose({Number()}, Kernel = 2, Stride = 2)",
            20 => $"Conv(64, Name = \"n{random.Next(1000)}\", From = \"input\")",
            _ => $"Upsample({Pick(random, ["1", "2"])})",
        };
        int size = random.Next(5) == 0 ? random.Next(1, 9) : random.Next(16, 65);
        var text = new StringBuilder($"[Network(Height = {size}, Width = {size + random.Next(-1, 3)}, Channels = {Pick(random, ["1", "3", "64"])}{Pick(random, ["", "", ", WidthMultiplier = 0.2", ", ResolutionMultiplier = 0.5", ", VectorBits = 512", ", VectorBits = 128"])})]\n");
        if (random.Next(5) == 0)
            text.Append($"[Budget({Pick(random, ["MultiplyAdds", "Parameters", "ArenaBytes", "WeightBytes"])} = {Pick(random, ["1", "-1", "long.MaxValue", "100000", "0"])})]\n");
        int layers = random.Next(1, 8);
        for (int i = 0; i < layers; i++)
            text.Append('[').Append(Layer()).Append("]\n");
        text.Append(Pick(random, ["", "[GlobalAveragePool] [Dense(10)]\n", "[Dense(10)]\n"]));
        return text.Append("partial class Net").Append(index).Append(";\n").ToString();
    }

    [Fact]
    public void TruncatedSource_NeverThrows()
    {
        const string source = Header + """
            [Network(typeof(Base), Height = 8, WidthMultiplier = 0.5)] partial class Net { void Run() { } }
            [Network(Height = 8, Width = 8, Channels = 3)] [Conv("a" + "b", Kernel = 3), Blk(1, "x", Name = "q")] partial class Base;
            [Conv("c"), Concat("e1", "e3")] class BlkAttribute([ChannelCount] int c = 3, params string[] x) : BlockAttribute;
            """;
        for (int length = Header.Length; length < source.Length; length += 5)
        {
            var result = TestHost.Run(source[..length]);
            Assert.Null(Assert.Single(result.Driver.GetRunResult().Results).Exception);
            Assert.DoesNotContain(result.GeneratorDiagnostics, d => d.Id is "SCNN9001" or "CS8785");
        }
    }

    [Fact]
    public void WithoutReferences_NothingHappens()
    {
        var compilation = GeneratorHost.CreateCompilation([("A.cs", Header + "[Network] [Conv(3)] partial class A;")]).WithReferences();
        var driver = Microsoft.CodeAnalysis.CSharp.CSharpGeneratorDriver.Create(new SmallCnnGenerator()).RunGenerators(compilation);
        Assert.Empty(driver.GetRunResult().Diagnostics);
    }

    [Fact]
    public void OddCulture_ChangesNothing()
    {
        const string source = """
            using SmallCnnGen;
            [Network(Height = 8, Width = -9, Channels = 3, WidthMultiplier = -0.5)]
            [Conv(-4, Alpha = -1.25, Kernel = -3L, Stride = ulong.MaxValue, Padding = -1.5f)] [Concat("a", "b")]
            partial class Net;
            """;
        string Describe()
        {
            var result = TestHost.Run(source, new HostOptions { Generator = new SmallCnnGenerator((spec, token) => TestHost.Accept(spec, token) with
            {
                Findings = new Compiler.Model.EquatableArray<Compiler.Model.Finding>(
                    new Compiler.Model.Finding("SCNN2003", Parsed.Show(spec.Layers)[0], 1, "inputs[1]")),
            }) });
            var diagnostic = Assert.Single(result.GeneratorDiagnostics);
            return string.Join("\n", Parsed.Show(Parsed.SpecOf(result).Layers)) + diagnostic.GetMessage() + diagnostic.Location.SourceSpan
                + string.Join(" ", result.GeneratedSources.Select(s => s.HintName));
        }

        string expected = Describe();
        Assert.Contains("channels: -4, Alpha: -1.25, Kernel: -3, Stride: 18446744073709551615, Padding: -1.5", expected);
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "\u2212";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = odd;
            Assert.Equal("\u22121,5", (-1.5).ToString());
            Assert.Equal(expected, Describe());
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    private const string Header = "using SmallCnnGen; using B;\n";

    private const string Common = """
        using SmallCnnGen;
        namespace B
        {
            public sealed class OddAttribute(params object[] all) : LayerAttribute { public object[] All => all; }
            [Conv("c"), Blk(3)] public sealed class BlkAttribute([ChannelCount] object c, int d = 4, [StageStride] string s = "x", params double[] rest) : BlockAttribute { public object[] All => [c, d, s, rest]; }
            [Gen<string>] public sealed class GenAttribute<T>(T? t = default) : BlockAttribute { public T? X => t; }
            public class Gen<T>;
        }
        """;

    private static string Nonsense(Random random, int index)
    {
        string Pick(string[] from) => RobustnessTests.Pick(random, from);
        string Arguments()
        {
            int count = random.Next(4);
            return count == 0 ? "" : "(" + string.Join(", ", Enumerable.Range(0, count).Select(_ => random.Next(3) switch
            {
                0 => Pick(Names) + " = " + Pick(Values),
                1 when random.Next(4) == 0 => Pick(["channels", "inputs", "c", "rest", "architecture"]) + ": " + Pick(Values),
                _ => Pick(Values),
            })) + ")";
        }

        var text = new StringBuilder();
        bool nested = random.Next(6) == 0;
        if (nested)
            text.Append(Pick(Shapes)).Append(" Outer").Append(index).Append(random.Next(3) == 0 ? "<T>" : "").Append(" {\n");
        if (random.Next(8) != 0)
            text.Append("[Network(").Append(random.Next(4) == 0 ? "typeof(Net" + random.Next(150) + "), " : "").Append("Height = 8, Width = 8, Channels = 3)]\n");
        int layers = random.Next(5);
        for (int i = 0; i < layers; i++)
            text.Append('[').Append(Pick(Layers)).Append(Arguments()).Append("]\n");
        text.Append(Pick(Shapes)).Append(" Net").Append(random.Next(20) == 0 ? 7 : index).Append(random.Next(10) == 0 ? "<T>" : "").Append(" { ");
        if (random.Next(6) == 0)
            text.Append("void Run() { } int Cost; ");
        text.Append(random.Next(40) == 0 ? "" : "}\n");
        if (nested)
            text.Append("}\n");
        return text.ToString();
    }
}
