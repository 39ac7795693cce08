using System;
using System.IO;
using System.Linq;
using SmallCnnGen.Testing.Kit;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Zoo.Tests;

public class MobileNetV1Tests(ITestOutputHelper log)
{
    /// <summary>The kit's models, and the zoo's networks as compiled in this assembly.</summary>
    public static TheoryData<string, Type> InKit { get; } = new()
    {
        { "mobilenet_v1_1.0_224", typeof(Emitted.MobileNetV1) },
        { "mobilenet_v1_1.0_192", typeof(Emitted.MobileNetV1_100_192) },
        { "mobilenet_v1_1.0_160", typeof(Emitted.MobileNetV1_100_160) },
        { "mobilenet_v1_1.0_128", typeof(Emitted.MobileNetV1_100_128) },
        { "mobilenet_v1_0.75_224", typeof(Emitted.MobileNetV1_075_224) },
        { "mobilenet_v1_0.75_160", typeof(Emitted.MobileNetV1_075_160) },
        { "mobilenet_v1_0.75_128", typeof(Emitted.MobileNetV1_075_128) },
        { "mobilenet_v1_0.5_224", typeof(Emitted.MobileNetV1_050_224) },
        { "mobilenet_v1_0.5_192", typeof(Emitted.MobileNetV1_050_192) },
        { "mobilenet_v1_0.5_160", typeof(Emitted.MobileNetV1_050_160) },
        { "mobilenet_v1_0.5_128", typeof(Emitted.MobileNetV1_050_128) },
        { "mobilenet_v1_0.25_224", typeof(Emitted.MobileNetV1_025_224) },
        { "mobilenet_v1_0.25_192", typeof(Emitted.MobileNetV1_025_192) },
        { "mobilenet_v1_0.25_160", typeof(Emitted.MobileNetV1_025_160) },
        { "mobilenet_v1_0.25_128", typeof(Emitted.MobileNetV1_025_128) },
        { "mobilenet_v1_shallow_224", typeof(Emitted.MobileNetV1Shallow) },
        { "conv_mobilenet_224", typeof(Emitted.MobileNetV1FullConvolution) },
        { "mobilenet_v1_1.0_224_tf", typeof(Emitted.MobileNetV1TensorFlow) },
    };

    [KitTheory]
    [MemberData(nameof(InKit))]
    public void Costs_EqualTheKits(string name, Type network)
    {
        KitCase kit = Model(name);

        Assert.Equal(kit.TotalParameters, ZooNetwork.Constant(network, "Parameters"));
        Assert.Equal(kit.TotalMultiplyAdds, ZooNetwork.Constant(network, "MultiplyAdds"));
    }

    [KitTheory]
    [MemberData(nameof(InKit))]
    public void Output_EqualsTheKits(string name, Type network)
    {
        KitCase kit = Model(name);
        byte[] weights = SafetensorsImage.Make(kit.Parameters, kit.Gain);
        float[] input = KitCase.ToHwc(TensorRule.Make(kit.Inputs[0]), kit.Inputs[0].Shape, 0);

        float[] output = ZooNetwork.Run(network, weights, input);

        // The kit's tolerance is 20 times the rounding error of PyTorch's own float32 run; the two best classes lie
        // further apart, so the prediction must be the kit's too.
        float worst = 0;
        for (int i = 0; i < output.Length; i++)
            worst = Math.Max(worst, Math.Abs(output[i] - kit.Expected[i]));
        log.WriteLine(FormattableString.Invariant($"largest difference {worst:g3}, allowed {kit.Tolerance:g3}, two best apart by {kit.Top2Margin:g3}"));
        Assert.Equal(kit.Expected.Length, output.Length);
        Assert.True(output.All(float.IsFinite));
        Assert.True(worst <= kit.Tolerance, FormattableString.Invariant($"{worst} > {kit.Tolerance}"));
        Assert.Equal(kit.ArgMax, Array.IndexOf(output, output.Max()));
    }

    // Millions as the paper prints them. Most figures are rounded; 290 (of 290.68) and 76 (of 76.52) are cut off.
    [Theory]
    [InlineData(Emitted.MobileNetV1.MultiplyAdds, 569, Emitted.MobileNetV1.Parameters, 4.2)] // Tables 4, 6, 7, 8
    [InlineData(Emitted.MobileNetV1_075_224.MultiplyAdds, 325, Emitted.MobileNetV1_075_224.Parameters, 2.6)] // Tables 5, 6
    [InlineData(Emitted.MobileNetV1_050_224.MultiplyAdds, 149, Emitted.MobileNetV1_050_224.Parameters, 1.3)] // Table 6
    [InlineData(Emitted.MobileNetV1_025_224.MultiplyAdds, 41, Emitted.MobileNetV1_025_224.Parameters, 0.5)] // Table 6
    [InlineData(Emitted.MobileNetV1_100_192.MultiplyAdds, 418, Emitted.MobileNetV1_100_192.Parameters, 4.2)] // Table 7
    [InlineData(Emitted.MobileNetV1_100_160.MultiplyAdds, 290, Emitted.MobileNetV1_100_160.Parameters, 4.2, true)] // Table 7
    [InlineData(Emitted.MobileNetV1_100_128.MultiplyAdds, 186, Emitted.MobileNetV1_100_128.Parameters, 4.2)] // Table 7
    [InlineData(Emitted.MobileNetV1Shallow.MultiplyAdds, 307, Emitted.MobileNetV1Shallow.Parameters, 2.9)] // Table 5
    [InlineData(Emitted.MobileNetV1_050_160.MultiplyAdds, 76, Emitted.MobileNetV1_050_160.Parameters, 1.3, true)] // Table 9
    public void Costs_AreThePapers(long multiplyAdds, int printedMillions, long parameters, double printedParameters, bool cutOff = false)
    {
        double millions = multiplyAdds / 1e6;

        Assert.Equal(printedMillions, cutOff ? Math.Floor(millions) : Math.Round(millions));
        Assert.Equal(printedParameters, Math.Round(parameters / 1e6, 1));
    }

    // Table 4 prints 4866, one less than its own layers sum up to (4867.29); its parameters agree.
    [Fact]
    public void FullConvolution_CostsOneMillionMoreThanThePaperPrints()
    {
        Assert.Equal(4867, Math.Round(Emitted.MobileNetV1FullConvolution.MultiplyAdds / 1e6));
        Assert.Equal(29.3, Math.Round(Emitted.MobileNetV1FullConvolution.Parameters / 1e6, 1));
    }

    // Table 2: where the multiply-adds and the parameters are. It prints 1.19 % for the first layer, with which its
    // column adds up to 99.29 %; that layer's share is 1.91 %.
    [Theory]
    [InlineData("conv", "1x1", 94.86, 74.59)]
    [InlineData("depthwise conv", "3x3", 3.06, 1.06)]
    [InlineData("conv", "3x3", 1.91, 0.02)]
    [InlineData("dense", "", 0.18, 24.33)]
    public void CostTable_HasTheSharesOfTable2(string op, string window, double multiplyAdds, double parameters)
    {
        LayerCost[] layers = Emitted.MobileNetV1.Cost.Layers.Where(l => l.Op == op && l.Window.StartsWith(window, StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(layers);
        Assert.Equal(multiplyAdds, 100.0 * layers.Sum(l => l.MultiplyAdds) / Emitted.MobileNetV1.MultiplyAdds, 0.01 + 1e-9);

        // The paper counts neither batch normalisation's parameters nor the classifier's bias; they are under 1 % of all.
        Assert.Equal(parameters, 100.0 * layers.Sum(l => l.Parameters) / Emitted.MobileNetV1.Parameters, 1.0);
    }

    private static KitCase Model(string name) =>
        KitCase.ReadModel(Path.Combine(KitCase.Locate(AppContext.BaseDirectory)!, "models", name + ".json"));
}
