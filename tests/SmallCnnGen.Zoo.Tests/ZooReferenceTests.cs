using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Oracle;
using SmallCnnGen.Testing.Zoo;
using SmallCnnGen.Tooling;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>
/// Every Zoo declaration against the reference kit: the same tensors with the same shapes, the same parameters and
/// multiply-adds, and, through the double-precision interpreter, the same output.
/// </summary>
public sealed class ZooReferenceTests(ITestOutputHelper output)
{
    /// <summary>Networks above this cost are interpreted in the acceptance run only; here the rest is checked.</summary>
    private const long InterpretedMultiplyAdds = 400_000_000;

    /// <summary>
    /// The kit's values are float64 results rounded once to float32 (6e-8); the rest is room for the order of sums in
    /// double, relative to the largest output.
    /// </summary>
    private const double Relative = 1e-6;

    /// <summary>Every declaration with its reference.</summary>
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach ((Type network, string? reference) in ZooModels.All())
        {
            if (reference is not null)
                data.Add(network.FullName!, reference);
        }

        return data;
    }

    /// <summary>Every declaration without one.</summary>
    public static TheoryData<string> Others() => new(ZooModels.All().Where(m => m.Reference is null).Select(m => m.Network.FullName!));

    /// <summary>The declaration means something.</summary>
    [Theory]
    [MemberData(nameof(Others))]
    public void Declaration_Without_A_Reference_Expands(string type) => Expand(type);

    /// <summary>Declaration and kit model agree.</summary>
    [KitTheory]
    [MemberData(nameof(Cases))]
    public void Declaration_Reproduces_Its_Reference(string type, string reference)
    {
        Graph graph = Expand(type);
        KitCase kit = KitCase.ReadModel(Path.Combine(KitCase.Locate(AppContext.BaseDirectory)!, "models", reference + ".json"));
        TensorDeclaration[] tensors = graph.Nodes
            .Where(n => n.Inputs.Count > 0)
            .SelectMany(n => CostRule.Tensors(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape))
            .DistinctBy(t => t.Name)
            .ToArray();
        Assert.Equal(
            kit.Parameters.Select(p => p.Name + " [" + string.Join(", ", p.Shape) + "]").Order(StringComparer.Ordinal),
            tensors.Select(t => t.Name + " [" + t.Shape + "]").Order(StringComparer.Ordinal));
        Assert.Equal(kit.TotalParameters, tensors.Where(t => t.IsLearned).Sum(t => t.Length));
        long multiplyAdds = graph.Nodes.Where(n => n.Inputs.Count > 0).Sum(n => CostRule.MultiplyAdds(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape));
        Assert.Equal(kit.TotalMultiplyAdds, multiplyAdds);
        if (multiplyAdds > InterpretedMultiplyAdds)
        {
            output.WriteLine("output not interpreted here (too large); the acceptance run does it with the kernels");
            return;
        }

        Dictionary<string, KitTensor> shapes = kit.Parameters.ToDictionary(p => p.Name);
        var interpreter = new Interpreter(graph, name => TensorRule.Make(shapes[name], kit.Gain));
        KitTensor input = kit.Inputs[0];
        double[] result = interpreter.Run([Array.ConvertAll(KitCase.ToHwc(TensorRule.Make(input), input.Shape, 0), v => (double)v)]);
        var chw = new double[result.Length];
        KitCase.FromHwc<double>(result, kit.OutputShape, 0, chw);
        for (int i = 0; i < kit.Expected.Length; i++)
        {
            double ours = chw[kit.Start + (i * kit.Step)];
            Assert.True(Math.Abs(ours - kit.Expected[i]) <= Relative * kit.MaxAbs, FormattableString.Invariant($"output {i} is {ours}, expected {kit.Expected[i]}"));
        }
    }

    private static Graph Expand(string type)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(ReflectionSpecReader.Read(typeof(ResNet18).Assembly.GetType(type, throwOnError: true)!), findings);
        Assert.True(findings.IsEmpty, string.Join("\n", findings.Items.Select(f => f.Id + " " + f.Message)));
        Assert.NotNull(graph);
        return graph;
    }
}
