namespace SmallCnnGen.Zoo;

/// <summary>
/// Residual block with batch normalisation and ReLU before each of its two 3x3 convolutions; where the shape changes, the
/// shortcut is a 1x1 convolution of the normalised input (Zagoruyko 2016, arXiv 1605.07146, Figure 1a).
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the first convolution.</param>
[BatchNorm(Name = "bn1")]
[Activate(Activation.ReLU, Name = "relu1")]
[Conv("channels", Stride = "stride", Name = "conv1", Module = "conv1", BatchNormModule = "bn2")]
[Conv("channels", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv2")]
[Conv("channels", Kernel = 1, Stride = "stride", BatchNorm = false, Bias = false, Activation = Activation.None, From = "relu1", Name = "short", When = "stride != 1 || in != channels")]
[Add("conv2", From = "short", When = "stride != 1 || in != channels")]
[Add("conv2", From = "input", When = "stride == 1 && in == channels")]
public sealed class WideBlockAttribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the first convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// Wide residual network for CIFAR-10, WRN-22-k with k = 1 (Zagoruyko 2016, arXiv 1605.07146, Table 1 with N = 3). The
/// width multiplier is the paper's k; it leaves the first convolution as it is.
/// </summary>
[Network(Height = 32, Width = 32, Channels = 3)]
[Parameter("classes", 10)]
[Conv(16, Scale = false, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv1")]
[WideBlock(16, Repeat = 3, Name = "units.#")]
[WideBlock(32, stride: 2, Repeat = 3, Name = "units.#")]
[WideBlock(64, stride: 2, Repeat = 3, Name = "units.#")]
[BatchNorm(Name = "bn")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class WideResNet22x1;

/// <summary>WRN-22-2: <see cref="WideResNet22x1"/> with twice the channels, 32, 64 and 128.</summary>
[Network(typeof(WideResNet22x1), WidthMultiplier = 2)]
public sealed partial class WideResNet22x2;

/// <summary>WRN-22-4: <see cref="WideResNet22x1"/> with four times the channels, 64, 128 and 256.</summary>
[Network(typeof(WideResNet22x1), WidthMultiplier = 4)]
public sealed partial class WideResNet22x4;

/// <summary>
/// WRN-50-2-bottleneck for ImageNet: <see cref="ResNet50"/> with twice the inner width (Zagoruyko 2016, arXiv 1605.07146,
/// Table 8). Tensor names are torchvision's wide_resnet50_2.
/// </summary>
[Network(typeof(ResNet50)), Parameter("width", 2 * 64)]
public sealed partial class WideResNet50x2;
