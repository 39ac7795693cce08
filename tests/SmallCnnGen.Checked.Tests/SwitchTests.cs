using System;
using Xunit;

namespace SmallCnnGen.Checked.Tests;

/// <summary>That this project is what it says: without the switch everything else here would prove nothing.</summary>
public class SwitchTests
{
    [Fact]
    public void Arithmetic_is_checked()
    {
        int most = int.MaxValue;
        Assert.Throws<OverflowException>(() => most + 1);
        Assert.Same(typeof(SwitchTests).Assembly, typeof(SafetensorsFile).Assembly);
        Assert.Same(typeof(SwitchTests).Assembly, typeof(Glyphs.GlyphMobileNetV2).Assembly);
    }

    [Fact]
    public unsafe void And_a_pointer_less_something_overflows()
    {
        float* x = stackalloc float[8];
        nint address = (nint)(x + 8);
        int back = -1;
        Assert.Throws<OverflowException>(() => (nint)((float*)address + back));
    }
}
