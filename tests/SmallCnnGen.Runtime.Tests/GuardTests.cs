using System;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class GuardTests
{
    [Fact]
    public void Length()
    {
        Guard.Length("input", 150528, 150528, "224x224x3");
        var e = Assert.Throws<ArgumentException>(() => Guard.Length("input", 3, 150528, "224x224x3", "MobileNet"));
        Assert.StartsWith("input has 3 floats; MobileNet expects 150528 = 224x224x3 in HWC order", e.Message);
        Assert.Equal("input", e.ParamName);
        e = Assert.Throws<ArgumentException>(() => Guard.Length("output", 1, 10, "1x1x10 in HWC order"));
        Assert.StartsWith("output has 1 float; the network expects 10 = 1x1x10 in HWC order (", e.Message);
    }

    [Fact]
    public void NoOverlap()
    {
        var buffer = new float[20];
        Guard.NoOverlap(buffer.AsSpan(0, 10), buffer.AsSpan(10, 10));
        Guard.NoOverlap(buffer.AsSpan(0, 10), default);
        Assert.Contains("input and output overlap", Assert.Throws<ArgumentException>(() => Guard.NoOverlap(buffer.AsSpan(0, 11), buffer.AsSpan(10, 10))).Message);
        Assert.Throws<ArgumentException>(() => Guard.NoOverlap(buffer, buffer));
    }

    [Fact]
    public void VectorSupportAgreesWithTheMachine()
    {
        void Check(int bits, bool supported)
        {
            var e = Record.Exception(() => Guard.VectorSupport("TinyNet", bits));
            if (supported)
                Assert.Null(e);
            else
                Assert.Equal(Guard.VectorSupportMessage("TinyNet", bits), Assert.IsType<PlatformNotSupportedException>(e).Message);
        }

        Check(128, Vector128.IsHardwareAccelerated);
        Check(256, Vector256.IsHardwareAccelerated && Fma.IsSupported);
        Check(512, Vector512.IsHardwareAccelerated && Avx512F.IsSupported);
        Assert.Throws<ArgumentOutOfRangeException>(() => Guard.VectorSupport("TinyNet", 100));
    }

    [Fact]
    public void VectorMessagesSayWhatToDo()
    {
        var message = Guard.VectorSupportMessage("TinyNet", 256);
        Assert.Contains("Network TinyNet was compiled for 256-bit vectors (AVX2 and FMA)", message);
        Assert.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", message);
        Assert.Contains("VectorBits = 128 on [Network]", message);
        message = Guard.VectorSupportMessage("TinyNet", 512);
        Assert.Contains("Network TinyNet was compiled for 512-bit vectors (AVX-512)", message);
        Assert.Contains("<IlcInstructionSet>x86-64-v4</IlcInstructionSet>", message);
        Assert.Contains("VectorBits = 256 on [Network]", message);
        Assert.Contains("TinyNet needs 128-bit vectors", Guard.VectorSupportMessage("TinyNet", 128));
    }
}
