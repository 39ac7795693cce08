using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using Xunit;
using static SmallCnnGen.Compiler.Tests.SpecBuilder;
using Act = SmallCnnGen.Compiler.Ir.Activation;

namespace SmallCnnGen.Compiler.Tests.Declaration;

/// <summary>Every finding: its id, the layer, the argument, and what its message must say.</summary>
public class FindingTests
{
    private static SpecBuilder Net(int height = 16, int width = 16, int channels = 8) => new(height, width, channels);

    private static void Check(Finding finding, string id, int source, string? argument, params string[] words)
    {
        Assert.Equal((id, source, argument), (finding.Id, finding.Source, finding.Argument));
        Assert.All(words, w => Assert.Contains(w, finding.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', finding.Message);
        Assert.True(finding.Message[^1] is '.' or '?', finding.Message);
    }

    // --- arguments ---------------------------------------------------------------------------------------------------

    public static TheoryData<string, string, object?, string> BadArguments => new()
    {
        { "Conv", "channels", 0, "1 to 65536" },
        { "Conv", "channels", 65537, "65537" },
        { "Conv", "channels", long.MaxValue, "9223372036854775807" },
        { "Conv", "channels", "4, 4", "2 values" },
        { "Conv", "channels", 1.5, "1.5" },
        { "Conv", "channels", null, "needs a value" },
        { "Conv", "channels", true, "true" },
        { "Conv", "Kernel", 0, "1 to 255" },
        { "Conv", "Kernel", 256, "1 to 255" },
        { "Conv", "Kernel", "3x0", "gives 0" },
        { "Conv", "Kernel", "1, 2, 3", "3 values" },
        { "Conv", "Kernel", null, "must not be null" },
        { "Conv", "Stride", 0, "1 to 255" },
        { "Conv", "Stride", "1 - 1", "gives 0" },
        { "Conv", "Dilation", -1, "1 to 255" },
        { "Conv", "Padding", -1, "0 to 65535" },
        { "Conv", "Padding", "1, 2, 3", "3 values" },
        { "Conv", "Padding", "999999999x1", "999999999" },
        { "Conv", "Groups", 0, "1 to 65536" },
        { "Conv", "Repeat", -1, "0 to 1000" },
        { "Conv", "Repeat", 1001, "0 to 1000" },
        { "Conv", "BatchNorm", 1, "true or false" },
        { "Conv", "Epsilon", 0.0, "out of range" },
        { "Conv", "Epsilon", double.NaN, "out of range" },
        { "Conv", "Epsilon", double.PositiveInfinity, "out of range" },
        { "Conv", "Bias", 1, "auto" },
        { "Conv", "Activation", 11, "Activation" },
        { "Conv", "Activation", -1, "Activation" },
        { "Conv", "Alpha", 0.1, "no effect" },
        { "Conv", "ActivationModule", "x", "no effect" },
        { "Conv", "Module", "a b", "spaces" },
        { "Conv", "Module", 3, "not a string" },
        { "Conv", "Name", "", "empty" },
        { "Conv", "Name", "a,b", "letters" },
        { "Conv", "Name", "a\nb", "letters" },
        { "Conv", "Name", "a..b", "dot" },
        { "Conv", "Name", "a#10000", "9999" },
        { "Conv", "Module", "a#99999999999999999999", "9999" },
        { "Conv", "Name", 7, "not a string" },
        { "Conv", "From", "", "empty name" },
        { "Conv", "From", "input,input", "reads one" },
        { "Conv", "When", 1.5, "condition" },
        { "Conv", "Widht", 3, "It has channels" },
        { "Conv", "kernel", 3, "Did you mean 'Kernel'?" },
        { "DepthwiseConv", "Multiplier", 0, "1 to 65536" },
        { "DepthwiseConv", "channels", 8, "no argument 'channels'" },
        { "ConvTranspose", "Padding", "same", "transposed" },
        { "ConvTranspose", "OutputPadding", -1, "0 to 255" },
        { "ConvTranspose", "OutputPadding", 1, "smaller than the stride" },
        { "Dense", "units", 0, "1 to 65536" },
        { "Dense", "Alpha", 0.1, "no effect" },
        { "Activate", "function", 99, "Activation" },
        { "Activate", "Shared", true, "no effect" },
        { "MaxPool", "Kernel", 0, "1 to 255" },
        { "MaxPool", "Stride", 0, "1 to 255" },
        { "MaxPool", "Padding", 2, "smaller than the window" },
        { "MaxPool", "CountIncludePad", true, "no argument" },
        { "AdaptiveMaxPool", "size", 0, "1 to 65536" },
        { "Add", "inputs", new[] { 1 }, "not the name" },
        { "Add", "inputs", new[] { "" }, "empty name" },
        { "Add", "Activation", 77, "Activation" },
        { "Slice", "Step", 0, "1 to 65536" },
        { "Shuffle", "groups", 0, "1 to" },
        { "Gather", "index", new int[0], "empty" },
        { "Gather", "index", new[] { "0" }, "whole number" },
        { "Gather", "Count", 3, "no effect" },
        { "Conv", "Activation", "relu", "no member of Activation" },
        { "Pad", "pads", 65536, "65535" },
        { "Pad", "pads", "1,2,3,4,5", "5 values" },
        { "PadChannels", "channels", 7, "fewer than the 8" },
        { "Upsample", "scale", 65, "1 to 64" },
        { "Upsample", "Mode", 2, "UpsampleMode" },
        { "Upsample", "AlignCorners", true, "no effect" },
        { "LocalResponseNorm", "Size", 0, "1 to" },
        { "LocalResponseNorm", "Beta", double.NaN, "out of range" },
        { "BatchNorm", "Epsilon", -1.0, "out of range" },
        { "MaxUnpool", "pool", "input", "not a [MaxPool]" },
        { "Input", "Channels", 0, "1 to 65536" },
        { "Input", "Height", 0, "1 to 65536" },
        { "Input", "Repeat", 2, "no effect" },
        { "Input", "name", "", "empty" },
    };

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void BadArgument_IsFoundAtTheArgument(string kind, string argument, object? value, string words)
    {
        var arguments = new List<(string, object?)>();
        foreach ((string name, object? valid) in Required(kind))
        {
            if (name != argument)
                arguments.Add((name, valid));
        }

        arguments.Add((argument, value));
        Finding finding = Net().Layer("Softmax", ("Name", "before")).Layer(kind, arguments.ToArray()).Layer("Flatten").ExpandWrong();

        Check(finding, DiagnosticIds.BadArgument, 1, argument, words);
    }

    [Theory]
    [InlineData("Conv", "channels")]
    [InlineData("Dense", "units")]
    [InlineData("Activate", "function")]
    [InlineData("Slice", "start")]
    [InlineData("Shuffle", "groups")]
    [InlineData("Gather", "index")]
    [InlineData("Pad", "pads")]
    [InlineData("Upsample", "scale")]
    [InlineData("MaxUnpool", "pool")]
    [InlineData("AdaptiveMaxPool", "size")]
    [InlineData("Input", "name")]
    [InlineData("Input", "Channels")]
    [InlineData("Add", null)]
    [InlineData("Concat", null)]
    public void MissingArgument_IsFoundAtTheLayer(string kind, string? argument)
    {
        (string, object?)[] arguments = argument is null ? [] : Required(kind).Where(a => a.Name != argument).ToArray();
        Finding finding = Net().Layer("Softmax").Layer(kind, arguments).ExpandWrong();

        Check(finding, DiagnosticIds.BadArgument, 1, null, argument ?? "names no layer");
    }

    private static (string Name, object? Value)[] Required(string kind) => kind switch
    {
        "Conv" or "ConvTranspose" => [("channels", 8)],
        "Dense" => [("units", 8)],
        "Activate" => [("function", Act.ReLU)],
        "Slice" => [("start", 0), ("end", 2)],
        "Shuffle" => [("groups", 2)],
        "Gather" => [("index", new[] { 0 })],
        "Pad" => [("pads", 1)],
        "PadChannels" => [("channels", 9)],
        "Upsample" => [("scale", 2)],
        "AdaptiveMaxPool" => [("size", 2)],
        "MaxUnpool" => [("pool", "input")],
        "Input" => [("name", "extra"), ("Channels", 1)],
        "Add" => [("inputs", new[] { "input" })],
        _ => [],
    };

    [Fact]
    public void UnknownKind_IsFound()
    {
        Check(Net().Layer("Conf", ("channels", 3)).ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "Did you mean 'Conv'?");
        Check(Net().Use("My.Block").ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "My.Block");
    }

    [Fact]
    public void BlockParameters_AreChecked()
    {
        SpecBuilder Blocks() => Net().Block("B", "width, depth=1", L("Conv", ("channels", "width")));

        Check(Blocks().Use("B").ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "'width'");
        Check(Blocks().Use("B", ("width", 3), ("dept", 2)).ExpandWrong(), DiagnosticIds.BadArgument, 0, "dept", "Did you mean 'depth'?");
        Check(Blocks().Use("B", ("width", "widht")).ExpandWrong(), DiagnosticIds.BadExpression, 0, null, "unknown name 'widht'", "'0.0'");
        Check(Blocks().Use("B", ("width", 1.5)).ExpandWrong(), DiagnosticIds.BadExpression, 0, null, "1.5");
    }

    [Fact]
    public void InputInABlock_IsRefused() =>
        Check(Net().Block("B", string.Empty, L("Input", ("name", "x"), ("Channels", 1))).Use("B").ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "block has one input");

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 3, 1)]
    public void MaxUnpool_NeedsWindowsThatDoNotOverlap(int kernel, int stride, int padding)
    {
        Finding finding = Net().Layer("MaxPool", ("Kernel", kernel), ("Stride", stride), ("Padding", padding), ("Name", "p")).Layer("MaxUnpool", ("pool", "p")).ExpandWrong();

        Check(finding, DiagnosticIds.BadArgument, 1, "pool", "'p'", "overlap");
    }

    [Fact]
    public void MaxUnpool_NeedsWholeWindowsAndFittingValues()
    {
        Check(
            Net(7, 7).Layer("MaxPool", ("CeilMode", true), ("Name", "p")).Layer("MaxUnpool", ("pool", "p")).ExpandWrong(),
            DiagnosticIds.BadArgument, 1, "pool", "CeilMode");
        Check(
            Net().Layer("MaxPool", ("Name", "p")).Layer("MaxPool").Layer("MaxUnpool", ("pool", "p")).ExpandWrong(),
            DiagnosticIds.ShapeMismatch, 2, null, "4x4x8", "8x8x8");
    }

    // --- names -------------------------------------------------------------------------------------------------------

    [Fact]
    public void UnknownName_SuggestsAndLists()
    {
        Finding finding = Net().Layer("Softmax", ("Name", "stem")).Layer("Softmax", ("From", "stme")).ExpandWrong();

        Check(finding, DiagnosticIds.UnknownName, 1, "From", "no layer 'stme'", "Did you mean 'stem'?", "input, stem");
    }

    [Fact]
    public void UnknownName_ListsAtMostTen()
    {
        SpecBuilder builder = Net();
        for (int i = 0; i < 30; i++)
            builder.Layer("Softmax", ("Name", $"layer{i:00}"));
        Finding finding = builder.Layer("Add", ("inputs", new[] { "quite different" })).ExpandWrong();

        Check(finding, DiagnosticIds.UnknownName, 30, "inputs", "layer20, ", "layer29, and earlier ones");
        Assert.DoesNotContain("layer19", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownName_SaysWhy()
    {
        Check(Net().Layer("Softmax", ("From", "z")).Layer("Softmax", ("Name", "z")).ExpandWrong(), DiagnosticIds.UnknownName, 0, "From", "comes later");
        Check(Net().Layer("Softmax", ("Name", "z"), ("From", "z")).ExpandWrong(), DiagnosticIds.UnknownName, 0, "From", "cannot read itself");
        Check(Net().Layer("Softmax", ("Name", "z"), ("From", "z"), ("Repeat", 2)).ExpandWrong(), DiagnosticIds.UnknownName, 0, "From", "cannot read itself");
        Check(Net().Layer("Softmax", ("Name", "z"), ("When", "0")).Layer("Softmax", ("From", "z")).ExpandWrong(), DiagnosticIds.UnknownName, 1, "From", "left out");
        Check(
            Net().BlockSources(5).Block("B", string.Empty, L("Add", ("inputs", new[] { "z" }))).Layer("Softmax", ("Name", "z")).Use("B").ExpandWrong(),
            DiagnosticIds.UnknownName, 5, "inputs", "outside the block");
        Check(Net().Block("B", "layer:other", L("Add", ("inputs", new[] { "other" }))).Use("B", ("other", "z")).ExpandWrong(), DiagnosticIds.UnknownName, 0, "other", "no layer 'z'");
        Check(Net().Block("B", "layer:other", L("Add", ("inputs", new[] { "other" }))).Use("B", ("other", 3)).ExpandWrong(), DiagnosticIds.BadArgument, 0, "other", "3 is not the name");
        Check(Net().Block("B", "layer:other", L("Softmax")).Use("B").ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "'other' is missing");
        Check(Net().Block("B", "layer:input", L("Softmax")).Use("B", ("input", "input")).ExpandWrong(), DiagnosticIds.BadArgument, 0, null, "another name");
        Check(Net().Layer("MaxPool", ("Name", "p")).Layer("MaxUnpool", ("pool", "q")).ExpandWrong(), DiagnosticIds.UnknownName, 1, "pool", "'q'");
    }

    [Fact]
    public void InnerLayersOfABlock_AreNotVisibleOutside() =>
        Check(
            Net().Block("B", string.Empty, L("Softmax", ("Name", "s"))).Use("B", ("Name", "b")).Layer("Softmax", ("From", "b.s")).ExpandWrong(),
            DiagnosticIds.UnknownName, 1, "From", "'b.s'");

    [Fact]
    public void DuplicateNames_AreFound()
    {
        Check(Net().Layer("Softmax", ("Name", "a")).Layer("Flatten", ("Name", "a")).ExpandWrong(), DiagnosticIds.DuplicateName, 1, "Name", "'a'");
        Check(Net().Layer("Softmax", ("Name", "input")).ExpandWrong(), DiagnosticIds.DuplicateName, 0, "Name", "input");
        Check(Net().Layer("Softmax", ("Name", "1")).Layer("Softmax").ExpandWrong(), DiagnosticIds.DuplicateName, 1, null, "'1'");
        Check(Net().Layer("Softmax", ("Name", "a.1")).Layer("Softmax", ("Name", "a"), ("Repeat", 2)).ExpandWrong(), DiagnosticIds.DuplicateName, 1, "Name", "'a.1'");
        Check(Net().Layer("Softmax", ("Name", "a"), ("Repeat", 2)).Layer("Softmax", ("Name", "a")).ExpandWrong(), DiagnosticIds.DuplicateName, 1, "Name", "'a'");
        Check(Net().Layer("Input", ("name", "input"), ("Channels", 1)).Layer("Softmax").ExpandWrong(), DiagnosticIds.DuplicateName, 0, "name", "'input'");

        // Not the same name in one scope, but the same path in the graph.
        Check(Net().Layer("Conv", ("channels", 8), ("Name", "a")).Layer("Softmax", ("Name", "a.bn")).ExpandWrong(), DiagnosticIds.DuplicateName, 1, "Name", "'a.bn'");
        Check(
            Net().Block("B", string.Empty, L("Softmax", ("Name", "s"))).Use("B", ("Name", "b")).Layer("Softmax", ("Name", "b.s")).ExpandWrong(),
            DiagnosticIds.DuplicateName, 1, "Name", "'b.s'");
    }

    // --- expressions -------------------------------------------------------------------------------------------------

    [Fact]
    public void BadExpression_PointsIntoTheString()
    {
        SpecBuilder Block(string channels) => Net().BlockSources(3).Block("B", "expand", L("Conv", ("channels", channels), ("Name", "c"))).Use("B", ("expand", 6), ("Name", "b"));

        Check(Block("in * expnad").ExpandWrong(), DiagnosticIds.BadExpression, 3, "channels", "'b.c'", "\"in * expnad\"", "at character 6", "expand, in, inHeight, inWidth");
        Check(Block("in / 0").ExpandWrong(), DiagnosticIds.BadExpression, 3, "channels", "division by zero");
        Check(Block(new string('(', 5000)).ExpandWrong(), DiagnosticIds.BadExpression, 3, "channels");
        Check(Net().Layer("Conv", ("channels", "in")).ExpandWrong(), DiagnosticIds.BadExpression, 0, "channels", "the network has no [Parameter]");
        Check(Net().Layer("Softmax", ("When", "1 =")).Layer("Flatten").ExpandWrong(), DiagnosticIds.BadExpression, 0, "When", "'=='");
        Check(Net().Layer("Softmax", ("Repeat", "x")).ExpandWrong(), DiagnosticIds.BadExpression, 0, "Repeat", "'x'");
    }

    [Fact]
    public void FailureInAForeignBlock_IsFoundAtItsUse()
    {
        Finding finding = Net()
            .Block("Inner", "c", L("Conv", ("channels", "c"), ("Name", "x")))
            .Block("Outer", "c", B("Inner", ("c", "c"), ("Name", "i")))
            .Layer("Softmax")
            .Use("Outer", ("c", 0), ("Name", "o"))
            .ExpandWrong();

        Check(finding, DiagnosticIds.BadArgument, 1, null, "'o.i.x'", "channels = \"c\" gives 0");
    }

    // --- networks and blocks -----------------------------------------------------------------------------------------

    [Fact]
    public void EmptyNetwork_IsFound()
    {
        Check(Net().ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, null, "no layer");
        Check(Net().Layer("Input", ("name", "x"), ("Channels", 1)).ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, null, "no layer attributes");
        Check(Net().Layer("Softmax", ("When", "false")).Layer("Softmax", ("Repeat", 0)).ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, null, "left out");
        Check(Net(0).Layer("Softmax").ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, null, "no Height");
        Check(Net(16, 0).Layer("Softmax").ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, null, "no Width");
        Check(Net(16, 16, -3).Layer("Softmax").ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, "Channels", "-3");
        Check(Net(65537).Layer("Softmax").ExpandWrong(), DiagnosticIds.EmptyNetwork, -1, "Height", "65537");
        Assert.Equal(3, Net(0, 0, 0).ExpandWrongMany().Count);
    }

    [Fact]
    public void NetworkOptions_AreChecked()
    {
        Finding Wrong(Func<NetworkOptions, NetworkOptions> change) => Net().Options(change).Layer("Softmax").ExpandWrong();

        Check(Wrong(o => o with { WidthMultiplier = 0 }), DiagnosticIds.BadArgument, -1, "WidthMultiplier");
        Check(Wrong(o => o with { WidthMultiplier = double.NaN }), DiagnosticIds.BadArgument, -1, "WidthMultiplier", "NaN");
        Check(Wrong(o => o with { ResolutionMultiplier = double.PositiveInfinity }), DiagnosticIds.BadArgument, -1, "ResolutionMultiplier");
        Check(Wrong(o => o with { ChannelDivisor = 0 }), DiagnosticIds.BadArgument, -1, "ChannelDivisor");
        Check(Wrong(o => o with { VectorBits = 64 }), DiagnosticIds.BadArgument, -1, "VectorBits", "64");
    }

    [Fact]
    public void RecursiveBlocks_AreFound()
    {
        Check(Net().Block("A", string.Empty, B("A")).Use("A").ExpandWrong(), DiagnosticIds.RecursiveBlock, 0, null, "A > A");
        Check(Net().Block("A", string.Empty, B("B")).Block("B", string.Empty, B("A")).Use("A").ExpandWrong(), DiagnosticIds.RecursiveBlock, 0, null, "A > B > A");

        SpecBuilder deep = Net();
        for (int i = 0; i < 40; i++)
            deep.Block($"B{i}", string.Empty, B($"B{i + 1}"));
        Check(deep.Block("B40", string.Empty, L("Softmax")).Use("B0").ExpandWrong(), DiagnosticIds.RecursiveBlock, 0, null, "32 deep");
    }

    [Fact]
    public void NestedBlocksBelowTheLimit_AreFine()
    {
        SpecBuilder deep = Net();
        for (int i = 0; i < 31; i++)
            deep.Block($"B{i}", string.Empty, B($"B{i + 1}"));

        Assert.Equal(2, deep.Block("B31", string.Empty, L("Softmax")).Use("B0").Expand().Nodes.Count);
    }

    // --- shapes ------------------------------------------------------------------------------------------------------

    [Fact]
    public void ShapeFindings_AreLocated()
    {
        Check(Net().Layer("MaxPool", ("Name", "p")).Layer("Add", ("inputs", new[] { "input" })).ExpandWrong(), DiagnosticIds.ShapeMismatch, 1, null, "8x8x8", "16x16x8");
        Check(Net().Layer("MaxPool").Layer("Concat", ("inputs", new[] { "input" })).ExpandWrong(), DiagnosticIds.ShapeMismatch, 1, null, "height and width");
        Check(Net().Layer("MaxPool").Layer("Multiply", ("inputs", new[] { "input" })).ExpandWrong(), DiagnosticIds.ShapeMismatch, 1, null);
        Check(Net(2, 2).Layer("Conv", ("channels", 1), ("Kernel", 5), ("Padding", 0)).ExpandWrong(), DiagnosticIds.EmptyOutput, 0, "Kernel");
        Check(Net(2, 2).Layer("Pad", ("pads", -1)).ExpandWrong(), DiagnosticIds.EmptyOutput, 0, null);
        Check(Net(2, 2).Layer("Pad", ("pads", "-2,0,5,0")).ExpandWrong(), DiagnosticIds.EmptyOutput, 0, "pads");
        Check(Net().Layer("Conv", ("channels", 9), ("Groups", 2)).ExpandWrong(), DiagnosticIds.GroupsDoNotDivide, 0, "Groups", "9");
        Check(Net().Layer("Conv", ("channels", 9), ("Groups", 3)).ExpandWrong(), DiagnosticIds.GroupsDoNotDivide, 0, "Groups", "8");
        Check(Net().Layer("Shuffle", ("groups", 3)).ExpandWrong(), DiagnosticIds.GroupsDoNotDivide, 0, "groups", "3", "8");
        Check(Net().Layer("Slice", ("start", 8), ("end", 9)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "start", "0 to 7");
        Check(Net().Layer("Slice", ("start", -1), ("end", 3)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "start");
        Check(Net().Layer("Slice", ("start", 2), ("end", 9)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "end", "9");
        Check(Net().Layer("Slice", ("start", 2), ("end", 2)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "end");
        Check(Net().Layer("Slice", ("start", long.MinValue), ("end", long.MaxValue)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "start");
        Check(Net().Layer("Gather", ("index", new[] { 0, 8 })).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "index", "8");
        Check(Net().Layer("Gather", ("Channel", "7 + i"), ("Count", 2)).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "Channel", "8");
        Check(Net().Layer("Gather", ("Channel", "j"), ("Count", 2)).ExpandWrong(), DiagnosticIds.BadExpression, 0, "Channel", "'j'");
        Check(Net().Layer("Gather", ("Channel", "i")).ExpandWrong(), DiagnosticIds.BadArgument, 0, "Channel", "needs Count");
        Check(Net().Layer("Gather", ("Channel", 5), ("Count", 2)).ExpandWrong(), DiagnosticIds.BadArgument, 0, "Channel", "not an expression");
        Check(Net().Layer("Gather", ("index", new[] { 1 }), ("Channel", "i"), ("Count", 2)).ExpandWrong(), DiagnosticIds.BadArgument, 0, "index", "no effect");
        Check(Net().Layer("Gather", ("index", new[] { -1 })).ExpandWrong(), DiagnosticIds.ChannelOutOfRange, 0, "index", "-1");
    }

    [Fact]
    public void TooLarge_IsFound()
    {
        Check(Net(65536, 65536, 1).Layer("Softmax").ExpandWrong(), DiagnosticIds.TooLarge, -1, "Height");
        Check(Net(40000, 1, 1).Options(o => o with { ResolutionMultiplier = 16 }).Layer("Softmax").ExpandWrong(), DiagnosticIds.TooLarge, -1, "Height");
        Check(Net(4096, 4096, 16).Layer("Conv", ("channels", 65536)).ExpandWrong(), DiagnosticIds.TooLarge, 0, null);
        Check(Net(4096, 4096, 1).Layer("ConvTranspose", ("channels", 1), ("Stride", 255), ("Kernel", 255)).ExpandWrong(), DiagnosticIds.TooLarge, 0, "Stride");
        Check(Net(1, 1, 65536).Layer("Conv", ("channels", 65536)).ExpandWrong(), DiagnosticIds.TooLarge, 0, null, "tensor");
        Check(Net(256, 256, 16).Layer("Dense", ("units", 65536)).ExpandWrong(), DiagnosticIds.TooLarge, 0, null, "tensor");
        Check(Net(1, 1, 65536).Layer("DepthwiseConv", ("Multiplier", 65536)).ExpandWrong(), DiagnosticIds.TooLarge, 0, "Multiplier");
        Check(Net(1, 1, 65536).Layer("Shuffle", ("groups", 2), ("Repeat", 1000)).ExpandWrong(), DiagnosticIds.TooLarge, 0, null, "channel choices");
        Check(Net().Layer("Input", ("name", "x"), ("Height", 65536), ("Width", 65536), ("Channels", 65536)).Layer("Softmax").ExpandWrong(), DiagnosticIds.TooLarge, 0, null);
        Check(Net().Options(o => o with { WidthMultiplier = 4 }).Layer("Conv", ("channels", 30000)).ExpandWrong(), DiagnosticIds.BadArgument, 0, "channels", "120000");

        SpecBuilder upsample = Net(1, 1, 1);
        for (int i = 0; i < 6; i++)
            upsample.Layer("Upsample", ("scale", 64));
        Check(upsample.ExpandWrong(), DiagnosticIds.TooLarge, 2, null);
    }

    [Fact]
    public void TooManyLayers_AreRefusedQuickly()
    {
        Check(Net().Block("A", string.Empty, L("Softmax", ("Repeat", 1000))).Use("A", ("Repeat", 21)).ExpandWrong(), DiagnosticIds.TooLarge, 0, null, "20000");

        // 1000^10 empty copies: no node is ever made, so the steps are what is counted.
        SpecBuilder empty = Net();
        for (int i = 0; i < 10; i++)
            empty.Block($"B{i}", string.Empty, B($"B{i + 1}", ("Repeat", 1000)));
        Check(empty.Block("B10", string.Empty, L("Softmax", ("When", "0"))).Use("B0").ExpandWrong(), DiagnosticIds.TooLarge, 0, null, "20000 copies of blocks");
    }

    [Fact]
    public void TensorConflict_NamesBothLayers()
    {
        Check(
            Net().Layer("Conv", ("channels", 4), ("Name", "a"), ("Module", "m")).Layer("Conv", ("channels", 4), ("Name", "b"), ("Module", "m")).ExpandWrong(),
            DiagnosticIds.TensorConflict, 1, "Module", "'a'", "'b'", "m.conv.weight", "[4, 8, 3, 3]", "[4, 4, 3, 3]");
        Check(
            Net().Layer("Conv", ("channels", 4), ("Name", "a"), ("BatchNormModule", "n")).Layer("BatchNorm", ("Name", "n")).Layer("Conv", ("channels", 5), ("Name", "c"), ("BatchNormModule", "n")).ExpandWrong(),
            DiagnosticIds.TensorConflict, 2, "Module", "n.weight");
    }

    // --- many at once ------------------------------------------------------------------------------------------------

    [Fact]
    public void AllMistakes_ShowInOneBuildAndFollowUpsDoNot()
    {
        IReadOnlyList<Finding> findings = Net()
            .Layer("Conv", ("channels", 0), ("Kernel", 0), ("Name", "a"))
            .Layer("Add", ("inputs", new[] { "a" }))
            .Layer("Shuffle", ("groups", 3), ("Name", "s"))
            .Layer("Upsample", ("scale", 0), ("From", "a"))
            .Layer("Shuffle", ("groups", 3), ("From", "input"))
            .ExpandWrongMany();

        Assert.Equal(["0 Kernel", "0 channels", "3 scale", "4 groups"], findings.Select(f => $"{f.Source} {f.Argument}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AMistakeInABlock_IsReportedOnceForAllItsUses()
    {
        IReadOnlyList<Finding> findings = Net()
            .BlockSources(20)
            .Block("B", string.Empty, L("Shuffle", ("groups", 3)), L("Softmax"))
            .Use("B", ("From", "input"))
            .Use("B", ("From", "input"), ("Repeat", 50))
            .ExpandWrongMany();

        Check(Assert.Single(findings), DiagnosticIds.GroupsDoNotDivide, 20, "groups");
    }

    [Fact]
    public void FindingsAreLimited()
    {
        SpecBuilder builder = Net();
        for (int i = 0; i < 1000; i++)
            builder.Layer("Softmax", ("From", "nothing"));

        Assert.InRange(builder.ExpandWrongMany().Count, 100, 101);
    }

    [Fact]
    public void HostileStrings_MakeShortMessages()
    {
        Finding finding = Net().Layer("Softmax", ("From", new string('x', 1_000_000))).ExpandWrong();

        Assert.InRange(finding.Message.Length, 10, 2000);
    }
}
