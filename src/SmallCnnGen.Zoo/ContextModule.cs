namespace SmallCnnGen.Zoo;

/// <summary>
/// Context module, basic form, for 21 classes (for others set Channels too): 3x3 convolutions whose dilation doubles, on the score map of a front end
/// (Yu and Koltun 2016, arXiv 1511.07122, Table 1, row "Basic"). The map of 64 x 64 is that of an input of 512 x 512.
/// </summary>
[Network(Height = 64, Width = 64, Channels = 21)]
[Parameter("classes", 21)]
[Conv("classes", Dilation = 1, BatchNorm = false, Name = "layers.layer1.conv")]
[Conv("classes", Dilation = 1, BatchNorm = false, Name = "layers.layer2.conv")]
[Conv("classes", Dilation = 2, BatchNorm = false, Name = "layers.layer3.conv")]
[Conv("classes", Dilation = 4, BatchNorm = false, Name = "layers.layer4.conv")]
[Conv("classes", Dilation = 8, BatchNorm = false, Name = "layers.layer5.conv")]
[Conv("classes", Dilation = 16, BatchNorm = false, Name = "layers.layer6.conv")]
[Conv("classes", Dilation = 1, BatchNorm = false, Name = "layers.layer7.conv")]
[Conv("classes", Kernel = 1, BatchNorm = false, Activation = Activation.None, Name = "layers.layer8")]
public sealed partial class ContextModuleBasic;

/// <summary>
/// Context module, large form, for 21 classes: the channels grow with the dilation (Yu and Koltun 2016,
/// arXiv 1511.07122, Table 1, row "Large").
/// </summary>
[Network(Height = 64, Width = 64, Channels = 21)]
[Parameter("classes", 21)]
[Conv("2 * classes", Dilation = 1, BatchNorm = false, Name = "layers.layer1.conv")]
[Conv("2 * classes", Dilation = 1, BatchNorm = false, Name = "layers.layer2.conv")]
[Conv("4 * classes", Dilation = 2, BatchNorm = false, Name = "layers.layer3.conv")]
[Conv("8 * classes", Dilation = 4, BatchNorm = false, Name = "layers.layer4.conv")]
[Conv("16 * classes", Dilation = 8, BatchNorm = false, Name = "layers.layer5.conv")]
[Conv("32 * classes", Dilation = 16, BatchNorm = false, Name = "layers.layer6.conv")]
[Conv("32 * classes", Dilation = 1, BatchNorm = false, Name = "layers.layer7.conv")]
[Conv("classes", Kernel = 1, BatchNorm = false, Activation = Activation.None, Name = "layers.layer8")]
public sealed partial class ContextModuleLarge;
