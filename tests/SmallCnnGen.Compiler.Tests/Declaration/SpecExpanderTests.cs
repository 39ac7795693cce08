using System;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Tooling;
using Xunit;
using static SmallCnnGen.Compiler.Tests.SpecBuilder;
using Act = SmallCnnGen.Compiler.Ir.Activation;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class SpecExpanderTests
{
    private static SpecBuilder Net(int height = 16, int width = 16, int channels = 8) => new(height, width, channels);

    private static string[] Names(Graph graph) => graph.Nodes.Select(n => n.Name).ToArray();

    private static Node At(Graph graph, string name) => graph.Nodes.Single(n => n.Name == name);

    private static string[] InputsOf(Graph graph, string name) => At(graph, name).Inputs.Select(i => graph.Nodes[i].Name).ToArray();

    // --- one layer, many nodes -------------------------------------------------------------------------------------

    [Fact]
    public void Conv_ByDefaultIsConvNormAndReLU()
    {
        Graph graph = Net().Layer("Conv", ("channels", 32), ("Name", "stem")).Expand();

        Assert.Equal(["input", "stem.conv", "stem.bn", "stem"], Names(graph));
        Assert.Equal(
            new ConvOp(new Window(new Pair(3, 3), new Pair(1, 1), new Sides(1, 1, 1, 1), new Pair(1, 1)), 32, 1, "stem.conv.weight", null),
            At(graph, "stem.conv").Op);
        Assert.Equal(new BatchNormOp(new BatchNormSpec("stem.bn", 1e-5)), At(graph, "stem.bn").Op);
        Assert.Equal(new ActivationOp(new ActivationSpec(Act.ReLU)), At(graph, "stem").Op);
        Assert.Equal(3, graph.Output);
        Assert.All(graph.Nodes.Skip(1), n => Assert.Equal(0, n.Source));
    }

    [Theory]
    [InlineData(true, true, "c.conv,c.bn,c")]
    [InlineData(true, false, "c.conv,c")]
    [InlineData(false, true, "c.conv,c")]
    [InlineData(false, false, "c")]
    public void Conv_TheLastNodeCarriesTheName(bool norm, bool relu, string names)
    {
        Graph graph = Net().Layer("Conv", ("channels", 4), ("Name", "c"), ("BatchNorm", norm), ("Activation", relu ? Act.ReLU : Act.None)).Expand();

        Assert.Equal(names.Split(','), Names(graph).Skip(1));
        Assert.Equal(norm ? null : "c.bias", ((ConvOp)graph.Nodes[1].Op).Bias);
    }

    [Theory]
    [InlineData(true, "auto", null)]
    [InlineData(true, "true", "c.conv.bias")]
    [InlineData(true, true, "c.conv.bias")]
    [InlineData(true, false, null)]
    [InlineData(false, "auto", "c.bias")]
    [InlineData(false, "false", null)]
    [InlineData(false, false, null)]
    public void Conv_BiasFollowsItsArgument(bool norm, object bias, string? expected)
    {
        Graph graph = Net().Layer("Conv", ("channels", 4), ("Name", "c"), ("BatchNorm", norm), ("Bias", bias)).Expand();

        Assert.Equal(expected, graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single().Bias);
    }

    [Theory]
    [InlineData(null, null, "c.conv.weight", "c.bn")]
    [InlineData("m", null, "m.conv.weight", "m.bn")]
    [InlineData(null, "b", "c.conv.weight", "b")]
    [InlineData("m", "b", "m.weight", "b")]
    [InlineData("", null, "conv.weight", "bn")]
    [InlineData("", "b", "weight", "b")]
    public void Conv_ModulesNameItsTensors(string? module, string? norm, string weight, string bn)
    {
        Graph graph = Net().Layer("Conv", ("channels", 4), ("Name", "c"), ("Module", module), ("BatchNormModule", norm)).Expand();

        Assert.Equal(weight, graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single().Weight);
        Assert.Equal(bn, graph.Nodes.Select(n => n.Op).OfType<BatchNormOp>().Single().Norm.Module);
    }

    [Fact]
    public void Conv_WithoutNormPutsItsTensorsBelowTheModule()
    {
        Graph graph = Net().Layer("Conv", ("channels", 4), ("BatchNorm", false), ("Module", "features.0")).Expand();

        Assert.Equal(["features.0.weight 4x8x3x3", "features.0.bias 4"], GraphTensors.Of(graph));
    }

    [Theory]
    [InlineData("half", 3, 1, 1, "1,1,1,1")]
    [InlineData("half", 4, 1, 1, "1,1,1,1")]
    [InlineData("half", 3, 1, 2, "2,2,2,2")]
    [InlineData("valid", 5, 1, 1, "0,0,0,0")]
    [InlineData("same", 3, 2, 1, "0,0,1,1")]
    [InlineData("same", 3, 1, 1, "1,1,1,1")]
    [InlineData("same", 2, 1, 1, "0,0,1,1")]
    [InlineData("same", 1, 2, 1, "0,0,0,0")]
    [InlineData("same", 5, 3, 1, "2,2,2,2")]
    [InlineData(2, 3, 1, 1, "2,2,2,2")]
    [InlineData("1x2", 3, 1, 1, "1,2,1,2")]
    [InlineData("1, 2", 3, 1, 1, "1,2,1,2")]
    [InlineData("1, 2, 3, 0", 3, 1, 1, "1,2,3,0")]
    [InlineData("1 + 1", 3, 1, 1, "2,2,2,2")]
    public void Conv_PaddingHasManyForms(object padding, int kernel, int stride, int dilation, string expected)
    {
        Graph graph = Net().Layer("Conv", ("channels", 4), ("Kernel", kernel), ("Stride", stride), ("Dilation", dilation), ("Padding", padding)).Expand();

        var op = graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single();
        Assert.Equal(expected, op.Window.Padding.ToString());
        if (padding is "same")
            Assert.Equal((16 + stride - 1) / stride, graph.Nodes[graph.Output].Shape.Height);
    }

    [Fact]
    public void Same_DependsOnEachSideOfTheInput()
    {
        Graph graph = Net(15, 16).Layer("Conv", ("channels", 4), ("Kernel", 3), ("Stride", 2), ("Padding", "same")).Expand();

        var op = graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single();
        Assert.Equal("1,0,1,1", op.Window.Padding.ToString());
        Assert.Equal("8x8x4", graph.Nodes[graph.Output].Shape.ToString());
    }

    [Fact]
    public void Pairs_HaveManyForms()
    {
        Graph graph = Net()
            .Layer("Conv", ("channels", 4), ("Name", "a"), ("Kernel", "1x7"), ("Stride", " 1 x 2 "), ("Dilation", "2, 1"))
            .Expand();

        Window window = graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Single().Window;
        Assert.Equal(new Window(new Pair(1, 7), new Pair(1, 2), new Sides(0, 3, 0, 3), new Pair(2, 1)), window);
    }

    [Fact]
    public void DepthwiseConv_HasOneGroupAChannel()
    {
        Graph graph = Net().Layer("DepthwiseConv", ("Multiplier", 2), ("Name", "dw")).Expand();

        var op = Assert.IsType<ConvOp>(At(graph, "dw.conv").Op);
        Assert.Equal((16, 8), (op.Channels, op.Groups));
        Assert.Equal("dw.conv.weight 16x1x3x3", GraphTensors.Of(graph).First());
    }

    [Fact]
    public void ConvTranspose_StoresWeightsAsPyTorchDoes()
    {
        Graph graph = Net().Layer("ConvTranspose", ("channels", 6), ("Groups", 2), ("Stride", 2), ("OutputPadding", 1), ("Name", "up")).Expand();

        Assert.Equal("up.conv.weight 8x3x3x3", GraphTensors.Of(graph).First());
        Assert.Equal("32x32x6", graph.Nodes[graph.Output].Shape.ToString());
    }

    [Fact]
    public void Dense_FlattensAMap()
    {
        Graph graph = Net(4, 4, 8).Layer("Dense", ("units", 10), ("Name", "fc"), ("Activation", Act.ReLU)).Expand();

        Assert.Equal(["input", "fc.flatten", "fc.linear", "fc"], Names(graph));
        Assert.Equal(["fc.weight 10x128", "fc.bias 10"], GraphTensors.Of(graph));
    }

    [Fact]
    public void Dense_OnOnePixelDoesNotFlatten()
    {
        Graph graph = Net().Layer("GlobalAveragePool").Layer("Dense", ("units", 10), ("Bias", false)).Expand();

        Assert.Equal(["input", "0", "1"], Names(graph));
        Assert.Equal(["1.weight 10x8"], GraphTensors.Of(graph));
    }

    [Theory]
    [InlineData(Act.LeakyReLU, null, 0.01f)]
    [InlineData(Act.LeakyReLU, double.NaN, 0.01f)]
    [InlineData(Act.LeakyReLU, 0.2, 0.2f)]
    [InlineData(Act.LeakyReLU, 0.0, 0f)]
    [InlineData(Act.ELU, null, 1f)]
    [InlineData(Act.ELU, 2, 2f)]
    [InlineData(Act.HardSwish, null, 0f)]
    public void Activation_HasItsConstant(Act function, object? alpha, float expected)
    {
        Graph graph = Net().Layer("Activate", ("function", function), ("Alpha", alpha ?? double.NaN)).Expand();

        Assert.Equal(new ActivationOp(new ActivationSpec(function, expected)), graph.Nodes[1].Op);
    }

    [Fact]
    public void PReLU_NamesItsSlopes()
    {
        Graph graph = Net()
            .Layer("Conv", ("channels", 4), ("Name", "a"), ("Activation", Act.PReLU))
            .Layer("Conv", ("channels", 4), ("Name", "b"), ("Activation", Act.PReLU), ("ActivationModule", "slopes"))
            .Layer("Activate", ("function", Act.PReLU), ("Name", "c"))
            .Layer("Activate", ("function", Act.PReLU), ("Name", "d"), ("Shared", true), ("Module", "m"))
            .Layer("Add", ("inputs", new[] { "a" }), ("Name", "e"), ("Activation", Act.PReLU))
            .Expand();

        string[] slopes = GraphTensors.Of(graph).Where(t => !t.Contains("conv.") && !t.Contains("bn.")).ToArray();
        Assert.Equal(["a.act.weight 4", "slopes.weight 4", "c.weight 4", "m.weight 1", "e.act.weight 4"], slopes);
    }

    [Fact]
    public void Pools_MapToOps()
    {
        Graph graph = Net(32, 32)
            .Layer("MaxPool", ("Kernel", 3), ("Stride", 2), ("Padding", 1), ("CeilMode", true))
            .Layer("MaxPool")
            .Layer("AveragePool", ("Kernel", "3x1"), ("Stride", 1), ("Padding", "same"), ("CountIncludePad", false))
            .Layer("AdaptiveAveragePool", ("size", "3x2"))
            .Layer("AdaptiveMaxPool", ("size", 2))
            .Layer("GlobalMaxPool")
            .Expand();

        Assert.Equal(
            """
            %0 input = input 0 -> 32x32x8 ()
            %1 0 = max_pool 3x3 s2 p1 ceil -> 17x17x8 (%0)
            %2 1 = max_pool 2x2 s2 p0 -> 8x8x8 (%1)
            %3 2 = avg_pool 3x1 s1 p1,0,1,0 exclude_pad -> 8x8x8 (%2)
            %4 3 = adaptive_avg_pool 3x2 -> 3x2x8 (%3)
            %5 4 = adaptive_max_pool 2x2 -> 2x2x8 (%4)
            %6 5 = global_max_pool 1x1 -> 1x1x8 (%5)
            output %6

            """,
            GraphPrinter.Print(graph));
    }

    [Fact]
    public void ChannelMaps_HaveTheirSources()
    {
        Graph graph = Net()
            .Layer("Shuffle", ("groups", 2), ("Name", "s"))
            .Layer("Slice", ("start", 1), ("end", 8), ("Step", 3), ("Name", "c"))
            .Layer("Gather", ("index", new[] { 2, 0, 0 }), ("Name", "g"))
            .Block("B", "step", L("Gather", ("Channel", "(step * i + 1) % in"), ("Count", "in + 1"), ("Name", "g")))
            .Use("B", ("step", 2), ("Name", "b"))
            .Layer("Gather", ("index", Array.Empty<int>()), ("Channel", "i"), ("Count", 3), ("Name", "three"))
            .Layer("PadChannels", ("channels", 5), ("Name", "p"))
            .Expand();

        int[] Source(string name) => ((ChannelMapOp)At(graph, name).Op).Source.ToArray();
        Assert.Equal([0, 4, 1, 5, 2, 6, 3, 7], Source("s"));
        Assert.Equal([1, 4, 7], Source("c"));
        Assert.Equal([2, 0, 0], Source("g"));
        Assert.Equal([1, 0, 2, 1], Source("b.g"));
        Assert.Equal([0, 1, 2, -1, -1], Source("p"));
        Assert.Equal(["shuffle", "slice", "gather", "gather", "gather", "pad_channels"], graph.Nodes.Skip(1).Select(n => n.Op.Name));
    }

    [Fact]
    public void OtherLayers_MapToOps()
    {
        Graph graph = Net(4, 4, 2)
            .Layer("Pad", ("pads", "0, 1, 2, -1"))
            .Layer("Upsample", ("scale", 2), ("Mode", UpsampleMode.Bilinear), ("AlignCorners", true))
            .Layer("LocalResponseNorm", ("Size", 3))
            .Layer("BatchNorm", ("Epsilon", 0.001), ("Name", "bn"))
            .Layer("Softmax")
            .Layer("Flatten")
            .Expand();

        Assert.Equal(
            """
            %0 input = input 0 -> 4x4x2 ()
            %1 0 = pad 0,1,2,-1 -> 6x4x2 (%0)
            %2 1 = upsample x2 bilinear align_corners -> 12x8x2 (%1)
            %3 2 = lrn size 3 alpha 0.0001 beta 0.75 k 1 -> 12x8x2 (%2)
            %4 bn = batch_norm -> 12x8x2 (%3)  [norm bn eps 0.001]
            %5 4 = softmax -> 12x8x2 (%4)
            %6 5 = flatten -> 1x1x192 (%5)
            output %6

            """,
            GraphPrinter.Print(graph));
    }

    [Fact]
    public void MaxUnpool_ReadsTheMapThatWasPooled()
    {
        Graph graph = Net()
            .Layer("Activate", ("function", Act.ReLU), ("Name", "a"))
            .Layer("MaxPool", ("Name", "pool"))
            .Layer("Activate", ("function", Act.ReLU), ("Name", "b"))
            .Layer("MaxUnpool", ("pool", "pool"), ("Name", "u"))
            .Expand();

        Assert.Equal(["b", "a"], InputsOf(graph, "u"));
        Assert.Equal("16x16x8", At(graph, "u").Shape.ToString());
    }

    // --- names and branches ----------------------------------------------------------------------------------------

    [Fact]
    public void From_TakesANamedLayerOrTheInput()
    {
        Graph graph = Net()
            .Layer("Flatten", ("Name", "a"))
            .Layer("Softmax", ("From", "input"), ("Name", "b"))
            .Layer("Softmax", ("From", "a"), ("Name", "c"))
            .Layer("Flatten", ("From", " b "), ("Name", "d"))
            .Layer("Add", ("inputs", new[] { "c" }), ("Name", "e"))
            .Expand();

        Assert.Equal(["input"], InputsOf(graph, "b"));
        Assert.Equal(["a"], InputsOf(graph, "c"));
        Assert.Equal(["b"], InputsOf(graph, "d"));
        Assert.Equal(["d", "c"], InputsOf(graph, "e"));
    }

    [Theory]
    [InlineData("Add", "a", null, "p,a")]
    [InlineData("Add", "a,b", null, "a,b")]
    [InlineData("Add", null, "a", "p,a")]
    [InlineData("Add", null, "a, b", "a,b")]
    [InlineData("Add", "a", "b", "b,a")]
    [InlineData("Add", "a", "b, c", "b,c,a")]
    [InlineData("Add", "a,b,c", null, "a,b,c")]
    [InlineData("Multiply", "a", null, "p,a")]
    [InlineData("Multiply", null, "a,b", "a,b")]
    [InlineData("Concat", "a", null, "a,p")]
    [InlineData("Concat", "a", "b", "a,b")]
    [InlineData("Concat", null, "a", "a,p")]
    [InlineData("Concat", "b,a,c", null, "b,a,c")]
    public void MergingLayers_TakeTheirInputsInOrder(string kind, string? inputs, string? from, string expected)
    {
        var findings = new FindingList();
        NetworkSpec spec = Net()
            .Layer("Softmax", ("Name", "a"))
            .Layer("Softmax", ("Name", "b"))
            .Layer("Softmax", ("Name", "c"))
            .Layer("Softmax", ("Name", "p"))
            .Layer(kind, ("inputs", inputs?.Split(',') ?? []), ("From", from), ("Name", "m"))
            .Build();

        Graph graph = SpecExpander.Expand(spec, findings)!;

        Assert.Equal(expected.Split(','), InputsOf(graph, "m"));
    }

    [Fact]
    public void Multiply_OfThreeIsAChain()
    {
        Graph graph = Net()
            .Layer("Softmax", ("Name", "a"))
            .Layer("GlobalAveragePool", ("Name", "b"))
            .Layer("Multiply", ("inputs", new[] { "input", "a", "b" }), ("Name", "m"))
            .Expand();

        Assert.Equal(["input", "a"], InputsOf(graph, "m.mul1"));
        Assert.Equal(["m.mul1", "b"], InputsOf(graph, "m"));
    }

    [Fact]
    public void Add_ActivationIsANodeOfItsOwn()
    {
        Graph graph = Net().Layer("Softmax").Layer("Add", ("inputs", new[] { "input" }), ("Activation", Act.ReLU), ("Name", "sum")).Expand();

        Assert.Equal(["input", "0", "sum.add", "sum"], Names(graph));
    }

    [Fact]
    public void UnnamedLayers_AreCalledByPosition()
    {
        Graph graph = Net().Layer("Softmax").Layer("Softmax", ("Name", "x")).Layer("Softmax", ("Repeat", 2)).Layer("Softmax", ("When", "0")).Layer("Flatten").Expand();

        Assert.Equal(["input", "0", "x", "2", "3", "4"], Names(graph));
    }

    [Fact]
    public void Hash_CountsPerPattern()
    {
        Graph graph = Net()
            .Layer("Softmax", ("Name", "a.#"))
            .Layer("Softmax", ("Name", "b#.#"))
            .Layer("Softmax", ("Name", "a.#"), ("Repeat", 2))
            .Layer("Softmax", ("Name", "b#.#"))
            .Expand();

        Assert.Equal(["input", "a.0", "b0.0", "a.1", "a.2", "b1.1"], Names(graph));
    }

    [Fact]
    public void Hash_CountsFromTheNumberAfterIt()
    {
        Graph graph = Net()
            .Layer("Softmax", ("Name", "layer#1"), ("Repeat", 2))
            .Layer("Softmax", ("Name", "layer#0"))
            .Layer("Softmax", ("Name", "a#10.#"))
            .Layer("Softmax", ("Name", "layer#1"))
            .Expand();

        Assert.Equal(["input", "layer1", "layer2", "layer0", "a10.0", "layer3"], Names(graph));
    }

    [Fact]
    public void Hash_CountsInModulesToo()
    {
        Graph graph = Net()
            .Layer("Conv", ("channels", 8), ("Module", "f.#.0"), ("BatchNormModule", "f.#.1"), ("Name", "a"))
            .Layer("Conv", ("channels", 8), ("Module", "f.#.0"), ("BatchNormModule", "f.#.1"), ("Name", "b"), ("Repeat", 2))
            .Expand();

        Assert.Equal(["f.0.0.weight", "f.1.0.weight", "f.2.0.weight"], graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Select(c => c.Weight));
        Assert.Equal(["f.0.1", "f.1.1", "f.2.1"], graph.Nodes.Select(n => n.Op).OfType<BatchNormOp>().Select(c => c.Norm.Module));
    }

    [Fact]
    public void ExtraInputs_AreNodesOfTheirOwnWhereverDeclared()
    {
        Graph graph = Net(8, 8, 3)
            .Layer("Conv", ("channels", 2), ("Name", "c"))
            .Layer("Concat", ("inputs", new[] { "mask", "c" }))
            .Layer("Input", ("name", "mask"), ("Height", 8), ("Width", 8), ("Channels", 1))
            .Layer("Input", ("name", "gate"), ("Channels", 3))
            .Layer("Multiply", ("inputs", new[] { "gate" }))
            .Expand();

        Assert.Equal([0, 1, 2], graph.Inputs.Select(n => ((InputOp)n.Op).Index));
        Assert.Equal(["input", "mask", "gate"], graph.Inputs.Select(n => n.Name));
        Assert.Equal("1x1x3", At(graph, "gate").Shape.ToString());
        Assert.Equal("8x8x3", graph.Nodes[graph.Output].Shape.ToString());
    }

    // --- repeat and conditions --------------------------------------------------------------------------------------

    [Theory]
    [InlineData("Conv", "16x16x8,8x8x8,8x8x8,8x8x8")]
    [InlineData("DepthwiseConv", "16x16x8,8x8x8,8x8x8,8x8x8")]
    [InlineData("MaxPool", "16x16x8,8x8x8,7x7x8,6x6x8")]
    [InlineData("ConvTranspose", "16x16x8,31x31x8,61x61x8,121x121x8")]
    public void Repeat_TheStrideBelongsToTheFirst(string kind, string shapes)
    {
        (string, object?)[] arguments = [("Stride", 2), ("Repeat", 3), ("Name", "r")];
        if (kind is "Conv" or "ConvTranspose")
            arguments = [.. arguments, ("channels", 8)];
        Graph graph = Net().Layer(kind, arguments).Expand();

        Assert.Equal(shapes.Split(','), new[] { "input", "r.0", "r.1", "r.2" }.Select(n => At(graph, n).Shape.ToString()));
    }

    [Fact]
    public void Repeat_FromAppliesToTheFirstAndTheNameIsTheLast()
    {
        Graph graph = Net()
            .Layer("Softmax", ("Name", "a"))
            .Layer("Softmax", ("Name", "r"), ("From", "input"), ("Repeat", "1 + 2"))
            .Layer("Softmax", ("Name", "z"), ("From", "r.1"))
            .Layer("Add", ("inputs", new[] { "r", "z", "a" }), ("Name", "s"))
            .Expand();

        Assert.Equal(["input"], InputsOf(graph, "r.0"));
        Assert.Equal(["r.0"], InputsOf(graph, "r.1"));
        Assert.Equal(["r.1"], InputsOf(graph, "z"));
        Assert.Equal(["r.2", "z", "a"], InputsOf(graph, "s"));
    }

    [Fact]
    public void Repeat_OfOneKeepsTheNameAndOfNoneLeavesOut()
    {
        Graph graph = Net().Layer("Softmax", ("Name", "a"), ("Repeat", 1)).Layer("Softmax", ("Name", "b"), ("Repeat", 0)).Layer("Flatten").Expand();

        Assert.Equal(["input", "a", "1"], Names(graph));
    }

    [Fact]
    public void Repeat_CopiesHaveTensorsOfTheirOwn()
    {
        Graph graph = Net().Layer("Dense", ("units", 8), ("Repeat", 2), ("Module", "m"), ("Bias", false)).Expand();

        Assert.Equal(["m.0.weight 8x2048", "m.1.weight 8x8"], GraphTensors.Of(graph));
    }

    [Theory]
    [InlineData("1 == 1", true)]
    [InlineData("1 == 2", false)]
    [InlineData("7", true)]
    public void When_DecidesWhetherALayerExists(string condition, bool exists)
    {
        Graph graph = Net().Layer("Softmax", ("Name", "a"), ("When", condition)).Layer("Flatten").Expand();

        Assert.Equal(exists, graph.Nodes.Any(n => n.Name == "a"));
    }

    // --- blocks ------------------------------------------------------------------------------------------------------

    [Fact]
    public void Block_HasItsOwnScopePathAndVariables()
    {
        Graph graph = Net(12, 10, 8)
            .Block(
                "Gate",
                "ratio=4",
                L("GlobalAveragePool"),
                L("Conv", ("channels", "in / ratio"), ("Kernel", 1), ("BatchNorm", false), ("Name", "fc1")),
                L("Conv", ("channels", "in"), ("Kernel", 1), ("BatchNorm", false), ("Activation", Act.Sigmoid), ("Name", "fc2")),
                L("Multiply", ("inputs", new[] { "input" }), ("Name", "scale")),
                L("AdaptiveMaxPool", ("size", "inHeight / 2, inWidth / 2")))
            .Use("Gate", ("Name", "se"))
            .Use("Gate", ("ratio", 2), ("From", "input"))
            .Layer("Concat", ("inputs", new[] { "se", "1" }))
            .Expand();

        Assert.Equal(2, At(graph, "se.fc1").Shape.Channels);
        Assert.Equal(4, At(graph, "1.fc1").Shape.Channels);
        Assert.Equal(["se.fc2", "input"], InputsOf(graph, "se.scale"));
        Assert.Equal("6x5x8", At(graph, "se.4").Shape.ToString());
        Assert.Equal(["se.4", "1.4"], InputsOf(graph, "2"));
        Assert.Contains("se.fc1.weight 2x8x1x1", GraphTensors.Of(graph));
    }

    [Fact]
    public void Block_ParametersPassThroughBlocks()
    {
        Graph graph = Net()
            .Block("Inner", "c, kernel=3, relu=1", L("Conv", ("channels", "c"), ("Kernel", "kernel"), ("Bias", "relu == 0"), ("Name", "x")))
            .Block(
                "Outer",
                "c, kernel",
                B("Inner", ("c", "c * 2"), ("kernel", "kernel"), ("Name", "a")),
                B("Inner", ("c", "in"), ("relu", false), ("Name", "b")),
                B("Inner", ("c", "c"), ("kernel", "c - 1, 1"), ("Name", "d")))
            .Use("Outer", ("c", 4), ("kernel", "1x5"), ("Name", "o"))
            .Expand();

        var a = (ConvOp)At(graph, "o.a.x.conv").Op;
        var b = (ConvOp)At(graph, "o.b.x.conv").Op;
        var d = (ConvOp)At(graph, "o.d.x.conv").Op;
        Assert.Equal((8, new Pair(1, 5), null), (a.Channels, a.Window.Kernel, a.Bias));

        // "in" means the outer block's input where it is written, and false is 0.
        Assert.Equal((8, new Pair(3, 3), "o.b.x.conv.bias"), (b.Channels, b.Window.Kernel, b.Bias));
        Assert.Equal(new Pair(3, 1), d.Window.Kernel);
    }

    [Fact]
    public void Block_StringParametersAreWholeValues()
    {
        Graph graph = Net()
            .Block(
                "B",
                "pad, path, source",
                L("Softmax", ("Name", "first")),
                L("Conv", ("channels", 4), ("Stride", 2), ("Padding", "pad"), ("Module", "path"), ("From", "source"), ("Name", "c")),
                L("Concat", ("inputs", new[] { "first" }), ("When", "0")))
            .Use("B", ("pad", "same"), ("path", "p.q"), ("source", "first"), ("Name", "n"))
            .Expand();

        var conv = (ConvOp)At(graph, "n.c.conv").Op;
        Assert.Equal("0,0,1,1", conv.Window.Padding.ToString());
        Assert.Equal("n.p.q.conv.weight", conv.Weight);
        Assert.Equal(["n.first"], InputsOf(graph, "n.c.conv"));
    }

    [Fact]
    public void Block_ModuleReplacesItsPathForTensors()
    {
        Graph graph = Net()
            .Block("B", string.Empty, L("Conv", ("channels", 4), ("Name", "a")), L("Conv", ("channels", 4), ("Name", "b"), ("Module", "m"), ("BatchNormModule", "n")))
            .Block("C", string.Empty, B("B", ("Name", "in")), B("B", ("Name", "own"), ("Module", "y")))
            .Use("C", ("Name", "c"), ("Module", "x"))
            .Use("C", ("Name", "d"), ("Module", ""))
            .Expand();

        Assert.Equal(
            ["x.in.a.conv.weight", "x.in.m.weight", "x.y.a.conv.weight", "x.y.m.weight", "in.a.conv.weight", "in.m.weight", "y.a.conv.weight", "y.m.weight"],
            graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Select(c => c.Weight));
        Assert.Contains("c.in.a", Names(graph));
        Assert.Equal("x.in.n", graph.Nodes.Select(n => n.Op).OfType<BatchNormOp>().ElementAt(1).Norm.Module);
    }

    [Fact]
    public void Block_WhereEverythingIsLeftOutIsItsInput()
    {
        Graph graph = Net()
            .Block("B", "on", L("Softmax", ("When", "on")))
            .Layer("Flatten", ("Name", "f"))
            .Use("B", ("on", 0), ("Name", "b"))
            .Layer("Softmax", ("Name", "s"), ("From", "b"))
            .Expand();

        Assert.Equal(["f"], InputsOf(graph, "s"));
    }

    [Fact]
    public void Block_ParameterGivesTheActivation()
    {
        Graph graph = Net()
            .Block("B", "act, sum=0", L("Conv", ("channels", 8), ("Activation", "act"), ("Name", "c")), L("Activate", ("function", "act"), ("Name", "a")), L("Add", ("inputs", new[] { "c" }), ("Activation", "sum"), ("Name", "s")), L("Dense", ("units", 2), ("Activation", " act ")))
            .Block("Outer", "act", B("B", ("act", "act"), ("Name", "b")))
            .Use("Outer", ("act", Act.HardSwish), ("Name", "o"))
            .Expand();

        Assert.All(new[] { "o.b.c", "o.b.a", "o.b.3" }, n => Assert.Equal(Act.HardSwish, Assert.IsType<ActivationOp>(At(graph, n).Op).Function.Function));
        Assert.IsType<AddOp>(At(graph, "o.b.s").Op);
    }

    [Fact]
    public void Block_LayerInputIsALayerOfTheUser()
    {
        Graph graph = Net(16, 32, 4)
            .Block("Sum", "layer:other", L("Conv", ("channels", "other"), ("Kernel", 1), ("Stride", "inHeight / otherHeight, inWidth / otherWidth"), ("Name", "c")), L("Add", ("inputs", new[] { "other" }), ("Name", "a")))
            .Block("Outer", "layer:previous, where=previous, layer:none=0", B("Sum", ("other", "previous"), ("Name", "x")), B("Sum", ("other", "where"), ("Name", "y")))
            .Layer("Conv", ("channels", 6), ("Stride", 2), ("Name", "skip"))
            .Use("Outer", ("previous", "skip"), ("From", "input"), ("none", null), ("Name", "o"), ("Repeat", 2))
            .Expand();

        Assert.Equal(["o.0.x.c", "skip"], InputsOf(graph, "o.0.x.a"));
        Assert.Equal(["o.1.y.c", "skip"], InputsOf(graph, "o.1.y.a"));
        Assert.Equal("8x16x6", At(graph, "o.0.x.c").Shape.ToString());
    }

    [Fact]
    public void Block_RepeatGivesTheStageStrideToTheFirst()
    {
        Graph graph = Net(32, 32)
            .Block("B", "stride:stride=2, n=1", L("Conv", ("channels", "in"), ("Stride", "stride"), ("Name", "c")), L("Softmax", ("Repeat", "n")))
            .Use("B", ("Name", "stage"), ("Repeat", 3), ("n", 2))
            .Layer("Flatten", ("From", "stage"))
            .Expand();

        Assert.Equal(["16x16x8", "16x16x8", "16x16x8"], new[] { "stage.0.c", "stage.1.c", "stage.2.c" }.Select(n => At(graph, n).Shape.ToString()));
        Assert.Equal(["stage.1.2"], InputsOf(graph, "stage.2.c.conv"));
        Assert.Equal(["stage.2.2"], InputsOf(graph, "3"));
    }

    [Theory]
    [InlineData(0, "AA")]
    [InlineData(40, "BA")]
    public void Source_IsTheInnermostThatHasOne(int first, string expected)
    {
        SpecBuilder builder = Net();
        if (first > 0)
            builder.BlockSources(first);
        Graph graph = builder.Block("B", string.Empty, L("Softmax")).Use("B").Layer("Flatten").Expand();

        Assert.Equal(expected == "AA" ? [-1, 0, 1] : [-1, 40, 1], graph.Nodes.Select(n => n.Source));
    }

    // --- multipliers -------------------------------------------------------------------------------------------------

    [Fact]
    public void WidthMultiplier_ScalesTheNetworksLevelOnly()
    {
        Graph graph = Net(channels: 3)
            .Options(o => o with { WidthMultiplier = 0.5 })
            .Block("B", "channels:c, inner", L("Conv", ("channels", "c"), ("Name", "a")), L("Conv", ("channels", 30), ("Name", "b")), L("Conv", ("channels", "inner"), ("Name", "d")))
            .Block("Outer", "c", B("B", ("c", "c"), ("inner", 5), ("Name", "b")))
            .Layer("Conv", ("channels", 40), ("Name", "scaled"))
            .Layer("Conv", ("channels", 40), ("Scale", false), ("Name", "kept"))
            .Layer("ConvTranspose", ("channels", 48), ("Name", "t"))
            .Use("B", ("c", 64), ("inner", 7), ("Name", "n"))
            .Use("Outer", ("c", 20), ("Name", "o"))
            .Layer("PadChannels", ("channels", 60), ("Name", "p"))
            .Layer("Dense", ("units", 100), ("Name", "fc"))
            .Expand();

        int[] channels = new[] { "scaled", "kept", "t", "n.a", "n.b", "n.d", "o.b.a", "p", "fc" }.Select(n => At(graph, n).Shape.Channels).ToArray();
        Assert.Equal([24, 40, 24, 32, 30, 7, 20, 60, 100], channels);
    }

    [Theory]
    [InlineData(0.5, 8, 5)]
    [InlineData(0.3, 5, 3)]
    [InlineData(0.01, 1, 1)]
    [InlineData(2.0, 30, 20)]
    public void ResolutionMultiplier_RoundsBothSides(double multiplier, int height, int width)
    {
        Graph graph = Net(15, 10).Options(o => o with { ResolutionMultiplier = multiplier }).Layer("Softmax").Expand();

        Assert.Equal((height, width), (graph.Nodes[0].Shape.Height, graph.Nodes[0].Shape.Width));
    }

    // --- results nobody reads ----------------------------------------------------------------------------------------

    [Fact]
    public void UnusedLayers_AreRemovedWithAWarning()
    {
        var findings = new FindingList();
        NetworkSpec spec = Net()
            .Layer("Conv", ("channels", 4), ("Name", "dead"))
            .Layer("Softmax", ("Name", "end"))
            .Layer("Flatten", ("From", "input"), ("Name", "out"))
            .Layer("Input", ("name", "extra"), ("Channels", 1))
            .Build();

        Graph graph = SpecExpander.Expand(spec, findings)!;

        GraphVerifier.Verify(graph);
        Assert.Equal(["input", "extra", "out"], Names(graph));
        Assert.All(findings.Items, f => Assert.Equal(DiagnosticIds.UnusedLayer, f.Id));
        Assert.Equal([3, 1], findings.Items.Select(f => f.Source));
        Assert.Contains("'end'", findings.Items[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnusedLayerOfABlock_IsWarnedOfOnce()
    {
        var findings = new FindingList();
        NetworkSpec spec = Net()
            .BlockSources(10)
            .Block("B", string.Empty, L("Softmax"), L("Softmax", ("From", "input")))
            .Use("B", ("Repeat", 300))
            .Build();

        Assert.NotNull(SpecExpander.Expand(spec, findings));
        Assert.Equal(10, Assert.Single(findings.Items).Source);
    }

    [Fact]
    public void ManyWarnings_DoNotStopTheExpansion()
    {
        var findings = new FindingList();
        SpecBuilder builder = Net();
        for (int i = 0; i < 500; i++)
            builder.Layer("Softmax", ("From", "input"));

        Assert.NotNull(SpecExpander.Expand(builder.Build(), findings));
        Assert.InRange(findings.Items.Count, 50, 200);
    }

    [Fact]
    public void SharedWeights_AreAllowedWithOneShape()
    {
        Graph graph = Net().Layer("Conv", ("channels", 8), ("Module", "w")).Layer("Conv", ("channels", 8), ("Module", "w")).Expand();

        Assert.Equal(["w.conv.weight", "w.conv.weight"], graph.Nodes.Select(n => n.Op).OfType<ConvOp>().Select(c => c.Weight));
    }

    [Fact]
    public void Expansion_IsDeterministic()
    {
        NetworkSpec spec = ReflectionSpecReader.Read<GlyphNets.ShuffleNetV2>();

        Assert.Equal(SpecBuilder.Expand(spec), SpecBuilder.Expand(ReflectionSpecReader.Read<GlyphNets.ShuffleNetV2>()));
        Assert.Equal(GraphPrinter.Print(SpecBuilder.Expand(spec)), GraphPrinter.Print(SpecBuilder.Expand(spec)));
    }
}
