using System;
using System.Buffers;
using System.Reflection;
using Glyphs;
using SmallCnnGen.Runtime;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>A generated network writes its output and its arena, and nothing beside them.</summary>
public class MemoryBoundsTests
{
    private const float Canary = -12345.678f;

    /// <summary>A network, and whether its kernels are 128 bits wide.</summary>
    public static TheoryData<string, bool> Networks { get; } = new()
    {
        { "glyph_mobilenet_v2", false },
        { "glyph_shufflenet_v2", false },
        { "glyph_mobilenet_v2", true },
        { "glyph_shufflenet_v2", true },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void FloatsAroundTheOutput_AndTheInput_StayAsTheyAre(string name, bool narrow)
    {
        using IGlyphNetwork network = Load(name, narrow);
        float[] expected = GlyphData.Run(network, 5);
        float[] input = GlyphData.Set.Inputs[5], copy = (float[])input.Clone();

        // All alignments within a vector.
        for (int start = 64; start < 80; start++)
        {
            var memory = new float[200];
            Array.Fill(memory, Canary);
            network.Run(input, memory.AsSpan(start, 36));

            Assert.True(GlyphData.SameBits(expected, memory[start..(start + 36)]));
            Assert.All(memory[..start], v => Assert.Equal(Canary, v));
            Assert.All(memory[(start + 36)..], v => Assert.Equal(Canary, v));
        }

        Assert.True(GlyphData.SameBits(copy, input));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void FloatsAroundTheArena_StayAsTheyAre(string name, bool narrow)
    {
        using IGlyphNetwork network = Load(name, narrow);
        object instance = Field(network.GetType(), "_networkInstance").GetValue(network)!;
        var array = (float[])Field(typeof(NetworkInstance), "_array").GetValue(instance)!;
        int start = (int)Field(typeof(NetworkInstance), "_start").GetValue(instance)!;
        int length = (int)Field(typeof(NetworkInstance), "_length").GetValue(instance)!;
        Assert.True(start >= 16 && array.Length - start - length >= 16);
        array.AsSpan(0, start).Fill(Canary);
        array.AsSpan(start + length).Fill(Canary);

        // NaN inside: a kernel that reads what no layer wrote shows in the result.
        float[] expected = GlyphData.Run(network, 7);
        array.AsSpan(start, length).Fill(float.NaN);
        float[] result = GlyphData.Run(network, 7);

        Assert.True(GlyphData.SameBits(expected, result));
        Assert.Equal(-1, array.AsSpan(0, start).IndexOfAnyExcept(Canary));
        Assert.Equal(-1, array.AsSpan(start + length).IndexOfAnyExcept(Canary));
    }

    [LinuxTheory]
    [InlineData("glyph_mobilenet_v2", false, true)]
    [InlineData("glyph_mobilenet_v2", false, false)]
    [InlineData("glyph_shufflenet_v2", false, true)]
    [InlineData("glyph_shufflenet_v2", false, false)]
    [InlineData("glyph_mobilenet_v2", true, true)]
    [InlineData("glyph_mobilenet_v2", true, false)]
    [InlineData("glyph_shufflenet_v2", true, true)]
    [InlineData("glyph_shufflenet_v2", true, false)]
    public void InputAndOutput_MayLieAtTheEdgeOfMemory(string name, bool narrow, bool atEnd)
    {
        using IGlyphNetwork network = Load(name, narrow);
        float[] expected = GlyphData.Run(network, 9);
        using IMemoryOwner<float> input = new GuardedFloats(1024, atEnd), output = new GuardedFloats(36, atEnd);
        GlyphData.Set.Inputs[9].CopyTo(input.Memory.Span);

        network.Run(input.Memory.Span, output.Memory.Span);

        Assert.True(GlyphData.SameBits(expected, output.Memory.ToArray()));
    }

    private static IGlyphNetwork Load(string name, bool narrow) => narrow ? GlyphData.LoadNarrow(name) : GlyphData.Load(name);

    private static FieldInfo Field(Type type, string name) =>
        type.GetField(name, BindingFlags.NonPublic | BindingFlags.Instance) ?? throw new MissingFieldException(type.Name, name);
}
