using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class WeightBinderCheckTests
{
    private static WeightsException Fails(SafetensorsFile file, params (string Name, int[] Shape)[] expected)
    {
        var binder = new WeightBinder("TinyNet", 1, 64, file);
        foreach (var (name, shape) in expected)
            binder.Expect(name, shape);
        var e = Assert.Throws<WeightsException>(binder.Check);
        Assert.StartsWith("Weights file (memory) does not fit network TinyNet: " + e.Problems.Count.ToString(CultureInfo.InvariantCulture) + " problem", e.Message);
        return e;
    }

    [Fact]
    public void AFileThatFitsPasses()
    {
        var binder = new WeightBinder("TinyNet", 1, 8, TestFile.Parse(TestFile.Zeros("w", 2, 3), TestFile.Zeros("s")));
        binder.Expect("w", 2, 3);
        binder.Expect("w", 2, 3);
        binder.Expect("s");
        binder.Check();
    }

    [Fact]
    public void MissingTensor()
    {
        var e = Fails(TestFile.Parse(), ("conv1.weight", [32, 3, 3, 3]));
        Assert.Equal("SCNN3001 missing tensor 'conv1.weight' [32, 3, 3, 3]", Assert.Single(e.Problems));
        Assert.Equal("Weights file (memory) does not fit network TinyNet: 1 problem.\n  SCNN3001 missing tensor 'conv1.weight' [32, 3, 3, 3]", e.Message);
    }

    [Fact]
    public void UnexpectedTensor()
    {
        var e = Fails(TestFile.Parse(TestFile.Zeros("w", 1), TestFile.Zeros("head.extra", 7, 2)), ("w", [1]));
        Assert.Equal("SCNN3002 unexpected tensor 'head.extra' [7, 2]", Assert.Single(e.Problems));
    }

    [Fact]
    public void BatchCountersOfAnyTypeAreIgnored()
    {
        var file = SafetensorsFile.Parse(TestFile.Raw(
            """{"bn.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"num_batches_tracked":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"w":{"dtype":"F32","shape":[1],"data_offsets":[9,13]}}""", 13));
        var binder = new WeightBinder("TinyNet", 1, 8, file);
        binder.Expect("w", 1);
        binder.Check();
    }

    [Theory]
    [InlineData(new[] { 8, 3, 5, 5 }, new[] { 8, 3, 3, 3 }, "SCNN3003 tensor 'w' has shape [8, 3, 5, 5]; TinyNet expects [8, 3, 3, 3]")]
    [InlineData(new[] { 3, 5, 2, 8 }, new[] { 8, 2, 3, 5 }, "SCNN3003 tensor 'w' has shape [3, 5, 2, 8]; TinyNet expects [8, 2, 3, 5] (this looks like TensorFlow's [height, width, in, out]; transpose it)")]
    [InlineData(new[] { 10, 4 }, new[] { 10, 4, 1, 1 }, "SCNN3003 tensor 'w' has shape [10, 4]; TinyNet expects [10, 4, 1, 1] (same elements in the same order; reshape it)")]
    [InlineData(new[] { 4, 10 }, new[] { 10, 4 }, "SCNN3003 tensor 'w' has shape [4, 10]; TinyNet expects [10, 4]")]
    [InlineData(new int[0], new[] { 2 }, "SCNN3003 tensor 'w' has shape []; TinyNet expects [2]")]
    public void WrongShape(int[] actual, int[] expected, string problem) =>
        Assert.Equal(problem, Assert.Single(Fails(TestFile.Parse(TestFile.Zeros("w", actual)), ("w", expected)).Problems));

    [Fact]
    public void WrongDType()
    {
        var file = SafetensorsFile.Parse(TestFile.Raw("""{"w":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}""", 8));
        Assert.Equal("SCNN3004 tensor 'w' has dtype I32; F32, F16, BF16 or F64 is needed", Assert.Single(Fails(file, ("w", [2])).Problems));
    }

    [Fact]
    public void NotFiniteIsFoundAtEveryPosition()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, BitConverter.Int32BitsToSingle(0x7F800001) })
        {
            for (var at = 0; at < 36; at++)
            {
                var values = Enumerable.Repeat(float.MaxValue, 36).ToArray();
                values[at] = bad;
                values[35] = bad;
                var e = Fails(TestFile.Parse(TestFile.Tensor("w", [3, 3, 4], values)), ("w", [3, 3, 4]));
                var text = float.IsNaN(bad) ? "NaN" : bad > 0 ? "Infinity" : "-Infinity";
                Assert.Equal($"SCNN3005 tensor 'w' holds {text} at index {at} [{at / 12}, {at / 4 % 3}, {at % 4}]", Assert.Single(e.Problems));
            }
        }
    }

    [Fact]
    public void NotFiniteInHalfAndTooLargeInDouble()
    {
        var data = new byte[4 + 16];
        BitConverter.TryWriteBytes(data.AsSpan(2), Half.PositiveInfinity);
        BitConverter.TryWriteBytes(data.AsSpan(12), 1e39);
        var file = SafetensorsFile.Parse(TestFile.Raw("""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"d":{"dtype":"F64","shape":[2],"data_offsets":[4,20]}}""", data));
        Assert.Equal(
            ["SCNN3005 tensor 'h' holds Infinity at index 1 [1]", "SCNN3005 tensor 'd' holds 1E+39, too large for a 32-bit float, at index 1 [1]"],
            Fails(file, ("h", [2]), ("d", [2])).Problems);
    }

    [Fact]
    public void OneExceptionListsEverything()
    {
        var data = new byte[4 * 4 + 8];
        BitConverter.TryWriteBytes(data.AsSpan(4), float.NaN);
        var file = SafetensorsFile.Parse(TestFile.Raw(
            """{"nan":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"shape":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"int":{"dtype":"I64","shape":[1],"data_offsets":[12,20]},"left.over":{"dtype":"F32","shape":[1],"data_offsets":[20,24]}}""", data));
        var e = Fails(file, ("nan", [2]), ("shape", [2]), ("int", [1]), ("absent.here", [5]));
        Assert.Equal(["SCNN3005", "SCNN3003", "SCNN3004", "SCNN3001", "SCNN3002"], e.Problems.Select(p => p[..8]));
        Assert.All(e.Problems, p => Assert.Contains("\n  " + p, e.Message));
    }

    [Theory]
    [InlineData("module.", "(from DataParallel)")]
    [InlineData("_orig_mod.", "(from torch.compile)")]
    [InlineData("model.", "begin with 'model.'.")]
    [InlineData("module._orig_mod.", "begin with 'module._orig_mod.'.")]
    [InlineData("backbone.net.", "begin with 'backbone.net.'.")]
    public void CommonPrefixIsNamedAndItsRemedyWorks(string prefix, string fact)
    {
        var file = TestFile.Parse(TestFile.Zeros(prefix + "conv.weight", 2), TestFile.Zeros(prefix + "conv.bias", 2), TestFile.Zeros(prefix + "fc.weight", 2));
        (string, int[])[] expected = [("conv.weight", [2]), ("conv.bias", [2]), ("fc.weight", [2])];
        var e = Fails(file, expected);
        Assert.Equal(6, e.Problems.Count);
        Assert.Equal($"SCNN3001 missing tensor 'conv.weight' [2]; the file has '{prefix}conv.weight', is that the one?", e.Problems[0]);
        Assert.Contains($"\nHint: names in the file begin with '{prefix}'", e.Message);
        Assert.Contains(fact, e.Message);
        Assert.Contains($"Load(SafetensorsFile.Open(path).WithoutPrefix(\"{prefix}\"))", e.Message);

        var binder = new WeightBinder("TinyNet", 1, 64, file.WithoutPrefix(prefix));
        foreach (var (name, shape) in expected)
            binder.Expect(name, shape);
        binder.Check();
    }

    [Fact]
    public void PrefixTheFileLacks()
    {
        var e = Fails(TestFile.Parse(TestFile.Zeros("0.weight", 2), TestFile.Zeros("0.bias", 2)), ("features.0.weight", [2]), ("features.0.bias", [2]));
        Assert.EndsWith("; the file has '0.bias', is that the one?", e.Problems[1]);
        Assert.Contains("\nHint: the network expects names that begin with 'features.'", e.Message);
    }

    [Theory]
    [InlineData("conv1.weight", "conv1.wieght", true)]
    [InlineData("conv1.weight", "conv_1.weight", true)]
    [InlineData("conv1.weight", "Conv1/Weight", true)]
    [InlineData("bn.running_mean", "bn.runing_mean", true)]
    [InlineData("bn.running_var", "bn.running_vars", true)]
    [InlineData("conv1.weight", "conv2.weight", false)]
    [InlineData("layers.9.weight", "layers.10.weight", false)]
    [InlineData("conv1.weight", "classifier.weight", false)]
    [InlineData("conv1.weight", "conv1.bias", false)]
    public void NearMisses(string expected, string actual, bool hinted)
    {
        var e = Fails(TestFile.Parse(TestFile.Zeros(actual, 2)), (expected, [2]));
        Assert.Equal($"SCNN3001 missing tensor '{expected}' [2]" + (hinted ? $"; the file has '{actual}', is that the one?" : ""), e.Problems[0]);
        Assert.Equal($"SCNN3002 unexpected tensor '{actual}' [2]", e.Problems[1]);
    }

    [Fact]
    public void ManyLongStrangeNamesAreHandledInBoundedWork()
    {
        // 3000 names against 3000: unbounded comparing of spellings would take minutes
        var header = new StringBuilder("{");
        for (var i = 0; i < 3000; i++)
            header.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}\"{new string('.', 200)}x{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        header.Append(",\"").Append('.', 100_000).Append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        var file = SafetensorsFile.Parse(TestFile.Raw(header.ToString(), 0));
        var e = Fails(file, Enumerable.Range(0, 3000).Select(i => (new string('.', 200) + "y" + i, new[] { 1 })).ToArray());
        Assert.Equal(6001, e.Problems.Count);
        Assert.Contains("\n  ... and 5981 more", e.Message);
        Assert.True(e.Message.Length < 20_000);
    }

    [Fact]
    public void MessagesAreInvariant()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // a culture made by hand: the process may run in globalization-invariant mode
            var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NegativeSign = "minus";
            odd.NumberFormat.NumberDecimalSeparator = ",";
            odd.NumberFormat.NaNSymbol = "nix";
            CultureInfo.CurrentCulture = odd;
            Assert.Contains("holds NaN at", Fails(TestFile.Parse(TestFile.Tensor("w", [1], float.NaN)), ("w", [1])).Message);
            var random = new Random(3);
            var binder = new WeightBinder("TinyNet", 1, 64, TestFile.Parse([.. TestFile.Norm("bn", 2, random).SkipLast(1), TestFile.Tensor("bn.running_var", [2], 1, -0.5f)]));
            binder.Affine(0, "bn", 0.25, 2);
            Assert.Contains("holds -0.5 at index 1; running variance + epsilon (0.25)", Assert.Throws<WeightsException>(() => binder.Finish()).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void DeclaringATensorTwiceWithTwoShapesIsAnError()
    {
        var binder = new WeightBinder("TinyNet", 1, 64, TestFile.Parse());
        binder.Expect("w", 2, 3);
        Assert.Contains("Tensor 'w' was declared as [2, 3] and again as [3, 2]", Assert.Throws<ArgumentException>(() => binder.Expect("w", 3, 2)).Message);
    }

    [Fact]
    public void VarianceThatIsNotPositiveIsReportedForEveryNormAtOnce()
    {
        var random = new Random(5);
        SafetensorsFile File(float first, float second) => TestFile.Parse(
        [
            TestFile.Tensor("conv.weight", [4, 1, 1, 1], random),
            .. TestFile.Norm("a", 4, random).SkipLast(1), TestFile.Tensor("a.running_var", [4], 1, 1, first, first),
            .. TestFile.Norm("b", 4, random).SkipLast(1), TestFile.Tensor("b.running_var", [4], second, 1, 1, 1),
        ]);
        WeightBinder Bind(float first, float second, double epsilon)
        {
            var binder = new WeightBinder("TinyNet", 1, 64, File(first, second));
            binder.Conv(0, "conv.weight", null, "a", epsilon, 4, 1, 1, 1, 1, 1, 4, 1);
            binder.Affine(16, "b", epsilon, 4);
            return binder;
        }

        var e = Assert.Throws<WeightsException>(() => Bind(-1, 0, 0).Finish());
        Assert.Equal(
            ["SCNN3008 tensor 'a.running_var' holds -1 at index 2; running variance + epsilon (0) must be positive",
             "SCNN3008 tensor 'b.running_var' holds 0 at index 0; running variance + epsilon (0) must be positive"],
            e.Problems);
        Assert.Contains("does not fit network TinyNet", e.Message);
        Bind(0, 0, 1e-5).Finish();
    }

    [Fact]
    public void FoldingThatOverflowsAFloatIsReported()
    {
        var file = TestFile.Parse(
            TestFile.Tensor("w", [4, 1, 1, 1], 1e10f, 1, 1, 1), TestFile.Tensor("n.weight", [4], 1e30f, 1, 1, 1), TestFile.Zeros("n.bias", 4),
            TestFile.Zeros("n.running_mean", 4), TestFile.Tensor("n.running_var", [4], 1, 1, 1, 1));
        var binder = new WeightBinder("TinyNet", 1, 64, file);
        binder.Conv(0, "w", null, "n", 0, 4, 1, 1, 1, 1, 1, 4, 1);
        var e = Assert.Throws<WeightsException>(() => binder.Finish());
        Assert.Equal("SCNN3005 folding batch normalisation 'n' into 'w' gives a value that does not fit a 32-bit float", Assert.Single(e.Problems));
    }

    [Fact]
    public void PackingChecksOffsetsSizesAndOrderOfCalls()
    {
        var random = new Random(6);
        var file = TestFile.Parse(TestFile.Tensor("w", [8, 2, 3, 3], random), TestFile.Tensor("v", [8], random), TestFile.Tensor("d", [8, 1, 3, 3], random));
        var size = (int)WeightBinder.ConvSize(8, 2, 3, 3, 1, 1, 4, 2);
        Assert.Equal((1 + 18) * 8, size);
        void Conv(WeightBinder b, int offset, string name = "w") => b.Conv(offset, name, null, null, 0, 8, 2, 3, 3, 1, 1, 4, 2);

        var binder = new WeightBinder("TinyNet", 1, size, file);
        Assert.Contains("Packing 'w' takes 152 floats; the packed weights of TinyNet have 152", Assert.Throws<ArgumentOutOfRangeException>(() => Conv(binder, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Conv(binder, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Conv(binder, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => binder.Vector(145, "v", 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => binder.Depthwise(73, "d", null, null, 0, 8, 3, 3));
        Assert.StartsWith("SCNN3001 missing tensor 'nope'", Assert.Throws<WeightsException>(() => Conv(binder, 0, "nope")).Problems[0]);
        Assert.Equal("SCNN3003 tensor 'v' has shape [8], 8 elements; TinyNet packs 144", Assert.Throws<WeightsException>(() => Conv(binder, 0, "v")).Problems[0]);
        Assert.Equal("SCNN3003 tensor 'v' has shape [8], 8 elements; TinyNet packs 7", Assert.Throws<WeightsException>(() => binder.Vector(0, "v", 7)).Problems[0]);
        Conv(binder, 0);
        binder.Finish();
        Assert.Contains("The weights of TinyNet are finished", Assert.Throws<InvalidOperationException>(() => Conv(binder, 0)).Message);
        Assert.Throws<InvalidOperationException>(() => binder.Finish());
    }

    [Theory]
    [InlineData(8, 2, 3, 1, 4, 1, "3 groups do not divide 8 output channels")]
    [InlineData(8, 2, 4, 3, 4, 1, "Merging 3 at a time does not divide 4 groups")]
    [InlineData(8, 2, 4, 1, 4, 1, "4 lanes are more than the 2 output channels of a super group")]
    [InlineData(0, 2, 1, 1, 4, 1, "outChannels")]
    [InlineData(8, 2, 1, 1, 0, 1, "lanes")]
    [InlineData(8, 2, 1, 1, 4, 0, "vectors")]
    public void ImpossibleConvolutionsAreRefused(int outChannels, int inPerGroup, int groups, int merge, int lanes, int vectors, string fact) =>
        Assert.Contains(fact, Assert.ThrowsAny<ArgumentException>(() => WeightBinder.ConvSize(outChannels, inPerGroup, 1, 1, groups, merge, lanes, vectors)).Message);
}
