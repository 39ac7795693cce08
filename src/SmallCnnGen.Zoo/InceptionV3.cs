namespace SmallCnnGen.Zoo;

/// <summary>
/// Inception module whose 5x5 branch is beside one of two 3x3 convolutions (Szegedy 2015, arXiv 1512.00567, Figure 5).
/// Tensor names are torchvision's InceptionA.
/// </summary>
/// <param name="poolChannels">Channels of the branch that pools.</param>
[Conv(64, Kernel = 1, Epsilon = 1e-3, Name = "branch1x1")]
[Conv(48, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch5x5_1")]
[Conv(64, Kernel = 5, Epsilon = 1e-3, Name = "branch5x5_2")]
[Conv(64, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch3x3dbl_1")]
[Conv(96, Kernel = 3, Epsilon = 1e-3, Name = "branch3x3dbl_2")]
[Conv(96, Kernel = 3, Epsilon = 1e-3, Name = "branch3x3dbl_3")]
[AveragePool(Kernel = 3, Stride = 1, Padding = 1, From = "input")]
[Conv("poolChannels", Kernel = 1, Epsilon = 1e-3, Name = "branch_pool")]
[Concat("branch1x1", "branch5x5_2", "branch3x3dbl_3", "branch_pool")]
public sealed class InceptionAAttribute(int poolChannels) : BlockAttribute
{
    /// <summary>Channels of the branch that pools.</summary>
    public int PoolChannels { get; set; } = poolChannels;
}

/// <summary>
/// Reduction of the grid from 35x35 to 17x17: convolutions with stride 2 beside a pooling (Szegedy 2015,
/// arXiv 1512.00567, Figure 10). Tensor names are torchvision's InceptionB.
/// </summary>
[Conv(384, Kernel = 3, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "branch3x3")]
[Conv(64, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch3x3dbl_1")]
[Conv(96, Kernel = 3, Epsilon = 1e-3, Name = "branch3x3dbl_2")]
[Conv(96, Kernel = 3, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "branch3x3dbl_3")]
[MaxPool(Kernel = 3, Stride = 2, From = "input", Name = "branch_pool")]
[Concat("branch3x3", "branch3x3dbl_3", "branch_pool")]
public sealed class InceptionBAttribute : BlockAttribute;

/// <summary>
/// Inception module with 7x7 convolutions split into 1x7 and 7x1 (Szegedy 2015, arXiv 1512.00567, Figure 6 with n = 7).
/// Tensor names are torchvision's InceptionC.
/// </summary>
/// <param name="channels7x7">Channels inside the branches of 7x7 convolutions.</param>
[Conv(192, Kernel = 1, Epsilon = 1e-3, Name = "branch1x1")]
[Conv("channels7x7", Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch7x7_1")]
[Conv("channels7x7", Kernel = "1x7", Epsilon = 1e-3, Name = "branch7x7_2")]
[Conv(192, Kernel = "7x1", Epsilon = 1e-3, Name = "branch7x7_3")]
[Conv("channels7x7", Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch7x7dbl_1")]
[Conv("channels7x7", Kernel = "7x1", Epsilon = 1e-3, Name = "branch7x7dbl_2")]
[Conv("channels7x7", Kernel = "1x7", Epsilon = 1e-3, Name = "branch7x7dbl_3")]
[Conv("channels7x7", Kernel = "7x1", Epsilon = 1e-3, Name = "branch7x7dbl_4")]
[Conv(192, Kernel = "1x7", Epsilon = 1e-3, Name = "branch7x7dbl_5")]
[AveragePool(Kernel = 3, Stride = 1, Padding = 1, From = "input")]
[Conv(192, Kernel = 1, Epsilon = 1e-3, Name = "branch_pool")]
[Concat("branch1x1", "branch7x7_3", "branch7x7dbl_5", "branch_pool")]
public sealed class InceptionCAttribute(int channels7x7) : BlockAttribute
{
    /// <summary>Channels inside the branches of 7x7 convolutions.</summary>
    public int Channels7x7 { get; set; } = channels7x7;
}

/// <summary>
/// Reduction of the grid from 17x17 to 8x8 (Szegedy 2015, arXiv 1512.00567, section 5). Tensor names are torchvision's
/// InceptionD.
/// </summary>
[Conv(192, Kernel = 1, Epsilon = 1e-3, Name = "branch3x3_1")]
[Conv(320, Kernel = 3, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "branch3x3_2")]
[Conv(192, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch7x7x3_1")]
[Conv(192, Kernel = "1x7", Epsilon = 1e-3, Name = "branch7x7x3_2")]
[Conv(192, Kernel = "7x1", Epsilon = 1e-3, Name = "branch7x7x3_3")]
[Conv(192, Kernel = 3, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "branch7x7x3_4")]
[MaxPool(Kernel = 3, Stride = 2, From = "input", Name = "branch_pool")]
[Concat("branch3x3_2", "branch7x7x3_4", "branch_pool")]
public sealed class InceptionDAttribute : BlockAttribute;

/// <summary>
/// Inception module with expanded filter banks: 1x3 and 3x1 convolutions side by side (Szegedy 2015, arXiv 1512.00567,
/// Figure 7). Tensor names are torchvision's InceptionE.
/// </summary>
[Conv(320, Kernel = 1, Epsilon = 1e-3, Name = "branch1x1")]
[Conv(384, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch3x3_1")]
[Conv(384, Kernel = "1x3", Epsilon = 1e-3, From = "branch3x3_1", Name = "branch3x3_2a")]
[Conv(384, Kernel = "3x1", Epsilon = 1e-3, From = "branch3x3_1", Name = "branch3x3_2b")]
[Conv(448, Kernel = 1, Epsilon = 1e-3, From = "input", Name = "branch3x3dbl_1")]
[Conv(384, Kernel = 3, Epsilon = 1e-3, Name = "branch3x3dbl_2")]
[Conv(384, Kernel = "1x3", Epsilon = 1e-3, From = "branch3x3dbl_2", Name = "branch3x3dbl_3a")]
[Conv(384, Kernel = "3x1", Epsilon = 1e-3, From = "branch3x3dbl_2", Name = "branch3x3dbl_3b")]
[AveragePool(Kernel = 3, Stride = 1, Padding = 1, From = "input")]
[Conv(192, Kernel = 1, Epsilon = 1e-3, Name = "branch_pool")]
[Concat("branch1x1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_3a", "branch3x3dbl_3b", "branch_pool")]
public sealed class InceptionEAttribute : BlockAttribute;

/// <summary>
/// Inception V3 (Szegedy 2015, arXiv 1512.00567, Table 1), without the auxiliary classifier of its training. Tensor names
/// are torchvision's inception_v3.
/// </summary>
[Network(Height = 299, Width = 299, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Padding = "valid", Epsilon = 1e-3, Name = "Conv2d_1a_3x3")]
[Conv(32, Padding = "valid", Epsilon = 1e-3, Name = "Conv2d_2a_3x3")]
[Conv(64, Epsilon = 1e-3, Name = "Conv2d_2b_3x3")]
[MaxPool(Kernel = 3, Stride = 2)]
[Conv(80, Kernel = 1, Epsilon = 1e-3, Name = "Conv2d_3b_1x1")]
[Conv(192, Padding = "valid", Epsilon = 1e-3, Name = "Conv2d_4a_3x3")]
[MaxPool(Kernel = 3, Stride = 2)]
[InceptionA(32, Name = "Mixed_5b")]
[InceptionA(64, Name = "Mixed_5c")]
[InceptionA(64, Name = "Mixed_5d")]
[InceptionB(Name = "Mixed_6a")]
[InceptionC(128, Name = "Mixed_6b")]
[InceptionC(160, Name = "Mixed_6c")]
[InceptionC(160, Name = "Mixed_6d")]
[InceptionC(192, Name = "Mixed_6e")]
[InceptionD(Name = "Mixed_7a")]
[InceptionE(Name = "Mixed_7b")]
[InceptionE(Name = "Mixed_7c")]
[GlobalAveragePool]
[Dense("classes", Name = "fc")]
public sealed partial class InceptionV3;
