namespace SmallCnnGen.Zoo;

/// <summary>
/// PyramidNet's basic unit: batch normalisation before each convolution and after the last, no ReLU before the first; the
/// shortcut is the input, averaged over 2x2 pixels where the unit has a stride and with zeros for the new channels
/// (Han 2016, arXiv 1610.02915, Figure 6d, shortcut of Figure 5b).
/// </summary>
/// <param name="channels">Output channels.</param>
/// <param name="stride">Stride of the first convolution, 1 or 2.</param>
[BatchNorm(Name = "bn1")]
[Conv("channels", Stride = "stride", Name = "conv1", Module = "conv1", BatchNormModule = "bn2")]
[Conv("channels", Activation = Activation.None, Name = "conv2", Module = "conv2", BatchNormModule = "bn3")]
[AveragePool(Kernel = "stride", From = "input", Name = "pool")]
[PadChannels("channels", Name = "grow")]
[Add("conv2", "grow")]
public sealed class PyramidUnitAttribute([ChannelCount] int channels, int stride = 1) : BlockAttribute
{
    /// <summary>Output channels.</summary>
    public int Channels { get; set; } = channels;

    /// <summary>Stride of the first convolution, 1 or 2.</summary>
    public int Stride { get; set; } = stride;
}

/// <summary>
/// PyramidNet for CIFAR-10 with nine units and alpha = 240: the k-th unit has floor(16 + 240 k / 9) channels (Han 2016,
/// arXiv 1610.02915, equation 2 and Table 1).
/// </summary>
[Network(Height = 32, Width = 32, Channels = 3)]
[Parameter("classes", 10)]
[Conv(16, Activation = Activation.None, Name = "conv1")]
[PyramidUnit(16 + (240 * 1 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 2 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 3 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 4 / 9), stride: 2, Name = "units.#")]
[PyramidUnit(16 + (240 * 5 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 6 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 7 / 9), stride: 2, Name = "units.#")]
[PyramidUnit(16 + (240 * 8 / 9), Name = "units.#")]
[PyramidUnit(16 + (240 * 9 / 9), Name = "units.#")]
[BatchNorm(Name = "bn")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Dense("classes", Name = "head.fc")]
public sealed partial class PyramidNet;
