using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Glyphs;
using SmallCnnGen.Testing;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>What a generated network promises about memory, threads and wrong use.</summary>
public class RunTests
{
    public static TheoryData<string> Networks { get; } = new(GlyphData.Networks);

    [Theory]
    [MemberData(nameof(Networks))]
    public void RepeatedRuns_AllocateNothing(string name)
    {
        using IGlyphNetwork network = GlyphData.Load(name);
        var logits = new float[36];
        float[] input = GlyphData.Set.Inputs[0];
        network.Run(input, logits);

        for (int batch = 0; batch < 5; batch++)
        {
            Assert.Equal(0, Allocation.Of(() =>
            {
                for (int i = 0; i < 1000; i++)
                    network.Run(input, logits);
            }));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void TheSamePicture_GivesTheSameBitsAgain(string name)
    {
        using IGlyphNetwork network = GlyphData.Load(name);

        // Other pictures between, so that something left in the arena would show.
        float[] first = GlyphData.Run(network, 0);
        for (int i = 1; i < 20; i++)
            GlyphData.Run(network, i);
        float[] again = GlyphData.Run(network, 0);

        Assert.True(GlyphData.SameBits(first, again));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task TwoInstancesSharingWeights_GiveTheSameBitsOnTwoThreads(string name)
    {
        (IGlyphNetwork one, IGlyphNetwork two) = Pair(name);
        using (one)
        using (two)
        {
            int count = GlyphData.Set.Inputs.Length;
            float[][] alone = Enumerable.Range(0, count).Select(i => GlyphData.Run(one, i)).ToArray();
            float[][] left = new float[count][], right = new float[count][];
            using var start = new Barrier(2);
            await Task.WhenAll(Work(one, left, i => i), Work(two, right, i => count - 1 - i));

            for (int i = 0; i < count; i++)
                Assert.True(GlyphData.SameBits(alone[i], left[i]) && GlyphData.SameBits(alone[i], right[i]), GlyphData.Set.Files[i]);

            Task Work(IGlyphNetwork network, float[][] results, Func<int, int> order) => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    for (int i = 0; i < count; i++)
                        results[order(i)] = GlyphData.Run(network, order(i));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    [Fact]
    public void RunInsideARunOfTheSameInstance_IsRefusedAndHarmless()
    {
        using ITracedNetwork network = GlyphData.LoadTraced("glyph_mobilenet_v2");
        using var other = new TracedMobileNetV2(((TracedMobileNetV2)network).Weights);
        float[] expected = GlyphData.Run(other, 0);
        float[] outer = new float[36], inner = new float[36];
        InvalidOperationException? refusal = null;

        // The observer runs in the middle of an inference, which is what a second thread would meet.
        network.Run(GlyphData.Set.Inputs[0], outer, (in TensorView _) =>
            refusal ??= Assert.Throws<InvalidOperationException>(() => network.Run(GlyphData.Set.Inputs[1], inner)));

        Assert.NotNull(refusal);
        Assert.Contains("already running", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("one instance per thread", refusal.Message, StringComparison.Ordinal);
        Assert.All(inner, v => Assert.Equal(0, v));
        Assert.True(GlyphData.SameBits(expected, outer));
        Assert.True(GlyphData.SameBits(expected, GlyphData.Run(network, 0)));
    }

    [Fact]
    public void AThrowingObserver_LeavesTheInstanceUsable()
    {
        using ITracedNetwork network = GlyphData.LoadTraced("glyph_shufflenet_v2");
        float[] expected = GlyphData.Run(network, 0);

        Assert.Throws<TimeoutException>(() => network.Run(GlyphData.Set.Inputs[0], new float[36], (in TensorView _) => throw new TimeoutException()));

        Assert.True(GlyphData.SameBits(expected, GlyphData.Run(network, 0)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ADisposedInstance_IsRefusedAndItsWeightsStayUsable(string name)
    {
        (IGlyphNetwork one, IGlyphNetwork two) = Pair(name);
        using (two)
        {
            float[] expected = GlyphData.Run(one, 0);
            one.Dispose();
            one.Dispose();

            Assert.Throws<ObjectDisposedException>(() => one.Run(GlyphData.Set.Inputs[0], new float[36]));
            Assert.True(GlyphData.SameBits(expected, GlyphData.Run(two, 0)));
        }
    }

    [Theory]
    [InlineData("input", 0, 36)]
    [InlineData("input", 1023, 36)]
    [InlineData("input", 1025, 36)]
    [InlineData("output", 1024, 0)]
    [InlineData("output", 1024, 35)]
    [InlineData("output", 1024, 37)]
    public void AWrongLength_IsRefusedByName(string parameter, int inputLength, int outputLength)
    {
        using GlyphMobileNetV2 network = GlyphMobileNetV2.Load(GlyphData.Weights("glyph_mobilenet_v2"));

        var error = Assert.Throws<ArgumentException>(parameter, () => network.Run(new float[inputLength], new float[outputLength]));

        Assert.Contains("GlyphMobileNetV2", error.Message, StringComparison.Ordinal);
        Assert.Contains(parameter == "input" ? "1024 = 32x32x1" : "36 = 1x1x36", error.Message, StringComparison.Ordinal);
        network.Run(new float[1024], new float[36]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(1023)]
    public void OverlappingInputAndOutput_AreRefused(int start)
    {
        using GlyphMobileNetV2 network = GlyphMobileNetV2.Load(GlyphData.Weights("glyph_mobilenet_v2"));
        var memory = new float[2048];

        var error = Assert.Throws<ArgumentException>("output", () => network.Run(memory.AsSpan(0, 1024), memory.AsSpan(start, 36)));
        Assert.Contains("overlap", error.Message, StringComparison.Ordinal);

        // Side by side is not overlapping.
        network.Run(memory.AsSpan(0, 1024), memory.AsSpan(1024, 36));
    }

    [Fact]
    public void WeightsOfAnotherNetwork_AreRefused()
    {
        NetworkWeights weights = GlyphShuffleNetV2.LoadWeights(GlyphData.Weights("glyph_shufflenet_v2"));

        var error = Assert.Throws<ArgumentException>(() => new GlyphMobileNetV2(weights));
        Assert.Contains("GlyphShuffleNetV2", error.Message, StringComparison.Ordinal);
        Assert.Throws<WeightsException>(() => GlyphMobileNetV2.Load(GlyphData.Weights("glyph_shufflenet_v2")));
    }

    private static (IGlyphNetwork One, IGlyphNetwork Two) Pair(string name)
    {
        if (name == "glyph_mobilenet_v2")
        {
            GlyphMobileNetV2 one = GlyphMobileNetV2.Load(GlyphData.Weights(name));
            return (one, new GlyphMobileNetV2(one.Weights));
        }

        GlyphShuffleNetV2 other = GlyphShuffleNetV2.Load(GlyphData.Weights(name));
        return (other, new GlyphShuffleNetV2(other.Weights));
    }

    [Fact]
    public void CreateRandom_IsRepeatable_AndFinite()
    {
        var first = new float[36];
        var second = new float[36];
        var other = new float[36];
        float[] input = GlyphData.Set.Inputs[0];
        using (var network = Glyphs.GlyphMobileNetV2.CreateRandom(1))
            network.Run(input, first);
        using (var network = Glyphs.GlyphMobileNetV2.CreateRandom(1))
            network.Run(input, second);
        using (var network = Glyphs.GlyphMobileNetV2.CreateRandom(2))
            network.Run(input, other);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
        Assert.True(first.Distinct().Count() > 30);
    }

    [Fact]
    public void Load_MissingFile_SaysWhereItLooked()
    {
        var missing = Assert.Throws<System.IO.FileNotFoundException>(() => Glyphs.GlyphMobileNetV2.Load("no-such-file.safetensors"));
        Assert.Contains(System.IO.Path.GetFullPath("no-such-file.safetensors"), missing.Message, StringComparison.Ordinal);
        Assert.Contains("CreateRandom", missing.Message, StringComparison.Ordinal);
    }
}
