using System.Linq;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>What is written is what the specification says.</summary>
public sealed class NetworkParserTests
{
    private const string Net = "[Network(Height = 8, Width = 9, Channels = 3)] ";

    [Fact]
    public void Class_NamesAndModifiers_AreKept()
    {
        var result = TestHost.Run($$"""
            using SmallCnnGen;
            namespace Shop.@event.Vision
            {
                public partial record struct Outer
                {
                    internal partial interface IInner
                    {
                        {{Net}}[Conv(4)] protected internal sealed partial class @class { }
                    }
                }
            }
            """).EnsureClean();
        var spec = Parsed.SpecOf(result, "Shop.@event.Vision.Outer.IInner.@class");
        Assert.Equal("Shop.@event.Vision", spec.Namespace);
        Assert.Equal(["partial record struct Outer", "partial interface IInner"], spec.ContainingTypes);
        Assert.Equal("@class", spec.TypeName);
        Assert.Equal("protected internal sealed", spec.TypeModifiers);
        Assert.Equal("Shop.@event.Vision.Outer.IInner.@class", spec.FullName);
    }

    [Fact]
    public void GlobalNamespace_ImplicitAccessibility_IsInternal()
    {
        var spec = Parsed.Spec(Net + "[Conv(4)] partial class Net { }");
        Assert.Equal("", spec.Namespace);
        Assert.Empty(spec.ContainingTypes);
        Assert.Equal("internal", spec.TypeModifiers);
    }

    [Fact]
    public void Options_AllWritten_AllRead()
    {
        var spec = Parsed.Spec("""
            [Network(Height = 224, Width = 192, Channels = 1, WidthMultiplier = 0.75, ChannelDivisor = 4,
                ResolutionMultiplier = 0.5, VectorBits = 512, Trace = true)]
            [Conv(4)] partial class Net { }
            """);
        Assert.Equal(new NetworkOptions(224, 192, 1, 0.75, 4, 0.5, 512, true), spec.Options);
    }

    [Fact]
    public void Layers_AreInSyntaxOrder_WithTheirSourceIndices()
    {
        var spec = Parsed.Spec(Net + """
            [Conv(32, Kernel = "1x7", Activation = Activation.ReLU6, Name = "c"), MaxPool]
            [AveragePool(Stride = 2L)]
            [Concat("c", "d")]
            [Gather(2, 1, 0)]
            [Dense(units: "10", Alpha = -1.5)]
            [Softmax]
            partial class Net { }
            """);
        Assert.Equal(
            [
                "Conv(channels: 32, Kernel: \"1x7\", Activation: (SmallCnnGen.Activation)2, Name: \"c\")",
                "MaxPool()",
                "AveragePool(Stride: 2)",
                "Concat(inputs: { \"c\", \"d\" })",
                "Gather(index: { 2, 1, 0 })",
                "Dense(units: \"10\", Alpha: -1.5)",
                "Softmax()",
            ],
            Parsed.Show(spec.Layers));
        Assert.Equal(Enumerable.Range(0, 7), spec.Layers.Select(l => l.Source));
        Assert.All(spec.Layers, l => Assert.False(l.IsBlock));
        Assert.Empty(spec.Blocks);
    }

    [Theory]
    [InlineData("(byte)3", ArgumentKind.Integer, "3")]
    [InlineData("-3", ArgumentKind.Integer, "-3")]
    [InlineData("3u", ArgumentKind.Integer, "3")]
    [InlineData("long.MinValue", ArgumentKind.Integer, "-9223372036854775808")]
    [InlineData("9223372036854775807ul", ArgumentKind.Integer, "9223372036854775807")]
    [InlineData("ulong.MaxValue", ArgumentKind.Other, "18446744073709551615")]
    [InlineData("1.5", ArgumentKind.Real, "1.5")]
    [InlineData("0.5f", ArgumentKind.Real, "0.5")]
    [InlineData("double.NaN", ArgumentKind.Real, "NaN")]
    [InlineData("true", ArgumentKind.Boolean, "true")]
    [InlineData("\"in * 2\"", ArgumentKind.Text, "\"in * 2\"")]
    [InlineData("(object)null!", ArgumentKind.Null, "null")]
    [InlineData("'\\n'", ArgumentKind.Other, "'\\n'")]
    [InlineData("typeof(int)", ArgumentKind.Other, "typeof(int)")]
    [InlineData("new object[] { 1, \"a\", new[] { true } }", ArgumentKind.List, "{ 1, \"a\", { true } }")]
    [InlineData("Activation.HardSwish", ArgumentKind.Enum, "(SmallCnnGen.Activation)8")]
    [InlineData("nameof(Net)", ArgumentKind.Text, "\"Net\"")]
    [InlineData("2 * 8 + 1", ArgumentKind.Integer, "17")]
    public void Argument_OfAnyType_BecomesAValue(string written, ArgumentKind kind, string shown)
    {
        var spec = Parsed.Spec(Net + $"[Conv({written})] partial class Net {{ }}");
        var value = Assert.Single(Assert.Single(spec.Layers).Arguments).Value;
        Assert.Equal(kind, value.Kind);
        Assert.Equal(shown, value.ToString());
    }

    [Fact]
    public void Params_WrittenAnyWay_AreOneList()
    {
        var spec = Parsed.Spec(Net + """
            [Conv(4, Name = "a")] [Add("a")] [Add(new[] { "a" })] [Add(inputs: new string[] { "a" })] [Add] [Add(null!)]
            partial class Net { }
            """);
        Assert.Equal(
            ["Add(inputs: { \"a\" })", "Add(inputs: { \"a\" })", "Add(inputs: { \"a\" })", "Add()", "Add(inputs: null)"],
            Parsed.Show(spec.Layers).Skip(1));
    }

    [Fact]
    public void Block_BodyAndParameters_AreCollectedOnce()
    {
        var spec = Parsed.Spec("""
            namespace N
            {
                [Conv("squeeze", Kernel = 1, Name = "s"), Conv("expand", Kernel = 1, From = "s", Name = "e1")]
                [Conv("expand", Kernel = 3, From = "s", Name = "e3"), Concat("e1", "e3")]
                sealed class FireAttribute([ChannelCount] int squeeze, int expand = 64, [StageStride] object? stride = null,
                    Activation act = Activation.ReLU6, [LayerInput] string mode = "x", params int[] rest) : BlockAttribute
                {
                    public object[] All => [squeeze, expand, stride!, act, mode, rest];
                    public bool Residual { get; set; }
                }
            }
            """ + Net + """
            [Conv(4)] [N.Fire(8, expand: 64)] [N.Fire(8, 32, 2, Repeat = 3, Residual = true)] [N.FireAttribute(1, rest: new[] { 5 })]
            partial class Net { }
            """);
        Assert.Equal(
            [
                "Conv(channels: 4)", "N.FireAttribute(squeeze: 8)",
                "N.FireAttribute(squeeze: 8, expand: 32, stride: 2, Repeat: 3, Residual: true)",
                "N.FireAttribute(squeeze: 1, rest: { 5 })",
            ],
            Parsed.Show(spec.Layers));
        Assert.Equal([false, true, true, true], spec.Layers.Select(l => l.IsBlock));
        var block = Assert.Single(spec.Blocks);
        Assert.Equal(("N.FireAttribute", "Fire"), (block.Id, block.Name));
        Assert.Equal(
            [
                new BlockParameter("squeeze", null, true, false),
                new BlockParameter("expand", ArgumentValue.Of(64L), false, false),
                new BlockParameter("stride", ArgumentValue.Null, false, true),
                new BlockParameter("act", ArgumentValue.Of(2, "SmallCnnGen.Activation"), false, false),
                new BlockParameter("mode", ArgumentValue.Of("x"), false, false, IsLayerInput: true),
                new BlockParameter("rest", null, false, false),
            ],
            block.Parameters);
        Assert.Equal(
            [
                "Conv(channels: \"squeeze\", Kernel: 1, Name: \"s\")",
                "Conv(channels: \"expand\", Kernel: 1, From: \"s\", Name: \"e1\")",
                "Conv(channels: \"expand\", Kernel: 3, From: \"s\", Name: \"e3\")",
                "Concat(inputs: { \"e1\", \"e3\" })",
            ],
            Parsed.Show(block.Layers));

        // The body is in this compilation, so its attributes have places of their own, after the network's.
        Assert.Equal([4, 5, 6, 7], block.Layers.Select(l => l.Source));
    }

    [Fact]
    public void Blocks_ContainingThemselves_AreFinite()
    {
        var spec = Parsed.Spec("""
            [Self] sealed class SelfAttribute : BlockAttribute { }
            [Pong] sealed class PingAttribute : BlockAttribute { }
            [Ping] [Self] sealed class PongAttribute : BlockAttribute { }
            """ + Net + "[Ping] partial class Net { }");
        Assert.Equal(["PingAttribute", "PongAttribute", "SelfAttribute"], spec.Blocks.Select(b => b.Id));
    }

    [Fact]
    public void Block_InUsersPartOfOurNamespace_IsNoPrimitive() => Markup.Verify("""
        namespace SmallCnnGen { sealed class MyConvAttribute : LayerAttribute { } }
        namespace N
        {
            using SmallCnnGen;
            [Network(Height = 8, Width = 8, Channels = 3)] [{|SCNN1003:MyConv|}] partial class Net { }
        }
        """);

    [Fact]
    public void NestedBlock_HasItsMetadataName()
    {
        var spec = Parsed.Spec("""
            namespace A.B { static class Blocks { [Conv(1)] public sealed class XAttribute : BlockAttribute { } } }
            """ + Net + "[A.B.Blocks.X] partial class Net { }");
        Assert.Equal("A.B.Blocks+XAttribute", Assert.Single(spec.Blocks).Id);
        Assert.Equal("A.B.Blocks+XAttribute", Assert.Single(spec.Layers).Kind);
    }

    [Theory]
    [InlineData("[Conv(]")]
    [InlineData("[Conv]")]
    [InlineData("[Conv(undefined)]")]
    [InlineData("[Conv(32, Kernel = )]")]
    [InlineData("[Conv(32, Krnel = 3)]")]
    [InlineData("[Conv(32, BatchNorm = \"yes\")]")]
    [InlineData("[Convv(32)]")]
    [InlineData("[Layer]")]
    [InlineData("[Block]")]
    [InlineData("[Add(\"a\", 3)]")]
    [InlineData("[Conv(typeof(Undefined))]")]
    [InlineData("[Conv(new[] { undefined })]")]
    [InlineData("[Network(typeof(Undefined))]")]
    [InlineData("[Network(Heigth = 8)]")]
    [InlineData("[Network(Height = undefined)]")]
    [InlineData("[Network(Height = \"8\")]")]
    [InlineData("[Network(8)]")]
    [InlineData("[")]
    public void HalfTypedCode_IsLeftToTheCSharpCompiler(string attribute)
    {
        string network = attribute.Contains("Network") ? "" : Net;
        var result = TestHost.Run($"using SmallCnnGen;\n{network}{attribute} partial class Net {{ }}");
        Assert.Empty(result.GeneratorDiagnostics);
        Assert.NotEmpty(result.Diagnostics);
        Assert.All(Parsed.Networks(result), n => Assert.True(n.Spec is null || attribute is "["));
    }

    [Fact]
    public void NetworkOnTwoParts_IsParsedOnce()
    {
        var result = TestHost.Run($"using SmallCnnGen;\n{Net}[Conv(4)] partial class Net {{ }}\n{Net}partial class Net {{ }}");
        Assert.Single(Parsed.Networks(result));
        Assert.Equal("CS0579", Assert.Single(result.Diagnostics).Id);
    }

    [Fact]
    public void ClassDeclaredTwice_IsParsedOnce()
    {
        var result = TestHost.Run($"using SmallCnnGen;\n{Net}[Conv(4)] partial class Net {{ }}\n{Net}[Conv(4)] class Net {{ }}");
        Assert.Single(Parsed.Networks(result));
    }
}
