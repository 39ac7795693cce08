// MobileNet V1: A. G. Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
// Applications", 2017, arXiv 1704.04861. Body: Table 1. Widths and resolutions: Tables 6 and 7. Comparisons with other
// shapes of the same network: Tables 4 and 5.
//
// Where the paper leaves something open: batch normalisation's epsilon is 1e-3, that of the authors' TensorFlow code;
// padding is symmetric, as in PyTorch (MobileNetV1TensorFlow has TensorFlow's); the last depthwise layer has stride 1,
// though Table 1 prints s2, because the table's own next line still has 7x7 pixels; the output is the logits, without
// the softmax of the table's last line.
//
// To use one: [Network(typeof(MobileNetV1_050_160))] partial class MyNetwork; or copy the declaration and change it.

namespace SmallCnnGen.Zoo;

/// <summary>MobileNet V1, width 1, 224x224: 569 million multiply-adds, 4.2 million parameters (Table 1).</summary>
/// <remarks>
/// The rows are Table 1's: "Conv dw" is <c>DepthwiseConv</c>, and each row is followed by batch normalisation and ReLU.
/// Tensors: conv1, body.dw1, body.pw1, ..., body.pw13 (each .conv.weight and .bn.*) and head.fc.
/// </remarks>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Epsilon = 1e-3, Name = "conv1")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw1")]
[Conv(64, Kernel = 1, Epsilon = 1e-3, Name = "body.pw1")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw2")]
[Conv(128, Kernel = 1, Epsilon = 1e-3, Name = "body.pw2")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw3")]
[Conv(128, Kernel = 1, Epsilon = 1e-3, Name = "body.pw3")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw4")]
[Conv(256, Kernel = 1, Epsilon = 1e-3, Name = "body.pw4")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw5")]
[Conv(256, Kernel = 1, Epsilon = 1e-3, Name = "body.pw5")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw6")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw6")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw7")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw7")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw8")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw8")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw9")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw9")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw10")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw10")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw11")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw11")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw12")]
[Conv(1024, Kernel = 1, Epsilon = 1e-3, Name = "body.pw12")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw13")]
[Conv(1024, Kernel = 1, Epsilon = 1e-3, Name = "body.pw13")]
[GlobalAveragePool(Name = "head.pool")]
[Dense("classes", Name = "head.fc")]
public sealed partial class MobileNetV1;

/// <summary>MobileNet V1, width 1, 192x192 (Table 7).</summary>
[Network(typeof(MobileNetV1), Height = 192, Width = 192)]
public sealed partial class MobileNetV1_100_192;

/// <summary>MobileNet V1, width 1, 160x160 (Table 7).</summary>
[Network(typeof(MobileNetV1), Height = 160, Width = 160)]
public sealed partial class MobileNetV1_100_160;

/// <summary>MobileNet V1, width 1, 128x128 (Table 7).</summary>
[Network(typeof(MobileNetV1), Height = 128, Width = 128)]
public sealed partial class MobileNetV1_100_128;

/// <summary>MobileNet V1, width 0.75, 224x224 (Table 6).</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.75, Height = 224, Width = 224)]
public sealed partial class MobileNetV1_075_224;

/// <summary>MobileNet V1, width 0.75, 192x192.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.75, Height = 192, Width = 192)]
public sealed partial class MobileNetV1_075_192;

/// <summary>MobileNet V1, width 0.75, 160x160.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.75, Height = 160, Width = 160)]
public sealed partial class MobileNetV1_075_160;

/// <summary>MobileNet V1, width 0.75, 128x128.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.75, Height = 128, Width = 128)]
public sealed partial class MobileNetV1_075_128;

/// <summary>MobileNet V1, width 0.5, 224x224 (Table 6).</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.5, Height = 224, Width = 224)]
public sealed partial class MobileNetV1_050_224;

/// <summary>MobileNet V1, width 0.5, 192x192.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.5, Height = 192, Width = 192)]
public sealed partial class MobileNetV1_050_192;

/// <summary>MobileNet V1, width 0.5, 160x160 (Table 9).</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.5, Height = 160, Width = 160)]
public sealed partial class MobileNetV1_050_160;

/// <summary>MobileNet V1, width 0.5, 128x128.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.5, Height = 128, Width = 128)]
public sealed partial class MobileNetV1_050_128;

/// <summary>MobileNet V1, width 0.25, 224x224 (Table 6).</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.25, Height = 224, Width = 224)]
public sealed partial class MobileNetV1_025_224;

/// <summary>MobileNet V1, width 0.25, 192x192.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.25, Height = 192, Width = 192)]
public sealed partial class MobileNetV1_025_192;

/// <summary>MobileNet V1, width 0.25, 160x160.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.25, Height = 160, Width = 160)]
public sealed partial class MobileNetV1_025_160;

/// <summary>MobileNet V1, width 0.25, 128x128.</summary>
[Network(typeof(MobileNetV1), WidthMultiplier = 0.25, Height = 128, Width = 128)]
public sealed partial class MobileNetV1_025_128;

/// <summary>
/// Shallow MobileNet (Table 5): without the five layers of 14x14x512, about as cheap as width 0.75 and less accurate.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Epsilon = 1e-3, Name = "conv1")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw1")]
[Conv(64, Kernel = 1, Epsilon = 1e-3, Name = "body.pw1")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw2")]
[Conv(128, Kernel = 1, Epsilon = 1e-3, Name = "body.pw2")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw3")]
[Conv(128, Kernel = 1, Epsilon = 1e-3, Name = "body.pw3")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw4")]
[Conv(256, Kernel = 1, Epsilon = 1e-3, Name = "body.pw4")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw5")]
[Conv(256, Kernel = 1, Epsilon = 1e-3, Name = "body.pw5")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw6")]
[Conv(512, Kernel = 1, Epsilon = 1e-3, Name = "body.pw6")]
[DepthwiseConv(Stride = 2, Epsilon = 1e-3, Name = "body.dw7")]
[Conv(1024, Kernel = 1, Epsilon = 1e-3, Name = "body.pw7")]
[DepthwiseConv(Stride = 1, Epsilon = 1e-3, Name = "body.dw8")]
[Conv(1024, Kernel = 1, Epsilon = 1e-3, Name = "body.pw8")]
[GlobalAveragePool(Name = "head.pool")]
[Dense("classes", Name = "head.fc")]
public sealed partial class MobileNetV1Shallow;

/// <summary>
/// Conv MobileNet (Table 4): each depthwise and pointwise pair replaced by one full 3x3 convolution, to show what the
/// factorisation saves: 8.6 times the multiply-adds for 1.1 % of accuracy.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Epsilon = 1e-3, Name = "conv1")]
[Conv(64, Stride = 1, Epsilon = 1e-3, Name = "body.conv2")]
[Conv(128, Stride = 2, Epsilon = 1e-3, Name = "body.conv3")]
[Conv(128, Stride = 1, Epsilon = 1e-3, Name = "body.conv4")]
[Conv(256, Stride = 2, Epsilon = 1e-3, Name = "body.conv5")]
[Conv(256, Stride = 1, Epsilon = 1e-3, Name = "body.conv6")]
[Conv(512, Stride = 2, Epsilon = 1e-3, Name = "body.conv7")]
[Conv(512, Stride = 1, Epsilon = 1e-3, Name = "body.conv8")]
[Conv(512, Stride = 1, Epsilon = 1e-3, Name = "body.conv9")]
[Conv(512, Stride = 1, Epsilon = 1e-3, Name = "body.conv10")]
[Conv(512, Stride = 1, Epsilon = 1e-3, Name = "body.conv11")]
[Conv(512, Stride = 1, Epsilon = 1e-3, Name = "body.conv12")]
[Conv(1024, Stride = 2, Epsilon = 1e-3, Name = "body.conv13")]
[Conv(1024, Stride = 1, Epsilon = 1e-3, Name = "body.conv14")]
[GlobalAveragePool(Name = "head.pool")]
[Dense("classes", Name = "head.fc")]
public sealed partial class MobileNetV1FullConvolution;

/// <summary>
/// MobileNet V1 as the authors' TensorFlow code has it: ReLU6 for ReLU, and TensorFlow's "same" padding, which puts the
/// odd row and column of a stride-2 layer after the map.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "conv1")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw1")]
[Conv(64, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw1")]
[DepthwiseConv(Stride = 2, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw2")]
[Conv(128, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw2")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw3")]
[Conv(128, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw3")]
[DepthwiseConv(Stride = 2, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw4")]
[Conv(256, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw4")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw5")]
[Conv(256, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw5")]
[DepthwiseConv(Stride = 2, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw6")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw6")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw7")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw7")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw8")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw8")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw9")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw9")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw10")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw10")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw11")]
[Conv(512, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw11")]
[DepthwiseConv(Stride = 2, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw12")]
[Conv(1024, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw12")]
[DepthwiseConv(Stride = 1, Padding = "same", Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.dw13")]
[Conv(1024, Kernel = 1, Activation = Activation.ReLU6, Epsilon = 1e-3, Name = "body.pw13")]
[GlobalAveragePool(Name = "head.pool")]
[Dense("classes", Name = "head.fc")]
public sealed partial class MobileNetV1TensorFlow;
