using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SmallCnnGen.Runtime;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>What a user did shows in what is said: the usual mistakes with weights, and their remedies.</summary>
public sealed class WeightsDiagnosisTests
{
    private static WeightsException Fails(IEnumerable<(string Name, int[] Shape)> file, params (string Name, int[] Shape)[] expected)
    {
        var binder = new WeightBinder("Net", 1, 64, TestFile.Parse(file.Select(t => TestFile.Zeros(t.Name, t.Shape)).ToArray()));
        foreach (var (name, shape) in expected)
            binder.Expect(name, shape);
        return Assert.Throws<WeightsException>(binder.Check);
    }

    private static (string Name, int[] Shape)[] Norm(string module) =>
        [(module + ".weight", [8]), (module + ".bias", [8]), (module + ".running_mean", [8]), (module + ".running_var", [8])];

    [Fact]
    public void ATensorOfTheMissingShapeIsNamedWhateverItIsCalled()
    {
        var e = Fails([("conv1.weight", [8, 3, 3, 3]), ("stage.two.weight", [16, 8, 3, 3])], ("conv1.weight", [8, 3, 3, 3]), ("body.weight", [16, 8, 3, 3]));
        Assert.Contains("SCNN3001 missing tensor 'body.weight' [16, 8, 3, 3]; the file has 'stage.two.weight' of exactly this shape, is that the one?", e.Problems);
    }

    [Fact]
    public void OfSeveralOfOneShapeTheOneAtItsPlaceIsNamed()
    {
        (string, int[])[] Layers(string name, params int[] numbers) => numbers.Select(n => ($"{name}{n}.kernel", new[] { 4, 4, 3, 3 })).ToArray();
        var e = Fails(Layers("features.", 10, 2, 9), Layers("blk", 0, 1, 2));
        Assert.Contains(e.Problems, p => p.StartsWith("SCNN3001 missing tensor 'blk0.kernel'", StringComparison.Ordinal) && p.EndsWith("of the 3 tensors of this shape in the file, 'features.2.kernel' stands at its place", StringComparison.Ordinal));
        Assert.Contains(e.Problems, p => p.StartsWith("SCNN3001 missing tensor 'blk2.kernel'", StringComparison.Ordinal) && p.EndsWith("'features.10.kernel' stands at its place", StringComparison.Ordinal));
        Assert.Contains("all shapes are there, under other names ('features.10.kernel' in the file, 'blk0.kernel' in the network): rename with SafetensorsFile.Renamed", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv1.conv", "conv1.bn", "conv1")]
    [InlineData("features.0", "features.1", "features.0")]
    public void ABiasWhereBatchNormIsExpectedSaysBatchNormFalse(string conv, string norm, string file)
    {
        var e = Fails(
            [(file + ".weight", [8, 3, 3, 3]), (file + ".bias", [8])],
            (conv + ".weight", [8, 3, 3, 3]), (norm + ".weight", [8]), (norm + ".bias", [8]), (norm + ".running_mean", [8]), (norm + ".running_var", [8]));
        Assert.Contains($"Hint: 1 layer has a bias in the file ('{file}.bias') where the network expects batch normalisation ('{norm}'): say BatchNorm = false on it.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormWhereABiasIsExpectedIsSaidToo()
    {
        var e = Fails(
            [("conv1.weight", [8, 3, 3, 3]), .. Norm("conv1.bn")],
            ("conv1.weight", [8, 3, 3, 3]), ("conv1.bias", [8]));
        Assert.Contains("the file has batch normalisation ('conv1.bn') where the network has none and expects a bias ('conv1.bias'): leave BatchNorm = false away", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormUnderAnotherNameIsNoReasonToLeaveItOut()
    {
        // Conv2d with its default bias, then BatchNorm2d, as modules of their own.
        var e = Fails(
            [("conv1.weight", [8, 3, 3, 3]), ("conv1.bias", [8]), .. Norm("bn1")],
            [("conv1.conv.weight", [8, 3, 3, 3]), .. Norm("conv1.bn")]);
        Assert.Contains("the file has batch normalisation under other names ('bn1', where the network expects 'conv1.bn'): say where the parts of a layer are, as in Module = \"conv1\", BatchNormModule = \"bn1\".", e.Message, StringComparison.Ordinal);
        Assert.Contains("1 layer has a bias in the file ('conv1.bias') beside batch normalisation: say Bias = true on it.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BatchNorm = false", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABatchNormsOwnBiasIsNotTakenForAConvolutions()
    {
        // nn.Sequential(Conv2d, BatchNorm2d) beside unnamed layers.
        var e = Fails([("0.weight", [8, 3, 3, 3]), .. Norm("1")], [("0.conv.weight", [8, 3, 3, 3]), .. Norm("0.bn")]);
        Assert.Contains("under other names ('1', where the network expects '0.bn')", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BatchNorm = false", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Bias = true", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABiasBesideBatchNormSaysBiasTrue()
    {
        var e = Fails([("c.weight", [8, 3, 3, 3]), ("c.bias", [8]), .. Norm("b")], [("c.weight", [8, 3, 3, 3]), .. Norm("b")]);
        Assert.Contains("Hint: 1 layer has a bias in the file ('c.bias') beside batch normalisation: say Bias = true on it.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APrefixOfHalfTheNamesIsNotTakenOff()
    {
        var e = Fails(
            [("features.0.weight", [8, 3, 3, 3]), ("features.3.weight", [16, 8, 3, 3]), ("classifier.1.weight", [20, 16]), ("classifier.4.weight", [10, 20])],
            ("0.weight", [8, 3, 3, 3]), ("2.weight", [16, 8, 3, 3]), ("4.weight", [20, 16]), ("5.weight", [10, 20]));
        Assert.DoesNotContain("WithoutPrefix", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherNumberOfClassesIsNamed()
    {
        var e = Fails([("fc1.weight", [20, 8]), ("fc.weight", [10, 20])], ("fc1.weight", [20, 8]), ("fc.weight", [12, 20]));
        Assert.Equal("SCNN3003 tensor 'fc.weight' has shape [10, 20]; Net expects [12, 20] (the file is for 10 classes: Dense(10), or [Parameter(\"classes\", 10)] with a network of the Zoo)", Assert.Single(e.Problems));
    }

    [Fact]
    public void ChannelsLastIsNamed()
    {
        var e = Fails([("w", [4, 3, 5, 2])], ("w", [4, 2, 3, 5]));
        Assert.Contains("this looks like [out, height, width, in]", Assert.Single(e.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormWithoutWeightAndBiasSaysAffineFalse()
    {
        var e = Fails(
            [("c.weight", [8, 3, 3, 3]), ("bn1.running_mean", [8]), ("bn1.running_var", [8])],
            ("c.weight", [8, 3, 3, 3]), ("bn1.weight", [8]), ("bn1.bias", [8]), ("bn1.running_mean", [8]), ("bn1.running_var", [8]));
        Assert.Contains("Hint: 1 batch normalisation in the file has no weight and bias ('bn1'), as with affine=False.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSizeBeforeTheClassifierIsTakenApart()
    {
        var e = Fails(
            [("conv2.weight", [16, 6, 5, 5]), ("fc1.weight", [120, 400])],
            ("conv2.weight", [16, 6, 5, 5]), ("fc1.weight", [120, 784]));
        Assert.Equal("SCNN3003 tensor 'fc1.weight' has shape [120, 400]; Net expects [120, 784] (if the map before it has 16 channels: 5x5x16 in the file, 7x7x16 in the network, so a layer before it pads or strides otherwise; PyTorch pads only where told, Padding = \"valid\" here)", Assert.Single(e.Problems));
    }

    [Fact]
    public void AWholeNetworkIsGroupedByCause()
    {
        (string, int[])[] Names(string prefix, int size) => Enumerable.Range(0, 260).Select(i => ($"{prefix}{i}.w", new[] { size, i + 1 })).ToArray();
        var e = Fails(Names("a.layer", 3), Names("zz_stage", 4));
        Assert.Equal(520, e.Problems.Count);
        Assert.Contains("520 problems. 260 missing, 260 unexpected.\n", e.Message, StringComparison.Ordinal);
        Assert.Contains("have no name in common ('a.layer0.w' in the file, 'zz_stage0.w' in the network): it is another network's file", e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Split('\n').Length < 30);
    }

    [Fact]
    public void RenamedGivesAFileThatFits()
    {
        SafetensorsFile file = TestFile.Parse(TestFile.Zeros("features.0.weight", 4, 4)).Renamed(name => name.Replace("features.0", "stem", StringComparison.Ordinal));
        var binder = new WeightBinder("Net", 1, 64, file);
        binder.Expect("stem.weight", 4, 4);
        binder.Check();
        Assert.Throws<WeightsException>(() => TestFile.Parse(TestFile.Zeros("a", 1), TestFile.Zeros("b", 1)).Renamed(_ => "c"));
        Assert.Throws<ArgumentException>(() => file.Renamed(_ => ""));
        Assert.Throws<ArgumentNullException>(() => file.Renamed(null!));
    }

    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "net.pth", [.. "PK\u0003\u0004"u8, 0, 0, 8, 8, 1, 2], "it is a zip archive, as torch.save writes .pt and .pth files" },
        { "old.pt", [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9], "it is a pickle, as older versions of torch.save wrote" },
        { "net.h5", [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, 0], "it is HDF5, as Keras writes" },
        { "net.tflite", [28, 0, 0, 0, .. "TFL3"u8, 1], "it is a TFLite model" },
        { "w.npy", [0x93, .. "NUMPY"u8, 1, 0, 9], "it is one numpy array" },
        { "net.onnx", [8, 8, 0x12, 7, .. "pytorch"u8], "it is an ONNX model" },
        { "net.onnx", [8, 7, 0x3A, 7, 1, 2, 3, 4, 5], "it is an ONNX model" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void OtherFormatsAreNamedWithWhatToDo(string name, byte[] bytes, string text)
    {
        Assert.Contains(text, Assert.Throws<WeightsException>(() => SafetensorsFile.Parse(bytes)).Message, StringComparison.Ordinal);
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N") + name);
        System.IO.File.WriteAllBytes(path, bytes);
        try
        {
            Assert.Contains(text, Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0x120808)]
    [InlineData(0x3A0708)]
    [InlineData(0x04034B50)]
    [InlineData(0x46554747)]
    [InlineData(0x0A8A0280)]
    public void LengthsOfRealHeadersAreNotTakenForAnotherFormat(int length) => Assert.Null(ForeignFormat.Describe((ulong)length));
}
