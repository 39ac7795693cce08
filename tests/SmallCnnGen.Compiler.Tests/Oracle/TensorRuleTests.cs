using System;
using System.Linq;
using System.Text.Json;
using SmallCnnGen.Testing.Kit;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>The rule against the vectors of the kit's README.</summary>
public class TensorRuleTests
{
    [Theory]
    [InlineData("input", 2214555572463777371UL)]
    [InlineData("conv1.conv.weight", 8516573496771687236UL)]
    [InlineData("", 14695981039346656037UL)]
    public void Hash_of_a_name(string name, ulong expected) => Assert.Equal(expected, TensorRule.Hash(name));

    [Theory]
    [InlineData("input", "input", new[] { 1, 3, 224, 224 }, 1.0, new uint[] { 0xbfcdeac2, 0x3f1c045c, 0xbf97be90, 0xbf66f7fc })]
    [InlineData("conv1.conv.weight", "conv_weight", new[] { 32, 3, 3, 3 }, 1.3, new uint[] { 0xbde2d305, 0xbeb9bd81, 0x3ec42e1f, 0x3e6be041 })]
    [InlineData("head.fc.bias", "bias", new[] { 1000 }, 1.0, new uint[] { 0xbd9ae562, 0xbdaa496a, 0xbd981f7b, 0xbd5f7446 })]
    [InlineData("conv1.bn.running_var", "bn_var", new[] { 32 }, 1.0, new uint[] { 0x3f147db3, 0x3f8aedad, 0x3f1678a2, 0x3f915ae8 })]
    [InlineData("features.0.1.weight", "bn_gamma", new[] { 32 }, 1.0, new uint[] { 0x3f9dcac1, 0x3fa17b9d, 0x3f6d188a, 0x3f9fc6f5 })]
    public void First_values(string name, string kind, int[] shape, double gain, uint[] bits)
    {
        float[] values = TensorRule.Make(new KitTensor(name, shape, kind), gain);
        Assert.Equal(shape.Aggregate(1, (n, d) => n * d), values.Length);
        Assert.Equal(bits, values.Take(4).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void Pieces_equal_the_whole()
    {
        var tensor = new KitTensor("pieces", [300_001], "bias");
        float[] whole = TensorRule.Make(tensor), piece = new float[1000];
        TensorRule.Fill(tensor, 1, 299_001, piece);
        Assert.Equal(whole[299_001..], piece);
    }

    [KitTheory]
    [InlineData("mobilenet_v1_0.25_128")]
    [InlineData("enet")]
    public void Checksum_of_a_model(string model)
    {
        KitCase kit = Kit.Model(model);
        Assert.Equal(kit.ParametersChecksum, TensorRule.Checksum(kit.Parameters, kit.Gain));
    }

    [Fact]
    public void Safetensors_image_holds_the_tensors()
    {
        KitTensor[] tensors = [new("a.weight", [70_000], "bias"), new("b", [3, 2], "bn_gamma")];
        byte[] image = SafetensorsImage.Make(tensors, 1);
        int length = (int)BitConverter.ToInt64(image, 0);
        Assert.Equal(0, length % 8);
        using JsonDocument header = JsonDocument.Parse(image.AsMemory(8, length));
        foreach (KitTensor tensor in tensors)
        {
            JsonElement entry = header.RootElement.GetProperty(tensor.Name);
            int[] offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt32()).ToArray();
            Assert.Equal("F32", entry.GetProperty("dtype").GetString());
            Assert.Equal(tensor.Shape, entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
            var values = new float[tensor.Length];
            Buffer.BlockCopy(image, 8 + length + offsets[0], values, 0, offsets[1] - offsets[0]);
            Assert.Equal(TensorRule.Make(tensor), values);
        }

        Assert.Equal(8 + length + (70_006 * 4), image.Length);
    }
}
