using SmallCnnGen;

namespace Glyphs;

/// <summary>
/// A small MobileNet V2 (Sandler et al. 2018, arXiv 1801.04381) for 32x32 grey pictures of the characters 0-9 and A-Z.
/// </summary>
/// <remarks>
/// The rows are those of the paper's Table 2: a bottleneck is (channels, expansion, stride), and <c>Repeat</c> is its
/// n. Names are those of the weights file: "blocks.#" counts the bottlenecks through, blocks.0 to blocks.6.
/// </remarks>
[Network(Height = 32, Width = 32, Channels = 1)]
[Conv(16, Activation = Activation.ReLU6, Name = "stem")]
[InvertedResidual(16, expand: 1, Stride = 2, Name = "blocks.#")]
[InvertedResidual(24, expand: 4, Stride = 2, Name = "blocks.#", Repeat = 2)]
[InvertedResidual(32, expand: 4, Stride = 1, Name = "blocks.#", Repeat = 2)]
[InvertedResidual(64, expand: 4, Stride = 2, Name = "blocks.#", Repeat = 2)]
[Classifier(128, 36, Activation.ReLU6, Name = "top", Module = "")]
public sealed partial class GlyphMobileNetV2 : IGlyphNetwork;
