using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Glyphs;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>The sample's pictures, weights and expected answers, which are copied next to the tests.</summary>
internal static class GlyphData
{
    private static readonly Lazy<TestSet> s_set = new(() => TestSet.Load(Path.Combine(Folder, "test")));

    /// <summary>The names of the two networks in the files.</summary>
    public static readonly string[] Networks = ["glyph_mobilenet_v2", "glyph_shufflenet_v2"];

    /// <summary>The sample's data folder.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>The 360 pictures.</summary>
    public static TestSet Set => s_set.Value;

    /// <summary>Path of a network's weights.</summary>
    public static string Weights(string network) => Path.Combine(Folder, network + ".safetensors");

    /// <summary>The sample's network.</summary>
    public static IGlyphNetwork Load(string network) => network == "glyph_mobilenet_v2"
        ? GlyphMobileNetV2.Load(Weights(network))
        : GlyphShuffleNetV2.Load(Weights(network));

    /// <summary>The network with 128-bit kernels.</summary>
    public static IGlyphNetwork LoadNarrow(string network) => network == "glyph_mobilenet_v2"
        ? NarrowVectorMobileNetV2.Load(Weights(network))
        : NarrowVectorShuffleNetV2.Load(Weights(network));

    /// <summary>The network with an observer.</summary>
    public static ITracedNetwork LoadTraced(string network) => network == "glyph_mobilenet_v2"
        ? TracedMobileNetV2.Load(Weights(network))
        : TracedShuffleNetV2.Load(Weights(network));

    /// <summary>Logits of one picture.</summary>
    public static float[] Run(IGlyphNetwork network, int picture)
    {
        // What a kernel forgets to write must not look like a result.
        var logits = new float[GlyphMobileNetV2.OutputLength];
        Array.Fill(logits, float.NaN);
        network.Run(Set.Inputs[picture], logits);
        return logits;
    }

    /// <summary>Whether two results are the same bits.</summary>
    public static bool SameBits(float[] a, float[] b) =>
        a.Select(BitConverter.SingleToUInt32Bits).SequenceEqual(b.Select(BitConverter.SingleToUInt32Bits));

    /// <summary>A JSON file of the data folder.</summary>
    public static JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
}
