using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>The form of kernels that ReadyToRun precompiles, and when it is emitted.</summary>
public sealed class ReadyToRunTests
{
    private const string Aggressive = "[global::System.Runtime.CompilerServices.MethodImpl(MethodImplOptions.AggressiveOptimization)]";
    private const string Precompiled = "[global::System.Runtime.CompilerServices.MethodImpl(MethodImplOptions.NoInlining)]";

    // 4 channels take 128-bit vectors at every width; SiLU, ELU and Tanh call VectorMath.
    private const string Network = """
        using SmallCnnGen;

        [Network(Height = 16, Width = 16, Channels = 3)]
        [Conv(20)]
        [DepthwiseConv(Activation = Activation.SiLU)]
        [Conv(12, Kernel = 1, Activation = Activation.ELU)]
        [DepthwiseConv(Activation = Activation.ReLU6)]
        [Conv(4, Activation = Activation.Tanh)]
        [DepthwiseConv]
        [MaxPool]
        [GlobalAveragePool]
        [Dense(10)]
        [Softmax]
        public sealed partial class Net;
        """;

    [Theory]
    [InlineData("", "", 256 | 512, 0)]
    [InlineData("256", "", 256, 256)]
    [InlineData("512", "auto", 512, 512)]
    [InlineData("128", "", 128, 128)]
    [InlineData("256", "256,512", 256 | 512, 256)]
    [InlineData("512", "256", 256, 512)]
    public void Width_IsTheOnlyOneUnlessVectorBitsSaysMore(string readyToRun, string vectorBits, int widths, int precompiled)
    {
        var result = TestHost.Run("using SmallCnnGen; [Network(Height = 8)] [Conv(4)] partial class A; [Network(Height = 1, VectorBits = 512)] [Conv(4)] partial class B;", Options(readyToRun, vectorBits)).EnsureClean();
        var networks = Parsed.Outputs(result, TrackingNames.ConfigureNetwork).Select(o => (ConfiguredNetwork)o.Value).ToDictionary(n => n.Name, n => n.Spec!.Options);
        Assert.Equal((widths, precompiled), (networks["A"].VectorBits, networks["A"].ReadyToRunBits));
        Assert.Equal((512, precompiled), (networks["B"].VectorBits, networks["B"].ReadyToRunBits));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("256,512")]
    public void OtherValues_AreRefused(string property) =>
        Markup.Verify("[{|SCNN1003:Network(Height = 8)|}] [Conv(4)] partial class A;", Options(property, ""));

    [Fact]
    public void Kernels_OfThatWidthAlone_AreWrittenForIt()
    {
        Dictionary<string, string> jit = Kernels("", "256,512"), ready = Kernels("256", "256,512");
        Assert.NotEmpty(jit);
        Assert.Equal(jit.Keys.Order(), ready.Keys.Order());
        foreach ((string file, string text) in jit)
        {
            Assert.Contains(Aggressive, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Precompiled, text, StringComparison.Ordinal);
            if (file.Contains("-Vectors512.", StringComparison.Ordinal))
            {
                // An image for AVX2 cannot hold it, and the JIT must not begin with slow code.
                Assert.Equal(text, ready[file]);
                continue;
            }

            Assert.Equal(text.Replace(Aggressive, Precompiled, StringComparison.Ordinal), ready[file]);
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public void Kernels_UseNoPortableForm_ThatKeepsThemOut(int bits)
    {
        Dictionary<string, string> kernels = Kernels(bits.ToString(System.Globalization.CultureInfo.InvariantCulture), "");
        Assert.Contains(kernels.Values, text => text.Contains("Sse.Max(", StringComparison.Ordinal));
        Assert.Contains(kernels.Values, text => text.Contains("VectorMath.", StringComparison.Ordinal));
        Assert.All(kernels.Values, text => Assert.DoesNotMatch(@"Vector(128|256|512)\.(\w*Native|Max|Min)\(", text));
        Assert.All(kernels.Values, text => Assert.DoesNotContain("AggressiveOptimization", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Arm_KeepsThePortableForm()
    {
        Dictionary<string, string> kernels = Kernels("128", "");
        Assert.All(kernels.Values, text => Assert.DoesNotContain("Sse.", text, StringComparison.Ordinal));
        Assert.All(kernels.Values, text => Assert.Contains(Precompiled, text, StringComparison.Ordinal));
    }

    /// <summary>The files of kernels, by name.</summary>
    private static Dictionary<string, string> Kernels(string readyToRun, string vectorBits) =>
        GeneratorHost.Run([("Source.cs", Network)], Options(readyToRun, vectorBits)).EnsureClean().GeneratedSources
            .Where(source => Regex.IsMatch(source.HintName, @"-Vectors\d+\.\w+\.g\.cs$"))
            .ToDictionary(source => source.HintName, source => source.SourceText.ToString(), StringComparer.Ordinal);

    private static HostOptions Options(string readyToRun, string vectorBits) => new()
    {
        BuildProperties = new Dictionary<string, string>
        {
            ["RuntimeIdentifier"] = "linux-x64",
            ["SmallCnnGenVectorBits"] = vectorBits,
            ["_SmallCnnGenReadyToRunBits"] = readyToRun,
        },
    };
}
