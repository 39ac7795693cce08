using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;
using SmallCnnGen.Runtime;
using SmallCnnGen.Testing;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>Shares are counted in memory that the arguments point to, as kernels write theirs.</summary>
public unsafe class ThreadTeamTests
{
    private const int Phases = 50;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void EveryShareRunsOnce_AndAllMeetAtEveryBarrier(int threads)
    {
        using var team = new ThreadTeam("N", threads, &Share);
        Assert.Equal(threads, team.Threads);
        var counts = stackalloc int[Phases * 8];
        var broken = 0;
        nint* arguments = stackalloc nint[] { (nint)counts, (nint)(&broken) };
        for (var run = 1; run <= 200; run++)
        {
            team.Run(arguments);
            for (var i = 0; i < Phases * threads; i++)
                Assert.Equal(run, counts[i]);
            Assert.Equal(0, broken);
        }

        // Each thread counts a phase, then looks whether the others have: a barrier that lets one through early shows.
        static void Share(ThreadTeam.Core team, nint* p, int part)
        {
            var counts = (int*)p[0];
            for (var phase = 0; phase < Phases; phase++)
            {
                var row = counts + (phase * team.Threads);
                var mine = ++row[part];
                ThreadTeam.Core.Wait(team);
                for (var i = 0; i < team.Threads; i++)
                {
                    if (Volatile.Read(ref row[i]) != mine)
                        Interlocked.Increment(ref *(int*)p[1]);
                }

                ThreadTeam.Core.Wait(team);
            }
        }
    }

    [Fact]
    public void AnIdleTeam_Sleeps_AndWakes()
    {
        using var team = new ThreadTeam("N", 3, &Count);
        var count = 0;
        nint* arguments = stackalloc nint[] { (nint)(&count) };
        for (var run = 1; run <= 3; run++)
        {
            team.Run(arguments);
            Assert.Equal(3 * run, count);
            var patience = Stopwatch.StartNew();
            while (team.Sleeping < 2 && patience.Elapsed < TimeSpan.FromSeconds(30))
                Thread.Sleep(1);
            Assert.Equal(2, team.Sleeping);
        }
    }

    [Fact]
    public void ARun_AllocatesNothing()
    {
        using var team = new ThreadTeam("N", 2, &Count);
        var count = 0;
        nint* arguments = stackalloc nint[] { (nint)(&count) };
        team.Run(arguments);
        Thread.Sleep(20);
        team.Run(arguments);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                team.Run(arguments);
        }));
        Assert.Equal(4, count % 2000);
    }

    [Fact]
    public void DisposedOrForgotten_TheWorkersEnd()
    {
        var workers = new System.Collections.Generic.List<Thread>();
        Use(workers, dispose: true);
        Use(workers, dispose: false);
        Assert.Equal(4, workers.Count);
        var patience = Stopwatch.StartNew();
        while (workers.Exists(w => w.IsAlive) && patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(5);
        }

        Assert.DoesNotContain(workers, w => w.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Use(System.Collections.Generic.List<Thread> workers, bool dispose)
        {
            var team = new ThreadTeam("N", 3, &Count);
            var count = 0;
            nint* arguments = stackalloc nint[] { (nint)(&count) };
            team.Run(arguments);
            workers.AddRange(team.Workers.ToArray());
            if (dispose)
                team.Dispose();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65)]
    public void SensibleNumbersOnly(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam("N", threads, &Count));

    private static void Count(ThreadTeam.Core team, nint* p, int part) => Interlocked.Increment(ref *(int*)p[0]);
}
