using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>What PyTorch, TensorFlow and ONNX write is accepted or answered with what is written here.</summary>
public sealed class ForeignWordTests
{
    private static readonly HostOptions s_compiled = new() { Generator = new SmallCnnGenerator() };

    private const string Net = "[Network(Height = 32, Width = 32, Channels = 8)] ";

    /// <summary>The only diagnostic of a network with the layers, by the compiler that users have.</summary>
    private static Diagnostic Only(string layers, string blocks = "") =>
        Assert.Single(GeneratorHost.Run([("Source.cs", "using SmallCnnGen;\n" + Net + layers + " public sealed partial class Net;\n" + blocks)], s_compiled).GeneratorDiagnostics);

    private static void Check(string layers, string id, params string[] words)
    {
        var found = Only(layers);
        Assert.Equal(id, found.Id);
        Assert.All(words, w => Assert.Contains(w, found.GetMessage(), System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SAME")]
    [InlineData("Valid")]
    [InlineData(" Half ")]
    public void Padding_IsReadWhateverItsCase(string word)
    {
        var upper = GeneratorHost.Run(Source(word), s_compiled).EnsureClean();
        var lower = GeneratorHost.Run(Source(word.Trim().ToLowerInvariant()), s_compiled).EnsureClean();
        Assert.Equal(Texts(lower), Texts(upper));

        static (string, string)[] Source(string padding) => [("Source.cs", $"using SmallCnnGen;\n{Net}[Conv(4, Padding = \"{padding}\", Stride = 2)] [MaxPool(Kernel = 3, Padding = \"{padding}\")] public sealed partial class Net;")];
        static string[] Texts(HostResult result) => result.Driver.GetRunResult().GeneratedTrees.Select(t => t.ToString()).ToArray();
    }

    [Theory]
    [InlineData("Conv(4, Padding = \"samee\")", "Did you mean 'same'?", "\"half\"", "\"same\"", "\"valid\"")]
    [InlineData("Conv(4, Padding = \"reflect\")", "only zero padding exists", "\"half\"", "\"same\"", "\"valid\"")]
    [InlineData("Conv(4, Padding = \"circular\")", "only zero padding exists", "\"half\"")]
    [InlineData("Conv(4, Padding = \"zeros\")", "padding is always zeros", "\"half\"")]
    [InlineData("Conv(4, Padding = \"SAME_UPPER\")", "ONNX's SAME_UPPER is \"same\"", "\"half\"")]
    [InlineData("DepthwiseConv(Padding = \"causal\")", "top, left, bottom, right", "\"half\"")]
    [InlineData("MaxPool(Padding = \"replicate\")", "minus infinity only", "\"half\"")]
    [InlineData("ConvTranspose(4, Padding = \"haf\")", "Did you mean 'half'?", "\"valid\"")]
    public void Padding_ListsWhatItMayBe(string layer, params string[] words) => Check($"[{layer}]", "SCNN1003", words);

    [Fact]
    public void Padding_OfABlocksParameter_IsStillANumber()
    {
        const string block = "[Conv(4, Padding = \"Pad\")] [Conv(4, Padding = \"p\")] sealed class BAttribute(int Pad, object p) : BlockAttribute { public int X => Pad; public object Y => p; }";
        GeneratorHost.Run([("Source.cs", "using SmallCnnGen;\n" + Net + "[B(1, \"2 / 2\")] [B(1, \"SAME\")] public sealed partial class Net;\n" + block)], s_compiled).EnsureClean();
        var found = Only("[B(1, \"reflect\")]", block);
        Assert.Contains("only zero padding exists", found.GetMessage());
    }

    [Theory]
    [InlineData("Conv(4, Kernel = \"(10,4)\")", "SCNN1006", "write \"10x4\" (height, then width)")]
    [InlineData("Conv(4, Kernel = \"[10, 4]\")", "SCNN1006", "write \"10x4\"")]
    [InlineData("Conv(4, Kernel = \"10 4\")", "SCNN1006", "write \"10x4\"")]
    [InlineData("Conv(4, Kernel = \"10; 4\")", "SCNN1006", "write \"10x4\"")]
    [InlineData("Conv(4, Kernel = \"[3]\")", "SCNN1006", "write 3.")]
    [InlineData("Conv(4, Kernel = new[] { 10, 4 })", "SCNN1003", "write \"10x4\"")]
    [InlineData("Conv(4, Padding = \"(0, 1, 1, 0)\")", "SCNN1006", "write \"0, 1, 1, 0\" (top, left, bottom, right)")]
    [InlineData("MaxPool(Kernel = \"{2, 1}\")", "SCNN1006", "write \"2x1\"")]
    [InlineData("AdaptiveAveragePool(\"(2, 3)\")", "SCNN1006", "write \"2x3\"")]
    public void Sizes_AreSaidAsTheyAreWrittenHere(string layer, string id, string words) => Check($"[{layer}]", id, words);

    [Theory]
    [InlineData("10,4")]
    [InlineData("10 x 4")]
    [InlineData("10X4")]
    [InlineData("10×4")]
    public void Sizes_AreRead(string sizes) =>
        Assert.Contains("takes all of its input 23x29x4", Only($"[Conv(4, Kernel = \"{sizes}\", Padding = 0)] [Pad(-99)]").GetMessage()); // 32 - 10 + 1, 32 - 4 + 1

    [Theory]
    [InlineData("relu", "ReLU")]
    [InlineData("ReLU", "ReLU")]
    [InlineData("nn.ReLU6", "ReLU6")]
    [InlineData("swish", "SiLU")]
    [InlineData("silu", "SiLU")]
    [InlineData("leaky_relu", "LeakyReLU")]
    [InlineData("LeakyRelu", "LeakyReLU")]
    [InlineData("hardswish", "HardSwish")]
    [InlineData("h-swish", "HardSwish")]
    [InlineData("hard_sigmoid", "HardSigmoid")]
    [InlineData("tf.nn.tanh", "Tanh")]
    [InlineData("Elu", "ELU")]
    [InlineData("PRelu", "PReLU")]
    [InlineData("linear", "None")]
    [InlineData("Activation.Sigmoid", "Sigmoid")]
    [InlineData("rleu", "ReLU")]
    public void Activations_AreSaidAsTheyAreWrittenHere(string word, string member)
    {
        Check($"[Conv(4, Activation = \"{word}\")]", "SCNN1003", $"write Activation.{member}, without");
        Check($"[Activate(\"{word}\")]", "SCNN1003", $"write Activation.{member}, without");
    }

    [Theory]
    [InlineData("gelu", "Activation.ReLU6")]
    [InlineData("mish", "Activation.SiLU")]
    [InlineData("softmax", "[Softmax]")]
    [InlineData("hardtanh", "Activation.ReLU6")]
    public void Activations_ThatDoNotExist_ListThoseThatDo(string word, string words)
    {
        Check($"[Conv(4, Activation = \"{word}\")]", "SCNN1003", words, "There are Activation.None, Activation.ReLU");
        Assert.DoesNotContain("; write", Only($"[Conv(4, Activation = \"{word}\")]").GetMessage());
    }

    [Fact]
    public void ActivationOfAMisspeltParameter_NamesTheParameter() =>
        Assert.Contains("Did you mean 'function'?", Only(
            "[B(Activation.ReLU)]",
            "[Conv(4, Activation = \"functoin\")] sealed class BAttribute(Activation function) : BlockAttribute { public Activation F => function; }").GetMessage());

    [Theory]
    [InlineData("[Conv(4, Kernel = \"3*3\")]", "is the product, 9,", "write \"3x3\", else 9")]
    [InlineData("[Conv(4, Stride = \"2 * 2\")]", "is the product, 4,", "write \"2x2\", else 4")]
    [InlineData("[Upsample(\"2*2\")]", "is the product, 4,", "write 2, else 4")]
    public void Product_IsWarnedOf(string layers, params string[] words)
    {
        var result = GeneratorHost.Run([("Source.cs", "using SmallCnnGen;\n" + Net + layers + " public sealed partial class Net;")], s_compiled);
        var found = Assert.Single(result.GeneratorDiagnostics);
        Assert.Equal(("SCNN2008", DiagnosticSeverity.Warning), (found.Id, found.Severity));
        Assert.All(words, w => Assert.Contains(w, found.GetMessage()));
        Assert.NotEmpty(result.Driver.GetRunResult().GeneratedTrees);
    }

    [Fact]
    public void Product_GivenToABlock_IsWarnedOf_AndOneOfNamesIsNot()
    {
        const string block = "[Conv(4, Kernel = \"k\")] [Conv(4, Kernel = \"2 * 1 + 1\")] [Conv(4, Kernel = \"j * 3\")] sealed class BAttribute(object k, int j) : BlockAttribute { public object K => k; public int J => j; }";
        Assert.Equal("SCNN2008", Only("[B(\"3*3\", 1)]", block).Id);
        GeneratorHost.Run([("Source.cs", "using SmallCnnGen;\n" + Net + "[B(3, 1)] [Conv(\"4*4\")] public sealed partial class Net;\n" + block)], s_compiled).EnsureClean();
    }

    [Theory]
    [InlineData("[Conv(64, Groups = 3)]", "the common divisors of 8 and 64 are 1, 2, 4, 8")]
    [InlineData("[Conv(9, Groups = 2)]", "1 is the only one of the common divisors of 8 and 9")]
    [InlineData("[Shuffle(3)]", "the divisors of 8 are 1, 2, 4, 8")]
    [InlineData("[Conv(5040)] [Conv(5040, Groups = 11)]", "the nearest divisors of 5040 are 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 18")]
    public void Groups_ListWhatDivides(string layers, string words) => Check(layers, "SCNN2004", words);

    [Theory]
    [InlineData("[Upsample(\"2x1\")]", "use one, because [Upsample] enlarges both sides alike, by 1 to 64; [ConvTranspose(channels, Kernel = \"2x1\", Stride = \"2x1\")]")]
    [InlineData("[Upsample(\"2, 1\")]", "[ConvTranspose(channels, Kernel = \"2x1\"")]
    [InlineData("[Upsample(\"2x2\")]", "use one: 2.")]
    [InlineData("[Conv(\"4x4\")]", "use one: 4.")]
    public void TwoSizes_WhereOneNumberIsWanted_SayWhatIsPossible(string layers, string words) => Check(layers, "SCNN1003", words);

    /// <summary>What the message of Upsample("2x1") proposes compiles, and enlarges so.</summary>
    [Fact]
    public void TransposedConvolution_EnlargesTheSidesDifferently() =>
        Assert.Contains("64x32x4", Only("[ConvTranspose(4, Kernel = \"2x1\", Stride = \"2x1\")] [Pad(-99)]").GetMessage());

    [Theory]
    [InlineData("Bias = \"True\"")]
    [InlineData("Bias = \"FALSE\"")]
    [InlineData("Bias = \"Auto\"")]
    public void PythonsTruth_IsRead(string argument) =>
        GeneratorHost.Run([("Source.cs", $"using SmallCnnGen;\n{Net}[Conv(4, {argument})] public sealed partial class Net;")], s_compiled).EnsureClean();

    [Fact]
    public void BlockWithoutLayers_IsNamed()
    {
        var found = Only("[Conv(4)] [Empty(Name = \"e\")]", "sealed class EmptyAttribute : BlockAttribute;");
        Assert.Equal("SCNN1007", found.Id);
        Assert.Contains("the block [Empty] has no layers", found.GetMessage());
        Assert.Equal("Empty(Name = \"e\")", found.Location.SourceTree!.GetText().ToString(found.Location.SourceSpan));
    }

    [Fact]
    public void BlockThatComesToNothing_IsNamed() => Assert.Contains(
        "its output is its input, because every layer of [Maybe] is left out",
        Only("[Maybe(1)]", "[Conv(4, When = \"n == 2\")] sealed class MaybeAttribute(int n) : BlockAttribute { public int N => n; }").GetMessage());

    [Theory]
    [InlineData("byte[] x", "Array.ConvertAll(x, x => x / 255f)")]
    [InlineData("double[] x", "Array.ConvertAll(x, x => (float)x)")]
    [InlineData("int[] x", "Array.ConvertAll(x, x => (float)x)")]
    [InlineData("float[,,] x", "MemoryMarshal.CreateSpan(ref x[0, 0, 0], x.Length)")]
    [InlineData("byte[,,] x", "fill a float[] of InputLength elements")]
    [InlineData("float[][] x", "copy its rows")]
    [InlineData("System.Memory<float> x", "pass x.Span")]
    [InlineData("System.ReadOnlySpan<byte> x", "Array.ConvertAll(x.ToArray(), x => x / 255f)")]
    [InlineData("System.Collections.Generic.List<float> x", "CollectionsMarshal.AsSpan(x)")]
    [InlineData("System.Collections.Generic.IEnumerable<float> x", "pass x.ToArray()")]
    public void PictureThatIsNotFloats_IsToldHowToBecome(string parameter, string words)
    {
        var found = Assert.Single(Calls($"static void Use(Net net, {parameter}, float[] y) => net.Run(x, y);"));
        Assert.Equal("x", found.Location.SourceTree!.GetText().ToString(found.Location.SourceSpan));
        Assert.Contains(words, found.GetMessage());
        Assert.Contains("HWC", found.GetMessage());
    }

    [Fact]
    public void OutputAndNamedArguments_AreLookedAtToo()
    {
        Assert.Contains("OutputLength", Assert.Single(Calls("static void Use(Net net, float[] x, double[] y) => net?.Run(x, y);")).GetMessage());
        Assert.Equal(2, Calls("static void Use(Net net, byte[] x, double[] y) => net.Run(output: y, input: x);").Length);
        Assert.Empty(Calls("static void Use(Net net, float[] x, float[] y) => net.Run(x, y);"));
        Assert.Empty(Calls("static void Use(Net net, string x, float[] y) => net.Run(x, y);"));
        Assert.Empty(Calls("class Other { public void Run(float[] x, float[] y) { } } static void Use(Other net, byte[] x, float[] y) => net.Run(x, y);"));
    }

    /// <summary>What the messages tell to write compiles.</summary>
    [Fact]
    public void RemediesCompile() => GeneratorHost.Run([("Source.cs", $$"""
        using System;
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using SmallCnnGen;
        {{Net}} [Conv(4)] public sealed partial class Net;
        static class Program
        {
            static void Use(Net net, byte[] a, double[] b, float[,,] c, List<float> d, Memory<float> e, float[] y)
            {
                net.Run(Array.ConvertAll(a, x => x / 255f), y);
                net.Run(Array.ConvertAll(b, x => (float)x), y);
                net.Run(MemoryMarshal.CreateSpan(ref c[0, 0, 0], c.Length), y);
                net.Run(CollectionsMarshal.AsSpan(d), y);
                net.Run(e.Span, y);
            }
        }
        """)], s_compiled).EnsureClean();

    private static Diagnostic[] Calls(string member) =>
        GeneratorHost.Run([("Source.cs", "using SmallCnnGen;\n" + Net + "[Conv(4)] public sealed partial class Net;\nstatic class Program { " + member + " }")], s_compiled)
            .Analyze(new RunArgumentAnalyzer()).Where(d => d.Id == "SCNN1017").ToArray();
}
