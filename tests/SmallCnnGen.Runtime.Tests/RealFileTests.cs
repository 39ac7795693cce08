using System;
using System.IO;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>A file that PyTorch weights were really stored in, where the machine has it.</summary>
public sealed class RealFileTests
{
    [RealFileFact("glyph_mobilenet_v2.safetensors")]
    public void GlyphMobileNetV2()
    {
        var file = SafetensorsFile.Open(RealFileFactAttribute.Find("glyph_mobilenet_v2.safetensors")!);
        Assert.Equal("glyph_mobilenet_v2", file.Metadata["architecture"]);
        Assert.Equal(112, file.Tensors.Count);
        Assert.All(file.Tensors, t => Assert.Equal("F32", t.DType));

        // the data set's README: 89,988 learnable parameters
        Assert.Equal(89_988, file.Tensors.Where(t => !t.Name.Contains("running_")).Sum(t => t.ElementCount));

        Assert.True(file.TryGetTensor("stem.conv.weight", out var stem));
        Assert.Equal([16L, 1L, 3L, 3L], stem.Shape.ToArray());
        var binder = new WeightBinder("Glyph", 1, 160 + 160, file);
        foreach (var tensor in file.Tensors)
            binder.Expect(tensor.Name, tensor.Shape.ToArray().Select(s => (int)s).ToArray());
        binder.Check();
        binder.Conv(0, "stem.conv.weight", null, "stem.bn", 1e-5, 16, 1, 3, 3, 1, 1, 8, 2);
        binder.Depthwise(160, "blocks.0.dw.conv.weight", null, "blocks.0.dw.bn", 1e-5, 16, 3, 3);
        var packed = binder.Finish().Packed;

        // one value of each, from the formula
        var gamma = Values("stem.bn.weight")[5];
        var scale = gamma / Math.Sqrt(Values("stem.bn.running_var")[5] + 1e-5);
        Assert.Equal((float)(Values("stem.bn.bias")[5] - Values("stem.bn.running_mean")[5] * scale), packed[5]);
        Assert.Equal((float)(Values("stem.conv.weight")[5 * 9 + 4] * scale), packed[16 + 4 * 16 + 5]);
        Assert.True(packed.IndexOfAnyExcept(0f) >= 0);

        float[] Values(string name) => file.TryGetTensor(name, out var t) ? file.ToArray(t) : throw new InvalidOperationException(name);
    }

    [RealFileFact("glyph_shufflenet_v2.safetensors", "glyph_mobilenet_v2.safetensors")]
    public void AnotherNetworksFileIsRefusedWithAllReasons()
    {
        string path = RealFileFactAttribute.Find("glyph_shufflenet_v2.safetensors")!, other = RealFileFactAttribute.Find("glyph_mobilenet_v2.safetensors")!;
        var binder = new WeightBinder("GlyphMobileNetV2", 1, 16, SafetensorsFile.Open(path));
        foreach (var tensor in SafetensorsFile.Open(other).Tensors)
            binder.Expect(tensor.Name, tensor.Shape.ToArray().Select(s => (int)s).ToArray());
        var e = Assert.Throws<WeightsException>(binder.Check);
        Assert.Contains("glyph_shufflenet_v2.safetensors' does not fit network GlyphMobileNetV2", e.Message);
        Assert.Contains("SCNN3003 tensor 'stem.conv.weight' has shape [24, 1, 3, 3]; GlyphMobileNetV2 expects [16, 1, 3, 3]", e.Problems);
        Assert.Contains(e.Problems, p => p.StartsWith("SCNN3001 "));
        Assert.Contains(e.Problems, p => p.StartsWith("SCNN3002 "));
    }
}
