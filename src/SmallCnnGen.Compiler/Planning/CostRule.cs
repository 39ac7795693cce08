using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>A tensor of the weights file.</summary>
/// <param name="Name">Name as in PyTorch's state_dict.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="IsLearned">Whether it counts as parameters: running mean and variance do not.</param>
public sealed record TensorDeclaration(string Name, Model.EquatableArray<int> Shape, bool IsLearned)
{
    /// <summary>Elements.</summary>
    public long Length => Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>The one place that says what a layer costs and which tensors it has.</summary>
public static class CostRule
{
    /// <summary>
    /// Multiply-adds as the papers count them: convolutions and fully connected layers only; biases, normalisation,
    /// activations, pooling and additions are free.
    /// </summary>
    public static long MultiplyAdds(Op op, TensorShape input, TensorShape output) => op switch
    {
        ConvOp conv => output.Length * (input.Channels / conv.Groups) * conv.Window.Kernel.Y * conv.Window.Kernel.X,
        ConvTransposeOp conv => input.Length * (conv.Channels / conv.Groups) * conv.Window.Kernel.Y * conv.Window.Kernel.X,
        DenseOp dense => (long)dense.Units * input.Channels,
        _ => 0,
    };

    /// <summary>Tensors a node reads, in state_dict order.</summary>
    public static IEnumerable<TensorDeclaration> Tensors(Op op, TensorShape input, TensorShape output)
    {
        switch (op)
        {
            case ConvOp { Prologue: { } prologue } conv:
                foreach (TensorDeclaration tensor in Norm(prologue.Norm, input.Channels).Concat(Tensors(conv with { Prologue = null, Epilogue = Epilogue.None }, input, output)))
                    yield return tensor;
                break;
            case ConvOp { IsDense: true } conv:
                yield return Learned(conv.Weight, conv.Channels, checked((int)input.Length));
                if (conv.Bias is not null)
                    yield return Learned(conv.Bias, conv.Channels);
                foreach (TensorDeclaration tensor in Norm(conv.Norm, conv.Channels))
                    yield return tensor;
                break;
            case ConvOp conv:
                yield return Learned(conv.Weight, conv.Channels, input.Channels / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X);
                if (conv.Bias is not null)
                    yield return Learned(conv.Bias, conv.Channels);
                foreach (TensorDeclaration tensor in Norm(conv.Norm, conv.Channels))
                    yield return tensor;
                break;
            case ConvTransposeOp conv:
                yield return Learned(conv.Weight, input.Channels, conv.Channels / conv.Groups, conv.Window.Kernel.Y, conv.Window.Kernel.X);
                if (conv.Bias is not null)
                    yield return Learned(conv.Bias, conv.Channels);
                foreach (TensorDeclaration tensor in Norm(conv.Norm, conv.Channels))
                    yield return tensor;
                break;
            case DenseOp dense:
                yield return Learned(dense.Weight, dense.Units, input.Channels);
                if (dense.Bias is not null)
                    yield return Learned(dense.Bias, dense.Units);
                break;
            case BatchNormOp norm:
                foreach (TensorDeclaration tensor in Norm(norm.Norm, output.Channels))
                    yield return tensor;
                break;
            case ActivationOp { Function.Slopes: { } slopes } activation:
                yield return Learned(slopes, activation.Function.SharedSlope ? 1 : output.Channels);
                break;
        }

        if (op is EpilogueOp fused)
        {
            foreach (ActivationSpec activation in new[] { fused.Epilogue.Before, fused.Epilogue.After })
            {
                if (activation.Slopes is not null)
                    yield return Learned(activation.Slopes, activation.SharedSlope ? 1 : output.Channels);
            }
        }
    }

    /// <summary>
    /// Memory access cost of a pointwise layer in elements (ShuffleNet V2, section 2, G1): h w (c1 + c2) + c1 c2 / g.
    /// For other layers the same idea: what is read, what is written, and the weights.
    /// </summary>
    public static double MemoryAccessCost(Op op, TensorShape input, TensorShape output) => op switch
    {
        ConvOp conv => input.Length + output.Length + ((double)output.Channels * (input.Channels / conv.Groups) * conv.Window.Kernel.Y * conv.Window.Kernel.X),
        _ => input.Length + output.Length,
    };

    /// <summary>
    /// Lower bound of that cost for a pointwise layer of the same work B (ShuffleNet V2, equation 1):
    /// 2 sqrt(h w B) + B / (h w). 0 for other layers.
    /// </summary>
    public static double MemoryAccessBound(Op op, TensorShape input, TensorShape output)
    {
        if (op is not ConvOp { Groups: 1 } conv || !conv.Window.IsPointwise)
            return 0;
        double work = MultiplyAdds(op, input, output);
        return (2 * Math.Sqrt(output.Pixels * work)) + (work / output.Pixels);
    }

    private static IEnumerable<TensorDeclaration> Norm(BatchNormSpec? norm, int channels)
    {
        if (norm is null)
            yield break;
        yield return Learned(norm.Module + ".weight", channels);
        yield return Learned(norm.Module + ".bias", channels);
        yield return new TensorDeclaration(norm.Module + ".running_mean", new Model.EquatableArray<int>(channels), false);
        yield return new TensorDeclaration(norm.Module + ".running_var", new Model.EquatableArray<int>(channels), false);
    }

    private static TensorDeclaration Learned(string name, params int[] shape) => new(name, new Model.EquatableArray<int>(shape), true);
}
