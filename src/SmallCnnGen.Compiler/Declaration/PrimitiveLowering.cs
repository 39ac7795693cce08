using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// Turns primitive layers into graph nodes. Each method first reads all arguments (so that all mistakes show), gives up if
/// one was bad or the input is unknown, and then appends nodes; the last one carries the layer's name.
/// </summary>
internal sealed partial class PrimitiveLowering
{
    /// <summary>Most nodes of a graph.</summary>
    public const int MaxNodes = 20_000;

    /// <summary>Most entries of all channel maps together; each is an int that lives as long as the graph.</summary>
    private const long MaxMapEntries = 1L << 24;

    private readonly GraphBuilder _builder;
    private readonly NetworkOptions _options;
    private readonly TensorRegistry _tensors = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _mapEntries;

    public PrimitiveLowering(GraphBuilder builder, NetworkOptions options)
    {
        _builder = builder;
        _options = options;
    }

    /// <summary>Marks the name of a node appended by others as taken.</summary>
    public void Claim(string name) => _names.Add(name);

    /// <summary>Emits a layer; the node of its result, or <see cref="ExpansionScope.Failed"/> after a finding.</summary>
    /// <exception cref="FindingException">The inputs do not fit.</exception>
    public int Lower(LayerCopy layer) => layer.Layer.Kind switch
    {
        "Conv" => LowerConv(layer),
        "DepthwiseConv" => LowerDepthwiseConv(layer),
        "ConvTranspose" => LowerConvTranspose(layer),
        "Dense" => LowerDense(layer),
        "BatchNorm" => LowerBatchNorm(layer),
        "Activate" => LowerActivate(layer),
        "MaxPool" => LowerPool(layer, isMax: true),
        "AveragePool" => LowerPool(layer, isMax: false),
        "GlobalAveragePool" => LowerGlobalPool(layer, isMax: false),
        "GlobalMaxPool" => LowerGlobalPool(layer, isMax: true),
        "AdaptiveAveragePool" => LowerAdaptivePool(layer, isMax: false),
        "AdaptiveMaxPool" => LowerAdaptivePool(layer, isMax: true),
        "Add" => LowerAdd(layer),
        "Multiply" => LowerMultiply(layer),
        "Concat" => CannotLower(layer) ? ExpansionScope.Failed : Append(layer, string.Empty, new ConcatOp(), layer.Inputs),
        "Slice" => LowerSlice(layer),
        "Shuffle" => LowerShuffle(layer),
        "Gather" => LowerGather(layer),
        "Pad" => LowerPad(layer),
        "PadChannels" => LowerPadChannels(layer),
        "Upsample" => LowerUpsample(layer),
        "LocalResponseNorm" => LowerLocalResponseNorm(layer),
        "Softmax" or "LogSoftmax" => CannotLower(layer) ? ExpansionScope.Failed : Append(layer, string.Empty, new SoftmaxOp(layer.Layer.Kind == "LogSoftmax"), layer.Inputs),
        "Flatten" => CannotLower(layer) ? ExpansionScope.Failed : Append(layer, string.Empty, new FlattenOp(), layer.Inputs),
        _ => throw new InvalidOperationException($"no lowering for [{layer.Layer.Kind}]"),
    };

    private static bool CannotLower(LayerCopy layer) => layer.Arguments.HasErrors || layer.Inputs.Contains(ExpansionScope.Failed);

    private TensorShape ShapeOf(int node) => _builder.Nodes[node].Shape;

    /// <summary>Appends a node called after the layer and a suffix; no suffix for the layer's result.</summary>
    private int Append(LayerCopy layer, string suffix, Op op, params int[] inputs) => Append(layer, suffix, op, (IReadOnlyList<int>)inputs);

    private int Append(LayerCopy layer, string suffix, Op op, IReadOnlyList<int> inputs)
    {
        string name = layer.Name + suffix;
        if (_builder.Nodes.Count >= MaxNodes)
            throw Fail(layer, DiagnosticIds.TooLarge, Invariant($"the network has more than {MaxNodes} operations; lower a Repeat."), null);
        if (_names.Contains(name))
            throw Fail(layer, DiagnosticIds.DuplicateName, $"its result '{name}' has the name of another layer's; choose another Name.", "Name");
        Node node = _builder.Add(name, op, inputs, layer.Source);
        _names.Add(name);
        return node.Id;
    }

    /// <summary>Appends an activation if there is one; it then carries the layer's name.</summary>
    private int AppendActivation(LayerCopy layer, ActivationSpec activation, int input) =>
        activation.IsNone ? input : Append(layer, string.Empty, new ActivationOp(activation), input);

    /// <summary>Reads an activation and its constant; the slopes' tensor is required when the channels are known.</summary>
    private static ActivationSpec ReadActivation(LayerCopy layer, string argument, bool hasAlpha, bool hasModule, string slopesModule, bool shared)
    {
        LayerArguments arguments = layer.Arguments;
        var function = (Activation)arguments.Enum(argument, "Activation");
        float alpha = function switch
        {
            Activation.LeakyReLU => 0.01f,
            Activation.ELU => 1f,
            _ => 0,
        };
        if (hasAlpha)
        {
            if (alpha == 0)
                arguments.RefuseUseless("Alpha", $"{function} has no such constant");
            else if (arguments.Written("Alpha") is { } written && !(written.Kind == ArgumentKind.Real && double.IsNaN(written.Real)))
                alpha = (float)arguments.Real("Alpha", -1e6, 1e6);
        }

        if (hasModule && function != Activation.PReLU)
            arguments.RefuseUseless("ActivationModule", $"{function} has no learned slopes");
        return function == Activation.PReLU
            ? new ActivationSpec(function, 0, slopesModule + ".weight", shared)
            : new ActivationSpec(function, alpha);
    }

    private void RequireSlopes(LayerCopy layer, ActivationSpec activation, int channels)
    {
        if (activation.Slopes is not null)
            _tensors.Require(activation.Slopes, layer.Name, layer.Source, activation.SharedSlope ? 1 : channels);
    }

    private void RequireNorm(LayerCopy layer, string module, int channels)
    {
        foreach (string tensor in new[] { "weight", "bias", "running_mean", "running_var" })
            _tensors.Require(LayerPath.Join(module, tensor), layer.Name, layer.Source, channels);
    }

    private static FindingException Fail(LayerCopy layer, string id, string problem, string? argument, EquatableArray<FindingProperty> repair = default) =>
        new(new Finding(id, $"Layer '{layer.Name}' [{layer.Layer.Kind}]: {problem}", layer.Source, argument) { Properties = repair });
}
