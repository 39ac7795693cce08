using System;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Tooling;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class GlyphNetTests
{
    [Theory]
    [InlineData(typeof(GlyphNets.MobileNetV2), GlyphTensors.MobileNetV2)]
    [InlineData(typeof(GlyphNets.ShuffleNetV2), GlyphTensors.ShuffleNetV2)]
    public void ShippedBlocks_HaveTheTensorsOfThePyTorchFile(Type network, string expected)
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read(network));

        Assert.Equal(expected.Split('\n').Select(l => l.TrimEnd('\r')), GraphTensors.Of(graph));
    }

    // Totals from shared/data/README.md, "Counts" and the architecture tables.
    [Theory]
    [InlineData(typeof(GlyphNets.MobileNetV2), 3_103_232, 89_988)]
    [InlineData(typeof(GlyphNets.ShuffleNetV2), 5_168_640, 132_212)]
    public void ShippedBlocks_HaveTheCostOfThePyTorchNetwork(Type network, long multiplyAdds, long parameters)
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read(network));

        long sum = 0;
        foreach (Node node in graph.Nodes)
        {
            int input = node.Inputs.Count == 0 ? 0 : graph.Nodes[node.Inputs[0]].Shape.Channels;
            sum += node.Op switch
            {
                ConvOp conv => node.Shape.Length * (input / conv.Groups) * conv.Window.Kernel.Y * conv.Window.Kernel.X,
                DenseOp dense => (long)dense.Units * input,
                _ => 0,
            };
        }

        Assert.Equal(multiplyAdds, sum);
        long learned = GraphTensors.Of(graph)
            .Where(t => !t.Contains("running_", StringComparison.Ordinal))
            .Sum(t => t.Split(' ')[1].Split('x').Aggregate(1L, (product, size) => product * long.Parse(size)));
        Assert.Equal(parameters, learned);
    }

    [Fact]
    public void MobileNetV2_AddsWherePyTorchDoes()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<GlyphNets.MobileNetV2>());

        string[] adds = graph.Nodes.Where(n => n.Op is AddOp).Select(n => n.Name).ToArray();

        Assert.Equal(["blocks.2.add", "blocks.4.add", "blocks.6.add"], adds);
    }

    [Fact]
    public void ShuffleNetV2_ShufflesAfterEveryUnit()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<GlyphNets.ShuffleNetV2>());

        Node shuffle = graph.Nodes.First(n => n.Name == "stage2.1.shuffle");
        var map = Assert.IsType<ChannelMapOp>(shuffle.Op);
        Assert.Equal(7, graph.Nodes.Count(n => n.Op is ChannelMapOp { Kind: "shuffle" }));
        Assert.Equal(8, graph.Nodes.Count(n => n.Op is ChannelMapOp { Kind: "slice" }));
        Assert.Equal([0, 24, 1, 25], map.Source.Take(4));
    }

    [Fact]
    public void Variant_ScalesChannelsAndResolution()
    {
        Graph graph = SpecBuilder.Expand(ReflectionSpecReader.Read<GlyphNets.NarrowMobileNetV2>());

        Assert.Equal("24x16x1", graph.Nodes[0].Shape.ToString());
        Assert.Equal(8, graph.Nodes.First(n => n.Name == "stem").Shape.Channels);

        // 24 / 2 = 12 rounds to 16 (halves go up), 64 / 2 = 32; the expansion multiplies the scaled input.
        Assert.Equal(16, graph.Nodes.First(n => n.Name == "blocks.1.project").Shape.Channels);
        Assert.Equal(64, graph.Nodes.First(n => n.Name == "blocks.2.expand").Shape.Channels);
        Assert.Equal(32, graph.Nodes.First(n => n.Name == "blocks.6.project").Shape.Channels);
        Assert.Equal(36, graph.Nodes[graph.Output].Shape.Channels);
    }
}
