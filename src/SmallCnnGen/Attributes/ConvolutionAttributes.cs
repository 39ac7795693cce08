namespace SmallCnnGen;

/// <summary>What convolutions share: window, normalisation and activation.</summary>
public abstract class ConvolutionLayerAttribute : LayerAttribute
{
    /// <summary>Window size: an int for a square, or "height x width" ("1x7").</summary>
    public object Kernel { get; set; } = 3;

    /// <summary>Step of the window in pixels: an int, or "vertical x horizontal".</summary>
    public object Stride { get; set; } = 1;

    /// <summary>
    /// Zero padding in pixels: an int, "vertical x horizontal", "top, left, bottom, right",
    /// "half" (dilation * (kernel - 1) / 2 on every side, PyTorch's usual choice and the default),
    /// "same" (TensorFlow's: as little as keeps ceil(size / stride), the odd pixel after) or "valid" (none).
    /// </summary>
    public object Padding { get; set; } = "half";

    /// <summary>Distance in pixels between taps of the window: an int, or "vertical x horizontal".</summary>
    public object Dilation { get; set; } = 1;

    /// <summary>True: batch normalisation follows, folded into the weights when they are loaded.</summary>
    public bool BatchNorm { get; set; } = true;

    /// <summary>Epsilon of the batch normalisation.</summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>Tensor path of the batch normalisation where it is not "&lt;layer&gt;.bn".</summary>
    public string? BatchNormModule { get; set; }

    /// <summary>Learned bias: "auto" (the default: only without batch normalisation), "true" or "false", or a bool.</summary>
    public object Bias { get; set; } = "auto";

    /// <summary>Activation after the normalisation: a member of <see cref="SmallCnnGen.Activation"/>, or the name of a block's parameter of that type.</summary>
    public object Activation { get; set; } = SmallCnnGen.Activation.ReLU;

    /// <summary>Slope of LeakyReLU (0.01) or scale of ELU (1); NaN means that default.</summary>
    public double Alpha { get; set; } = double.NaN;

    /// <summary>Tensor path of PReLU's slopes where it is not "&lt;layer&gt;.act".</summary>
    public string? ActivationModule { get; set; }
}

/// <summary>
/// Convolution, by default followed by batch normalisation and ReLU. Weights: [channels, in / groups, kernel, kernel].
/// Tensors: "&lt;layer&gt;.conv.weight" and "&lt;layer&gt;.bn.*" with batch normalisation, "&lt;layer&gt;.weight" and
/// "&lt;layer&gt;.bias" without.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
public sealed class ConvAttribute(object channels) : ConvolutionLayerAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; } = channels;

    /// <summary>Groups: each sees in / groups input channels. Must divide both channel counts.</summary>
    public object Groups { get; set; } = 1;

    /// <summary>False keeps the width multiplier away from this layer's channels.</summary>
    public bool Scale { get; set; } = true;
}

/// <summary>Depthwise convolution: every channel is filtered on its own (groups = input channels).</summary>
public sealed class DepthwiseConvAttribute : ConvolutionLayerAttribute
{
    /// <summary>Channel multiplier: output channels per input channel.</summary>
    public object Multiplier { get; set; } = 1;
}

/// <summary>
/// Transposed convolution. Weights are stored as PyTorch stores them: [in, channels / groups, kernel, kernel].
/// Output size: (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output padding + 1.
/// </summary>
/// <param name="channels">Output channels: an int or an expression.</param>
public sealed class ConvTransposeAttribute(object channels) : ConvolutionLayerAttribute
{
    /// <summary>Output channels.</summary>
    public object Channels { get; } = channels;

    /// <summary>Groups.</summary>
    public object Groups { get; set; } = 1;

    /// <summary>Rows and columns added to the bottom and right of the output.</summary>
    public object OutputPadding { get; set; } = 0;

    /// <summary>False keeps the width multiplier away from this layer's channels.</summary>
    public bool Scale { get; set; } = true;
}

/// <summary>Fully connected layer; no normalisation, no activation unless set. Weights: [units, inputs].</summary>
/// <remarks>A map with more than one pixel is flattened first, in NCHW order as PyTorch's weights expect.</remarks>
/// <param name="units">Outputs: an int or an expression. The width multiplier does not touch it.</param>
public sealed class DenseAttribute(object units) : LayerAttribute
{
    /// <summary>Outputs.</summary>
    public object Units { get; } = units;

    /// <summary>Learned bias.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>A member of <see cref="SmallCnnGen.Activation"/>, or the name of a block's parameter of that type; none unless set.</summary>
    public object Activation { get; set; } = SmallCnnGen.Activation.None;

    /// <summary>Slope of LeakyReLU or scale of ELU; NaN means the activation's default.</summary>
    public double Alpha { get; set; } = double.NaN;

    /// <summary>Tensor path of PReLU's slopes where it is not "&lt;layer&gt;.act".</summary>
    public string? ActivationModule { get; set; }
}

/// <summary>Batch normalisation on its own: (x - mean) / sqrt(var + epsilon) * weight + bias, per channel.</summary>
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>Epsilon.</summary>
    public double Epsilon { get; set; } = 1e-5;
}

/// <summary>An activation on its own.</summary>
/// <param name="function">The non-linearity: a member of <see cref="Activation"/>, or the name of a block's parameter of that type.</param>
public sealed class ActivateAttribute(object function) : LayerAttribute
{
    /// <summary>The non-linearity.</summary>
    public object Function { get; } = function;

    /// <summary>Slope of LeakyReLU or scale of ELU; NaN means the activation's default.</summary>
    public double Alpha { get; set; } = double.NaN;

    /// <summary>PReLU: true for one slope shared by all channels.</summary>
    public bool Shared { get; set; }
}
