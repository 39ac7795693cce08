namespace SmallCnnGen.Zoo;

/// <summary>
/// PNASNet-5's cell (Liu 2017, arXiv 1712.00559, Figure 1): five times its filters. The same cell serves with stride 2.
/// </summary>
/// <param name="filters">Filters.</param>
/// <param name="previous">The cell before the one before.</param>
/// <param name="stride">Stride.</param>
/// <param name="fit">False leaves the previous cell's result as it is (the first cell of the network).</param>
[NasNetFit("filters", "inHeight", Name = "cur")]
[NasNetFit("filters", "inHeight", From = "previous", Name = "prev", When = "fit")]
[Activate(Activation.None, From = "previous", Name = "prev", When = "!fit")]
[NasNetSeparable("filters", 5, "stride", From = "prev", Name = "s0")]
[MaxPool(Kernel = 3, Stride = "stride", Padding = "same", From = "prev", Name = "m0")]
[Conv("filters", Kernel = 1, Epsilon = 1e-3, Activation = Activation.None, Name = "p0", When = "!fit")]
[Add("s0", Name = "block0")]
[NasNetSeparable("filters", 7, "stride", From = "cur", Name = "s1")]
[MaxPool(Kernel = 3, Stride = "stride", Padding = "same", From = "cur", Name = "m1")]
[Add("s1", Name = "block1")]
[NasNetSeparable("filters", 5, "stride", From = "cur", Name = "s2l")]
[NasNetSeparable("filters", 3, "stride", From = "cur", Name = "s2r")]
[Add("s2l", Name = "block2")]
[NasNetSeparable("filters", 3, 1, From = "block2", Name = "s3")]
[MaxPool(Kernel = 3, Stride = "stride", Padding = "same", From = "cur", Name = "m3")]
[Add("s3", Name = "block3")]
[NasNetSeparable("filters", 3, "stride", From = "prev", Name = "s4")]
[Add("cur", Name = "block4", When = "stride == 1")]
[Activate(Activation.ReLU, From = "cur", When = "stride != 1")]
[Conv("filters", Kernel = 1, Stride = "stride", Epsilon = 1e-3, Activation = Activation.None, Name = "p4", When = "stride != 1")]
[Add("s4", Name = "block4", When = "stride != 1")]
[Concat("block0", "block1", "block2", "block3", "block4", Name = "concat")]
public sealed class PnasNetCellAttribute([ChannelCount] int filters, [LayerInput] string previous, int stride = 1, bool fit = true) : BlockAttribute
{
    /// <summary>Filters.</summary>
    public int Filters { get; set; } = filters;

    /// <summary>The cell before the one before.</summary>
    public string Previous { get; set; } = previous;

    /// <summary>Stride.</summary>
    public int Stride { get; set; } = stride;

    /// <summary>Whether the previous cell's result is fitted.</summary>
    public bool Fit { get; set; } = fit;
}

/// <summary>
/// PNASNet-5 (N = 3, F = 54) for 224x224 pixels (Liu 2017, arXiv 1712.00559, Table 4): two cells of stride 2 as stem, then
/// three times three cells, the first of the later groups with stride 2.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(32, Stride = 2, Padding = "valid", Epsilon = 1e-3, Activation = Activation.None, Name = "conv0")]
[PnasNetCell(13, "conv0", stride: 2, fit: false, Name = "cells.0")]
[PnasNetCell(27, "conv0", stride: 2, Name = "cells.1")]
[PnasNetCell(54, "cells.0", Name = "cells.2")]
[PnasNetCell(54, "cells.1", Name = "cells.3")]
[PnasNetCell(54, "cells.2", Name = "cells.4")]
[PnasNetCell(108, "cells.3", stride: 2, Name = "cells.5")]
[PnasNetCell(108, "cells.4", Name = "cells.6")]
[PnasNetCell(108, "cells.5", Name = "cells.7")]
[PnasNetCell(216, "cells.6", stride: 2, Name = "cells.8")]
[PnasNetCell(216, "cells.7", Name = "cells.9")]
[PnasNetCell(216, "cells.8", Name = "cells.10")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class PnasNet5Mobile;
