using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>How a kernel's packed weights are made from tensors; one call of the runtime's WeightBinder each.</summary>
/// <param name="Offset">Floats from the start of the kernel's weights.</param>
public abstract record WeightBinding(long Offset);

/// <summary>Convolution panels (WeightBinder.Conv).</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Weight">Weight tensor.</param>
/// <param name="Bias">Bias tensor or null.</param>
/// <param name="Norm">Batch normalisation to fold or null.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="InPerGroup">Input channels of a declared group.</param>
/// <param name="Kernel">Window.</param>
/// <param name="Groups">Declared groups.</param>
/// <param name="Merge">Groups merged into one.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Vectors">Vectors in a panel.</param>
/// <param name="IsPaired">Whether the last vector of a panel holds half a vector of channels twice.</param>
public sealed record ConvBinding(long Offset, string Weight, string? Bias, BatchNormSpec? Norm, int OutChannels, int InPerGroup, Pair Kernel, int Groups, int Merge, int Lanes, int Vectors, bool IsPaired) : WeightBinding(Offset);

/// <summary>Panels of transformed 3x3 filters (WeightBinder.Winograd).</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Weight">Weight tensor.</param>
/// <param name="Bias">Bias tensor or null.</param>
/// <param name="Norm">Batch normalisation to fold or null.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="InChannels">Input channels.</param>
/// <param name="Tile">Outputs of a tile in each direction: 2 or 4.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Vectors">Vectors in a panel.</param>
public sealed record WinogradBinding(long Offset, string Weight, string? Bias, BatchNormSpec? Norm, int OutChannels, int InChannels, int Tile, int Lanes, int Vectors) : WeightBinding(Offset);

/// <summary>Depthwise taps (WeightBinder.Depthwise).</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Weight">Weight tensor.</param>
/// <param name="Bias">Bias tensor or null.</param>
/// <param name="Norm">Batch normalisation to fold or null.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Kernel">Window.</param>
/// <param name="Order">Declared channel at each packed position; empty for the declared order.</param>
public sealed record DepthwiseBinding(long Offset, string Weight, string? Bias, BatchNormSpec? Norm, int Channels, Pair Kernel, EquatableArray<int> Order) : WeightBinding(Offset);

/// <summary>Transposed convolution (WeightBinder.ConvTranspose).</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Weight">Weight tensor.</param>
/// <param name="Bias">Bias tensor or null.</param>
/// <param name="Norm">Batch normalisation to fold or null.</param>
/// <param name="InChannels">Input channels.</param>
/// <param name="OutPerGroup">Output channels of a group.</param>
/// <param name="Kernel">Window.</param>
/// <param name="Groups">Groups.</param>
public sealed record ConvTransposeBinding(long Offset, string Weight, string? Bias, BatchNormSpec? Norm, int InChannels, int OutPerGroup, Pair Kernel, int Groups) : WeightBinding(Offset);

/// <summary>Scale and shift of a batch normalisation on its own (WeightBinder.Affine).</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Norm">Batch normalisation.</param>
/// <param name="Channels">Channels.</param>
public sealed record AffineBinding(long Offset, BatchNormSpec Norm, int Channels) : WeightBinding(Offset);

/// <summary>A vector as it is, one element repeated (WeightBinder.Vector): PReLU's slopes.</summary>
/// <param name="Offset">Offset.</param>
/// <param name="Tensor">Tensor.</param>
/// <param name="Channels">Channels.</param>
public sealed record VectorBinding(long Offset, string Tensor, int Channels) : WeightBinding(Offset);
