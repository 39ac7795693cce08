using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Critique.Rules;

/// <summary>Channels that a convolution computes and from which no path leads to the output: a slice or gather drops them.</summary>
public sealed class DeadChannels : CritiqueRule
{
    /// <summary>Title.</summary>
    public const string Title = "Channels are computed that nothing reads";

    /// <inheritdoc/>
    public override RuleDescriptor Descriptor { get; } = new(DiagnosticIds.DeadChannels, Title, RuleSeverity.Warning, true);

    /// <inheritdoc/>
    public override IEnumerable<Observation> Check(CritiqueContext context)
    {
        bool[][] live = FindLive(context.Graph);
        foreach (CritiqueLayer layer in context.Layers)
        {
            if (layer.Node.Op is not (ConvOp or ConvTransposeOp))
                continue;
            int channels = layer.Output.Channels;
            int read = live[layer.Node.Id].Count(c => c);
            if (read == channels)
                continue;
            double share = (double)(channels - read) / channels;
            yield return new Observation(layer, layer.IsDense ? "units" : layer.IsDepthwise ? null : "channels", share * layer.MultiplyAdds, Invariant(
                $"{channels - read} of its {channels} channels reach no output (first: channel {System.Array.IndexOf(live[layer.Node.Id], false)}), so {Numbers.Count(share * layer.MultiplyAdds)} multiply-adds are for nothing; compute {read} channels, or read the others"));
        }
    }

    private static bool[][] FindLive(Graph graph)
    {
        bool[][] live = graph.Nodes.Select(n => new bool[n.Shape.Channels]).ToArray();
        for (int c = 0; c < live[graph.Output].Length; c++)
            live[graph.Output][c] = true;
        for (int id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            Node node = graph.Nodes[id];
            bool[] here = live[id];
            if (node.Inputs.Count == 0 || !here.Contains(true))
                continue;
            int elementWise = 1;
            switch (node.Op)
            {
                case ConvOp conv:
                    Mix(node.Inputs[0], conv.Groups);
                    break;
                case ConvTransposeOp conv:
                    Mix(node.Inputs[0], conv.Groups);
                    break;
                case ChannelMapOp map:
                    for (int c = 0; c < here.Length; c++)
                    {
                        if (here[c] && map.Source[c] >= 0)
                            live[node.Inputs[0]][map.Source[c]] = true;
                    }

                    break;
                case ConcatOp:
                    int at = 0;
                    foreach (int input in node.Inputs)
                    {
                        for (int c = 0; c < live[input].Length; c++)
                            live[input][c] |= here[at + c];
                        at += live[input].Length;
                    }

                    elementWise = node.Inputs.Count;
                    break;
                case FlattenOp or SoftmaxOp or LocalResponseNormOp or DenseOp:
                    Mix(node.Inputs[0], 1);
                    break;
                default:
                    elementWise = 0;
                    break;
            }

            for (int i = elementWise; i < node.Inputs.Count; i++)
            {
                bool[] other = live[node.Inputs[i]];
                for (int c = 0; c < other.Length; c++)
                    other[c] |= here[c];
            }

            void Mix(int input, int groups)
            {
                int inputs = live[input].Length / groups, outputs = here.Length / groups;
                for (int g = 0; g < groups; g++)
                {
                    if (!here.Skip(g * outputs).Take(outputs).Contains(true))
                        continue;
                    for (int c = g * inputs; c < (g + 1) * inputs; c++)
                        live[input][c] = true;
                }
            }
        }

        return live;
    }
}
