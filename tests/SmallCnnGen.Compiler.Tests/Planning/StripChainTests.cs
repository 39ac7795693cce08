using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Kernels.Depthwise;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Tooling;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Planning;

/// <summary>The schedule is played through with a set of rows for each buffer: whatever a kernel reads must be there.</summary>
public class StripChainTests
{
    public static TheoryData<int, int, int, int, int> Cases()
    {
        // Height, rows in a strip, kernel and stride of the middle, kernel of the last.
        var data = new TheoryData<int, int, int, int, int>();
        foreach (int height in new[] { 1, 2, 5, 13, 28, 112 })
        {
            foreach (int rows in new[] { 1, 2, 8 })
            {
                data.Add(height, rows, 3, 1, 1);
                data.Add(height, rows, 3, 2, 3);
                data.Add(height, rows, 5, 2, 1);
                data.Add(height, rows, 1, 3, 5);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_row_is_computed_once_from_rows_that_are_there(int height, int rows, int kernel, int stride, int last)
    {
        (KernelSpec Kernel, Window Window, int InputHeight, int Height)[] layers =
        [
            Layer(height, 3, 1, depthwise: false),
            Layer(height, kernel, stride, depthwise: true),
            Layer(Out(height, kernel, stride), last, 1, depthwise: false),
        ];
        StripChain chain = StripChain.Schedule(0, layers, rows);
        Assert.Equal((height + rows - 1) / rows, chain.StripCount);
        Assert.Equal(chain.StripCount * chain.Columns, chain.Table.Count);

        var done = new int[3];
        var buffers = new List<int>[] { [], [] };
        for (int strip = 0; strip < chain.StripCount; strip++)
        {
            int at = strip * chain.Columns;
            for (int k = 0; k < 3; k++)
            {
                (KernelSpec spec, Window window, int inputHeight, _) = layers[k];
                int from = chain.Table[at + (2 * k)], to = chain.Table[at + (2 * k) + 1];
                Assert.Equal(done[k], from);
                if (k < 2)
                {
                    // Rows are moved to the front before the kernel writes behind them.
                    int column = at + 6 + (3 * k), shift = chain.Table[column], keep = chain.Table[column + 1], first = chain.Table[column + 2];
                    List<int> kept = buffers[k].Skip(shift).Take(keep).ToList();
                    Assert.Equal(keep, kept.Count);
                    Assert.All(kept.Select((row, i) => (row, i)), p => Assert.Equal(first + p.i, p.row));
                    kept.AddRange(Enumerable.Range(spec.RowsAfter(from), spec.RowsAfter(to) - spec.RowsAfter(from)));
                    Assert.True(kept.Count <= chain.BufferRows[k], "the buffer overflows");
                    if (kept.Count > 0)
                        Assert.Equal(first, kept[0]);
                    buffers[k] = kept;
                }

                for (int row = spec.RowsAfter(from); k > 0 && row < spec.RowsAfter(to); row++)
                {
                    for (int tap = 0; tap < window.Kernel.Y; tap++)
                    {
                        int input = (row * window.Stride.Y) - window.Padding.Top + tap;
                        if (input >= 0 && input < inputHeight)
                            Assert.Contains(input, buffers[k - 1]);
                    }
                }

                done[k] = to;
            }
        }

        Assert.Equal(layers.Select(l => l.Kernel.Units), done);
    }

    [Fact]
    public void Large_maps_of_MobileNetV2_exist_as_rows_only()
    {
        Graph graph = CompileGraph(typeof(MobileNetV2));
        Plan whole = Planner.Create(graph, new NetworkOptions(0, 0, 0, Strips: StripUse.Never))[0];
        Plan faster = Planner.Create(graph, new NetworkOptions(0, 0, 0))[0];
        Plan small = Planner.Create(graph, new NetworkOptions(0, 0, 0, Strips: StripUse.SmallArena))[0];
        Assert.True(faster.ArenaFloats * 3 < whole.ArenaFloats, $"{faster.ArenaFloats} of {whole.ArenaFloats} floats");
        Assert.True(small.ArenaFloats <= faster.ArenaFloats, $"{small.ArenaFloats} of {faster.ArenaFloats} floats");
        Assert.Equal(whole.ArenaLowerBound, faster.WholeMapsLowerBound);
        Assert.True(faster.ArenaFloats >= faster.ArenaLowerBound);
        Assert.Contains(faster.Steps, s => s.Chain is not null);
        Assert.All(faster.Steps.Where(s => s.Chain is not null), s => Assert.True(s.Kernel.IsStrip));
        Assert.DoesNotContain(whole.Steps, s => s.Chain is not null || s.Kernel.IsStrip);

        // The same weights, packed as the kernels that read them expect.
        Assert.Equal(whole.Tensors, faster.Tensors);
    }

    [Fact]
    public void Threads_share_whole_maps()
    {
        Graph graph = CompileGraph(typeof(MobileNetV2));
        Plan plan = Planner.Create(graph, new NetworkOptions(0, 0, 0, Threads: 2))[0];
        Assert.DoesNotContain(plan.Steps, s => s.Chain is not null);
        Assert.Contains(plan.Steps, s => s.Kernel.IsSplit);
    }

    private static Graph CompileGraph(Type network)
    {
        Graph? graph = NetworkCase.TryExpand(ReflectionSpecReader.Read(network), out _);
        return PassPipeline.Run(graph!);
    }

    private static int Out(int height, int kernel, int stride) => ((height + (2 * (kernel / 2)) - kernel) / stride) + 1;

    private static (KernelSpec Kernel, Window Window, int InputHeight, int Height) Layer(int height, int kernel, int stride, bool depthwise)
    {
        var window = new Window(new Pair(kernel, kernel), new Pair(stride, stride), new Sides(kernel / 2, kernel / 2, kernel / 2, kernel / 2), new Pair(1, 1));
        int outHeight = Out(height, kernel, stride);
        var input = new TensorRef(height, 16, 32, 32);
        var output = new TensorRef(outHeight, Out(16, kernel, stride), 32, 32);
        KernelSpec spec = depthwise ? new DepthwiseKernel(256, input, output, window, default) : new ConvKernel(256, input, output, window, 1, default);
        return (spec with { IsSplit = true, IsStrip = true }, window, height, outHeight);
    }
}
