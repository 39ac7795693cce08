using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using Xunit;
using Act = SmallCnnGen.Compiler.Ir.Activation;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class GraphPrinterTests
{
    [Fact]
    public void UnoptimisedGraph_IsReadable()
    {
        Graph graph = new SpecBuilder(9, 8, 4)
            .Layer("Conv", ("channels", 8), ("Kernel", "3x1"), ("Stride", 2), ("Dilation", 2), ("Groups", 2), ("Activation", Act.LeakyReLU), ("Name", "c"))
            .Layer("ConvTranspose", ("channels", 4), ("Stride", 2), ("OutputPadding", "1x0"), ("BatchNorm", false), ("Activation", Act.PReLU), ("Name", "t"))
            .Layer("Shuffle", ("groups", 2), ("Name", "s"))
            .Layer("PadChannels", ("channels", 6), ("Name", "p"))
            .Layer("Dense", ("units", 3), ("Name", "fc"))
            .Expand();

        Assert.Equal(
            """
            %0 input = input 0 -> 9x8x4 ()
            %1 c.conv = conv 3x1 s2 p2,0,2,0 d2 g2 -> 5x4x8 (%0)  [weight c.conv.weight]
            %2 c.bn = batch_norm -> 5x4x8 (%1)  [norm c.bn eps 1E-05]
            %3 c = LeakyReLU alpha 0.01 -> 5x4x8 (%2)
            %4 t.conv = conv_transpose 3x3 s2 p1 op1x0 g1 -> 10x7x4 (%3)  [weight t.weight; bias t.bias]
            %5 t = PReLU slopes t.act.weight -> 10x7x4 (%4)
            %6 s = shuffle 4 of 0, 2, 1, 3 -> 10x7x4 (%5)
            %7 p = pad_channels 6 of 0..3, -1 x2 -> 10x7x6 (%6)
            %8 fc.flatten = flatten -> 1x1x420 (%7)
            %9 fc = linear -> 1x1x3 (%8)  [weight fc.weight; bias fc.bias]
            output %9

            """,
            GraphPrinter.Print(graph));
    }

    [Fact]
    public void FusedNode_ShowsNormEpilogueAndCovers()
    {
        var op = new ConvOp(new Window(new Pair(1, 1), new Pair(1, 1), default, new Pair(1, 1)), 4, 1, "w", "b")
        {
            Norm = new BatchNormSpec("bn", 0.001),
            Epilogue = new Epilogue(new ActivationSpec(Act.ReLU), true, new ActivationSpec(Act.ELU, 1)),
            IsDense = true,
        };
        var node = new Node(3, "a", op, new EquatableArray<int>(1, 2), new TensorShape(2, 2, 4), 0) { Covers = new EquatableArray<string>("a", "r") };

        Assert.Equal(
            "%3 a = conv 1x1 s1 p0 g1 dense -> 2x2x4 (%1, %2)  [weight w; bias b; norm bn eps 0.001; before ReLU; residual %2; after ELU alpha 1; covers a, r]",
            GraphPrinter.Print(node));
    }

    [Fact]
    public void LongChannelMaps_AreCut()
    {
        var op = new ChannelMapOp("gather", new EquatableArray<int>(Enumerable.Range(0, 100).Select(i => i * 7 % 100)));
        string text = GraphPrinter.Print(new Node(1, "g", op, new EquatableArray<int>(0), new TensorShape(1, 1, 100), 0));

        Assert.Equal("%1 g = gather 100 of 0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, ... -> 1x1x100 (%0)", text);
    }
}
