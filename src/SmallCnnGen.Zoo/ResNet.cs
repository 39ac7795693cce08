namespace SmallCnnGen.Zoo;

/// <summary>
/// Two 3x3 convolutions beside a shortcut, projected by a 1x1 convolution where the shape changes
/// (He 2015, arXiv 1512.03385, Figure 5 left). Tensor names are torchvision's.
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the first convolution.</param>
[Conv("channels", Stride = "stride", Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[Conv("channels", Name = "conv2", Module = "conv2", BatchNormModule = "bn2", Activation = Activation.None)]
[Conv("channels", Kernel = 1, Stride = "stride", From = "input", Name = "downsample", Module = "downsample.0", BatchNormModule = "downsample.1", Activation = Activation.None, When = "stride != 1 || in != channels")]
[Add("conv2", From = "downsample", Activation = Activation.ReLU, When = "stride != 1 || in != channels")]
[Add("conv2", From = "input", Activation = Activation.ReLU, When = "stride == 1 && in == channels")]
public sealed class BasicBlockAttribute([ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the first convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// 1x1, 3x3 and 1x1 convolutions beside a shortcut, projected by a 1x1 convolution where the shape changes
/// (He 2015, arXiv 1512.03385, Figure 5 right). The stride stands in the 3x3 convolution, as in torchvision, whose tensor
/// names these are. With groups it is ResNeXt's block (Xie 2016, arXiv 1611.05431, Figure 3c).
/// </summary>
/// <param name="width">Channels of the first two convolutions: an int or an expression.</param>
/// <param name="channels">Output channels.</param>
/// <param name="groups">Groups of the 3x3 convolution: an int or an expression.</param>
/// <param name="stride">Stride of the 3x3 convolution.</param>
[Conv("width", Kernel = 1, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[Conv("width", Stride = "stride", Groups = "groups", Name = "conv2", Module = "conv2", BatchNormModule = "bn2")]
[Conv("channels", Kernel = 1, Name = "conv3", Module = "conv3", BatchNormModule = "bn3", Activation = Activation.None)]
[Conv("channels", Kernel = 1, Stride = "stride", From = "input", Name = "downsample", Module = "downsample.0", BatchNormModule = "downsample.1", Activation = Activation.None, When = "stride != 1 || in != channels")]
[Add("conv3", From = "downsample", Activation = Activation.ReLU, When = "stride != 1 || in != channels")]
[Add("conv3", From = "input", Activation = Activation.ReLU, When = "stride == 1 && in == channels")]
public sealed class BottleneckAttribute([ChannelCount] object width, [ChannelCount] int channels, object groups, [StageStride] int stride = 1)
    : BlockAttribute
{
    /// <summary>Channels of the first two convolutions: an int or an expression.</summary>
    public object Width { get; set; } = width;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Groups of the 3x3 convolution: an int or an expression.</summary>
    public object Groups { get; set; } = groups;

    /// <summary>Stride of the 3x3 convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// The bottleneck as the paper has it: the stride stands in the first 1x1 convolution (He 2015, arXiv 1512.03385, Table 1).
/// </summary>
/// <param name="width">Channels of the first two convolutions.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the first 1x1 convolution.</param>
[Conv("width", Kernel = 1, Stride = "stride", Name = "c1")]
[Conv("width", Name = "c2")]
[Conv("channels", Kernel = 1, Name = "c3", Activation = Activation.None)]
[Conv("channels", Kernel = 1, Stride = "stride", From = "input", Name = "short", Activation = Activation.None, When = "stride != 1 || in != channels")]
[Add("c3", From = "short", Activation = Activation.ReLU, When = "stride != 1 || in != channels")]
[Add("c3", From = "input", Activation = Activation.ReLU, When = "stride == 1 && in == channels")]
public sealed class BottleneckV1Attribute([ChannelCount] int width, [ChannelCount] int channels, [StageStride] int stride = 1) : BlockAttribute
{
    /// <summary>Channels of the first two convolutions.</summary>
    public int Width { get; set; } = width;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the first 1x1 convolution.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// ResNet-18 (He 2015, arXiv 1512.03385, Table 1, column 18-layer); the parameters are the blocks of each stage. Tensor
/// names are torchvision's.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("conv2", 2)]
[Parameter("conv3", 2)]
[Parameter("conv4", 2)]
[Parameter("conv5", 2)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[BasicBlock(64, Repeat = "conv2", Name = "layer1.#")]
[BasicBlock(128, stride: 2, Repeat = "conv3", Name = "layer2.#")]
[BasicBlock(256, stride: 2, Repeat = "conv4", Name = "layer3.#")]
[BasicBlock(512, stride: 2, Repeat = "conv5", Name = "layer4.#")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class ResNet18;

/// <summary>ResNet-34 (He 2015, arXiv 1512.03385, Table 1, column 34-layer).</summary>
[Network(typeof(ResNet18)), Parameter("conv2", 3), Parameter("conv3", 4), Parameter("conv4", 6), Parameter("conv5", 3)]
public sealed partial class ResNet34;

/// <summary>
/// ResNet-50 (He 2015, arXiv 1512.03385, Table 1, column 50-layer); the parameters are the blocks of the two stages that
/// grow with depth, and the inner width and groups of the first stage's bottlenecks. Tensor names are torchvision's.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Parameter("conv3", 4)]
[Parameter("conv4", 6)]
[Parameter("width", 64)]
[Parameter("groups", 1)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[Bottleneck("width", 256, "groups", Repeat = 3, Name = "layer1.#")]
[Bottleneck("2 * width", 512, "groups", stride: 2, Repeat = "conv3", Name = "layer2.#")]
[Bottleneck("4 * width", 1024, "groups", stride: 2, Repeat = "conv4", Name = "layer3.#")]
[Bottleneck("8 * width", 2048, "groups", stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class ResNet50;

/// <summary>ResNet-101 (He 2015, arXiv 1512.03385, Table 1, column 101-layer).</summary>
[Network(typeof(ResNet50)), Parameter("conv4", 23)]
public sealed partial class ResNet101;

/// <summary>ResNet-152 (He 2015, arXiv 1512.03385, Table 1, column 152-layer).</summary>
[Network(typeof(ResNet50)), Parameter("conv3", 8), Parameter("conv4", 36)]
public sealed partial class ResNet152;

/// <summary>ResNet-50 with the stride in the first 1x1 convolution of a block, as the paper has it (He 2015, arXiv 1512.03385, Table 1, column 50-layer).</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[BottleneckV1(64, 256, Repeat = 3, Name = "units.#")]
[BottleneckV1(128, 512, stride: 2, Repeat = 4, Name = "units.#")]
[BottleneckV1(256, 1024, stride: 2, Repeat = 6, Name = "units.#")]
[BottleneckV1(512, 2048, stride: 2, Repeat = 3, Name = "units.#")]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class ResNet50V1;
