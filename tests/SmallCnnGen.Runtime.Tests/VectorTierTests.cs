using System;
using System.Runtime.Intrinsics;
using SmallCnnGen.Runtime;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public class VectorTierTests
{
    private static int Widest => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void TheWidestSupported_IsChosen(string? asked)
    {
        Assert.Equal(Widest, VectorTier.Choose("N", 128 | 256 | 512, asked));
        Assert.Equal(Math.Min(Widest, 256), VectorTier.Choose("N", 128 | 256, asked));
        Assert.Equal(128, VectorTier.Choose("N", 128, asked));
    }

    [Fact]
    public void TheEnvironment_MayAskForLess()
    {
        Assert.Equal(128, VectorTier.Choose("N", 128 | 256 | 512, " 128 "));
        if (Widest >= 256)
            Assert.Equal(256, VectorTier.Choose("N", 256 | 512, "256"));
    }

    [Theory]
    [InlineData("128", 256 | 512, "256 and 512 bits")]
    [InlineData("64", 128 | 256 | 512, "128 and 256 and 512 bits")]
    [InlineData("wide", 128 | 256, "128 and 256 bits")]
    public void AWidthItWasNotCompiledFor_IsRefusedByName(string asked, int compiled, string named)
    {
        var e = Assert.Throws<PlatformNotSupportedException>(() => VectorTier.Choose("TinyNet", compiled, asked));
        Assert.Contains(VectorTier.Variable, e.Message, StringComparison.Ordinal);
        Assert.Contains("TinyNet", e.Message, StringComparison.Ordinal);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }
}
