using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>What the rules look at; computed once for a network and shared by all of them.</summary>
public sealed class CritiqueContext
{
    private readonly CritiqueLayer?[] _layers;
    private readonly List<CritiqueLayer>[] _readers;
    private readonly Lazy<ChannelViews> _views;

    /// <summary>Looks at a network.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="declared">Its graph, with origins.</param>
    /// <param name="optimised">The graph after the passes: what runs.</param>
    /// <param name="settings">Thresholds.</param>
    /// <param name="cancellation">For rules whose work grows faster than the network.</param>
    public CritiqueContext(NetworkSpec spec, ExpandedNetwork declared, Graph optimised, CritiqueSettings settings, CancellationToken cancellation)
    {
        Spec = spec;
        Declared = declared;
        Graph = optimised;
        Settings = settings;
        Cancellation = cancellation;
        _views = new Lazy<ChannelViews>(() => new ChannelViews(optimised));
        var origins = new Dictionary<string, LayerOrigin>(StringComparer.Ordinal);
        foreach (Node node in declared.Graph.Nodes)
        {
            if (declared.Origins[node.Id] is { } origin)
                origins[node.Name] = origin;
        }

        _layers = new CritiqueLayer?[optimised.Nodes.Count];
        _readers = optimised.Nodes.Select(_ => new List<CritiqueLayer>()).ToArray();
        var counted = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node node in optimised.Nodes)
        {
            if (node.Op is InputOp)
                continue;

            // A fused node goes by the first of the layers it covers: the convolution whose epilogue took up the others.
            LayerOrigin origin = origins[node.Covers.First(c => origins.ContainsKey(c))];
            TensorShape input = optimised.Nodes[node.Inputs[0]].Shape;
            var layer = new CritiqueLayer(
                node,
                origin,
                input,
                CostRule.MultiplyAdds(node.Op, input, node.Shape),
                CostRule.Tensors(node.Op, input, node.Shape).Where(t => t.IsLearned && counted.Add(t.Name)).Sum(t => t.Length),
                CostRule.MemoryAccessCost(node.Op, input, node.Shape));
            _layers[node.Id] = layer;
            foreach (int read in node.Inputs.Distinct())
                _readers[read].Add(layer);
        }

        Layers = _layers.Where(l => l is not null).ToArray()!;
        MultiplyAdds = Layers.Sum(l => l.MultiplyAdds);
        Parameters = Layers.Sum(l => l.Parameters);
    }

    /// <summary>The declaration.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Its unoptimised graph, with origins.</summary>
    public ExpandedNetwork Declared { get; }

    /// <summary>The graph after the passes: what runs.</summary>
    public Graph Graph { get; }

    /// <summary>Thresholds.</summary>
    public CritiqueSettings Settings { get; }

    /// <summary>To be checked by rules whose work grows faster than the network.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Every operation but the inputs, in order.</summary>
    public IReadOnlyList<CritiqueLayer> Layers { get; }

    /// <summary>Multiply-adds of the network.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Learned values of the network.</summary>
    public long Parameters { get; }

    /// <summary>Shape of the network's first input.</summary>
    public TensorShape InputShape => Graph.Inputs.First().Shape;

    /// <summary>The layer that makes a node, or null for an input.</summary>
    public CritiqueLayer? LayerOf(int node) => _layers[node];

    /// <summary>The layer that makes an input of a layer, or null for an input of the network.</summary>
    public CritiqueLayer? Producer(CritiqueLayer layer, int input = 0) => _layers[layer.Node.Inputs[input]];

    /// <summary>The layers that read a layer's result, each once.</summary>
    public IReadOnlyList<CritiqueLayer> Readers(CritiqueLayer layer) => _readers[layer.Node.Id];

    /// <summary>The layers that read a node's result, each once.</summary>
    public IReadOnlyList<CritiqueLayer> Readers(int node) => _readers[node];

    /// <summary>A layer's share of the network's multiply-adds.</summary>
    public double Share(CritiqueLayer layer) => MultiplyAdds == 0 ? 0 : (double)layer.MultiplyAdds / MultiplyAdds;

    /// <summary>Whether a layer is only a view of other maps and runs no kernel.</summary>
    public bool IsFree(CritiqueLayer layer) => _views.Value.HasNoKernel(layer.Node.Id);

    /// <summary>Bytes a layer's kernel reads and writes, weights included; 0 for a view.</summary>
    public double BytesMoved(CritiqueLayer layer)
    {
        if (IsFree(layer))
            return 0;
        double elements = layer.Output.Length + (layer.MemoryAccessCost - layer.Input.Length - layer.Output.Length);
        foreach (int input in layer.Node.Inputs)
            elements += Graph.Nodes[input].Shape.Length;

        // The parts of a concatenation are written where it wants them; what is left is copied.
        if (layer.Node.Op is ConcatOp)
            elements = 2 * layer.Node.Inputs.Where((input, i) => !IsInPlace(layer, i)).Sum(input => (double)Graph.Nodes[input].Shape.Length);
        return elements * sizeof(float);
    }

    /// <summary>Whether a layer's channels are the network's answer (classes): nothing with weights reads them.</summary>
    public bool IsClassifier(CritiqueLayer layer) =>
        layer.Node.Id == Graph.Output || Readers(layer).All(r => r.Node.Op is PoolOp or AdaptivePoolOp or SoftmaxOp or FlattenOp or ActivationOp && IsClassifier(r));

    /// <summary>
    /// Whether a layer can have other channels without another layer refusing its input: all it leads to, through layers
    /// that keep channels, are convolutions over all of them.
    /// </summary>
    public bool CanChangeChannels(CritiqueLayer layer)
    {
        if (layer.Node.Id == Graph.Output || layer.Node.Op is EpilogueOp { Epilogue.HasResidual: true })
            return false;
        foreach (CritiqueLayer reader in Readers(layer))
        {
            bool isResidual = reader.Node.Op is EpilogueOp { Epilogue.HasResidual: true } && reader.Node.Inputs[reader.Node.Inputs.Count - 1] == layer.Node.Id;
            bool adapts = reader.Node.Op is ConvOp { Groups: 1 } or ConvTransposeOp { Groups: 1 };
            bool keeps = reader.IsDepthwise || reader.Node.Op is PoolOp or AdaptivePoolOp or ActivationOp or BatchNormOp or LocalResponseNormOp or ConcatOp or PadOp or UpsampleOp;
            if (isResidual || !(adapts || (keeps && CanChangeChannels(reader))))
                return false;
        }

        return true;
    }

    private bool IsInPlace(CritiqueLayer concat, int input)
    {
        if (_views.Value.Contiguous(concat.Node.Id) is not { } place)
            return true;
        int channel = concat.Node.Inputs.Take(input).Sum(i => Graph.Nodes[i].Shape.Channels);
        return _views.Value.Contiguous(concat.Node.Inputs[input]) == (place.Root, place.Channel + channel);
    }
}
