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
