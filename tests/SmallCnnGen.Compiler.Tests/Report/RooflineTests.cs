using System.Linq;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Report;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Report;

/// <summary>The roofline, by hand.</summary>
public sealed class RooflineTests
{
    [Theory]
    [InlineData(128, 16)]
    [InlineData(256, 32)]
    [InlineData(512, 64)]
    public void Peak_IsTwoMultiplyAddsOfEveryLane(int bits, double peak) => Assert.Equal(peak, new Roofline(bits).PeakPerCycle);

    [Fact]
    public void Pointwise_ByHand()
    {
        // 28 x 28 x 64 to 64: 3.2 M multiply-adds; 200704 bytes in and out each, 64 * 64 weights and 64 biases.
        ReportStep step = Step(28, 64, 64, 1);
        Assert.Equal(28 * 28 * 64 * 64, step.MultiplyAdds);
        Assert.Equal((200704, 200704, 65 * 64 * 4), (step.ReadBytes, step.WrittenBytes, step.WeightBytes));

        var roofline = new Roofline(256);
        Assert.Equal(2.0 * step.MultiplyAdds / step.Bytes, Roofline.Intensity(step), 12);
        Assert.Equal(Limit.Compute, roofline.LimitOf(step));
        Assert.Equal(2.0 * step.MultiplyAdds / 32, roofline.Cycles(step), 6);
        Assert.Equal(32, roofline.Attainable(step));
    }

    [Fact]
    public void Depthwise_InTheCache_IsLimitedByIt()
    {
        ReportStep step = Step(14, 32, 32, 2, depthwise: true);
        var roofline = new Roofline(512);

        Assert.InRange(step.Bytes, 1, Roofline.CacheBytes);
        Assert.Equal(Limit.Cache, roofline.LimitOf(step));
        Assert.Equal(step.Bytes / Roofline.CacheBytesPerCycle, roofline.Cycles(step), 6);
    }

    [Fact]
    public void Depthwise_BeyondTheCache_IsLimitedByMemory()
    {
        ReportStep step = Step(112, 64, 64, 3, depthwise: true, StripUse.Never);
        var roofline = new Roofline(256);

        Assert.True(step.Bytes > Roofline.CacheBytes);
        Assert.Equal(Limit.Memory, roofline.LimitOf(step));
        Assert.Equal(Roofline.Intensity(step) * Roofline.MemoryBytesPerCycle, roofline.Attainable(step), 9);
    }

    [Fact]
    public void Strips_PassResultsOn_WithoutMemory()
    {
        ReportStep step = Step(112, 64, 64, 3, depthwise: true, StripUse.Everywhere);

        Assert.True(step.IsInStrips);
        Assert.True(step.Bytes > Roofline.CacheBytes);

        // It is the first of its chain: what it reads comes from far, what it writes stays near.
        Assert.Equal(step.ReadBytes, step.FarBytes);
        Assert.Equal((step.ReadBytes / 4.0) + ((step.WrittenBytes + step.WeightBytes) / 32.0), Roofline.TransferCycles(step), 6);
    }

    /// <summary>The middle one of three layers, whose maps lie in the arena.</summary>
    private static ReportStep Step(int size, int input, int output, int kernel, bool depthwise = false, StripUse? strips = null)
    {
        var builder = new SpecBuilder(size, size, 3).Options(o => strips is { } use ? o with { Strips = use } : o).Layer("Conv", ("channels", input));
        builder = depthwise ? builder.Layer("DepthwiseConv", ("Kernel", kernel), ("Name", "it")) : builder.Layer("Conv", ("channels", output), ("Kernel", kernel), ("Name", "it"));
        return NetworkReport.Create(builder.Layer("Conv", ("channels", 4)).Build(), new FindingList())!.Steps.Single(s => s.Name == "it");
    }
}
