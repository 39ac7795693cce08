using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Tests;

/// <summary>The tensors an unoptimised graph reads, as lines "name 16x1x3x3", in execution order.</summary>
internal static class GraphTensors
{
    public static IEnumerable<string> Of(Graph graph) => All(graph).Select(t => $"{t.Name} {string.Join("x", t.Shape)}");

    private static IEnumerable<(string Name, int[] Shape)> All(Graph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            int input = node.Inputs.Count == 0 ? 0 : graph.Nodes[node.Inputs[0]].Shape.Channels;
            switch (node.Op)
            {
                case ConvOp conv:
                    yield return (conv.Weight, [conv.Channels, input / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X]);
                    if (conv.Bias is not null)
                        yield return (conv.Bias, [conv.Channels]);
                    break;
                case ConvTransposeOp conv:
                    yield return (conv.Weight, [input, conv.Channels / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X]);
                    if (conv.Bias is not null)
                        yield return (conv.Bias, [conv.Channels]);
                    break;
                case DenseOp dense:
                    yield return (dense.Weight, [dense.Units, input]);
                    if (dense.Bias is not null)
                        yield return (dense.Bias, [dense.Units]);
                    break;
                case BatchNormOp norm:
                    foreach (string part in new[] { "weight", "bias", "running_mean", "running_var" })
                        yield return ($"{norm.Norm.Module}.{part}", [input]);
                    break;
                case ActivationOp { Function.Slopes: { } slopes } activation:
                    yield return (slopes, [activation.Function.SharedSlope ? 1 : input]);
                    break;
            }
        }
    }
}
