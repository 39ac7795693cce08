namespace SmallCnnGen.Zoo;

/// <summary>
/// NASNet's separable convolution: ReLU, depthwise and 1x1 convolution, twice (Zoph 2017, arXiv 1707.07012, Appendix A.4).
/// TensorFlow's SAME padding. Tensors: "&lt;name&gt;.dw1.*", "pw1.*", "bn1.*", "dw2.*", "pw2.*" and "bn2.*".
/// </summary>
/// <param name="filters">Output channels: an int or an expression.</param>
/// <param name="kernel">Window of the depthwise convolutions.</param>
/// <param name="stride">Stride of the first depthwise convolution: an int or an expression.</param>
[Activate(Activation.ReLU, Name = "relu1")]
[DepthwiseConv(Kernel = "kernel", Stride = "stride", Padding = "same", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "dw1")]
[Conv("filters", Kernel = 1, Epsilon = 1e-3, Name = "pw1", Module = "pw1", BatchNormModule = "bn1")]
[DepthwiseConv(Kernel = "kernel", Padding = "same", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "dw2")]
[Conv("filters", Kernel = 1, Epsilon = 1e-3, Activation = Activation.None, Name = "pw2", Module = "pw2", BatchNormModule = "bn2")]
public sealed class NasNetSeparableAttribute(object filters, int kernel, object stride) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Filters { get; set; } = filters;

    /// <summary>Window of the depthwise convolutions.</summary>
    public int Kernel { get; set; } = kernel;

    /// <summary>Stride of the first depthwise convolution.</summary>
    public object Stride { get; set; } = stride;
}

/// <summary>
/// Fits an input of a NASNet cell to the cell's channels and size: ReLU and a 1x1 convolution, or, where the size must be
/// halved, two of stride 2, the second on the map moved by one pixel.
/// Tensors: "&lt;name&gt;.conv.*" or "conv1.*" and "conv2.*", and "bn.*".
/// </summary>
/// <param name="filters">Output channels: an int or an expression.</param>
/// <param name="height">Output height: an int or an expression.</param>
[Activate(Activation.ReLU, Name = "relu")]
[Conv("filters", Kernel = 1, Epsilon = 1e-3, Activation = Activation.None, Name = "conv", Module = "conv", BatchNormModule = "bn", When = "inHeight == height")]
[Conv("filters / 2", Kernel = 1, Stride = 2, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv1", When = "inHeight != height")]
[Pad("-1, -1, 1, 1", From = "relu", Name = "shift", When = "inHeight != height")]
[Conv("filters - filters / 2", Kernel = 1, Stride = 2, BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv2", When = "inHeight != height")]
[Concat("conv1", Name = "halves", When = "inHeight != height")]
[BatchNorm(Epsilon = 1e-3, Name = "bn", When = "inHeight != height")]
public sealed class NasNetFitAttribute(object filters, object height) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public object Filters { get; set; } = filters;

    /// <summary>Output height.</summary>
    public object Height { get; set; } = height;
}

/// <summary>
/// NASNet-A's normal cell (Zoph 2017, arXiv 1707.07012, Figure 4 left): six times its filters.
/// </summary>
/// <param name="filters">Filters.</param>
/// <param name="previous">The cell before the one before.</param>
[NasNetFit("filters", "inHeight", Name = "cur")]
[NasNetFit("filters", "inHeight", From = "previous", Name = "prev")]
[NasNetSeparable("filters", 5, 1, From = "cur", Name = "s0l")]
[NasNetSeparable("filters", 3, 1, From = "prev", Name = "s0r")]
[Add("s0l", Name = "block0")]
[NasNetSeparable("filters", 5, 1, From = "prev", Name = "s1l")]
[NasNetSeparable("filters", 3, 1, From = "prev", Name = "s1r")]
[Add("s1l", Name = "block1")]
[AveragePool(Kernel = 3, Stride = 1, Padding = "same", CountIncludePad = false, From = "cur", Name = "a2")]
[Add("prev", Name = "block2")]
[AveragePool(Kernel = 3, Stride = 1, Padding = "same", CountIncludePad = false, From = "prev", Name = "a3l")]
[AveragePool(Kernel = 3, Stride = 1, Padding = "same", CountIncludePad = false, From = "prev", Name = "a3r")]
[Add("a3l", Name = "block3")]
[NasNetSeparable("filters", 3, 1, From = "cur", Name = "s4")]
[Add("cur", Name = "block4")]
[Concat("prev", "block0", "block1", "block2", "block3", "block4", Name = "concat")]
public sealed class NasNetNormalCellAttribute([ChannelCount] int filters, [LayerInput] string previous) : BlockAttribute
{
    /// <summary>Filters.</summary>
    public int Filters { get; set; } = filters;

    /// <summary>The cell before the one before.</summary>
    public string Previous { get; set; } = previous;
}

/// <summary>
/// NASNet-A's reduction cell (Zoph 2017, arXiv 1707.07012, Figure 4 right): four times its filters, half the size.
/// </summary>
/// <param name="filters">Filters.</param>
/// <param name="previous">The cell before the one before.</param>
/// <param name="fit">False leaves the previous cell's result as it is (the first cell of the network).</param>
[NasNetFit("filters", "inHeight", Name = "cur")]
[NasNetFit("filters", "inHeight", From = "previous", Name = "prev", When = "fit")]
[Activate(Activation.None, From = "previous", Name = "prev", When = "!fit")]
[NasNetSeparable("filters", 5, 2, From = "cur", Name = "s0l")]
[NasNetSeparable("filters", 7, 2, From = "prev", Name = "s0r")]
[Add("s0l", Name = "block0")]
[MaxPool(Kernel = 3, Stride = 2, Padding = "same", From = "cur", Name = "m1")]
[NasNetSeparable("filters", 7, 2, From = "prev", Name = "s1")]
[Add("m1", Name = "block1")]
[AveragePool(Kernel = 3, Stride = 2, Padding = "same", CountIncludePad = false, From = "cur", Name = "a2")]
[NasNetSeparable("filters", 5, 2, From = "prev", Name = "s2")]
[Add("a2", Name = "block2")]
[AveragePool(Kernel = 3, Stride = 1, Padding = "same", CountIncludePad = false, From = "block0", Name = "a3")]
[Add("block1", Name = "block3")]
[NasNetSeparable("filters", 3, 1, From = "block0", Name = "s4")]
[MaxPool(Kernel = 3, Stride = 2, Padding = "same", From = "cur", Name = "m4")]
[Add("s4", Name = "block4")]
[Concat("block1", "block2", "block3", "block4", Name = "concat")]
public sealed class NasNetReductionCellAttribute([ChannelCount] int filters, [LayerInput] string previous, bool fit = true) : BlockAttribute
{
    /// <summary>Filters.</summary>
    public int Filters { get; set; } = filters;

    /// <summary>The cell before the one before.</summary>
    public string Previous { get; set; } = previous;

    /// <summary>Whether the previous cell's result is fitted.</summary>
    public bool Fit { get; set; } = fit;
}

/// <summary>
/// NASNet-A (4 @ 1056) for 224x224 pixels (Zoph 2017, arXiv 1707.07012, Table 3): two reduction cells as stem, then three
/// times four normal cells with reduction cells between them.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Padding = "valid", Epsilon = 1e-3, Activation = Activation.None, Name = "conv0")]
[NasNetReductionCell(11, "conv0", fit: false, Name = "cells.0")]
[NasNetReductionCell(22, "conv0", Name = "cells.1")]
[NasNetNormalCell(44, "cells.0", Name = "cells.2")]
[NasNetNormalCell(44, "cells.1", Name = "cells.3")]
[NasNetNormalCell(44, "cells.2", Name = "cells.4")]
[NasNetNormalCell(44, "cells.3", Name = "cells.5")]
[NasNetReductionCell(88, "cells.4", Name = "cells.6")]
[NasNetNormalCell(88, "cells.5", Name = "cells.7")]
[NasNetNormalCell(88, "cells.6", Name = "cells.8")]
[NasNetNormalCell(88, "cells.7", Name = "cells.9")]
[NasNetNormalCell(88, "cells.8", Name = "cells.10")]
[NasNetReductionCell(176, "cells.9", Name = "cells.11")]
[NasNetNormalCell(176, "cells.10", Name = "cells.12")]
[NasNetNormalCell(176, "cells.11", Name = "cells.13")]
[NasNetNormalCell(176, "cells.12", Name = "cells.14")]
[NasNetNormalCell(176, "cells.13", Name = "cells.15")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class NasNetAMobile;
