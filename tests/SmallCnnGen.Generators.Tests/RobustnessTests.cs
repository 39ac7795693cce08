using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
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
            var bad = result.GeneratorDiagnostics.Concat(result.Analyze(new MissingNetworkAnalyzer()))
                .Where(d => d.Id is "CS8785" or "AD0001" or "SCNN9001").ToArray();
            Assert.True(bad.Length == 0, HostResult.Describe(bad));
            Assert.All(result.GeneratorDiagnostics, d => Assert.StartsWith("SCNN", d.Id));
            Assert.True(result.GeneratorDiagnostics.Select(d => d.Id).Distinct().Count() >= 4, "the nonsense must get far enough to mean something");

            // Every diagnostic lies in a file of the compilation and can be printed.
            Assert.All(result.GeneratorDiagnostics, d => Assert.NotNull(d.Location.SourceTree));
            Assert.NotEmpty(HostResult.Describe(result.GeneratorDiagnostics));
        }
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
        string Pick(string[] from) => from[random.Next(from.Length)];
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
