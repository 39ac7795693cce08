namespace SmallCnnGen.Zoo;

/// <summary>
/// SqueezeNet 1.0 (Iandola 2016, arXiv 1602.07360, Table 1). Tensor names are torchvision's squeezenet1_0.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(96, Kernel = 7, Stride = 2, Padding = "valid", BatchNorm = false, Name = "features.0")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(16, 64, Name = "features.3")]
[Fire(16, 64, Name = "features.4")]
[Fire(32, 128, Name = "features.5")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(32, 128, Name = "features.7")]
[Fire(48, 192, Name = "features.8")]
[Fire(48, 192, Name = "features.9")]
[Fire(64, 256, Name = "features.10")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(64, 256, Name = "features.12")]
[Conv("classes", Kernel = 1, BatchNorm = false, Scale = false, Name = "classifier.1")]
[GlobalAveragePool]
public sealed partial class SqueezeNet1_0;

/// <summary>SqueezeNet 1.0 at the Caffe crop of 227, whose first convolution gives the 111 x 111 that Table 1 prints.</summary>
[Network(typeof(SqueezeNet1_0), Height = 227, Width = 227)]
public sealed partial class SqueezeNet1_0R227;

/// <summary>
/// SqueezeNet 1.1 (the authors' release of February 2016: 2.4 times less work than 1.0, no less accurate). Tensor names
/// are torchvision's squeezenet1_1.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 3, Stride = 2, Padding = "valid", BatchNorm = false, Name = "features.0")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(16, 64, Name = "features.3")]
[Fire(16, 64, Name = "features.4")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(32, 128, Name = "features.6")]
[Fire(32, 128, Name = "features.7")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[Fire(48, 192, Name = "features.9")]
[Fire(48, 192, Name = "features.10")]
[Fire(64, 256, Name = "features.11")]
[Fire(64, 256, Name = "features.12")]
[Conv("classes", Kernel = 1, BatchNorm = false, Scale = false, Name = "classifier.1")]
[GlobalAveragePool]
public sealed partial class SqueezeNet1_1;

/// <summary>
/// Fire module with a bypass (Iandola 2016, Figure 2): the input is added to the output where the channels agree and,
/// with the complex bypass, through a 1x1 convolution where they do not.
/// </summary>
/// <param name="squeeze">Channels of the squeeze layer.</param>
/// <param name="expand">Channels of each expand layer; the result has twice as many.</param>
/// <param name="complexBypass">Whether a 1x1 convolution carries the bypass where the channels change: a bool or an expression.</param>
[Conv("squeeze", Kernel = 1, BatchNorm = false, Name = "squeeze", Module = "squeeze.conv")]
[Conv("expand", Kernel = 1, BatchNorm = false, From = "squeeze", Name = "expand1x1", Module = "expand1x1.conv")]
[Conv("expand", Kernel = 3, BatchNorm = false, From = "squeeze", Name = "expand3x3", Module = "expand3x3.conv")]
[Concat("expand1x1", "expand3x3", Name = "concat")]
[Conv("2 * expand", Kernel = 1, BatchNorm = false, Activation = Activation.None, From = "input", Name = "bypass", Module = "bypass.conv", When = "complexBypass && in != 2 * expand")]
[Add("concat", From = "bypass", When = "complexBypass && in != 2 * expand")]
[Add("concat", From = "input", When = "in == 2 * expand")]
public sealed class BypassFireAttribute([ChannelCount] int squeeze, [ChannelCount] int expand, object complexBypass) : BlockAttribute
{
    /// <summary>Channels of the squeeze layer.</summary>
    public int Squeeze { get; set; } = squeeze;

    /// <summary>Channels of each expand layer.</summary>
    public int Expand { get; set; } = expand;

    /// <summary>Whether a 1x1 convolution carries the bypass where the channels change.</summary>
    public object ComplexBypass { get; set; } = complexBypass;
}

/// <summary>
/// SqueezeNet 1.0 with simple bypass (Iandola 2016, Figure 2 middle): fire3, fire5, fire7 and fire9 become residual.
/// </summary>
[Network(Height = 227, Width = 227, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("complexBypass", false)]
[Conv(96, Kernel = 7, Stride = 2, Padding = "valid", BatchNorm = false, Name = "conv1", Module = "conv1.conv")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[BypassFire(16, 64, "complexBypass", Name = "fire2")]
[BypassFire(16, 64, "complexBypass", Name = "fire3")]
[BypassFire(32, 128, "complexBypass", Name = "fire4")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[BypassFire(32, 128, "complexBypass", Name = "fire5")]
[BypassFire(48, 192, "complexBypass", Name = "fire6")]
[BypassFire(48, 192, "complexBypass", Name = "fire7")]
[BypassFire(64, 256, "complexBypass", Name = "fire8")]
[MaxPool(Kernel = 3, Stride = 2, CeilMode = true)]
[BypassFire(64, 256, "complexBypass", Name = "fire9")]
[Conv("classes", Kernel = 1, BatchNorm = false, Scale = false, Name = "conv10", Module = "conv10.conv")]
[GlobalAveragePool]
public sealed partial class SqueezeNetSimpleBypass;

/// <summary>
/// SqueezeNet 1.0 with complex bypass (Iandola 2016, Figure 2 right): fire2, fire4, fire6 and fire8 have a 1x1
/// convolution on their bypass, without activation, which the paper leaves open. It has 1.59M parameters; the 7.7 MB of
/// the paper's Table 3 would be 2.0M, and is not explained.
/// </summary>
[Network(typeof(SqueezeNetSimpleBypass)), Parameter("complexBypass", true)]
public sealed partial class SqueezeNetComplexBypass;
