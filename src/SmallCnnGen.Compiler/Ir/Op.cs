using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>
/// A primitive operation. Records compare by value; everything a kernel must know beyond its input shapes is here.
/// Semantics are those of PyTorch's operation of the same name, on one HWC image.
/// </summary>
public abstract record Op
{
    /// <summary>Name in the field's terms ("conv", "max_pool").</summary>
    public abstract string Name { get; }
}

/// <summary>An activation function with its constants.</summary>
/// <param name="Function">The function.</param>
/// <param name="Alpha">Slope (LeakyReLU) or scale (ELU).</param>
/// <param name="Slopes">PReLU: the tensor of slopes.</param>
/// <param name="SharedSlope">PReLU: one slope for all channels.</param>
public sealed record ActivationSpec(Activation Function, float Alpha = 0, string? Slopes = null, bool SharedSlope = false)
{
    /// <summary>y = x.</summary>
    public static ActivationSpec None { get; } = new(Activation.None);

    /// <summary>Whether this is y = x.</summary>
    public bool IsNone => Function == Activation.None;
}

/// <summary>A batch normalisation's tensors: module.weight, .bias, .running_mean and .running_var.</summary>
/// <param name="Module">Path of the tensors.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormSpec(string Module, double Epsilon);

/// <summary>
/// What a kernel does to a value before storing it: y = After(Before(value) + residual). The residual is the node's last
/// input. Filled by the fusion passes.
/// </summary>
/// <param name="Before">Activation before the residual.</param>
/// <param name="HasResidual">Whether the node's last input is added.</param>
/// <param name="After">Activation after the residual.</param>
public sealed record Epilogue(ActivationSpec Before, bool HasResidual, ActivationSpec After)
{
    /// <summary>Stores the value as it is.</summary>
    public static Epilogue None { get; } = new(ActivationSpec.None, false, ActivationSpec.None);

    /// <summary>Whether nothing happens.</summary>
    public bool IsNone => !HasResidual && Before.IsNone && After.IsNone;
}

/// <summary>
/// Batch normalisation and activation of a convolution's input (pre-activation: He et al., arXiv:1603.05027; DenseNet's
/// composite function), applied while it is read. Padding, which comes after both, stays zero.
/// </summary>
/// <param name="Norm">The normalisation's tensors.</param>
/// <param name="Activation">The activation behind it.</param>
public sealed record PreActivation(BatchNormSpec Norm, ActivationSpec Activation);

/// <summary>An op whose kernel can end in an <see cref="Ir.Epilogue"/>.</summary>
public abstract record EpilogueOp : Op
{
    /// <summary>What happens before the store.</summary>
    public Epilogue Epilogue { get; init; } = Epilogue.None;
}

/// <summary>An input of the network.</summary>
/// <param name="Index">0 for the first.</param>
public sealed record InputOp(int Index) : Op
{
    /// <inheritdoc/>
    public override string Name => "input";
}

/// <summary>Convolution (cross-correlation). Weight tensor: [Channels, in / Groups, kernel, kernel].</summary>
/// <param name="Window">Window.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Weight">Name of the weight tensor.</param>
/// <param name="Bias">Name of the bias tensor [Channels], or null.</param>
public sealed record ConvOp(Window Window, int Channels, int Groups, string Weight, string? Bias) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "conv";

    /// <summary>Batch normalisation folded into weights and bias when they are packed.</summary>
    public BatchNormSpec? Norm { get; init; }

    /// <summary>
    /// Whether the second input is a 1x1 map, one factor a channel, by which the first is multiplied before it is convolved.
    /// </summary>
    public bool HasGate { get; init; }

    /// <summary>What is done to the input before it is convolved, or null.</summary>
    public PreActivation? Prologue { get; init; }

    /// <summary>Whether the weight tensor is a matrix [Channels, inputs]: the op was a fully connected layer.</summary>
    public bool IsDense { get; init; }
}

/// <summary>Transposed convolution. Weight tensor: [in, Channels / Groups, kernel, kernel].</summary>
/// <param name="Window">Window of the convolution it transposes.</param>
/// <param name="OutputPadding">Rows and columns added at the bottom and right.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Weight">Name of the weight tensor.</param>
/// <param name="Bias">Name of the bias tensor, or null.</param>
public sealed record ConvTransposeOp(Window Window, Pair OutputPadding, int Channels, int Groups, string Weight, string? Bias) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "conv_transpose";

    /// <summary>Batch normalisation folded into weights and bias when they are packed.</summary>
    public BatchNormSpec? Norm { get; init; }
}

/// <summary>Fully connected layer on a 1x1 map. Weight tensor: [Units, inputs].</summary>
/// <param name="Units">Outputs.</param>
/// <param name="Weight">Name of the weight tensor.</param>
/// <param name="Bias">Name of the bias tensor [Units], or null.</param>
public sealed record DenseOp(int Units, string Weight, string? Bias) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "linear";
}

/// <summary>Batch normalisation that no convolution could take up: a scale and a shift per channel.</summary>
/// <param name="Norm">Its tensors.</param>
public sealed record BatchNormOp(BatchNormSpec Norm) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "batch_norm";
}

/// <summary>An activation that no producer could take up.</summary>
/// <param name="Function">The function.</param>
public sealed record ActivationOp(ActivationSpec Function) : Op
{
    /// <inheritdoc/>
    public override string Name => Function.Function.ToString();
}

/// <summary>Max or average over windows.</summary>
/// <param name="IsMax">Maximum (padding is minus infinity), else mean.</param>
/// <param name="Window">Window; dilation is 1.</param>
/// <param name="CeilMode">Whether the output size was rounded up.</param>
/// <param name="CountIncludePad">Mean: whether padding counts in the divisor.</param>
public sealed record PoolOp(bool IsMax, Window Window, bool CeilMode, bool CountIncludePad) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => IsMax ? "max_pool" : "avg_pool";
}

/// <summary>Max or average over windows [floor(i n / o), ceil((i + 1) n / o)); o = 1x1 is global pooling.</summary>
/// <param name="IsMax">Maximum, else mean.</param>
/// <param name="Size">Output size.</param>
public sealed record AdaptivePoolOp(bool IsMax, Pair Size) : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => (Size == new Pair(1, 1) ? "global_" : "adaptive_") + (IsMax ? "max_pool" : "avg_pool");
}

/// <summary>
/// Puts values back where a max-pooling found them. Inputs: the values, and the map that was pooled (the kernel finds
/// the first maximum of each window again, so no index tensor exists).
/// </summary>
/// <param name="Pool">The pooling's window.</param>
public sealed record MaxUnpoolOp(Window Pool) : Op
{
    /// <inheritdoc/>
    public override string Name => "max_unpool";
}

/// <summary>Element-wise sum of two or more maps of one shape.</summary>
public sealed record AddOp : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "add";
}

/// <summary>Element-wise product of two maps; a 1x1 map (either input) broadcasts over the other's pixels.</summary>
public sealed record MultiplyOp : EpilogueOp
{
    /// <inheritdoc/>
    public override string Name => "mul";
}

/// <summary>Channels of the inputs, one after another.</summary>
public sealed record ConcatOp : Op
{
    /// <inheritdoc/>
    public override string Name => "concat";
}

/// <summary>
/// A choice of channels known at compile time: out[j] = in[Source[j]], or 0 where Source[j] is -1.
/// Slice, gather, channel shuffle and zero channels are all this.
/// </summary>
/// <param name="Kind">What it was declared as ("slice", "shuffle", "gather", "pad_channels").</param>
/// <param name="Source">Input channel of each output channel, or -1.</param>
public sealed record ChannelMapOp(string Kind, EquatableArray<int> Source) : Op
{
    /// <inheritdoc/>
    public override string Name => Kind;
}

/// <summary>Zero rows and columns around the map; negative amounts crop.</summary>
/// <param name="Pads">Amounts.</param>
public sealed record PadOp(Sides Pads) : Op
{
    /// <inheritdoc/>
    public override string Name => "pad";
}

/// <summary>Enlargement by a whole factor.</summary>
/// <param name="Scale">Factor.</param>
/// <param name="Mode">Interpolation.</param>
/// <param name="AlignCorners">Bilinear: corner pixels on corner pixels.</param>
public sealed record UpsampleOp(int Scale, UpsampleMode Mode, bool AlignCorners) : Op
{
    /// <inheritdoc/>
    public override string Name => "upsample";
}

/// <summary>Local response normalisation: x / (K + Alpha / Size * sum of squares over Size channels)^Beta.</summary>
/// <param name="Size">Channels: Size / 2 before, (Size - 1) / 2 after.</param>
/// <param name="Alpha">Scale.</param>
/// <param name="Beta">Exponent.</param>
/// <param name="K">Constant.</param>
public sealed record LocalResponseNormOp(int Size, double Alpha, double Beta, double K) : Op
{
    /// <inheritdoc/>
    public override string Name => "lrn";
}

/// <summary>Softmax over the channels of each pixel.</summary>
/// <param name="IsLog">Its logarithm instead.</param>
public sealed record SoftmaxOp(bool IsLog = false) : Op
{
    /// <inheritdoc/>
    public override string Name => IsLog ? "log_softmax" : "softmax";
}

/// <summary>HxWxC to 1x1x(C H W), in NCHW order: out[(c H + y) W + x] = in[y, x, c].</summary>
public sealed record FlattenOp : Op
{
    /// <inheritdoc/>
    public override string Name => "flatten";
}
