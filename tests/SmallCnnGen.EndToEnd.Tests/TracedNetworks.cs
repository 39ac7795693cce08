using Glyphs;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>The sample's network with an observer, at its own default width; its architecture lies in another assembly.</summary>
[Network(typeof(GlyphMobileNetV2), Trace = true)]
internal sealed partial class TracedMobileNetV2 : ITracedNetwork;

/// <summary>The sample's network with an observer.</summary>
[Network(typeof(GlyphShuffleNetV2), Trace = true)]
internal sealed partial class TracedShuffleNetV2 : ITracedNetwork;

/// <summary>128-bit kernels, as phones run them.</summary>
[Network(typeof(GlyphMobileNetV2), VectorBits = 128)]
internal sealed partial class NarrowVectorMobileNetV2 : IGlyphNetwork;

/// <summary>128-bit kernels, as phones run them.</summary>
[Network(typeof(GlyphShuffleNetV2), VectorBits = 128)]
internal sealed partial class NarrowVectorShuffleNetV2 : IGlyphNetwork;

/// <summary>A network that shows its tensors.</summary>
internal interface ITracedNetwork : IGlyphNetwork
{
    /// <summary>Classifies one picture and shows every tensor.</summary>
    void Run(System.ReadOnlySpan<float> input, System.Span<float> output, TensorObserver observer);
}
