namespace SmallCnnGen.Compiler.Tests.Declaration;

/// <summary>The glyph networks as a user declares them.</summary>
internal static class GlyphNets
{
    [Network(Height = 32, Width = 32, Channels = 1)]
    [Conv(16, Activation = Activation.ReLU6, Name = "stem")]
    [InvertedResidual(16, 1, 2, Name = "blocks.#")]
    [InvertedResidual(24, 4, 2, Name = "blocks.#", Repeat = 2)]
    [InvertedResidual(32, 4, 1, Name = "blocks.#", Repeat = 2)]
    [InvertedResidual(64, 4, 2, Name = "blocks.#", Repeat = 2)]
    [Conv(128, Kernel = 1, Activation = Activation.ReLU6, Name = "head")]
    [GlobalAveragePool]
    [Dense(36, Name = "classifier")]
    internal sealed class MobileNetV2;

    [Network(Height = 32, Width = 32, Channels = 1)]
    [Conv(24, Name = "stem")]
    [ShuffleUnitV2(48, 2, Name = "stage2", Repeat = 2)]
    [ShuffleUnitV2(96, 2, Name = "stage3", Repeat = 3)]
    [ShuffleUnitV2(192, 2, Name = "stage4", Repeat = 2)]
    [Conv(256, Kernel = 1, Name = "head")]
    [GlobalAveragePool]
    [Dense(36, Name = "classifier")]
    internal sealed class ShuffleNetV2;

    [Network(typeof(MobileNetV2), WidthMultiplier = 0.5, Height = 48, ResolutionMultiplier = 0.5)]
    internal sealed class NarrowMobileNetV2;
}
