using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Tooling;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class ShippedBlockTests
{
    [Network(Height = 32, Width = 32, Channels = 3)]
    [SeparableConv(16, 2, Name = "layer.#", Repeat = 2)]
    private sealed class Separable;

    [Network(Height = 32, Width = 32, Channels = 96)]
    [Fire(16, 64, Name = "features.3")]
    private sealed class Squeeze;

    [Network(Height = 8, Width = 8, Channels = 24)]
    [InvertedResidual(24, kernel: 5)]
    private sealed class Inverted;

    // A stage that starts with stride 1 but changes its channels needs the two-branch unit all the same.
    [Network(Height = 8, Width = 8, Channels = 24)]
    [ShuffleUnitV2(48, Repeat = 2, Name = "s")]
    private sealed class Shuffle;

    [Fact]
    public void SeparableConv_IsDepthwiseThenPointwise()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<Separable>());

        string[] weights = GraphTensors.Of(graph).Where(t => t.Contains("conv.weight")).ToArray();
        Assert.Equal(
            ["layer.0.dw.conv.weight 3x1x3x3", "layer.0.pw.conv.weight 16x3x1x1", "layer.1.dw.conv.weight 16x1x3x3", "layer.1.pw.conv.weight 16x16x1x1"],
            weights);
        Assert.Equal("16x16x16", graph.Nodes[graph.Output].Shape.ToString());
        Assert.Equal(4, graph.Nodes.Count(n => n.Op is ActivationOp));
    }

    [Fact]
    public void Fire_HasTorchvisionsTensors()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<Squeeze>());

        Assert.Equal(
            [
                "features.3.squeeze.weight 16x96x1x1", "features.3.squeeze.bias 16",
                "features.3.expand1x1.weight 64x16x1x1", "features.3.expand1x1.bias 64",
                "features.3.expand3x3.weight 64x16x3x3", "features.3.expand3x3.bias 64",
            ],
            GraphTensors.Of(graph));
        Assert.Equal("32x32x128", graph.Nodes[graph.Output].Shape.ToString());
        Assert.Equal(["features.3.expand1x1", "features.3.expand3x3"], graph.Nodes[graph.Output].Inputs.Select(i => graph.Nodes[i].Name));
    }

    [Fact]
    public void InvertedResidual_AddsTheInputWhenShapesAgree()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<Inverted>());

        Assert.Equal(["0.project", "input"], graph.Nodes[graph.Output].Inputs.Select(i => graph.Nodes[i].Name));
        Assert.Contains("0.dw.conv.weight 144x1x5x5", GraphTensors.Of(graph));
    }

    [Fact]
    public void ShuffleUnitV2_TakesBothBranchesFromTheWholeInputWhenChannelsChange()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<Shuffle>());

        Assert.Contains(graph.Nodes, n => n.Name == "s.0.b1_pw");
        Assert.DoesNotContain(graph.Nodes, n => n.Name == "s.1.b1_pw");
        Assert.Equal(["s.1.left", "s.1.b2_pw2"], graph.Nodes.Single(n => n.Name == "s.1.concat").Inputs.Select(i => graph.Nodes[i].Name));
        Assert.Equal("8x8x48", graph.Nodes[graph.Output].Shape.ToString());
    }
}
