using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>[Network(typeof(X))]: X's layers, X's options below one's own.</summary>
public sealed class VariantTests
{
    private const string Architecture = """
        using SmallCnnGen;
        namespace Lib
        {
            [Conv("c", Kernel = 1, Name = "z")]
            [Conv("c", Kernel = 3, From = "z", Name = "a")]
            [Conv("in * 2", Kernel = 5, From = "z", Name = "m", When = "c > 1")]
            [Concat("z", "a", "m")]
            [Inner]
            public sealed class TowerAttribute([ChannelCount] int c, [StageStride] int stride = 2) : BlockAttribute
            {
                public int Sum => c + stride;
            }

            [BatchNorm(Epsilon = 1e-3)]
            [Activate(Activation.SiLU)]
            public sealed class InnerAttribute : BlockAttribute;

            [Network(Height = 224, Width = 192, Channels = 3, WidthMultiplier = 0.75, VectorBits = 512, Trace = true)]
            [Conv(32, Stride = 2)]
            [Tower(16)]
            [Tower(24, 1, Repeat = 2)]
            [GlobalAveragePool]
            [Dense(10)]
            public sealed partial class Arch;
        }
        """;

    private const string Variant = """
        using SmallCnnGen;
        [Network(typeof(Lib.Arch), WidthMultiplier = 0.5, Height = 160, Width = 160)]
        partial class Net;
        """;

    [Fact]
    public void SameAssembly_LayersAndOptionsAreInherited_MultiplierReplaces()
    {
        var result = TestHost.Run([("Arch.cs", Architecture), ("Net.cs", Variant)]).EnsureClean();
        var net = Parsed.SpecOf(result);
        var arch = Parsed.SpecOf(result, "Lib.Arch");
        Assert.Equal(new NetworkOptions(160, 160, 3, 0.5, 8, 1, 512, true), net.Options);
        Assert.Equal(arch.Layers, net.Layers);
        Assert.Equal(arch.Blocks, net.Blocks);
        Assert.Equal([0, 1, 2, 3, 4], net.Layers.Select(l => l.Source));
        var positions = Parsed.Networks(result).Single(n => n.Name == "Net").Positions;
        Assert.Equal("Net.cs", positions.Network.Whole.FilePath);
        Assert.All(positions.Layers, p => Assert.Equal("Arch.cs", p.Whole.FilePath));
        Assert.Equal(12, positions.Layers.Count);
    }

    [Fact]
    public void OtherAssembly_IsReadAsFromSource_ButWithoutPositions()
    {
        var source = Parsed.SpecOf(TestHost.Run([("Arch.cs", Architecture), ("Net.cs", Variant)]).EnsureClean());
        var reference = GeneratorHost.CompileReference("Lib", Architecture);
        var result = TestHost.Run([("Net.cs", Variant)], new HostOptions { References = [reference] }).EnsureClean();
        var net = Parsed.SpecOf(result);

        // Metadata keeps the order of attributes and tells the same story, but for where it was written.
        Assert.Equal(source.Options, net.Options);
        Assert.Equal(Parsed.Show(source.Layers), Parsed.Show(net.Layers));
        Assert.Equal(source.Blocks.Select(b => b.Id), net.Blocks.Select(b => b.Id));
        Assert.Equal(source.Blocks.SelectMany(b => Parsed.Show(b.Layers)), net.Blocks.SelectMany(b => Parsed.Show(b.Layers)));
        Assert.Equal(source.Blocks.SelectMany(b => b.Parameters), net.Blocks.SelectMany(b => b.Parameters));
        Assert.All(net.Layers.Concat(net.Blocks.SelectMany(b => b.Layers)), l => Assert.Equal(-1, l.Source));
        Assert.Empty(Assert.Single(Parsed.Networks(result)).Positions.Layers);
    }

    [Fact]
    public void OtherAssembly_AsCompilationReference_EqualsMetadata()
    {
        // What an editor passes for a referenced project.
        var library = GeneratorHost.CreateCompilation([("Arch.cs", Architecture)], new HostOptions { AssemblyName = "Lib" });
        var viaProject = Parsed.SpecOf(TestHost.Run([("Net.cs", Variant)], new HostOptions { References = [library.ToMetadataReference()] }).EnsureClean());
        var viaMetadata = Parsed.SpecOf(TestHost.Run([("Net.cs", Variant)], new HostOptions { References = [GeneratorHost.CompileReference("Lib", Architecture)] }));
        Assert.Equal(viaMetadata, viaProject);
    }

    [Fact]
    public void ManyAttributes_InMetadata_KeepTheirOrder()
    {
        // Rows of one owner must stay in order though the table is sorted by owner: many owners, interleaved.
        string library = "using SmallCnnGen; namespace Lib {" + string.Concat(Enumerable.Range(0, 40).Select(b =>
            "[System.Obsolete]" + string.Concat(Enumerable.Range(0, 50).Select(i => $"[Conv({1000 * b + i})]"))
            + $" public sealed class B{b}Attribute([ChannelCount] int c) : BlockAttribute {{ [System.Obsolete] public int C => c; }}")) + "}";
        var reference = GeneratorHost.CompileReference("Lib", library);
        var result = TestHost.Run(
            "#pragma warning disable CS0612\nusing SmallCnnGen; using Lib; [Network(Height = 8, Width = 8, Channels = 3)]"
            + string.Concat(Enumerable.Range(0, 40).Select(b => $"[B{b}(1)]")) + " partial class Net;",
            new HostOptions { References = [reference] }).EnsureClean();
        var spec = Parsed.SpecOf(result);
        Assert.Equal(40, spec.Blocks.Count);
        Assert.All(spec.Blocks, block => Assert.Equal(
            Enumerable.Range(0, 50).Select(i => 1000L * int.Parse(block.Name[1..]) + i),
            block.Layers.Select(l => l.Arguments[0].Value.Integer)));
    }

    [Fact]
    public void TwoAssemblies_WithBlocksOfOneName_AreToldApart()
    {
        string Library(int channels) => $"using SmallCnnGen; namespace Lib {{ [Conv({channels})] public sealed class XAttribute : BlockAttribute; }}";
        var one = GeneratorHost.CompileReference("One", Library(1)).WithAliases(["one"]);
        var two = GeneratorHost.CompileReference("Two", Library(2)).WithAliases(["two"]);
        var result = TestHost.Run("""
            extern alias one; extern alias two;
            using SmallCnnGen;
            [Network(Height = 8, Width = 8, Channels = 3)] [one::Lib.X] [two::Lib.X] partial class Net;
            """, new HostOptions { References = [one, two] }).EnsureClean();
        var spec = Parsed.SpecOf(result);
        Assert.Equal(["Conv(channels: 1)", "Conv(channels: 2)"], spec.Blocks.SelectMany(b => Parsed.Show(b.Layers)));
        Assert.Equal(spec.Blocks.Select(b => b.Id), spec.Layers.Select(l => l.Kind));
    }

    [Fact]
    public void VariantOfVariant_LaysOptionsOverEachOther()
    {
        var result = TestHost.Run("""
            using SmallCnnGen;
            [Network(Height = 224, Width = 224, Channels = 3, WidthMultiplier = 2)] [Conv(4)] partial class A;
            [Network(typeof(A), Height = 96, WidthMultiplier = 0.5)] partial class B;
            [Network(typeof(B), Width = 64, Trace = true)] partial class C;
            """).EnsureClean();
        var spec = Parsed.SpecOf(result, "C");
        Assert.Equal((96, 64, 3, 0.5, true), (spec.Options.Height, spec.Options.Width, spec.Options.Channels, spec.Options.WidthMultiplier, spec.Options.Trace));
        Assert.Equal(["Conv(channels: 4)"], Parsed.Show(spec.Layers));
    }

    private const string ParameterArchitecture = """
        namespace Lib
        {
            [SmallCnnGen.Network(Height = 8, Width = 8, Channels = 3)]
            [SmallCnnGen.Parameter("groups", 1)]
            [SmallCnnGen.Parameter("channels", "groups * 8")]
            [SmallCnnGen.Conv("channels", Groups = 1)]
            public sealed partial class A;
        }
        """;

    [Fact]
    public void Parameters_AreTheArchitecturesThenEachVariants()
    {
        (string, string)[] sources =
        [
            ("A.cs", ParameterArchitecture),
            ("B.cs", """
                using SmallCnnGen;
                [Network(typeof(Lib.A)), Parameter("groups", 2)] partial class B;
                [Network(typeof(B)), Parameter(value: 64, name: "channels")] [Parameter("groups", 4)] partial class C;
                """),
        ];
        var result = TestHost.Run(sources).EnsureClean();
        Assert.Equal(
            ["groups = 1 (0, 1)", "channels = \"groups * 8\" (0, 2)", "groups = 2 (1, 3)", "channels = 64 (2, 4)", "groups = 4 (2, 5)"],
            Show(Parsed.SpecOf(result, "C")));
        var positions = Parsed.Networks(result).Single(n => n.Name == "C").Positions.Layers;
        Assert.Equal(["A.cs", "A.cs", "A.cs", "B.cs", "B.cs", "B.cs"], positions.Select(p => p.Whole.FilePath));

        var reference = GeneratorHost.CompileReference("Lib", ParameterArchitecture);
        var elsewhere = TestHost.Run([sources[1]], new HostOptions { References = [reference] }).EnsureClean();
        Assert.Equal(
            ["groups = 1 (0, -1)", "channels = \"groups * 8\" (0, -1)", "groups = 2 (1, 0)", "channels = 64 (2, 1)", "groups = 4 (2, 2)"],
            Show(Parsed.SpecOf(elsewhere, "C")));

        static System.Collections.Generic.IEnumerable<string> Show(NetworkSpec spec) =>
            spec.Parameters.Select(p => $"{p.Name} = {p.Value} ({p.Level}, {p.Source})");
    }

    [Fact]
    public void WrongParameters_AreFoundAtTheArgument()
    {
        var result = Markup.Verify("""
            [Network(Height = 8, Width = 8, Channels = 3)]
            [Parameter("groups", 1)] [Parameter({|SCNN1003:"groups"|}, 2)] [Parameter({|SCNN1003:"2x"|}, 2)]
            [Parameter("channels", {|SCNN1006:"grups * 8"|})] [Parameter("real", {|SCNN1003:value: 1.5|})]
            [Conv(4)] partial class A;

            [Network(Height = 8, Width = 8, Channels = 3)] [Parameter("groups", 1)] [Conv("groups")] partial class B;
            [Network(typeof(B)), Parameter({|SCNN1003:name: "group"|}, value: 2)] partial class C;
            """, new HostOptions { Generator = new SmallCnnGenerator() });
        Assert.Contains(result.GeneratorDiagnostics, d => d.GetMessage().Contains("Did you mean 'groups'?"));
    }

    [Fact]
    public void LayersOnAVariant_AreRefused() => Markup.Verify("""
        [Network(Height = 8, Width = 8, Channels = 3)] [Conv(4)] partial class A;
        [Network(typeof(A))] [{|SCNN1003:Conv(4)|}] [Dense(3)] partial class B;
        """);

    [Fact]
    public void ArchitectureWithoutNetwork_IsRefused() => Markup.Verify("""
        class A;
        [Network({|SCNN1012:typeof(A)|})] partial class B;
        [Network({|SCNN1012:architecture: typeof(int[])|}, Height = 3)] partial class C;
        [Network({|SCNN1012:null!|})] partial class D;
        [Network({|SCNN1012:typeof(System.Collections.Generic.List<>)|})] partial class E;
        """);

    [Fact]
    public void Circle_IsRefusedAtEveryLink()
    {
        var result = Markup.Verify("""
            [Network({|SCNN1012:typeof(B)|})] partial class A;
            [Network({|SCNN1012:typeof(A)|}, Height = 3)] partial class B;
            [Network({|SCNN1012:typeof(A)|})] partial class Outside;
            [Network({|SCNN1012:typeof(Self)|})] partial class Self;
            """);
        Assert.Contains(result.GeneratorDiagnostics, d => d.GetMessage().Contains("A -> B -> A"));
    }
}
