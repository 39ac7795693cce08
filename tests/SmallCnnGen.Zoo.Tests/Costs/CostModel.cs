using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>One row of a declaration: what goes in, what comes out and what it costs with all its copies.</summary>
/// <param name="Input">Shape before it.</param>
/// <param name="Output">Shape after it.</param>
/// <param name="Parameters">Learned values.</param>
internal sealed record DeclaredRow(TensorShape Input, TensorShape Output, long Parameters);

/// <summary>What a declaration costs, by the compiler's own cost rule, under the counters that the papers use.</summary>
internal sealed class CostModel
{
    private readonly Graph _graph;

    private CostModel(Graph graph) => _graph = graph;

    /// <summary>Shape of the first input.</summary>
    public TensorShape Input => _graph.Inputs.First().Shape;

    /// <summary>Shape of the result.</summary>
    public TensorShape Output => _graph.Nodes[_graph.Output].Shape;

    /// <summary>The result of every operation, those of the input excepted.</summary>
    public IEnumerable<Node> Operations => _graph.Nodes.Where(n => n.Inputs.Count > 0);

    /// <summary>Learned values.</summary>
    public long Parameters => ParametersOf(Operations);

    /// <summary>Multiply-adds of convolutions and fully connected layers.</summary>
    public long MultiplyAdds => MultiplyAddsOf(Operations);

    /// <summary>A declared network.</summary>
    public static CostModel Of(Type network) => Of(ReflectionSpecReader.Read(network));

    /// <summary>A specification.</summary>
    public static CostModel Of(NetworkSpec spec) =>
        new(SpecExpander.Expand(spec, new FindingList()) ?? throw new ArgumentException(spec.FullName + " cannot be expanded"));

    /// <summary>The declaration row by row: each row is what it adds to the network that ends before it.</summary>
    public static List<DeclaredRow> Rows(NetworkSpec spec)
    {
        var rows = new List<DeclaredRow>();
        CostModel? before = null;
        for (int count = 1; count <= spec.Layers.Count; count++)
        {
            CostModel after = Of(spec with { Layers = new EquatableArray<LayerSpec>(spec.Layers.Take(count)) });
            rows.Add(new DeclaredRow(before?.Output ?? after.Input, after.Output, after.Parameters - (before?.Parameters ?? 0)));
            before = after;
        }

        return rows;
    }

    /// <summary>Learned values of some operations.</summary>
    public long ParametersOf(IEnumerable<Node> nodes) => Tensors(nodes).Sum(t => t.Length);

    /// <summary>Learned values of some operations that are matrices or windows: no biases, no normalisation.</summary>
    public long WeightsOf(IEnumerable<Node> nodes) => Tensors(nodes).Where(t => t.Shape.Count > 1).Sum(t => t.Length);

    /// <summary>Multiply-adds of some operations.</summary>
    public long MultiplyAddsOf(IEnumerable<Node> nodes) => nodes.Sum(n => CostRule.MultiplyAdds(n.Op, _graph.Nodes[n.Inputs[0]].Shape, n.Shape));

    /// <summary>Learned values as a source counts them.</summary>
    public long Count(ParameterCount count) => count switch
    {
        ParameterCount.WithoutBatchNorm => ParametersOf(Operations.Where(n => n.Op is not BatchNormOp)),
        _ => Parameters,
    };

    /// <summary>Multiply-adds as a source counts them.</summary>
    public long Count(WorkCount count) => MultiplyAdds + count switch
    {
        WorkCount.WithoutDense => -MultiplyAddsOf(Operations.Where(n => n.Op is DenseOp)),
        WorkCount.PlusConvolutionOutputs => Operations.Where(n => n.Op is ConvOp).Sum(n => n.Shape.Length),
        WorkCount.PlusActivations => Operations.Where(n => n.Op is ActivationOp).Sum(n => n.Shape.Length),
        WorkCount.PlusActivationsAndPooling => Operations.Where(n => n.Op is ActivationOp).Sum(n => n.Shape.Length)
            + Operations.Where(n => n.Op is PoolOp or AdaptivePoolOp).Sum(n => _graph.Nodes[n.Inputs[0]].Shape.Length),
        _ => 0,
    };

    /// <summary>Bytes of activations that one instance of the generated network allocates.</summary>
    public long ArenaBytes() => sizeof(float) * (long)Planner.Create(PassPipeline.Run(_graph), 256).ArenaFloats;

    private IEnumerable<TensorDeclaration> Tensors(IEnumerable<Node> nodes) => nodes
        .SelectMany(n => CostRule.Tensors(n.Op, _graph.Nodes[n.Inputs[0]].Shape, n.Shape))
        .DistinctBy(t => t.Name)
        .Where(t => t.IsLearned);
}
