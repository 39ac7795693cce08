namespace SmallCnnGen;

/// <summary>
/// Depthwise separable convolution (MobileNet V1): a 3x3 depthwise convolution and a 1x1 convolution, each with batch
/// normalisation and ReLU. Tensors: "&lt;name&gt;.dw.*" and "&lt;name&gt;.pw.*".
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
[DepthwiseConv(Stride = "stride", Name = "dw")]
[Conv("channels", Kernel = 1, Name = "pw")]
public sealed class SeparableConvAttribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// Inverted residual with linear bottleneck (MobileNet V2): 1x1 expansion, depthwise convolution, 1x1 projection without
/// activation; the input is added when stride is 1 and the channels do not change. There is no expansion when the factor
/// is 1. Tensors: "&lt;name&gt;.expand.*", "&lt;name&gt;.dw.*" and "&lt;name&gt;.project.*".
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="expand">Expansion factor.</param>
/// <param name="stride">Stride of the depthwise convolution.</param>
/// <param name="kernel">Window of the depthwise convolution.</param>
[Conv("in * expand", Kernel = 1, Activation = Activation.ReLU6, Name = "expand", When = "expand != 1")]
[DepthwiseConv(Kernel = "kernel", Stride = "stride", Activation = Activation.ReLU6, Name = "dw")]
[Conv("channels", Kernel = 1, Activation = Activation.None, Name = "project")]
[Add("input", Name = "add", When = "stride == 1 && in == channels")]
public sealed class InvertedResidualAttribute([ChannelCount] int channels, int expand = 6, [StageStride] int stride = 1, int kernel = 3)
    : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Expansion factor.</summary>
    public int Expand { get; set; } = expand;

    /// <summary>Stride of the depthwise convolution.</summary>
    public int Stride { get; set; } = stride;

    /// <summary>Window of the depthwise convolution.</summary>
    public int Kernel { get; set; } = kernel;
}

/// <summary>
/// ShuffleNet V2's unit. With stride 1 and as many channels as the input: half of the channels pass unchanged, the other
/// half goes through 1x1, depthwise 3x3 and 1x1 convolutions. Otherwise both branches read the whole input, and the left
/// one is a depthwise 3x3 and a 1x1 convolution. The halves are joined and shuffled. A stage is one attribute with
/// <c>stride: 2</c> and <see cref="LayerAttribute.Repeat"/>.
/// Tensors: "&lt;name&gt;.b1_dw.*", "b1_pw", "b2_pw1", "b2_dw" and "b2_pw2".
/// </summary>
/// <param name="channels">Output channels, even.</param>
/// <param name="stride">Stride of the depthwise convolutions.</param>
[Slice(0, "in / 2", Name = "left", When = "stride == 1 && in == channels")]
[Slice("in / 2", "in", From = "input", Name = "right", When = "stride == 1 && in == channels")]
[Conv("in / 2", Kernel = 1, Name = "b2_pw1", When = "stride == 1 && in == channels")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "b1_dw", When = "stride != 1 || in != channels")]
[Conv("channels / 2", Kernel = 1, Name = "b1_pw", When = "stride != 1 || in != channels")]
[Conv("channels / 2", Kernel = 1, From = "input", Name = "b2_pw1", When = "stride != 1 || in != channels")]
[DepthwiseConv(Stride = "stride", Activation = Activation.None, Name = "b2_dw")]
[Conv("channels / 2", Kernel = 1, Name = "b2_pw2")]
[Concat("left", Name = "concat", When = "stride == 1 && in == channels")]
[Concat("b1_pw", Name = "concat", When = "stride != 1 || in != channels")]
[Shuffle(2, Name = "shuffle")]
public sealed class ShuffleUnitV2Attribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the depthwise convolutions.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// SqueezeNet's fire module: a 1x1 convolution, then a 1x1 and a 3x3 convolution on its result, joined; ReLU after each,
/// no batch normalisation. Tensors as in torchvision: "&lt;name&gt;.squeeze.*", "expand1x1" and "expand3x3".
/// </summary>
/// <param name="squeeze">Channels of the squeeze layer.</param>
/// <param name="expand">Channels of each expand layer; the result has twice as many.</param>
[Conv("squeeze", Kernel = 1, BatchNorm = false, Name = "squeeze")]
[Conv("expand", Kernel = 1, BatchNorm = false, From = "squeeze", Name = "expand1x1")]
[Conv("expand", Kernel = 3, BatchNorm = false, From = "squeeze", Name = "expand3x3")]
[Concat("expand1x1", "expand3x3", Name = "concat")]
public sealed class FireAttribute([ChannelCount] int squeeze, [ChannelCount] int expand) : BlockAttribute
{
    /// <summary>Channels of the squeeze layer.</summary>
    public int Squeeze { get; set; } = squeeze;

    /// <summary>Channels of each expand layer.</summary>
    public int Expand { get; set; } = expand;
}
