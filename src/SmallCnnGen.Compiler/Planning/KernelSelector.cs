using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Channels;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Kernels.Depthwise;
using SmallCnnGen.Compiler.Kernels.Elementwise;
using SmallCnnGen.Compiler.Kernels.Normalization;
using SmallCnnGen.Compiler.Kernels.Pooling;
using SmallCnnGen.Compiler.Kernels.Spatial;
using SmallCnnGen.Compiler.Kernels.Winograd;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Chooses the kernel of a node, now that shapes and pitches are known, and says how its weights are packed.</summary>
public static class KernelSelector
{
    /// <summary>Kernel and weight bindings of a node.</summary>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="op">Operation.</param>
    /// <param name="inputs">Maps it reads, the residual last.</param>
    /// <param name="output">Map it writes.</param>
    /// <param name="channels">Where the channels of the first input lie, relative to its pixel; empty when side by side.</param>
    /// <param name="order">For a depthwise convolution: the declared channel at each stored position; empty when they agree.</param>
    /// <param name="winograd">Which convolutions may use Winograd's method.</param>
    /// <param name="strip">Whether the kernel computes some rows at a time (<see cref="KernelSpec.IsStrip"/>), which may change how its weights are packed.</param>
    public static (KernelSpec Kernel, IReadOnlyList<WeightBinding> Bindings) Select(
        int bits, Op op, IReadOnlyList<TensorRef> inputs, TensorRef output, EquatableArray<int> channels = default, EquatableArray<int> order = default, WinogradUse winograd = WinogradUse.WhereFaster, bool strip = false)
    {
        TensorRef x = inputs[0];
        var bindings = new List<WeightBinding>();
        EpilogueCode epilogue = op is EpilogueOp fused
            ? new EpilogueCode(ActivationCode.From(fused.Epilogue.Before), fused.Epilogue.HasResidual ? inputs[inputs.Count - 1].Pitch : 0, ActivationCode.From(fused.Epilogue.After))
            : default;
        long slopes = 0;
        KernelSpec kernel;
        switch (op)
        {
            case ConvOp conv when IsDepthwise(conv, x.Channels):
            {
                var depthwise = new DepthwiseKernel(bits, x, output, conv.Window, epilogue) { Runs = Runs(channels) };
                bindings.Add(new DepthwiseBinding(0, conv.Weight, conv.Bias, conv.Norm, conv.Channels, conv.Window.Kernel, order));
                (kernel, slopes) = (depthwise, depthwise.SlopeOffset);
                break;
            }

            case ConvOp conv when WinogradChoice.Tile(winograd, conv, x, output, channels.Count > 0) is > 0 and int tile:
            {
                var fast = new WinogradKernel(bits, x, output, conv.Window.Padding, tile, epilogue);
                bindings.Add(new WinogradBinding(0, conv.Weight, conv.Bias, conv.Norm, conv.Channels, x.Channels, tile, fast.Lanes, fast.Vectors));
                (kernel, slopes) = (fast, fast.SlopeOffset);
                break;
            }

            case ConvOp conv:
            {
                int inPerGroup = x.Channels / conv.Groups;
                int merge = conv.Groups == 1 ? 1 : GroupMerge.Factor(bits, conv.Groups, inPerGroup, conv.Channels / conv.Groups);
                var dense = new ConvKernel(bits, x, output, conv.Window, conv.Groups / merge, epilogue) { IsScattered = channels.Count > 0, IsStrip = strip, IsSplit = strip, HasGate = conv.HasGate, Prologue = conv.Prologue is { } before ? ActivationCode.From(before.Activation) : null };
                bindings.Add(new ConvBinding(0, conv.Weight, conv.Bias, conv.Norm, conv.Channels, inPerGroup, conv.Window.Kernel, conv.Groups, merge, dense.Lanes, dense.Vectors, dense.IsPaired));
                if (conv.Prologue is not null)
                    bindings.Add(new AffineBinding(dense.PrologueOffset, conv.Prologue.Norm, x.Channels));
                (kernel, slopes) = (dense, dense.SlopeOffset);
                break;
            }

            case ConvTransposeOp conv:
            {
                var transposed = new ConvTransposeKernel(bits, x, output, conv.Window, conv.Groups, epilogue);
                bindings.Add(new ConvTransposeBinding(0, conv.Weight, conv.Bias, conv.Norm, x.Channels, conv.Channels / conv.Groups, conv.Window.Kernel, conv.Groups));
                (kernel, slopes) = (transposed, transposed.SlopeOffset);
                break;
            }

            case BatchNormOp norm:
            {
                var affine = new ElementwiseKernel(bits, ElementwiseOperation.Affine, new EquatableArray<TensorRef>(x), output, epilogue);
                bindings.Add(new AffineBinding(0, norm.Norm, output.Channels));
                (kernel, slopes) = (affine, affine.SlopeOffset);
                break;
            }

            case ActivationOp activation:
                kernel = new ElementwiseKernel(bits, ElementwiseOperation.Identity, new EquatableArray<TensorRef>(x), output, new EpilogueCode(ActivationCode.From(activation.Function), 0, default));
                if (activation.Function.Slopes is not null)
                    bindings.Add(new VectorBinding(0, activation.Function.Slopes, output.Channels));
                break;
            case AddOp or MultiplyOp:
            {
                IEnumerable<TensorRef> operands = epilogue.HasResidual ? inputs.Take(inputs.Count - 1) : inputs;
                kernel = new ElementwiseKernel(bits, op is AddOp ? ElementwiseOperation.Add : ElementwiseOperation.Multiply, new EquatableArray<TensorRef>(LargestFirst(operands, op is MultiplyOp)), output, epilogue);
                break;
            }

            case PoolOp pool:
                kernel = new PoolKernel(bits, x, output, pool.IsMax, pool.Window, pool.CountIncludePad, epilogue);
                break;
            case AdaptivePoolOp pool:
                kernel = new AdaptivePoolKernel(bits, x, output, pool.IsMax, epilogue);
                break;
            case ChannelMapOp map:
                kernel = new ChannelMapKernel(bits, Pascal(map.Kind), x, output, map.Source);
                break;
            case FlattenOp:
                kernel = new FlattenKernel(bits, x);
                break;
            case PadOp pad:
                kernel = new PadKernel(bits, x, output, pad.Pads);
                break;
            case UpsampleOp up:
                kernel = new UpsampleKernel(bits, x, output, up.Scale, up.Mode, up.AlignCorners);
                break;
            case MaxUnpoolOp unpool:
                kernel = new MaxUnpoolKernel(bits, x, inputs[1], output, unpool.Pool);
                break;
            case SoftmaxOp softmax:
                kernel = new SoftmaxKernel(bits, x, output, softmax.IsLog);
                break;
            case LocalResponseNormOp lrn:
                kernel = new LocalResponseNormKernel(bits, x, output, lrn.Size, lrn.Alpha, lrn.Beta, lrn.K);
                break;
            default:
                throw new InvalidOperationException("no kernel for " + op.Name);
        }

        if (op is EpilogueOp withSlopes)
        {
            foreach (ActivationSpec activation in new[] { withSlopes.Epilogue.Before, withSlopes.Epilogue.After })
            {
                if (activation.Slopes is null)
                    continue;
                bindings.Add(new VectorBinding(slopes, activation.Slopes, output.Channels));
                slopes += output.Channels;
            }
        }

        // Again for convolutions, which had to know before their weights' binding was made.
        return (strip ? kernel with { IsSplit = true, IsStrip = true } : kernel, bindings);
    }

    /// <summary>Whether a convolution filters each channel on its own.</summary>
    /// <param name="conv">Convolution.</param>
    /// <param name="inChannels">Its input channels.</param>
    public static bool IsDepthwise(ConvOp conv, int inChannels) =>
        conv.Groups == inChannels && conv.Channels == inChannels && conv.Groups > 1;

    /// <summary>Lengths of the runs of channels that lie side by side.</summary>
    private static EquatableArray<int> Runs(EquatableArray<int> channels)
    {
        var runs = new List<int>();
        for (int i = 0; i < channels.Count; i++)
        {
            if (i > 0 && channels[i] == channels[i - 1] + 1)
                runs[runs.Count - 1]++;
            else
                runs.Add(1);
        }

        return new EquatableArray<int>(runs);
    }

    /// <summary>A kernel that copies a map elsewhere.</summary>
    public static KernelSpec Copy(int bits, TensorRef from, TensorRef to) =>
        new ChannelMapKernel(bits, "Copy", from, to, new EquatableArray<int>(Enumerable.Range(0, from.Channels)));

    /// <summary>Whether operand order must change so that a broadcast gate comes second.</summary>
    public static bool SwapsOperands(Op op, TensorShape first, TensorShape second) =>
        op is MultiplyOp && first.Pixels < second.Pixels;

    private static IEnumerable<TensorRef> LargestFirst(IEnumerable<TensorRef> operands, bool reorder)
    {
        TensorRef[] list = operands.ToArray();
        return reorder && list[0].Pixels < list[1].Pixels ? list.Reverse() : list;
    }

    private static string Pascal(string kind) =>
        string.Concat(kind.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
}
