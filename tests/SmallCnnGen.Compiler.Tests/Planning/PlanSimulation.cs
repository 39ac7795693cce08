using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Kernels.Depthwise;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Tests.Planning;

/// <summary>
/// Executes a plan on labels instead of numbers: every float of input, output and arena holds which element of which node
/// it is, and every read must find the very elements the graph says. Finds overlapping regions, wrong views, wrong
/// offsets of concatenated maps and wrong orders, knowing nothing of how the planner chose them.
/// </summary>
internal static class PlanSimulation
{
    private const int PixelShift = 17, NodeShift = 45;

    /// <summary>What is wrong, or nothing.</summary>
    public static IEnumerable<string> Problems(Plan plan)
    {
        Graph graph = plan.Graph;
        var labels = new long[graph.Nodes.Count][];
        foreach (Node node in graph.Nodes)
            labels[node.Id] = Labels(graph, node, labels);

        var arena = new long[plan.ArenaFloats];
        var output = new long[graph.Nodes[graph.Output].Shape.Length];
        long[][] inputs = graph.Inputs.Select(n => Fill(n.Shape, labels[n.Id])).ToArray();
        var problems = new List<string>();
        long[] Memory(Placement place) => place.Storage switch { Storage.Input => inputs[place.Input], Storage.Output => output, _ => arena };

        for (int s = 0; s < plan.Steps.Count && problems.Count < 5; s++)
        {
            Step step = plan.Steps[s];
            int[] sources;
            long[] written = labels[step.Node.Id];
            if (step.IsCopy)
            {
                // A copy moves one input of a concatenation to its channels.
                int channel = step.Output.Offset - plan.Places[step.Node.Id].Offset, first = 0, index = 0;
                while (first < channel)
                    first += graph.Nodes[step.Node.Inputs[index++]].Shape.Channels;
                if (first != channel)
                    problems.Add($"step {s}: '{step.Node.Name}' is copied to channel {channel}, where no input begins");
                sources = [step.Node.Inputs[index]];
                written = written.AsSpan(channel, step.Output.Tensor.Channels).ToArray();
            }
            else
            {
                sources = step.Node.Inputs.ToArray();

                // A broadcast factor comes second.
                if (step.Node.Op is MultiplyOp && graph.Nodes[sources[0]].Shape.Pixels < graph.Nodes[sources[1]].Shape.Pixels)
                    sources = [sources[1], sources[0]];
            }

            // A depthwise convolution may store its channels in another order than declared. All it reads must lie in that order.
            int[] order = step.Bindings.OfType<DepthwiseBinding>().SelectMany(b => b.Order).ToArray();
            if (order.Length > 0)
                written = order.Select(c => written[c]).ToArray();

            if (sources.Length != step.Inputs.Count || step.Kernel.Inputs != sources.Length)
                problems.Add($"step {s}: '{step.Node.Name}' has {step.Inputs.Count} places and a kernel of {step.Kernel.Inputs} inputs for {sources.Length} inputs");
            for (int i = 0; i < sources.Length; i++)
            {
                Node source = graph.Nodes[sources[i]];

                // Global pooling may read the means of the map's rows instead, which its maker left there.
                if (IsMeans(step.Inputs[i], source))
                {
                    if (Differs(Memory(step.Inputs[i]), step.Inputs[i], Means(labels[source.Id])) is { } missing)
                        problems.Add($"step {s}: '{step.Node.Name}' reads the row means of '{source.Name}' at {missing}, which holds {Name(graph, Memory(step.Inputs[i]), step.Inputs[i], missing)}");
                    continue;
                }

                if (step.Inputs[i].Channels.Count > 0 && (i > 0 || step.Kernel is not (ConvKernel or DepthwiseKernel)))
                    problems.Add($"step {s}: '{step.Node.Name}' cannot read the scattered channels of '{source.Name}'");
                long[] expected = order.Length > 0 ? order.Select(c => labels[source.Id][c]).ToArray() : labels[source.Id];
                if (Shape(step.Inputs[i].Tensor) != source.Shape)
                    problems.Add($"step {s}: '{step.Node.Name}' reads {step.Inputs[i].Tensor} where '{source.Name}' is {source.Shape}");
                else if (Differs(Memory(step.Inputs[i]), step.Inputs[i], expected) is { } where)
                    problems.Add($"step {s}: '{step.Node.Name}' reads '{source.Name}' at {where}, which holds {Name(graph, Memory(step.Inputs[i]), step.Inputs[i], where)}");
            }

            // A kernel uses its scratch memory while it reads its inputs and writes its output.
            int scratch = step.Kernel.ScratchFloats == 0 ? 0 : (int)(((step.Parts - 1) * step.Kernel.ScratchPitch) + step.Kernel.ScratchFloats);
            if (scratch > 0)
            {
                if (step.ScratchOffset < 0 || step.ScratchOffset + scratch > arena.Length)
                {
                    problems.Add($"step {s}: the scratch memory of '{step.Node.Name}' lies outside the arena");
                    break;
                }

                arena.AsSpan(step.ScratchOffset, scratch).Clear();
                for (int i = 0; i < sources.Length; i++)
                {
                    if (!IsMeans(step.Inputs[i], graph.Nodes[sources[i]]) && Differs(Memory(step.Inputs[i]), step.Inputs[i], labels[sources[i]]) is not null)
                        problems.Add($"step {s}: the scratch memory of '{step.Node.Name}' lies on its input");
                }
            }

            Write(Memory(step.Output), step.Output, written);
            if (step.Kernel.HasRowMeans != step.RowMeans is not null)
                problems.Add($"step {s}: '{step.Node.Name}' has no place for its row means, or a place and none");
            if (step.RowMeans is { } means)
            {
                Write(Memory(means), means, Means(written));
                if (Differs(Memory(step.Output), step.Output, written) is not null)
                    problems.Add($"step {s}: the row means of '{step.Node.Name}' lie on its output");
            }

            if (scratch > 0 && arena.AsSpan(step.ScratchOffset, scratch).ContainsAnyExcept(0))
                problems.Add($"step {s}: the scratch memory of '{step.Node.Name}' lies on its output");
            foreach (ArenaRegion region in plan.Regions.Where(r => step.Output.Storage == Storage.Arena && r.Offset <= step.Output.Offset && step.Output.Offset < r.Offset + r.Length))
            {
                if (s >= region.FirstStep && s <= region.LastStep && Last(step.Output) >= region.Offset + region.Length)
                    problems.Add($"step {s}: '{step.Node.Name}' writes beyond its region");
            }
        }

        if (!output.AsSpan().SequenceEqual(Fill(graph.Nodes[graph.Output].Shape, labels[graph.Output])))
            problems.Add("the output is not what the graph says");
        return problems;
    }

    /// <summary>A node's channels as elements of the nodes that really make them.</summary>
    private static long[] Labels(Graph graph, Node node, long[][] labels) => node.Op switch
    {
        ConcatOp => node.Inputs.SelectMany(i => labels[i]).ToArray(),
        ChannelMapOp map => map.Source.Select(c => c < 0 ? 0 : labels[node.Inputs[0]][c]).ToArray(),
        _ => Enumerable.Range(0, node.Shape.Channels).Select(c => ((node.Id + 1L) << NodeShift) | (uint)c).ToArray(),
    };

    /// <summary>The means of rows, as elements of their own.</summary>
    private static long[] Means(long[] labels) => Array.ConvertAll(labels, l => l | (1L << (PixelShift - 1)));

    private static bool IsMeans(Placement place, Node source) => place.Tensor.Width == 1 && source.Shape.Width > 1;

    private static long Label(long channel, int pixel) => channel == 0 ? 0 : channel | ((long)pixel << PixelShift);

    private static long[] Fill(TensorShape shape, long[] labels)
    {
        var values = new long[shape.Length];
        Write(values, new Placement(Storage.Output, 0, 0, new TensorRef(shape.Height, shape.Width, shape.Channels, shape.Channels)), labels);
        return values;
    }

    private static void Write(long[] memory, Placement place, long[] labels)
    {
        for (int p = 0; p < place.Tensor.Pixels; p++)
        {
            for (int c = 0; c < place.Tensor.Channels; c++)
                memory[At(place, p, c)] = Label(labels[c], p);
        }
    }

    private static (int Pixel, int Channel)? Differs(long[] memory, Placement place, long[] labels)
    {
        for (int p = 0; p < place.Tensor.Pixels; p++)
        {
            for (int c = 0; c < place.Tensor.Channels; c++)
            {
                if (memory[At(place, p, c)] != Label(labels[c], p))
                    return (p, c);
            }
        }

        return null;
    }

    private static string Name(Graph graph, long[] memory, Placement place, (int Pixel, int Channel)? at)
    {
        long label = memory[At(place, at!.Value.Pixel, at.Value.Channel)];
        int node = (int)(label >> NodeShift) - 1;
        return node < 0 ? "nothing" : $"'{graph.Nodes[node].Name}'";
    }

    private static int At(Placement place, int pixel, int channel) =>
        place.Offset + (pixel * place.Tensor.Pitch) + (place.Channels.Count > 0 ? place.Channels[channel] : channel);

    private static int Last(Placement place) => place.Offset + ((place.Tensor.Pixels - 1) * place.Tensor.Pitch) + place.Tensor.Channels - 1;

    private static TensorShape Shape(TensorRef tensor) => new(tensor.Height, tensor.Width, tensor.Channels);
}
