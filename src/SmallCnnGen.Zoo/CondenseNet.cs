namespace SmallCnnGen.Zoo;

/// <summary>
/// CondenseNet's layer after condensing (Huang 2017, arXiv 1711.09224, Figure 1 right): the index layer chooses the input
/// of the grouped 1x1 convolution, a shuffle deals its output to the groups of the 3x3 convolution, and the result is
/// appended to the input. Tensors: "&lt;name&gt;.bn1.*", "conv1.*", "bn2.*" and "conv2.*".
/// </summary>
/// <param name="growth">Channels appended.</param>
/// <param name="index">Input channel that the index layer puts at place i: an expression over i and in.</param>
/// <param name="groups">Groups of both convolutions: an int or an expression.</param>
/// <param name="bottleneck">Output channels of the 1x1 convolution, in growths.</param>
[Gather(Channel = "index", Count = "in", Name = "gather")]
[BatchNorm(Name = "bn1")]
[Activate(Activation.ReLU, Name = "relu1")]
[Conv("bottleneck * growth", Kernel = 1, Groups = "groups", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv1")]
[Shuffle("groups", Name = "shuffle")]
[BatchNorm(Name = "bn2")]
[Activate(Activation.ReLU, Name = "relu2")]
[Conv("growth", Groups = "groups", BatchNorm = false, Bias = false, Activation = Activation.None, Name = "conv2")]
[Concat("input", Name = "concat")]
public sealed class CondenseLayerAttribute(int growth, string index, object groups, int bottleneck = 4) : BlockAttribute
{
    /// <summary>Channels appended.</summary>
    public int Growth { get; set; } = growth;

    /// <summary>Input channel that the index layer puts at place i.</summary>
    public string Index { get; set; } = index;

    /// <summary>Groups of both convolutions.</summary>
    public object Groups { get; set; } = groups;

    /// <summary>Output channels of the 1x1 convolution, in growths.</summary>
    public int Bottleneck { get; set; } = bottleneck;
}

/// <summary>
/// The dense stages of CondenseNet-74 (Huang 2017, arXiv 1711.09224, Table 2): 4, 6, 8, 10 and 8 layers of growth 8, 16,
/// 32, 64 and 128. Training learns the index layers; here each is a permutation by a stride that shares no factor with
/// the channels. Tensors: "units.0" to "units.39".
/// </summary>
/// <param name="groups">Groups, and the condensation factor.</param>
[CondenseLayer(8, "(5 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(8, "(5 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(8, "(7 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(8, "(7 * i + 1) % in", "groups", Name = "units.#")]
[AveragePool(Name = "units.#")]
[CondenseLayer(16, "(7 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(16, "(9 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(16, "(9 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(16, "(11 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(16, "(11 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(16, "(13 * i + 1) % in", "groups", Name = "units.#")]
[AveragePool(Name = "units.#")]
[CondenseLayer(32, "(13 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(15 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(15 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(17 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(19 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(21 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(19 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(32, "(21 * i + 1) % in", "groups", Name = "units.#")]
[AveragePool(Name = "units.#")]
[CondenseLayer(64, "(21 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(23 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(23 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(25 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(27 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(29 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(29 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(31 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(31 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(64, "(33 * i + 1) % in", "groups", Name = "units.#")]
[AveragePool(Name = "units.#")]
[CondenseLayer(128, "(33 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(35 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(37 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(39 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(41 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(41 * i + 1) % in", "groups", Name = "units.#")]
[CondenseLayer(128, "(43 * i + 1) % in", "groups", Name = "units.#")]
#pragma warning disable SCNN4018 // The classifier reads half of the channels, as published.
[CondenseLayer(128, "(45 * i + 1) % in", "groups", Name = "units.#")]
#pragma warning restore SCNN4018
public sealed class CondenseNet74StagesAttribute(int groups) : BlockAttribute
{
    /// <summary>Groups, and the condensation factor.</summary>
    public int Groups { get; set; } = groups;
}

/// <summary>
/// CondenseNet-74 with 8 groups and condensation factor 8 (Huang 2017, arXiv 1711.09224, Table 4). The condensed classifier
/// reads half of the channels.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(16, Stride = 2, BatchNorm = false, Bias = false, Activation = Activation.None, Scale = false, Name = "conv1")]
[CondenseNet74Stages(8, Module = "")]
[BatchNorm(Name = "bn")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Gather(Channel = "(47 * i + 1) % 2064", Count = 1032)]
[Dense("classes", Name = "fc")]
public sealed partial class CondenseNet74G8;

/// <summary>
/// CondenseNet-74 with 4 groups and condensation factor 4 (Huang 2017, arXiv 1711.09224, Table 4). The condensed classifier
/// reads half of the channels.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(16, Stride = 2, BatchNorm = false, Bias = false, Activation = Activation.None, Scale = false, Name = "conv1")]
[CondenseNet74Stages(4, Module = "")]
[BatchNorm(Name = "bn")]
[Activate(Activation.ReLU)]
[GlobalAveragePool]
[Gather(Channel = "(47 * i + 1) % 2064", Count = 1032)]
[Dense("classes", Name = "fc")]
public sealed partial class CondenseNet74G4;
