using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <content>Layers with weights, and activations.</content>
internal sealed partial class PrimitiveLowering
{
    // Any epsilon above zero works in double; the bound keeps zero and denormals out.
    private const double MinEpsilon = 1e-30;
    private const double MaxEpsilon = 1e3;

    private int LowerConv(LayerCopy layer)
    {
        ConvolutionArguments shared = ReadConvolution(layer, allowSame: true, strideBelongsToFirst: true);
        int channels = ReadChannels(layer);
        int groups = layer.Arguments.Int("Groups");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        return FinishConv(layer, shared, input, channels, groups);
    }

    private int LowerDepthwiseConv(LayerCopy layer)
    {
        ConvolutionArguments shared = ReadConvolution(layer, allowSame: true, strideBelongsToFirst: true);
        int multiplier = layer.Arguments.Int("Multiplier");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        long channels = (long)input.Channels * multiplier;
        if (channels > ShapeRule.MaxElements)
            throw Fail(layer, DiagnosticIds.TooLarge, Invariant($"{input.Channels} input channels times {multiplier} are {channels}; at most {ShapeRule.MaxElements} are supported."), "Multiplier");
        return FinishConv(layer, shared, input, (int)channels, input.Channels);
    }

    private int FinishConv(LayerCopy layer, ConvolutionArguments shared, TensorShape input, int channels, int groups)
    {
        Window window = shared.WindowOver(input);
        var op = new ConvOp(window, channels, groups, shared.Weight, shared.Bias);
        int node = Append(layer, shared.ConvSuffix, op, layer.Inputs);
        _tensors.Require(shared.Weight, layer.Name, layer.Source, channels, input.Channels / groups, window.Kernel.Y, window.Kernel.X);
        return FinishConvolution(layer, shared, node, channels);
    }

    private int LowerConvTranspose(LayerCopy layer)
    {
        // Its stride enlarges the map, so every copy keeps it.
        ConvolutionArguments shared = ReadConvolution(layer, allowSame: false, strideBelongsToFirst: false);
        int channels = ReadChannels(layer);
        int groups = layer.Arguments.Int("Groups");
        Pair outputPadding = layer.Arguments.Pair("OutputPadding");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        TensorShape input = ShapeOf(layer.Inputs[0]);
        Window window = shared.WindowOver(input);

        // The shape rule computes in 32 bits; what would leave them is refused here.
        double height = ((input.Height - 1.0) * window.Stride.Y) + window.Extent.Y + outputPadding.Y;
        double width = ((input.Width - 1.0) * window.Stride.X) + window.Extent.X + outputPadding.X;
        if (height * width * channels > ShapeRule.MaxElements)
            throw Fail(layer, DiagnosticIds.TooLarge, Invariant($"the result would be {height}x{width}x{channels} before padding is cut off; at most {ShapeRule.MaxElements} elements are supported."), "Stride");
        var op = new ConvTransposeOp(window, outputPadding, channels, groups, shared.Weight, shared.Bias);
        int node = Append(layer, shared.ConvSuffix, op, layer.Inputs);
        _tensors.Require(shared.Weight, layer.Name, layer.Source, input.Channels, channels / groups, window.Kernel.Y, window.Kernel.X);
        return FinishConvolution(layer, shared, node, channels);
    }

    /// <summary>Bias tensor, normalisation and activation.</summary>
    private int FinishConvolution(LayerCopy layer, ConvolutionArguments shared, int node, int channels)
    {
        if (shared.Bias is not null)
            _tensors.Require(shared.Bias, layer.Name, layer.Source, channels);
        if (shared.Norm is not null)
        {
            RequireNorm(layer, shared.Norm.Module, channels);
            node = Append(layer, shared.Activation.IsNone ? string.Empty : ".bn", new BatchNormOp(shared.Norm), node);
        }

        RequireSlopes(layer, shared.Activation, channels);
        return AppendActivation(layer, shared.Activation, node);
    }

    private ConvolutionArguments ReadConvolution(LayerCopy layer, bool allowSame, bool strideBelongsToFirst)
    {
        LayerArguments arguments = layer.Arguments;
        Pair kernel = arguments.Pair("Kernel");
        Pair stride = arguments.Pair("Stride");
        if (strideBelongsToFirst && layer.Index > 0)
            stride = new Pair(1, 1);
        PaddingChoice padding = arguments.Padding("Padding", allowSame);
        Pair dilation = arguments.Pair("Dilation");
        bool normalised = arguments.Bool("BatchNorm");
        double epsilon = arguments.Real("Epsilon", MinEpsilon, MaxEpsilon);
        bool bias = arguments.AutoBool("Bias") ?? !normalised;
        if (!normalised)
        {
            arguments.RefuseUseless("BatchNormModule", "there is no batch normalisation");
            arguments.RefuseUseless("Epsilon", "there is no batch normalisation");
        }

        ActivationSpec activation = ReadActivation(layer, "Activation", true, true, layer.ActivationModule ?? LayerPath.Join(layer.Module, "act"), shared: false);

        // With a Module and a BatchNormModule both tensors are named outright; otherwise they lie below the layer's path.
        bool isNamedOutright = layer.BatchNormModule is not null && arguments.IsWritten("Module");
        string root = normalised && !isNamedOutright ? LayerPath.Join(layer.Module, "conv") : layer.Module;
        BatchNormSpec? norm = normalised ? new BatchNormSpec(layer.BatchNormModule ?? LayerPath.Join(layer.Module, "bn"), epsilon) : null;
        return new ConvolutionArguments(
            kernel,
            stride,
            padding,
            dilation,
            LayerPath.Join(root, "weight"),
            bias ? LayerPath.Join(root, "bias") : null,
            norm,
            activation);
    }

    private int ReadChannels(LayerCopy layer)
    {
        int channels = layer.Arguments.Int("channels");
        if (!layer.Arguments.Bool("Scale") || !layer.IsNetworkLevel)
            return channels;
        long scaled = ChannelRounding.Scale(channels, _options.WidthMultiplier, _options.ChannelDivisor);
        if (scaled <= LayerKinds.MaxChannels)
            return (int)scaled;
        layer.Arguments.Fail(
            DiagnosticIds.BadArgument,
            "channels",
            Invariant($"{channels} channels times the width multiplier {_options.WidthMultiplier:R} are {scaled}; at most {LayerKinds.MaxChannels} are supported."));
        return channels;
    }

    private int LowerDense(LayerCopy layer)
    {
        LayerArguments arguments = layer.Arguments;
        int units = arguments.Int("units");
        bool bias = arguments.Bool("Bias");
        ActivationSpec activation = ReadActivation(layer, "Activation", true, true, layer.ActivationModule ?? LayerPath.Join(layer.Module, "act"), shared: false);
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        int input = layer.Inputs[0];
        if (ShapeOf(input).Pixels != 1)
            input = Append(layer, ".flatten", new FlattenOp(), input);
        string weight = LayerPath.Join(layer.Module, "weight");
        string? biasTensor = bias ? LayerPath.Join(layer.Module, "bias") : null;
        _tensors.Require(weight, layer.Name, layer.Source, units, ShapeOf(input).Channels);
        if (biasTensor is not null)
            _tensors.Require(biasTensor, layer.Name, layer.Source, units);
        RequireSlopes(layer, activation, units);
        int node = Append(layer, activation.IsNone ? string.Empty : ".linear", new DenseOp(units, weight, biasTensor), input);
        return AppendActivation(layer, activation, node);
    }

    private int LowerBatchNorm(LayerCopy layer)
    {
        double epsilon = layer.Arguments.Real("Epsilon", MinEpsilon, MaxEpsilon);
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        RequireNorm(layer, layer.Module, ShapeOf(layer.Inputs[0]).Channels);
        return Append(layer, string.Empty, new BatchNormOp(new BatchNormSpec(layer.Module, epsilon)), layer.Inputs);
    }

    private int LowerActivate(LayerCopy layer)
    {
        bool shared = layer.Arguments.Bool("Shared");
        ActivationSpec activation = ReadActivation(layer, "function", true, false, layer.Module, shared);
        if (shared && activation.Function != Activation.PReLU)
            layer.Arguments.RefuseUseless("Shared", $"{activation.Function} has no learned slopes");
        if (CannotLower(layer))
            return ExpansionScope.Failed;
        RequireSlopes(layer, activation, ShapeOf(layer.Inputs[0]).Channels);

        // None is kept as a node: the layer has a name that others may read.
        return Append(layer, string.Empty, new ActivationOp(activation), layer.Inputs);
    }
}
