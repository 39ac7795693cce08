namespace SmallCnnGen.Tooling.Tests;

[Network(Height = 8, Width = 6, Channels = 3)]
[Conv(4, Kernel = 3, Stride = 2, Name = "c", Module = "c", BatchNormModule = "n", Activation = Activation.ReLU6)]
[GlobalAveragePool]
[Dense(5, Name = "fc")]
[Softmax]
internal sealed class PlainNetwork;

[Network(Height = 4, Width = 4, Channels = 8)]
[Slice(0, 4, From = "input", Name = "left")]
[Slice(4, 8, From = "input", Name = "right")]
[Concat("right", "left", Name = "joined")]
[Shuffle(2, Name = "shuffled")]
[Slice(0, 8, Step = 2, Name = "even")]
[Gather(3, 1, 1, Name = "chosen")]
[PadChannels(6, Name = "wider")]
internal sealed class ChannelNetwork;

[Network(Height = 4, Width = 4, Channels = 2)]
[MaxPool(Kernel = 2, Stride = 2, Name = "pool")]
[Conv(2, Kernel = 1, BatchNorm = false, Activation = Activation.None, Name = "c", Module = "c")]
[MaxUnpool("pool", Name = "unpool")]
internal sealed class UnpoolNetwork;

[Network(Height = 4, Width = 4, Channels = 4)]
[GlobalAveragePool(Name = "squeeze")]
[Dense(4, Activation = Activation.HardSigmoid, Name = "gate")]
[Multiply("input", "gate", Name = "scaled")]
internal sealed class GateNetwork;

[Network(Height = 2, Width = 2, Channels = 3)]
[Conv(3, Kernel = 1, BatchNorm = false, Activation = Activation.PReLU, Name = "input.1", Module = "shared", Repeat = 1)]
[Conv(3, Kernel = 1, BatchNorm = false, Activation = Activation.SiLU, Name = "shared.weight", Module = "shared")]
internal sealed class SharedNetwork;

[Network(Height = 7, Width = 7, Channels = 1)]
[AdaptiveAveragePool("3x3", Name = "even")]
[AdaptiveAveragePool("2x2", Name = "overlapping")]
internal sealed class AdaptiveNetwork;

[Network(Height = 7, Width = 7, Channels = 1)]
[AdaptiveAveragePool("5x5", Name = "uneven")]
internal sealed class UnevenNetwork;

[Network(Height = 3, Width = 3, Channels = 4)]
[LocalResponseNorm(Size = 4, Name = "lrn")]
internal sealed class EvenNormNetwork;
