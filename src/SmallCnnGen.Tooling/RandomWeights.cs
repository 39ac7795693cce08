using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Tooling;

/// <summary>
/// Weights for a network nobody has trained, scaled so that activations neither vanish nor explode: uniform with He's
/// variance 2 / fan-in, batch normalisation close to the identity. The same for the same names and shapes.
/// </summary>
public static class RandomWeights
{
    /// <summary>Every tensor a network reads, in state_dict order.</summary>
    /// <param name="declared">The network as declared: the graph before any pass.</param>
    public static IReadOnlyList<NamedTensor> For(Graph declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        var tensors = new List<NamedTensor>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node node in declared.Nodes.Where(n => n.Inputs.Count > 0))
        {
            foreach (TensorDeclaration tensor in CostRule.Tensors(node.Op, declared.Nodes[node.Inputs[0]].Shape, node.Shape))
            {
                if (known.Add(tensor.Name))
                    tensors.Add(new NamedTensor(tensor.Name, tensor.Shape.ToArray(), Make(node.Op, tensor)));
            }
        }

        return tensors;
    }

    /// <summary>An image: values in [-2, 2), the same for the same name and length.</summary>
    /// <param name="name">Name of the input.</param>
    /// <param name="length">Elements.</param>
    public static float[] Input(string name, long length) => Fill(name, length, -2, 2);

    private static float[] Make(Op op, TensorDeclaration tensor)
    {
        if (tensor.Shape.Count > 1)
        {
            double fan = tensor.Shape.Skip(1).Aggregate(1.0, (n, d) => n * d);
            double limit = Math.Sqrt(6 / fan);
            return Fill(tensor.Name, tensor.Length, -limit, limit);
        }

        if (op is ActivationOp)
            return Fill(tensor.Name, tensor.Length, 0.1, 0.4);
        bool isScale = op is BatchNormOp && (tensor.Name.EndsWith(".weight", StringComparison.Ordinal) || tensor.Name.EndsWith(".running_var", StringComparison.Ordinal));
        return isScale ? Fill(tensor.Name, tensor.Length, 0.5, 1.5) : Fill(tensor.Name, tensor.Length, -0.2, 0.2);
    }

    /// <summary>SplitMix64 seeded with the name's FNV-1a hash: System.Random may change between runtimes.</summary>
    private static float[] Fill(string name, long length, double from, double to)
    {
        ulong state = name.Aggregate(14695981039346656037UL, (h, c) => unchecked((h ^ c) * 1099511628211UL));
        var values = new float[length];
        for (long i = 0; i < length; i++)
        {
            ulong z = state = unchecked(state + 0x9E3779B97F4A7C15UL);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            double u = (z >> 40) / (double)(1 << 24);
            values[i] = (float)(from + (u * (to - from)));
        }

        return values;
    }
}
