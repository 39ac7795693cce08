using System;
using System.Threading;
using SmallCnnGen.Testing;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class NetworkInstanceTests
{
    private static NetworkWeights Weights(string network = "TinyNet", ulong fingerprint = 0x1234) =>
        new WeightBinder(network, fingerprint, 16, TestFile.Parse()).Finish();

    private static NetworkInstance Instance(int arena = 100) => new(Weights(), "TinyNet", 0x1234, arena, 128);

    [Fact]
    public unsafe void ArenaIsAlignedZeroedWritableAndStays()
    {
        foreach (var floats in new[] { 0, 1, 15, 16, 17, 1000, 100_003 })
        {
            using var instance = Instance(floats);
            Assert.Equal(floats, instance.Arena.Length);
            if (floats == 0)
                continue;
            Assert.True(instance.Arena.IndexOfAnyExcept(0f) < 0);
            fixed (float* p = instance.Arena)
            {
                Assert.Equal(0U, (nuint)p % 64);

                // 16 floats of slack belong to the same array on both sides
                for (var i = -16; i < 0; i++)
                    p[i] = 1;
                for (var i = 0; i < 16; i++)
                    p[floats + i] = 1;
                Assert.True(instance.Arena.IndexOfAnyExcept(0f) < 0);
                GC.Collect();
                Assert.True(p == System.Runtime.CompilerServices.Unsafe.AsPointer(ref instance.Arena[0]));
            }
        }
    }

    [Fact]
    public void WeightsOfAnotherNetworkAreRefused()
    {
        var other = Weights("OtherNet", 0xBEEF);
        var e = Assert.Throws<ArgumentException>(() => new NetworkInstance(other, "TinyNet", 0x1234, 16, 128));
        Assert.Contains("SCNN3007 the weights were packed for network OtherNet (fingerprint 000000000000beef), not for TinyNet (fingerprint 0000000000001234): load the weights with the type that runs them.", e.Message);
        Assert.Equal("weights", e.ParamName);
        e = Assert.Throws<ArgumentException>(() => new NetworkInstance(Weights("TinyNet", 1), "TinyNet", 2, 16, 128));
        Assert.Contains("they were packed by another build of it; load the weights file again", e.Message);
        e = Assert.Throws<ArgumentException>(() => new NetworkInstance(Weights("OtherNet", 2), "TinyNet", 2, 16, 128));
        Assert.Contains("OtherNet", e.Message);
        Assert.Throws<ArgumentNullException>(() => new NetworkInstance(null!, "TinyNet", 2, 16, 128));
        Assert.Throws<ArgumentOutOfRangeException>(() => Instance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Instance(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkInstance(Weights(), "TinyNet", 0x1234, 16, 64));
    }

    [Fact]
    public void WeightsAreShared()
    {
        var weights = Weights();
        using var a = new NetworkInstance(weights, "TinyNet", 0x1234, 16, 128);
        using var b = new NetworkInstance(weights, "TinyNet", 0x1234, 16, 128);
        Assert.Same(weights, a.Weights);
        Assert.Same(a.Weights, b.Weights);
        a.Enter();
        b.Enter();
        a.Arena[0] = 1;
        Assert.Equal(0, b.Arena[0]);
    }

    [Fact]
    public void OneInferenceAtATime()
    {
        using var instance = Instance();
        instance.Enter();
        Exception? seen = null;
        var thread = new Thread(() => seen = Record.Exception(instance.Enter));
        thread.Start();
        thread.Join();
        var e = Assert.IsType<InvalidOperationException>(seen);
        Assert.Contains("This instance of TinyNet is already running: one instance runs one inference at a time.", e.Message);
        Assert.Contains("one instance per thread from the same Weights", e.Message);
        instance.Exit();
        instance.Enter();
        instance.Exit();
    }

    [Fact]
    public void DisposedStaysDisposed()
    {
        var instance = Instance();
        instance.Enter();
        instance.Dispose();

        // the inference that was running ends; that must not bring the instance back
        instance.Exit();
        Assert.Contains("TinyNet", Assert.Throws<ObjectDisposedException>(instance.Enter).Message);
        Assert.Throws<ObjectDisposedException>(() => instance.Arena.Length);
        instance.Dispose();
        Assert.NotNull(instance.Weights);
    }

    [Fact]
    public void EnterAndExitAllocateNothing()
    {
        using var instance = Instance();
        instance.Enter();
        instance.Exit();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                instance.Enter();
                instance.Arena[0] += 1;
                instance.Exit();
            }
        }));
    }

    [Fact]
    public void OnlyOneOfManyThreadsIsInside()
    {
        using var instance = Instance();
        int inside = 0, most = 0, entered = 0;
        var threads = new Thread[4];
        for (var t = 0; t < threads.Length; t++)
        {
            threads[t] = new Thread(() =>
            {
                for (var i = 0; i < 500; i++)
                {
                    try
                    {
                        instance.Enter();
                    }
                    catch (InvalidOperationException)
                    {
                        continue;
                    }

                    var now = Interlocked.Increment(ref inside);
                    if (now > Volatile.Read(ref most))
                        Volatile.Write(ref most, now);
                    Interlocked.Increment(ref entered);
                    Interlocked.Decrement(ref inside);
                    instance.Exit();
                }
            });
        }

        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(1, most);
        Assert.True(entered > 0);
    }
}
