namespace SmallCnnGen.Zoo;

/// <summary>
/// Tiny Darknet (Redmon 2016, pjreddie.com/darknet/tiny-darknet, tiny.cfg): 3x3 convolutions with 1x1 convolutions
/// between them, leaky ReLU with slope 0.1. The head is a 1x1 convolution and the mean over the map.
/// </summary>
[Network(Height = 224, Width = 224, Channels = 3)]
[Parameter("classes", 1000)]
[Conv(16, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[MaxPool(Name = "features.#")]
[Conv(32, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[MaxPool(Name = "features.#")]
[Conv(16, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(128, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(16, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(128, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[MaxPool(Name = "features.#")]
[Conv(32, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(256, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(32, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(256, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[MaxPool(Name = "features.#")]
[Conv(64, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(512, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(64, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(512, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv(128, Kernel = 1, Activation = Activation.LeakyReLU, Alpha = 0.1, Name = "features.#")]
[Conv("classes", Kernel = 1, Scale = false, BatchNorm = false, Activation = Activation.None, Name = "conv")]
[GlobalAveragePool]
public sealed partial class TinyDarknet;
