namespace SmallCnnGen.Zoo;

/// <summary>
/// ResNet's bottleneck with squeeze-and-excitation: the mean of each channel goes through two fully connected layers and
/// scales the channel before the shortcut is added (Hu 2017, arXiv 1709.01507, Figure 3). The fully connected layers are
/// 1x1 convolutions, as in torchvision's SqueezeExcitation.
/// </summary>
/// <param name="width">Channels of the first two convolutions.</param>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the 3x3 convolution.</param>
/// <param name="reduction">Reduction ratio r of the squeeze.</param>
[Conv("width", Kernel = 1, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[Conv("width", Stride = "stride", Name = "conv2", Module = "conv2", BatchNormModule = "bn2")]
[Conv("channels", Kernel = 1, Name = "conv3", Module = "conv3", BatchNormModule = "bn3", Activation = Activation.None)]
[GlobalAveragePool]
[Conv("channels / reduction", Kernel = 1, BatchNorm = false, Name = "se.fc1")]
[Conv("channels", Kernel = 1, BatchNorm = false, Activation = Activation.Sigmoid, Name = "se.fc2")]
[Multiply("conv3", "se.fc2", Name = "se")]
[Conv("channels", Kernel = 1, Stride = "stride", From = "input", Name = "downsample", Module = "downsample.0", BatchNormModule = "downsample.1", Activation = Activation.None, When = "stride != 1 || in != channels")]
[Add("se", From = "downsample", Activation = Activation.ReLU, When = "stride != 1 || in != channels")]
[Add("se", From = "input", Activation = Activation.ReLU, When = "stride == 1 && in == channels")]
public sealed class SeBottleneckAttribute([ChannelCount] int width, [ChannelCount] int channels, [StageStride] int stride = 1, int reduction = 16)
    : BlockAttribute
{
    /// <summary>Channels of the first two convolutions.</summary>
    public int Width { get; set; } = width;

    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the 3x3 convolution.</summary>
    public int Stride { get; set; } = stride;

    /// <summary>Reduction ratio r of the squeeze.</summary>
    public int Reduction { get; set; } = reduction;
}

/// <summary>SE-ResNet-50 (Hu 2017, arXiv 1709.01507, Table 1, second column). Tensor names are torchvision's resnet50, with "se.fc1" and "se.fc2".</summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 7, Stride = 2, Name = "conv1", Module = "conv1", BatchNormModule = "bn1")]
[MaxPool(Kernel = 3, Stride = 2, Padding = 1)]
[SeBottleneck(64, 256, Repeat = 3, Name = "layer1.#")]
[SeBottleneck(128, 512, stride: 2, Repeat = 4, Name = "layer2.#")]
[SeBottleneck(256, 1024, stride: 2, Repeat = 6, Name = "layer3.#")]
[SeBottleneck(512, 2048, stride: 2, Repeat = 3, Name = "layer4.#")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class SeResNet50;
