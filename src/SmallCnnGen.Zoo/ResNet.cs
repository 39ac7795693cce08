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
    public int Channels { get; } = channels;

    /// <summary>Stride of the first convolution.</summary>
    public int Stride { get; } = stride;
}

/// <summary>
/// 1x1, 3x3 and 1x1 convolutions beside a shortcut, projected by a 1x1 convolution where the shape changes
/// (He 2015, arXiv 1512.03385, Figure 5 right). The stride stands in the 3x3 convolution, as in torchvision, whose tensor
/// names these are. With groups it is ResNeXt's block (Xie 2016, arXiv 1611.05431, Figure 3c).
/// </summary>
/// <param name="width">Channels of the first two convolutions.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the 3x3 convolution.</param>
/// <param name="groups">Groups of the 3x3 convolution.</param>
[Conv("width", Kernel = 1, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[Conv("width", Stride = "stride", Groups = "groups", Name = "conv2", Module = "conv2", BatchNormModule = "bn2")]
[Conv("channels", Kernel = 1, Name = "conv3", Module = "conv3", BatchNormModule = "bn3", Activation = Activation.None)]
[Conv("channels", Kernel = 1, Stride = "stride", From = "input", Name = "downsample", Module = "downsample.0", BatchNormModule = "downsample.1", Activation = Activation.None, When = "stride != 1 || in != channels")]
[Add("conv3", From = "downsample", Activation = Activation.ReLU, When = "stride != 1 || in != channels")]
[Add("conv3", From = "input", Activation = Activation.ReLU, When = "stride == 1 && in == channels")]
public sealed class BottleneckAttribute([ChannelCount] int width, [ChannelCount] int channels, [StageStride] int stride = 1, int groups = 1)
    : BlockAttribute
{
    /// <summary>Channels of the first two convolutions.</summary>
    public int Width { get; } = width;

    /// <summary>Output channels.</summary>
    public int Channels { get; } = channels;

    /// <summary>Stride of the 3x3 convolution.</summary>
    public int Stride { get; } = stride;

    /// <summary>Groups of the 3x3 convolution.</summary>
    public int Groups { get; } = groups;
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
    public int Width { get; } = width;

    /// <summary>Output channels.</summary>
    public int Channels { get; } = channels;

    /// <summary>Stride of the first 1x1 convolution.</summary>
    public int Stride { get; } = stride;
}

/// <summary>ResNet-18 (He 2015, arXiv 1512.03385, Table 1, column 18-layer). Tensor names are torchvision's resnet18.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[BasicBlock(64, Repeat = 2, Name = "layer1.#")]
[BasicBlock(128, stride: 2, Repeat = 2, Name = "layer2.#")]
[BasicBlock(256, stride: 2, Repeat = 2, Name = "layer3.#")]
[BasicBlock(512, stride: 2, Repeat = 2, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNet18;

/// <summary>ResNet-34 (He 2015, arXiv 1512.03385, Table 1, column 34-layer). Tensor names are torchvision's resnet34.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[BasicBlock(64, Repeat = 3, Name = "layer1.#")]
[BasicBlock(128, stride: 2, Repeat = 4, Name = "layer2.#")]
[BasicBlock(256, stride: 2, Repeat = 6, Name = "layer3.#")]
[BasicBlock(512, stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNet34;

/// <summary>ResNet-50 (He 2015, arXiv 1512.03385, Table 1, column 50-layer). Tensor names are torchvision's resnet50.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[Bottleneck(64, 256, Repeat = 3, Name = "layer1.#")]
[Bottleneck(128, 512, stride: 2, Repeat = 4, Name = "layer2.#")]
[Bottleneck(256, 1024, stride: 2, Repeat = 6, Name = "layer3.#")]
[Bottleneck(512, 2048, stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNet50;

/// <summary>ResNet-101 (He 2015, arXiv 1512.03385, Table 1, column 101-layer). Tensor names are torchvision's resnet101.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[Bottleneck(64, 256, Repeat = 3, Name = "layer1.#")]
[Bottleneck(128, 512, stride: 2, Repeat = 4, Name = "layer2.#")]
[Bottleneck(256, 1024, stride: 2, Repeat = 23, Name = "layer3.#")]
[Bottleneck(512, 2048, stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNet101;

/// <summary>ResNet-152 (He 2015, arXiv 1512.03385, Table 1, column 152-layer). Tensor names are torchvision's resnet152.</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[Bottleneck(64, 256, Repeat = 3, Name = "layer1.#")]
[Bottleneck(128, 512, stride: 2, Repeat = 8, Name = "layer2.#")]
[Bottleneck(256, 1024, stride: 2, Repeat = 36, Name = "layer3.#")]
[Bottleneck(512, 2048, stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense(1000, Name = "fc")]
public sealed partial class ResNet152;

/// <summary>ResNet-50 with the stride in the first 1x1 convolution of a block, as the paper has it (He 2015, arXiv 1512.03385, Table 1, column 50-layer).</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[BottleneckV1(64, 256, Repeat = 3, Name = "units.#")]
[BottleneckV1(128, 512, stride: 2, Repeat = 4, Name = "units.#")]
[BottleneckV1(256, 1024, stride: 2, Repeat = 6, Name = "units.#")]
[BottleneckV1(512, 2048, stride: 2, Repeat = 3, Name = "units.#")]
[GlobalAveragePool]
[Dense(1000, Name = "head.fc")]
public sealed partial class ResNet50V1;
