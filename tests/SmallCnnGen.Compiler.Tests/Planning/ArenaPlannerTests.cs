using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Planning;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Planning;

using Request = ArenaPlanner.Request;

public class ArenaPlannerTests
{
    [Fact]
    public void Nothing_takes_no_memory()
    {
        (IReadOnlyList<ArenaRegion> regions, int size) = ArenaPlanner.Place([]);
        Assert.Empty(regions);
        Assert.Equal(0, size);
        Assert.Equal(0, ArenaPlanner.LowerBound([]));
    }

    [Fact]
    public void Regions_that_never_meet_share_memory() => Assert.Equal(64, Place(R(64, 0, 1), R(48, 2, 3), R(64, 4, 9)));

    [Fact]
    public void Touching_at_one_step_is_meeting() => Assert.Equal(128, Place(R(64, 0, 1), R(64, 1, 2)));

    [Fact]
    public void A_gap_is_reused_when_it_fits_exactly() =>
        // 64 between two that outlive it is free from step 2 on.
        Assert.Equal(192, Place(R(64, 0, 5), R(64, 0, 1), R(64, 0, 5), R(64, 2, 5)));

    [Fact]
    public void Several_small_regions_go_into_one_large_gap() =>
        Assert.Equal(256, Place(R(128, 0, 1), R(128, 0, 5), R(32, 2, 5), R(32, 2, 5), R(32, 2, 5), R(32, 2, 5)));

    [Fact]
    public void Odd_sizes_begin_on_boundaries()
    {
        Request[] requests = [R(1, 0, 3), R(17, 0, 3), R(33, 1, 3)];
        (IReadOnlyList<ArenaRegion> regions, int size) = ArenaPlanner.Place(requests);
        Assert.All(regions, r => Assert.Equal(0, r.Offset % 16));
        Assert.Equal(16 + 32 + 48, size);
        Assert.Equal(size, ArenaPlanner.LowerBound(requests));
    }

    [Fact]
    public void An_empty_region_costs_nothing() => Assert.Equal(64, Place(R(64, 0, 3), R(0, 0, 3)));

    [Fact]
    public void A_chain_needs_its_two_largest_neighbours() =>
        Assert.Equal(300 / 4 * 4 + 4 + 208, Place(R(100, 0, 1), R(200, 1, 2), R(300, 2, 3), R(50, 3, 4)));

    [Fact]
    public void The_result_is_in_the_order_of_the_requests()
    {
        Request[] requests = [R(16, 0, 1, "a"), R(64, 1, 2, "b"), R(32, 2, 3, "c")];
        Assert.Equal(requests.Select(r => (r.Name, r.Length, r.FirstStep, r.LastStep)), ArenaPlanner.Place(requests).Regions.Select(r => (r.Name, r.Length, r.FirstStep, r.LastStep)));
    }

    [Fact]
    public void More_than_two_gigabytes_is_refused_and_not_wrapped_around()
    {
        Request[] requests = Enumerable.Range(0, 9).Select(_ => R(1 << 28, 0, 1)).ToArray();
        Assert.Throws<OverflowException>(() => ArenaPlanner.Place(requests));
        Assert.Equal(int.MaxValue, ArenaPlanner.LowerBound(requests));
        Assert.Throws<OverflowException>(() => ArenaPlanner.Place([R(int.MaxValue, 0, 1)]));
        Assert.Equal(int.MaxValue, ArenaPlanner.LowerBound([R(int.MaxValue, 0, 1)]));
    }

    /// <summary>Sizes and lives that make greedy placement hard: powers of two, staircases, one tiny region that outlives all.</summary>
    [Fact]
    public void Random_and_adversarial_requests_never_overlap()
    {
        var random = new Random(7);
        double worst = 1;
        for (int round = 0; round < 300; round++)
        {
            Request[] requests = Enumerable.Range(0, random.Next(1, 60)).Select(i =>
            {
                int first = round % 3 == 0 ? i : random.Next(40);
                int length = (round % 4) switch { 0 => 1 << random.Next(0, 18), 1 => random.Next(0, 2000), 2 => (i + 1) * 37, _ => i % 2 == 0 ? 1 : 100_000 };
                return R(length, first, first + (random.Next(10) == 0 ? 60 : random.Next(0, 6)));
            }).ToArray();
            (IReadOnlyList<ArenaRegion> regions, int size) = ArenaPlanner.Place(requests);
            for (int i = 0; i < regions.Count; i++)
            {
                Assert.InRange(regions[i].Offset, 0, size - regions[i].Length);
                Assert.Equal(0, regions[i].Offset % 16);
                for (int j = 0; j < i; j++)
                {
                    bool meet = regions[i].FirstStep <= regions[j].LastStep && regions[j].FirstStep <= regions[i].LastStep;
                    bool overlap = regions[i].Offset < regions[j].Offset + regions[j].Length && regions[j].Offset < regions[i].Offset + regions[i].Length;
                    Assert.False(meet && overlap, $"round {round}: {regions[i]} and {regions[j]}");
                }
            }

            int bound = ArenaPlanner.LowerBound(requests);
            Assert.True(size >= bound);
            if (bound > 0)
                worst = Math.Max(worst, (double)size / bound);
        }

        // Not a promise, but a placement twice the bound would mean that gaps are not reused.
        Assert.InRange(worst, 1, 2);
    }

    private static Request R(int length, int first, int last, string name = "r") => new(name, length, first, last);

    private static int Place(params Request[] requests) => ArenaPlanner.Place(requests).Size;
}
