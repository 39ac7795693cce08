using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Rivals;
using SmallCnnGen.Tooling;
using SmallCnnGen.Tooling.Hosting;
using SmallCnnGen.Tooling.Measuring;
using SmallCnnGen.Tooling.Onnx;

namespace SmallCnnGen.Compare;

/// <summary>One network on both sides: the same weights, the same input, outputs compared, then timed.</summary>
internal static class Contest
{
    /// <summary>
    /// Largest difference of the outputs that still counts as agreement, relative to the largest output: far above the
    /// rounding of some hundred layers in float32 (about 1e-5), far below what one wrong channel does.
    /// </summary>
    private const double Tolerance = 1e-3;

    /// <summary>Compares and measures one network.</summary>
    /// <param name="network">The declaration.</param>
    /// <param name="options">How.</param>
    /// <param name="profile">Our layers, when asked for.</param>
    /// <exception cref="InvalidOperationException">The outputs disagree, or one side refuses the network.</exception>
    public static Result Run(Type network, CompareOptions options, out TextTable? profile)
    {
        Graph graph = NetworkHost.Declare(network);
        Node[] inputNodes = graph.Inputs.OrderBy(n => ((InputOp)n.Op).Index).ToArray();
        float[][] inputs = inputNodes.Select(n => RandomWeights.Input(n.Name, n.Shape.Length)).ToArray();
        var output = new float[graph.Nodes[graph.Output].Shape.Length];
        IRunnableNetwork ours = ComparedAssembly.Load(network, inputs.Length, options.Bits, traced: false, threads: options.Threads);

        (byte[] safetensors, byte[]? onnx, OnnxSignature? signature) = Files(graph, network.Name, options.WithRival);
        double load = Time(() => ours.Load(safetensors));
        var oursStart = new Start(load, Time(() => ours.Run(inputs, output)));
        OnnxRuntimeSession? session = null;
        Start? theirsStart = null;
        double difference = double.NaN;
        try
        {
            if (options.WithRival)
            {
                load = Time(() => session = new OnnxRuntimeSession(onnx!, signature!, options.Threads));
                onnx = null;
                for (int i = 0; i < inputs.Length; i++)
                    TensorLayout.HwcToChw(inputs[i], inputNodes[i].Shape.Height, inputNodes[i].Shape.Width, inputNodes[i].Shape.Channels, session!.Input(i));
                theirsStart = new Start(load, Time(session!.Run));
                difference = Difference(output, session.Output, graph.Nodes[graph.Output].Shape);
            }

            GC.Collect();
            Measurement measurement = Measurement.Take(() => ours.Run(inputs, output), session is null ? null : session.Run, options.Rounds, options.Bits, options.Threads);
            profile = null;
            if (options.Profile)
            {
                IRunnableNetwork traced = ComparedAssembly.Load(network, inputs.Length, options.Bits, traced: true);
                traced.Load(safetensors);
                profile = LayerProfile.Measure(traced, inputs, output, FmaPeak.Measure(options.Bits));
            }

            return new Result(network.Name, NetworkHost.MultiplyAdds(graph), measurement, oursStart, theirsStart, difference);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>One set of weights in both formats.</summary>
    private static (byte[] Safetensors, byte[]? Onnx, OnnxSignature? Signature) Files(Graph graph, string name, bool withRival)
    {
        IReadOnlyList<NamedTensor> tensors = RandomWeights.For(graph);
        byte[] safetensors = NetworkHost.Safetensors(tensors);
        if (!withRival)
            return (safetensors, null, null);
        Dictionary<string, float[]> byName = tensors.ToDictionary(t => t.Name, t => MemoryMarshal.TryGetArray(t.Data, out ArraySegment<float> values) ? values.Array! : t.Data.ToArray());
        using var onnx = new MemoryStream();
        OnnxSignature signature = OnnxExporter.Write(graph, name, tensor => byName[tensor], onnx);
        return (safetensors, onnx.ToArray(), signature);
    }

    private static double Difference(float[] ours, ReadOnlySpan<float> theirs, TensorShape shape)
    {
        var chw = new float[ours.Length];
        TensorLayout.HwcToChw(ours, shape.Height, shape.Width, shape.Channels, chw);
        double largest = 0, worst = 0;
        for (int i = 0; i < chw.Length; i++)
        {
            if (!float.IsFinite(chw[i]) || !float.IsFinite(theirs[i]))
                throw new InvalidOperationException(FormattableString.Invariant($"output {i} is {chw[i]} here and {theirs[i]} in the rival; nothing was timed"));
            largest = Math.Max(largest, Math.Abs(theirs[i]));
            worst = Math.Max(worst, Math.Abs(chw[i] - (double)theirs[i]));
        }

        double difference = worst == 0 ? 0 : worst / largest;
        return difference <= Tolerance
            ? difference
            : throw new InvalidOperationException(FormattableString.Invariant($"the outputs differ by {difference:G3} of the largest ({largest:G4}); nothing was timed"));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
