using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>
/// Packing against the formulas of the format, index by index, from plain arrays. Both sides compute in double and
/// round once, so equality is exact. Surroundings of the packed region must stay untouched.
/// </summary>
public sealed class PackingTests
{
    private const int Offset = 16;
    private const double Epsilon = 1e-3;

    /// <summary>A layer's tensors as arrays, and folded by the formulas.</summary>
    private sealed class Layer
    {
        public Layer(Random random, int[] shape, int outChannels, bool bias, bool norm)
        {
            var tensors = new List<NamedTensor> { TestFile.Tensor("l.weight", shape, random) };
            Weight = tensors[0].Data.ToArray();
            Shape = shape;
            if (bias)
            {
                tensors.Add(TestFile.Tensor("l.bias", [outChannels], random));
                Bias = tensors[^1].Data.ToArray();
            }

            if (norm)
            {
                tensors.AddRange(TestFile.Norm("n", outChannels, random));
                Norm = tensors.TakeLast(4).Select(t => t.Data.ToArray()).ToArray();
            }

            File = TestFile.Parse([.. tensors]);
        }

        public SafetensorsFile File { get; }

        public float[] Weight { get; }

        public int[] Shape { get; }

        public float[]? Bias { get; }

        public float[][]? Norm { get; }

        public string? BiasName => Bias is null ? null : "l.bias";

        public string? NormName => Norm is null ? null : "n";

        public float W(int a, int b, int y, int x, int outChannel)
        {
            double w = Weight[((a * Shape[1] + b) * Shape[2] + y) * Shape[3] + x];
            return (float)(Norm is null ? w : w * Scale(outChannel));
        }

        public float B(int c)
        {
            double b = Bias is null ? 0 : Bias[c];
            return (float)(Norm is null ? b : Norm[1][c] + (b - Norm[2][c]) * Scale(c));
        }

        public double Scale(int c) => Norm![0][c] / Math.Sqrt(Norm[3][c] + Epsilon);
    }

    private static void Packs(Layer layer, long size, Action<WeightBinder> pack, float[] expected)
    {
        Assert.Equal(expected.Length, size);
        var binder = new WeightBinder("N", 7, Offset + expected.Length + 16, layer.File);
        pack(binder);
        var weights = binder.Finish();
        var packed = weights.Packed;
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(packed[Offset + i]) && !(expected[i] == 0 && packed[Offset + i] == 0))
                Assert.Fail($"element {i} of {expected.Length}: {expected[i]} expected, {packed[Offset + i]} packed");
        }

        Assert.All(packed[..Offset].ToArray(), v => Assert.Equal(0f, v));
        Assert.All(packed[(Offset + expected.Length)..].ToArray(), v => Assert.Equal(0f, v));
    }

    public static TheoryData<int, int> LanesAndVectors()
    {
        var data = new TheoryData<int, int>();
        foreach (var lanes in new[] { 1, 2, 4, 8, 16 })
        {
            foreach (var vectors in new[] { 1, 2, 3, 4, 6 })
                data.Add(lanes, vectors);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(LanesAndVectors))]
    public void Conv(int lanes, int vectors)
    {
        var random = new Random(lanes * 100 + vectors);
        var cases = 0;
        foreach (var (groups, merge) in new[] { (1, 1), (2, 1), (2, 2), (4, 2), (6, 3), (8, 4), (8, 8) })
        {
            foreach (var outPerGroup in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 24, 31, 33, 50, 100 })
            {
                if (merge * outPerGroup < lanes)
                    continue;
                foreach (var (inPerGroup, kh, kw) in new[] { (1, 1, 1), (5, 1, 1), (17, 1, 1), (3, 3, 3), (2, 1, 7), (1, 5, 2) })
                {
                    var variant = cases++ % 4;
                    var outChannels = groups * outPerGroup;
                    var layer = new Layer(random, [outChannels, inPerGroup, kh, kw], outChannels, bias: variant % 2 == 1, norm: variant >= 2);
                    foreach (var paired in lanes > 1 && vectors > 1 ? new[] { false, true } : [false])
                    {
                        Packs(
                            layer,
                            WeightBinder.ConvSize(outChannels, inPerGroup, kh, kw, groups, merge, lanes, vectors, paired),
                            b => b.Conv(Offset, "l.weight", layer.BiasName, layer.NormName, Epsilon, outChannels, inPerGroup, kh, kw, groups, merge, lanes, vectors, paired),
                            Expected(layer, outChannels, inPerGroup, kh, kw, groups, merge, lanes, vectors, paired));
                    }
                }
            }
        }

        Assert.True(cases > 100);
    }

    /// <summary>
    /// A filter as a polynomial in two variables, evaluated at the points and divided by the products of their differences;
    /// at infinity its leading coefficient counts. Computed otherwise than the packing does, so equal to a rounding.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Winograd(int tile)
    {
        double[] points = tile == 2 ? [0, 1, -1] : [0, 5 / 8.0, -5 / 8.0, 3 / 2.0, -3 / 2.0];
        var random = new Random(tile);
        var edge = tile + 2;
        var variant = 0;
        foreach (var (outChannels, inChannels, lanes, vectors) in new[] { (1, 1, 1, 1), (5, 3, 4, 1), (5, 3, 4, 2), (16, 2, 8, 2), (33, 7, 16, 2), (40, 5, 8, 3), (50, 4, 16, 4), (7, 1, 1, 3) })
        {
            var layer = new Layer(random, [outChannels, inChannels, 3, 3], outChannels, bias: variant % 2 == 1, norm: variant++ % 4 >= 2);
            var size = WeightBinder.WinogradSize(outChannels, inChannels, tile, lanes, vectors);
            var binder = new WeightBinder("N", 7, Offset + (int)size + 16, layer.File);
            binder.Winograd(Offset, "l.weight", layer.BiasName, layer.NormName, Epsilon, outChannels, inChannels, tile, lanes, vectors);
            var packed = binder.Finish().Packed.ToArray();
            for (var c = 0; c < outChannels; c++)
                Assert.Equal(layer.B(c), packed[Offset + c]);

            var at = Offset + (outChannels + 15) / 16 * 16;
            var panels = (int)Math.Ceiling(outChannels / (double)(lanes * vectors));
            for (var position = 0; position < edge * edge; position++)
            {
                for (var p = 0; p < panels; p++)
                {
                    for (var c = 0; c < inChannels; c++)
                    {
                        for (var column = 0; column < lanes * vectors; column++)
                        {
                            var channel = Math.Min(Math.Min(p * lanes * vectors, Math.Max(0, outChannels - lanes * vectors)) + column / lanes * lanes, outChannels - lanes) + column % lanes;
                            double sum = 0, size1 = 0;
                            for (var tap = 0; tap < 9; tap++)
                            {
                                var weight = layer.Weight[(channel * inChannels + c) * 9 + tap] * (layer.Norm is null ? 1 : layer.Scale(channel));
                                var term = weight * Power(position / edge, tap / 3) * Power(position % edge, tap % 3);
                                sum += term;
                                size1 += Math.Abs(term);
                            }

                            Assert.Equal(sum, packed[at++], size1 * 1.2e-7);
                        }
                    }
                }
            }

            Assert.Equal(Offset + size, at);
            Assert.All(packed[..Offset], v => Assert.Equal(0f, v));
            Assert.All(packed[at..], v => Assert.Equal(0f, v));
        }

        double Power(int point, int exponent)
        {
            if (point == points.Length)
                return exponent == 2 ? 1 : 0;
            var x = points[point];
            return Math.Pow(x, exponent) / points.Where(p => p != x).Aggregate(1.0, (product, p) => product * (x - p)) * (tile == 2 && point == 0 ? -1 : 1);
        }
    }

    [Fact]
    public void WinogradSizesAndArgumentsAreChecked()
    {
        Assert.Equal(16 + 36 * 3 * 10 * 8, WeightBinder.WinogradSize(10, 10, 4, 4, 2) + 36 * 10 * 8);
        foreach (var tile in new[] { 0, 1, 3, 5, 6 })
            Assert.Throws<ArgumentOutOfRangeException>(() => WeightBinder.WinogradSize(8, 8, tile, 4, 2));
        Assert.Throws<ArgumentException>(() => WeightBinder.WinogradSize(8, 8, 4, 16, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightBinder.WinogradSize(8, 0, 4, 4, 1));
        Assert.Throws<OverflowException>(() => WeightBinder.WinogradSize(int.MaxValue, int.MaxValue, 4, 16, int.MaxValue));
        var file = TestFile.Parse(TestFile.Zeros("w", 8, 8, 3, 3));
        var binder = new WeightBinder("N", 7, 100, file);
        Assert.Throws<ArgumentOutOfRangeException>(() => binder.Winograd(0, "w", null, null, 0, 8, 8, 4, 4, 2));
    }

    private static float[] Expected(Layer layer, int outChannels, int inPerGroup, int kh, int kw, int groups, int merge, int lanes, int vectors, bool paired)
    {
        var result = new List<float>();
        var cin = merge * inPerGroup;
        var cout = merge * outChannels / groups;
        var width = paired ? lanes * (vectors - 1) + lanes / 2 : lanes * vectors;
        var panels = (int)Math.Ceiling(cout / (double)width);
        for (var g = 0; g < groups / merge; g++)
        {
            for (var p = 0; p < panels; p++)
            {
                for (var v = 0; v < vectors; v++)
                {
                    for (var l = 0; l < lanes; l++)
                        result.Add(layer.B(g * cout + Channel(p, v, l)));
                }

                for (var y = 0; y < kh; y++)
                {
                    for (var x = 0; x < kw; x++)
                    {
                        for (var ci = 0; ci < cin; ci++)
                        {
                            for (var v = 0; v < vectors; v++)
                            {
                                for (var l = 0; l < lanes; l++)
                                {
                                    // an output sees only the inputs of its own original group
                                    var o = g * cout + Channel(p, v, l);
                                    var inputChannel = g * cin + ci;
                                    var sameGroup = o / (outChannels / groups) == inputChannel / inPerGroup;
                                    result.Add(sameGroup ? layer.W(o, inputChannel % inPerGroup, y, x, o) : 0);
                                }
                            }
                        }
                    }
                }
            }
        }

        return [.. result];

        // the half vector of a pair stands twice
        int Channel(int p, int v, int l)
        {
            var first = Math.Min(p * width, Math.Max(0, cout - width)) + v * lanes;
            return paired && v == vectors - 1 ? Math.Min(first, cout - lanes / 2) + l % (lanes / 2) : Math.Min(first, cout - lanes) + l;
        }
    }

    [Fact]
    public void PackedChannelsOfAPanelByHand()
    {
        // 5 outputs, 2 lanes, 2 vectors: panel 0 holds 0 1 2 3, panel 1 overlaps and holds 1 2 3 4
        var file = TestFile.Parse(TestFile.Tensor("w", [5, 1, 1, 1], 10, 11, 12, 13, 14), TestFile.Tensor("b", [5], 0, 1, 2, 3, 4));
        var binder = new WeightBinder("N", 7, 16, file);
        binder.Conv(0, "w", "b", null, 0, 5, 1, 1, 1, 1, 1, 2, 2);
        Assert.Equal(new float[] { 0, 1, 2, 3, 10, 11, 12, 13, 1, 2, 3, 4, 11, 12, 13, 14 }, binder.Finish().Packed.ToArray());

        // 3 outputs, 2 lanes, 2 vectors: the second vector overlaps: 0 1 1 2
        file = TestFile.Parse(TestFile.Tensor("w", [3, 1, 1, 1], 10, 11, 12));
        binder = new WeightBinder("N", 7, 8, file);
        binder.Conv(0, "w", null, null, 0, 3, 1, 1, 1, 1, 1, 2, 2);
        Assert.Equal(new float[] { 0, 0, 0, 0, 10, 11, 11, 12 }, binder.Finish().Packed.ToArray());

        // two groups of one input and two outputs merged: block-diagonal
        file = TestFile.Parse(TestFile.Tensor("w", [4, 1, 1, 1], 10, 11, 12, 13));
        binder = new WeightBinder("N", 7, 12, file);
        binder.Conv(0, "w", null, null, 0, 4, 1, 1, 1, 2, 2, 4, 1);
        Assert.Equal(new float[] { 0, 0, 0, 0, 10, 11, 0, 0, 0, 0, 12, 13 }, binder.Finish().Packed.ToArray());
    }

    [Fact]
    public void BatchNormFoldsByHand()
    {
        // gamma 3, var 3.99 + 0.01: s = 1.5; w' = 2 * 1.5; b' = 0.5 + (7 - 5) * 1.5
        var file = TestFile.Parse(
            TestFile.Tensor("w", [1, 1, 1, 1], 2), TestFile.Tensor("b", [1], 7), TestFile.Tensor("n.weight", [1], 3), TestFile.Tensor("n.bias", [1], 0.5f),
            TestFile.Tensor("n.running_mean", [1], 5), TestFile.Tensor("n.running_var", [1], 4));
        var binder = new WeightBinder("N", 7, 4, file);
        binder.Conv(0, "w", "b", "n", 0, 1, 1, 1, 1, 1, 1, 1, 1);
        binder.Affine(2, "n", 0, 1);
        Assert.Equal(new[] { 0.5f + 2 * 1.5f, 3f, 1.5f, 0.5f - 5 * 1.5f }, binder.Finish().Packed.ToArray());
    }

    [Fact]
    public void FoldingIsInDoubleRoundedOnce()
    {
        // a float computation of the same fold differs for some of many random channels; the packed values must not
        var random = new Random(11);
        const int n = 512;
        var layer = new Layer(random, [n, 1, 1, 1], n, bias: true, norm: true);
        var binder = new WeightBinder("N", 7, 2 * n, layer.File);
        binder.Conv(0, "l.weight", "l.bias", "n", Epsilon, n, 1, 1, 1, 1, 1, 8, n / 8);
        var packed = binder.Finish().Packed;
        var differs = 0;
        for (var c = 0; c < n; c++)
        {
            Assert.Equal(layer.B(c), packed[c]);
            Assert.Equal(layer.W(c, 0, 0, 0, c), packed[n + c]);
            var inFloat = layer.Weight[c] * (layer.Norm![0][c] / MathF.Sqrt(layer.Norm[3][c] + (float)Epsilon));
            differs += inFloat != packed[n + c] ? 1 : 0;
        }

        Assert.True(differs > n / 10, $"only {differs} of {n} tell the two apart");
    }

    [Theory]
    [InlineData(1, 3, 3, false, false)]
    [InlineData(5, 3, 3, true, false)]
    [InlineData(32, 5, 5, false, true)]
    [InlineData(33, 1, 7, true, true)]
    [InlineData(100, 2, 3, true, true)]
    public void Depthwise(int channels, int kh, int kw, bool bias, bool norm)
    {
        var layer = new Layer(new Random(channels), [channels, 1, kh, kw], channels, bias, norm);
        var expected = new List<float>();
        for (var c = 0; c < channels; c++)
            expected.Add(layer.B(c));
        for (var y = 0; y < kh; y++)
        {
            for (var x = 0; x < kw; x++)
            {
                for (var c = 0; c < channels; c++)
                    expected.Add(layer.W(c, 0, y, x, c));
            }
        }

        Packs(layer, WeightBinder.DepthwiseSize(channels, kh, kw), b => b.Depthwise(Offset, "l.weight", layer.BiasName, layer.NormName, Epsilon, channels, kh, kw), [.. expected]);
    }

    [Theory]
    [InlineData(1, 1, 2, 2, 1, false, false)]
    [InlineData(6, 5, 3, 3, 1, true, false)]
    [InlineData(6, 5, 2, 3, 3, false, true)]
    [InlineData(8, 1, 4, 4, 8, true, true)]
    [InlineData(12, 7, 1, 1, 2, true, true)]
    public void ConvTranspose(int inChannels, int outPerGroup, int kh, int kw, int groups, bool bias, bool norm)
    {
        var layer = new Layer(new Random(inChannels), [inChannels, outPerGroup, kh, kw], groups * outPerGroup, bias, norm);
        var expected = new List<float>();
        for (var c = 0; c < groups * outPerGroup; c++)
            expected.Add(layer.B(c));
        for (var g = 0; g < groups; g++)
        {
            for (var y = 0; y < kh; y++)
            {
                for (var x = 0; x < kw; x++)
                {
                    for (var ci = 0; ci < inChannels / groups; ci++)
                    {
                        for (var co = 0; co < outPerGroup; co++)
                            expected.Add(layer.W(g * (inChannels / groups) + ci, co, y, x, g * outPerGroup + co));
                    }
                }
            }
        }

        Packs(
            layer, WeightBinder.ConvTransposeSize(inChannels, outPerGroup, kh, kw, groups),
            b => b.ConvTranspose(Offset, "l.weight", layer.BiasName, layer.NormName, Epsilon, inChannels, outPerGroup, kh, kw, groups), [.. expected]);
    }

    [Fact]
    public void Affine()
    {
        var layer = new Layer(new Random(9), [13, 1, 1, 1], 13, bias: false, norm: true);
        var expected = Enumerable.Range(0, 13).Select(c => (float)layer.Scale(c))
            .Concat(Enumerable.Range(0, 13).Select(c => (float)(layer.Norm![1][c] - layer.Norm[2][c] * layer.Scale(c)))).ToArray();
        Packs(layer, 26, b => b.Affine(Offset, "n", Epsilon, 13), expected);
    }

    [Fact]
    public void VectorCopiesOrRepeats()
    {
        var file = TestFile.Parse(TestFile.Tensor("v", [3], 1, 2, 3), TestFile.Tensor("one", [1], 0.25f), TestFile.Tensor("scalar", [], 4));
        var binder = new WeightBinder("N", 7, 9, file);
        binder.Vector(0, "v", 3);
        binder.Vector(3, "one", 4);
        binder.Vector(7, "scalar", 2);
        Assert.Equal(new[] { 1f, 2, 3, 0.25f, 0.25f, 0.25f, 0.25f, 4, 4 }, binder.Finish().Packed.ToArray());
    }

    [Fact]
    public void DenseWeightsInHalfPrecisionAtAnOddAddress()
    {
        // a tensor may begin at any byte of the file; here the F32 bias does not even begin at a multiple of 2
        var data = new byte[3 + 6 * 2 + 2 * 4];
        float[] weights = [1, -2, 0.5f, 4, 8, -16], bias = [0.1f, -0.2f];
        for (var i = 0; i < 6; i++)
            BitConverter.TryWriteBytes(data.AsSpan(3 + 2 * i), (Half)weights[i]);
        for (var i = 0; i < 2; i++)
            BitConverter.TryWriteBytes(data.AsSpan(15 + 4 * i), bias[i]);
        var file = SafetensorsFile.Parse(TestFile.Raw(
            """{"bn.num_batches_tracked":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[3,15]},"b":{"dtype":"F32","shape":[2],"data_offsets":[15,23]}}""", data));
        var binder = new WeightBinder("N", 7, 8, file);
        binder.Expect("w", 2, 3);
        binder.Expect("b", 2);
        binder.Check();
        binder.Conv(0, "w", "b", null, 0, 2, 3, 1, 1, 1, 1, 2, 1);
        Assert.Equal(new[] { 0.1f, -0.2f, 1, 4, -2, 8, 0.5f, -16 }, binder.Finish().Packed.ToArray());
    }

    [Fact]
    public unsafe void WeightsSayWhatTheyAreAndStayAligned()
    {
        for (var floats = 0; floats < 200; floats += 13)
        {
            var binder = new WeightBinder("Net", 0xABCD, floats, TestFile.Parse());
            var weights = binder.Finish();
            Assert.Equal("Net", weights.Network);
            Assert.Equal(0xABCDUL, weights.Fingerprint);
            Assert.Equal(4L * floats, weights.PackedBytes);
            Assert.Equal(floats, weights.Packed.Length);
            if (floats == 0)
                continue;
            nuint before, after;
            fixed (float* p = weights.Packed)
                before = (nuint)p;
            Assert.Equal(0U, before % 64);
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            fixed (float* p = weights.Packed)
                after = (nuint)p;
            Assert.Equal(before, after);
        }
    }
}
