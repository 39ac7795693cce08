using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>The host compiles as a build does, and hides nothing.</summary>
public sealed class GeneratorHostTests
{
    [Fact]
    public void Load_RunsCode_AgainstTheSameSmallCnnGen()
    {
        using var loaded = GeneratorHost.Run("public class C { public static object Get() => new SmallCnnGen.SoftmaxAttribute(); }").Load();
        object value = loaded.GetType("C").GetMethod("Get")!.Invoke(null, null)!;
        Assert.IsType<SoftmaxAttribute>(value);
    }

    [Fact]
    public void Warnings_AreReported()
    {
        var result = GeneratorHost.Run("class C { void M() { int x; } }");
        Assert.Equal("CS0168", Assert.Single(result.Diagnostics).Id);
        string message = Assert.Throws<InvalidOperationException>(result.EnsureClean).Message;
        Assert.Contains(">     1: class C", message);
    }

    [Fact]
    public void Errors_StopEmit()
    {
        var result = GeneratorHost.Run("class C { undefined x; }");
        Assert.Contains("CS0246", Assert.Throws<InvalidOperationException>(() => result.Emit(new MemoryStream())).Message);
    }

    [Fact]
    public void HostedCode_DoesNotSeeTheTestsOwnReferences()
    {
        var result = GeneratorHost.Run("using Xunit; class C;");
        Assert.Contains(result.Diagnostics, d => d.Id == "CS0246");
    }

    [Fact]
    public void SameInput_SameBytes()
    {
        byte[] Compile()
        {
            using var stream = new MemoryStream();
            GeneratorHost.Run("public class C { }").Emit(stream);
            return stream.ToArray();
        }

        Assert.Equal(Compile(), Compile());
    }

    [Fact]
    public void Resources_AreEmbedded()
    {
        using var loaded = GeneratorHost.Run("public class C { }").Load(
            [new ResourceDescription("weights", () => new MemoryStream([1, 2, 3]), isPublic: true)]);
        using var stream = loaded.Assembly.GetManifestResourceStream("weights")!;
        Assert.Equal(3, stream.Length);
    }

    [Fact]
    public void Disposed_IsUnloaded()
    {
        var reference = LoadAndDispose();
        for (int i = 0; i < 20 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reference.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadAndDispose()
    {
        using var loaded = GeneratorHost.Run("public class C { }").Load();
        return new WeakReference(loaded.Assembly);
    }
}
