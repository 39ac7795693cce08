using System;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class GraphVerifierTests
{
    private static readonly Window Pointwise = new(new Pair(1, 1), new Pair(1, 1), default, new Pair(1, 1));

    private static Graph Valid() => new SpecBuilder(8, 8, 4)
        .Layer("Conv", ("channels", 4), ("Kernel", 1), ("BatchNorm", false), ("Activation", 0), ("Name", "a"))
        .Layer("Add", ("inputs", new[] { "input" }), ("Name", "s"))
        .Expand();

    private static Graph With(int index, Func<Node, Node> change)
    {
        Graph graph = Valid();
        return graph with { Nodes = new EquatableArray<Node>(graph.Nodes.Select((n, i) => i == index ? change(n) : n)) };
    }

    private static void Broken(Graph graph, params string[] words)
    {
        var e = Assert.Throws<InvalidOperationException>(() => GraphVerifier.Verify(graph));
        Assert.All(words, w => Assert.Contains(w, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_AreEnforcedByName()
    {
        GraphVerifier.Verify(Valid());
        Broken(With(1, n => n with { Id = 5 }), "'a'", "id");
        Broken(With(2, n => n with { Name = "a" }), "'a'", "unique");
        Broken(With(2, n => n with { Name = "" }), "not empty");
        Broken(With(1, n => n with { Inputs = new EquatableArray<int>(1) }), "'a'", "before");
        Broken(With(1, n => n with { Inputs = new EquatableArray<int>(-1) }), "'a'", "before");
        Broken(With(1, n => n with { Inputs = default }), "'a'", "0 inputs");
        Broken(With(1, n => n with { Inputs = new EquatableArray<int>(0, 0) }), "'a'", "2 inputs");
        Broken(With(2, n => n with { Inputs = new EquatableArray<int>(1) }), "'s'", "at least 2");
        Broken(With(1, n => n with { Shape = new TensorShape(8, 8, 5) }), "'a'", "8x8x4");
        Broken(With(1, n => n with { Covers = default }), "cover");
        Broken(With(0, n => n with { Op = new InputOp(1) }), "numbered");
        Broken(With(0, n => n with { Shape = default }), "empty");
        Broken(With(1, n => n with { Op = (ConvOp)n.Op with { Groups = 3 } }), "'a'", "groups");
        Broken(With(1, n => n with { Op = (ConvOp)n.Op with { Window = Pointwise with { Stride = default } } }), "positive");
        Broken(With(1, n => n with { Op = (ConvOp)n.Op with { Window = Pointwise with { Padding = new Sides(-1, 0, 0, 0) } } }), "negative");
        Broken(Valid() with { Output = 3 }, "output");
        Broken(Valid() with { Output = -1 }, "output");
    }

    [Fact]
    public void Residual_IsTheLastInputAndNotTheOps()
    {
        var residual = new Epilogue(ActivationSpec.None, true, ActivationSpec.None);
        Graph fused = With(1, n => n with { Op = (ConvOp)n.Op with { Epilogue = residual }, Inputs = new EquatableArray<int>(0, 0) });

        GraphVerifier.Verify(fused);
        Broken(With(1, n => n with { Op = (ConvOp)n.Op with { Epilogue = residual } }), "'a'", "residual");
        Broken(
            With(1, n => n with { Op = new ConvOp(Pointwise, 8, 1, "w", null) { Epilogue = residual }, Inputs = new EquatableArray<int>(0, 0), Shape = new TensorShape(8, 8, 8) }),
            "'a'", "8x8x4", "8x8x8");
    }

    [Fact]
    public void PReLU_MustHaveSlopes() =>
        Broken(With(1, n => n with { Op = new ActivationOp(new ActivationSpec(Compiler.Ir.Activation.PReLU)) }), "slopes");
}
