using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Tooling;
using Xunit;
using static SmallCnnGen.Compiler.Tests.SpecBuilder;
using Act = SmallCnnGen.Compiler.Ir.Activation;

namespace SmallCnnGen.Compiler.Tests.Declaration;

/// <summary>[Parameter] on networks and variants, and <c>index</c> in repeated blocks.</summary>
public class NetworkParameterTests
{
    private static SpecBuilder Net() => new(16, 16, 8);

    private static int[] Channels(Graph graph) => graph.Nodes.Skip(1).Where(n => n.Op is ConvOp).Select(n => n.Shape.Channels).ToArray();

    [Fact]
    public void Parameters_AreNumbersInTheNetworksExpressions()
    {
        Graph graph = Net()
            .Parameter("groups", 2)
            .Parameter("wide", true)
            .Parameter("channels", "groups * (wide ? 16 : 8)")
            .Layer("Conv", ("channels", "channels"), ("Groups", "groups"), ("Repeat", "groups"))
            .Layer("Conv", ("channels", "channels / 2"), ("When", "wide"))
            .Layer("Conv", ("channels", 4), ("When", "!wide"))
            .Expand();

        Assert.Equal([32, 32, 16], Channels(graph));
        Assert.Equal([2, 2, 1], graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Select(c => c.Groups));
    }

    [Fact]
    public void AVariantsValue_ReplacesTheArchitecturesAndWhatIsDerivedFollows()
    {
        SpecBuilder Variant(params (string Name, object Value, int Level)[] values)
        {
            SpecBuilder builder = Net().Parameter("a", 4).Parameter("b", "a * 2").Parameter("c", "a + b").Layer("Conv", ("channels", "c"));
            foreach ((string name, object value, int level) in values)
                builder.Parameter(name, value, level);
            return builder;
        }

        Assert.Equal([12], Channels(Variant().Expand()));
        Assert.Equal([24], Channels(Variant(("a", 8, 1)).Expand()));
        Assert.Equal([9], Channels(Variant(("b", 5, 1)).Expand()));
        Assert.Equal([7], Channels(Variant(("c", "a + 1", 1), ("a", 5, 1), ("a", 6, 2)).Expand()));
    }

    [Fact]
    public void WordsSizesAndEnums_StandForThemselves()
    {
        Graph graph = Net()
            .Parameter("padding", "valid")
            .Parameter("kernel", "1x3")
            .Parameter("stride", "1, 2")
            .Parameter("same", "kernel")
            .Parameter("activation", Act.SiLU)
            .Layer("Conv", ("channels", 4), ("Kernel", "same"), ("Padding", "padding"), ("Stride", "stride"), ("Activation", "activation"))
            .Expand();

        Assert.Equal(Act.SiLU, graph.Nodes.Select(n => n.Op).OfType<ActivationOp>().Single().Function.Function);
        Assert.Equal(
            new Window(new Pair(1, 3), new Pair(1, 2), default, new Pair(1, 1)),
            graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single().Window);
    }

    [Fact]
    public void ALayer_MayHaveTheNameOfAParameter()
    {
        Graph graph = Net().Parameter("a", 4).Parameter("stem", "a * 2").Layer("Conv", ("channels", "stem"), ("Name", "stem"), ("BatchNorm", false)).Expand();

        Assert.Equal(["stem.weight 8x8x3x3", "stem.bias 8"], GraphTensors.Of(graph));
    }

    [Fact]
    public void Blocks_SeeTheirOwnParametersOnly()
    {
        SpecBuilder builder = Net().Parameter("n", 4).Block("B", "m", L("Conv", ("channels", "m"))).Block("C", "", L("Conv", ("channels", "n")));

        Assert.Equal([4], Channels(builder.Use("B", ("m", "n")).Expand()));
        Finding finding = builder.Use("C").ExpandWrong();
        Assert.Contains("unknown name 'n' (known here: in, inHeight, inWidth, index)", finding.Message);
    }

    [Fact]
    public void WidthMultiplier_ScalesChannelsThatAreParameters()
    {
        SpecBuilder builder = Net().Options(o => o with { WidthMultiplier = 0.5 })
            .Parameter("n", 32)
            .Block("B", "channels:c", L("Conv", ("channels", "c")))
            .Layer("Conv", ("channels", "n"))
            .Use("B", ("c", "n"));

        Assert.Equal([16, 16], Channels(builder.Expand()));
    }

    [Fact]
    public void Index_IsTheNumberOfTheCopy()
    {
        Graph graph = Net()
            .Block("B", "n", L("Conv", ("channels", "n + index"), ("Kernel", "index % 2 == 0 ? 3 : 1, 1")))
            .Use("B", ("n", 10), ("Repeat", 3))
            .Use("B", ("n", 20))
            .Expand();

        Assert.Equal([10, 11, 12, 20], Channels(graph));
        Assert.Equal([3, 1, 3, 3], graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Select(c => c.Window.Kernel.Y));
    }

    [Fact]
    public void WrongParameters_AreFound()
    {
        Check(Net().Parameter("a", 1).Parameter("a", 2), DiagnosticIds.BadArgument, 101, "name", "'a' has a value already");
        Check(Net().Parameter("a", 1).Parameter("a", 2, 1).Parameter("a", 2, 1), DiagnosticIds.BadArgument, 102, "name", "'a' has a value already");
        Check(Net().Parameter("a", 1).Parameter("b", 2, 1), DiagnosticIds.BadArgument, 101, "name", "no parameter 'b' (it has a)");
        Check(Net().Parameter("b", 2, 1), DiagnosticIds.BadArgument, 100, "name", "no parameter 'b' (it has none)");
        Check(Net().Parameter("", 2), DiagnosticIds.BadArgument, 100, "name", "'' is no name");
        Check(Net().Parameter("a-b", 2), DiagnosticIds.BadArgument, 100, "name", "'a-b' is no name");
        Check(Net().Parameter("true", 2), DiagnosticIds.BadArgument, 100, "name", "'true' is no name");
        Check(Net().Parameter("a", 1.5), DiagnosticIds.BadArgument, 100, "value", "'a' = 1.5 is not a whole number");
        Check(Net().Parameter("a", null), DiagnosticIds.BadArgument, 100, "value", "'a' = null is not");
        Check(Net().Parameter("a", "2 * c"), DiagnosticIds.BadExpression, 100, "value", "unknown name 'c'");
        Check(Net().Parameter("a", "b").Parameter("b", 2), DiagnosticIds.BadExpression, 100, "value", "'b' is declared below it");
        Check(Net().Parameter("a", "a + 1"), DiagnosticIds.BadExpression, 100, "value", "unknown name 'a'");

        static void Check(SpecBuilder builder, string id, int source, string argument, string words)
        {
            Finding finding = builder.Layer("Conv", ("channels", 4)).ExpandWrong();
            Assert.Equal((id, source, argument), (finding.Id, finding.Source, finding.Argument));
            Assert.Contains(words, finding.Message);
        }
    }

    [Fact]
    public void AWordWhereANumberIsMeant_IsFoundAtTheLayer()
    {
        Finding finding = Net().Parameter("a", "half").Layer("Conv", ("channels", "a")).ExpandWrong();

        Assert.Equal((DiagnosticIds.BadExpression, 0, "channels"), (finding.Id, finding.Source, finding.Argument));
        Assert.Contains("was given \"half\"", finding.Message);
    }

    [Fact]
    public void TheReader_OrdersParametersAsTheParserDoes()
    {
        NetworkSpec spec = ReflectionSpecReader.Read<Second>();

        Assert.Equal(
            ["a = 4 (0, 1)", "b = \"2 * a\" (0, 2)", "a = 8 (1, 3)", "b = 3 (2, 4)"],
            spec.Parameters.Select(p => $"{p.Name} = {p.Value} ({p.Level}, {p.Source})"));
        Assert.Equal([11], Channels(Expand(spec)));
    }

    [Network(Height = 8, Width = 8, Channels = 3), Parameter("a", 4), Parameter("b", "2 * a")]
    [Conv("a + b")]
    private sealed class Architecture;

    [Network(typeof(Architecture)), Parameter("a", 8)]
    private sealed class First;

    [Network(typeof(First)), Parameter("b", 3)]
    private sealed class Second;
}
