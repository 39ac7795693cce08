using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Glyphs;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.EndToEnd.Tests;

public class AccuracyTests(ITestOutputHelper log)
{
    // PyTorch's own float32 run is up to 4.7e-6 away from its float64 one on these logits of up to 7.8. One wrong
    // channel moves them by far more than 1e-4; the two best logits of any picture are at least 0.1 apart.
    private const float Tolerance = 1e-4f;

    [Theory]
    [InlineData("glyph_mobilenet_v2", 356, false)]
    [InlineData("glyph_shufflenet_v2", 353, false)]
    [InlineData("glyph_mobilenet_v2", 356, true)]
    [InlineData("glyph_shufflenet_v2", 353, true)]
    public void All360Pictures_AreClassifiedAsPyTorchDoes(string name, int correct, bool narrow)
    {
        using JsonDocument json = GlyphData.Json("expected.json");
        JsonElement expected = json.RootElement.GetProperty(name);
        string[] predictions = expected.GetProperty("predictions").EnumerateArray().Select(p => p.GetString()!).ToArray();
        using IGlyphNetwork network = narrow ? GlyphData.LoadNarrow(name) : GlyphData.Load(name);

        int right = 0;
        for (int i = 0; i < GlyphData.Set.Inputs.Length; i++)
        {
            char predicted = GlyphClasses.Characters[GlyphClasses.Best(GlyphData.Run(network, i))];
            Assert.True(predictions[i] == predicted.ToString(), $"{GlyphData.Set.Files[i]}: {predicted} instead of {predictions[i]}");
            right += predicted == GlyphData.Set.Labels[i] ? 1 : 0;
        }

        Assert.Equal(correct, right);
    }

    [Theory]
    [InlineData("glyph_mobilenet_v2", false)]
    [InlineData("glyph_shufflenet_v2", false)]
    [InlineData("glyph_mobilenet_v2", true)]
    [InlineData("glyph_shufflenet_v2", true)]
    public void LogitsOfTheFirst20_EqualPyTorchs(string name, bool narrow)
    {
        using JsonDocument json = GlyphData.Json("expected.json");
        JsonElement expected = json.RootElement.GetProperty(name);
        using IGlyphNetwork network = narrow ? GlyphData.LoadNarrow(name) : GlyphData.Load(name);

        Assert.Equal(expected.GetProperty("logits_files").EnumerateArray().Select(f => f.GetString()), GlyphData.Set.Files.Take(20));
        float worst = 0;
        int picture = 0;
        foreach (JsonElement row in expected.GetProperty("logits").EnumerateArray())
        {
            float[] logits = GlyphData.Run(network, picture++);
            worst = Math.Max(worst, row.EnumerateArray().Select((value, i) => Math.Abs(value.GetSingle() - logits[i])).Max());
        }

        log.WriteLine(FormattableString.Invariant($"largest difference {worst:g3}"));
        Assert.Equal(20, picture);
        Assert.True(worst <= Tolerance, FormattableString.Invariant($"{worst} > {Tolerance}"));
    }

    // Fusion may do away with a tensor (a projection that goes straight into the addition), so not all are asked for.
    [Theory]
    [InlineData("glyph_mobilenet_v2", 27, 30)]
    [InlineData("glyph_shufflenet_v2", 30, 37)]
    public void EveryTracedLayer_EqualsPyTorchs(string name, int least, int modules)
    {
        using JsonDocument json = GlyphData.Json("trace.json");
        Assert.Equal(GlyphData.Set.Files[0], json.RootElement.GetProperty("file").GetString());
        using ITracedNetwork network = GlyphData.LoadTraced(name);
        var seen = new Dictionary<string, (int[] Shape, float[] Chw)>(StringComparer.Ordinal);
        var logits = new float[GlyphMobileNetV2.OutputLength];
        network.Run(GlyphData.Set.Inputs[0], logits, (in TensorView t) =>
        {
            var chw = new float[t.Height * t.Width * t.Channels];
            t.CopyToChw(chw);
            seen.Add(t.Name, ([t.Channels, t.Height, t.Width], chw));
        });

        int compared = 0;
        JsonElement[] entries = json.RootElement.GetProperty(name).EnumerateArray().ToArray();
        foreach (JsonElement entry in entries)
        {
            string module = entry.GetProperty("module").GetString()!;
            // The last layers stand in a block of the sample's own called "top", which PyTorch's names do not know.
            if ((Find(seen, module) ?? Find(seen, "top." + module)) is not { } tensor)
            {
                log.WriteLine(module + " does not exist after fusion");
                continue;
            }

            float[] chw = tensor.Chw;
            int[] shape = entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
            Assert.Equal(shape, tensor.Shape.Take(shape.Length));
            Assert.Equal(entry.GetProperty("mean").GetDouble(), chw.Average(v => (double)v), (double)Tolerance);
            Assert.Equal(entry.GetProperty("min").GetSingle(), chw.Min(), Tolerance);
            Assert.Equal(entry.GetProperty("max").GetSingle(), chw.Max(), Tolerance);
            float[] first = entry.GetProperty("first4").EnumerateArray().Select(v => v.GetSingle()).ToArray();
            for (int i = 0; i < first.Length; i++)
                Assert.Equal(first[i], chw[i], Tolerance);
            compared++;
        }

        log.WriteLine(FormattableString.Invariant($"{compared} of {entries.Length} modules compared"));
        Assert.Equal(modules, entries.Length);
        Assert.True(compared >= least, FormattableString.Invariant($"only {compared} modules were compared"));
    }

    [Theory]
    [InlineData("glyph_mobilenet_v2")]
    [InlineData("glyph_shufflenet_v2")]
    public void Tracing_DoesNotChangeTheResult(string name)
    {
        using IGlyphNetwork plain = GlyphData.Load(name);
        using ITracedNetwork traced = GlyphData.LoadTraced(name);
        var logits = new float[GlyphMobileNetV2.OutputLength];
        traced.Run(GlyphData.Set.Inputs[3], logits, (in TensorView _) => { });

        Assert.True(GlyphData.SameBits(GlyphData.Run(plain, 3), logits));
        Assert.True(GlyphData.SameBits(GlyphData.Run(traced, 3), logits));
    }

    /// <summary>
    /// The tensor of a PyTorch module: a layer's own, or for a block its last one (after the addition or the shuffle).
    /// </summary>
    private static (int[] Shape, float[] Chw)? Find(Dictionary<string, (int[] Shape, float[] Chw)> seen, string module)
    {
        foreach (string name in new[] { module, module + ".add", module + ".shuffle", module + ".project" })
        {
            // A block without an addition ends in its projection; with one, the projection is fused into it.
            if (seen.TryGetValue(name, out var tensor))
                return tensor;
        }

        return null;
    }
}
