namespace SmallCnnGen.Zoo;

/// <summary>
/// AlexNet (Krizhevsky 2012, section 3.5): two towers as groups of 2 in the second, fourth and fifth convolution, and
/// local response normalisation with Caffe's constants. The input is 227 x 227, which the printed sizes need.
/// </summary>
[Network(Height = 227, Width = 227, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(96, Kernel = 11, Stride = 4, Padding = "valid", BatchNorm = false, Name = "features.conv1.conv")]
[LocalResponseNorm(Size = 5, Alpha = 1e-4, Beta = 0.75, K = 1)]
[MaxPool(Kernel = 3, Stride = 2)]
[Conv(256, Kernel = 5, Groups = 2, BatchNorm = false, Name = "features.conv2.conv")]
[LocalResponseNorm(Size = 5, Alpha = 1e-4, Beta = 0.75, K = 1)]
[MaxPool(Kernel = 3, Stride = 2)]
[Conv(384, BatchNorm = false, Name = "features.conv3.conv")]
[Conv(384, Groups = 2, BatchNorm = false, Name = "features.conv4.conv")]
[Conv(256, Groups = 2, BatchNorm = false, Name = "features.conv5.conv")]
[MaxPool(Kernel = 3, Stride = 2)]
[Dense(4096, Activation = Activation.ReLU, Name = "classifier.fc6")]
[Dense(4096, Activation = Activation.ReLU, Name = "classifier.fc7")]
[Dense("classes", Name = "classifier.fc8")]
public sealed partial class AlexNet;

/// <summary>
/// AlexNet in one tower (Krizhevsky 2014, "One weird trick", arXiv 1404.5997, without normalisation). Tensor names are
/// torchvision's alexnet.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(64, Kernel = 11, Stride = 4, Padding = 2, BatchNorm = false, Name = "features.0")]
[MaxPool(Kernel = 3, Stride = 2)]
[Conv(192, Kernel = 5, BatchNorm = false, Name = "features.3")]
[MaxPool(Kernel = 3, Stride = 2)]
[Conv(384, BatchNorm = false, Name = "features.6")]
[Conv(256, BatchNorm = false, Name = "features.8")]
[Conv(256, BatchNorm = false, Name = "features.10")]
[MaxPool(Kernel = 3, Stride = 2)]
[Dense(4096, Activation = Activation.ReLU, Name = "classifier.1")]
[Dense(4096, Activation = Activation.ReLU, Name = "classifier.4")]
[Dense("classes", Name = "classifier.6")]
public sealed partial class AlexNetOneTower;
