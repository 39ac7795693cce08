using SmallCnnGen.Compiler.Declaration;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class ChannelRoundingTests
{
    // MobileNet V2's table at the widths torchvision and the paper publish.
    [Theory]
    [InlineData(32, 0.75, 8, 24)]
    [InlineData(16, 0.75, 8, 16)]
    [InlineData(24, 0.75, 8, 24)]
    [InlineData(96, 0.35, 8, 32)]
    [InlineData(32, 0.35, 8, 16)]
    [InlineData(16, 0.35, 8, 8)]
    [InlineData(320, 1.4, 8, 448)]
    [InlineData(1280, 1.4, 8, 1792)]
    [InlineData(24, 1.4, 8, 32)]
    [InlineData(10, 0.5, 1, 5)]
    [InlineData(11, 0.5, 1, 6)]
    [InlineData(5, 1.0, 8, 5)]
    public void Scale_FollowsTheReferenceRule(long channels, double multiplier, int divisor, long expected) =>
        Assert.Equal(expected, ChannelRounding.Scale(channels, multiplier, divisor));
}
