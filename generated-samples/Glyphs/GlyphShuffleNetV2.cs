using SmallCnnGen;

namespace Glyphs;

/// <summary>
/// A small ShuffleNet V2 (Ma et al. 2018, arXiv 1807.11164) for 32x32 grey pictures of the characters 0-9 and A-Z.
/// </summary>
/// <remarks>
/// The rows are those of the paper's Table 5: a stage is one row, whose first unit halves the map and whose others
/// (<c>Repeat</c> counts all) keep it. The names of its tensors are stage2.0.b1_dw, ..., stage4.1.b2_pw2.
/// </remarks>
[Network(Height = 32, Width = 32, Channels = 1)]
[Conv(24, Name = "stem")]
[ShuffleUnitV2(48, Stride = 2, Name = "stage2", Repeat = 2)]
[ShuffleUnitV2(96, Stride = 2, Name = "stage3", Repeat = 3)]
[ShuffleUnitV2(192, Stride = 2, Name = "stage4", Repeat = 2)]
[Classifier(256, 36, Name = "top", Module = "")]
public sealed partial class GlyphShuffleNetV2 : IGlyphNetwork;
