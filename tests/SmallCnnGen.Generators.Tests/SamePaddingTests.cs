using System.Linq;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Average pooling with TensorFlow's padding gives TensorFlow's numbers, through the generator and the kernels it writes.</summary>
public sealed class SamePaddingTests
{
    /// <summary>The example of Keras' AveragePooling2D: 1 to 9 on 3x3, windows of 2x2, strides of 1, padding "same".</summary>
    private static readonly float[] s_keras = [3, 4, 4.5f, 6, 7, 7.5f, 7.5f, 8.5f, 9];

    /// <summary>The same windows divided by 4 wherever they lie, as PyTorch's count_include_pad does.</summary>
    private static readonly float[] s_counted = [3, 4, 2.25f, 6, 7, 3.75f, 3.75f, 4.25f, 2.25f];

    [Theory]
    [InlineData("Padding = \"same\"", false)]
    [InlineData("Padding = \"SAME\"", false)]
    [InlineData("Padding = \"same\", CountIncludePad = false", false)]
    [InlineData("Padding = \"same\", CountIncludePad = true", true)]
    [InlineData("Padding = \"0, 0, 1, 1\"", true)]
    [InlineData("Padding = \"0, 0, 1, 1\", CountIncludePad = false", false)]
    public void AveragePool_CountsPaddingWhereItsFrameworkDoes(string arguments, bool isCounted)
    {
        // Sums of a few small numbers and quotients of 2 and 4: every step is exact.
        Assert.Equal(isCounted ? s_counted : s_keras, Run($"[AveragePool(Kernel = 2, Stride = 1, {arguments})]"));
    }

    [Fact]
    public void AveragePool_InABlock_TakesThePaddingItIsGiven() =>
        Assert.Equal(s_keras, Run("[Mean(\"same\")]", "[AveragePool(Kernel = 2, Stride = 1, Padding = \"p\")] sealed class MeanAttribute(object p) : BlockAttribute { public object P => p; }"));

    private static float[] Run(string layers, string blocks = "")
    {
        string source = $$"""
            using SmallCnnGen;
            [Network(Height = 3, Width = 3, Channels = 1)] {{layers}} public sealed partial class Net;
            {{blocks}}
            public static class Program
            {
                public static float[] Run()
                {
                    using Net net = Net.CreateRandom(1);
                    var output = new float[Net.OutputLength];
                    net.Run(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, output);
                    return output;
                }
            }
            """;
        using var loaded = GeneratorHost.Run([("Source.cs", source)], new HostOptions { Generator = new SmallCnnGenerator() }).EnsureClean().Load();
        return ((float[])loaded.GetType("Program").GetMethod("Run")!.Invoke(null, null)!).ToArray();
    }
}
