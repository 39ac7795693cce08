using System;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Tooling;
using Xunit;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>Declarations without a reference model against the parameters and multiply-adds printed for them.</summary>
public sealed class PrintedCostTests
{
    /// <summary>Parameters and multiply-adds in millions, 0 where none are printed; what is printed is rounded.</summary>
    [Theory]
    [InlineData(typeof(MobileNetV2W140), 6.06, 582, 0.01)]
    [InlineData(typeof(MobileNetV3SmallW075), 2.0, 44, 0.03)]
    [InlineData(typeof(MobileNetV3LargeTorchvisionW075), 3.38, 140, 0.005)]
    [InlineData(typeof(MnasNetB1W050), 2.218512, 0, 0)]
    [InlineData(typeof(MnasNetB1W075), 3.170208, 0, 0)]
    [InlineData(typeof(MnasNetB1W130), 6.282256, 0, 0)]
    [InlineData(typeof(CondenseNet74G4), 4.8, 529, 0.03)]
    [InlineData(typeof(PnasNet5Mobile), 5.1, 588, 0.01)]
    public void Cost_IsThePrintedOne(Type network, double parameters, double multiplyAdds, double tolerance)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(ReflectionSpecReader.Read(network), findings);
        Assert.True(findings.IsEmpty, string.Join("\n", findings.Items.Select(f => f.Message)));
        Assert.NotNull(graph);

        Node[] nodes = graph.Nodes.Where(n => n.Inputs.Count > 0).ToArray();
        double ourParameters = nodes
            .SelectMany(n => CostRule.Tensors(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape))
            .DistinctBy(t => t.Name)
            .Where(t => t.IsLearned)
            .Sum(t => t.Length) / 1e6;
        double ourMultiplyAdds = nodes.Sum(n => CostRule.MultiplyAdds(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape)) / 1e6;

        Assert.True(Math.Abs(ourParameters - parameters) <= tolerance * parameters, FormattableString.Invariant($"{ourParameters}M parameters, {ourMultiplyAdds}M multiply-adds"));
        if (multiplyAdds > 0)
            Assert.True(Math.Abs(ourMultiplyAdds - multiplyAdds) <= tolerance * multiplyAdds, FormattableString.Invariant($"{ourParameters}M parameters, {ourMultiplyAdds}M multiply-adds"));
    }
}
