using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Kernels.Winograd;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Runtime;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>
/// What <see cref="OwnershipCheck"/> relies on, looked at in real kernels: every unit of every kernel that threads can share
/// runs alone, on memory whose contents tell who wrote what. No luck with timing is needed to see a race here.
/// </summary>
public class OwnershipTests
{
    /// <summary>Networks of each kind: two, or what SCNN_OWNERSHIP_CASES says.</summary>
    private static readonly int s_seeds = int.TryParse(Environment.GetEnvironmentVariable("SCNN_OWNERSHIP_CASES"), out int n) ? n : 2;

    private const int CanaryA = 0x5A5A5A5A, CanaryB = 0x3C3C3C3C;

    [Fact]
    public void No_two_units_write_the_same_element_but_the_last_two_where_the_kernel_says_so()
    {
        int[] widths = CompiledNetworks.Widths;
        NetworkCase[] cases = SharedLayers.Kinds.SelectMany((kind, k) => Enumerable.Range(0, s_seeds).Select(seed => SharedLayers.Make(kind, seed, widths[(k + seed) % widths.Length], 4))).ToArray();
        using CompiledNetworks compiled = CompiledNetworks.Compile(cases);
        int units = 0, overlapping = 0;
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (NetworkCase one in cases)
        {
            Graph graph = one.Expand();
            float[] packed = compiled.Packed(one, new GraphWeights(graph));
            foreach (Step step in Planner.Create(PassPipeline.Run(graph), one.Spec.Options)[0].Steps.Where(s => s.Kernel.IsSplit))
            {
                new Units(compiled.Kernel(step.Kernel.Name, one), step, packed).Check(one.Declaration);
                units += step.Kernel.Units;
                overlapping += step.Kernel.LastUnitsOverlap ? 1 : 0;
                kinds.Add(step.Kernel.GetType().Name + " by " + step.Kernel.UnitName);
            }
        }

        Assert.True(units > 500 && overlapping >= 6, $"{units} units, {overlapping} kernels whose last two overlap");
        string[] expected =
        [
            "AdaptivePoolKernel by groups of channels", "AdaptivePoolKernel by rows", "ConvKernel by panels of weights", "ConvKernel by rows", "ConvKernel by tiles of pixels",
            "DepthwiseKernel by rows of tiles", "ElementwiseKernel by rows", "LocalResponseNormKernel by pixels", "PoolKernel by rows", "SoftmaxKernel by pixels",
            "WinogradKernel by groups of tiles", "WinogradKernel by panels",
        ];
        Assert.Empty(expected.Except(kinds));
    }

    /// <summary>The expression in generated code and the compiler's own cut agree, and no cut separates the last two units.</summary>
    [Fact]
    public void Cuts_keep_the_last_two_units_together()
    {
        KernelSpec kernel = SharedLayers.Kinds.Take(1).SelectMany(kind => Enumerable.Range(0, 50).Select(seed => SharedLayers.Make(kind, seed, 128, 8)))
            .SelectMany(c => Planner.Create(PassPipeline.Run(c.Expand()), c.Spec.Options)[0].Steps).Select(s => s.Kernel).First(k => k.LastUnitsOverlap);
        for (int parts = 1; parts <= 64; parts++)
        {
            int before = 0;
            for (int part = 0; part <= parts; part++)
            {
                int cut = ThreadTeam.Core.Cut(kernel.Units, part, parts);
                Assert.Equal(kernel.Cut(part, parts), cut);
                Assert.NotEqual(kernel.Units - 1, cut);
                Assert.InRange(cut, before, kernel.Units);
                before = cut;
            }

            Assert.Equal(kernel.Units, before);
        }
    }

    [Fact]
    public void Kernels_whose_units_meet_are_refused()
    {
        var map = new TensorRef(4, 4, 8, 8);
        OwnershipCheck.CheckKernel(new Fake(map, u => UnitSpan.Rows(map, u, u + 1)), 8);
        Assert.Contains("unit 0 writes", Refused(u => UnitSpan.Rows(map, u, Math.Min(4, u + 2))), StringComparison.Ordinal);
        Assert.Contains("unit 2 writes", Refused(u => u < 3 ? UnitSpan.Rows(map, u, u + 1) : new UnitSpan(UnitAxis.Pixels, 13, 16, 16)), StringComparison.Ordinal);
        Assert.Contains("cover 0 to 12 of 16", Refused(u => UnitSpan.Rows(map, Math.Min(u, 2), Math.Min(u, 2) + 1)), StringComparison.Ordinal);

        string Refused(Func<int, UnitSpan> writes) => Assert.Throws<InvalidOperationException>(() => OwnershipCheck.CheckKernel(new Fake(map, writes), 2)).Message;
    }

    private sealed record Fake(TensorRef Map, Func<int, UnitSpan> Spans) : KernelSpec(128)
    {
        public override string Name => "Fake";

        public override int Units => Map.Height;

        public override UnitSpan Writes(int unit) => Spans(unit);

        public override IEnumerable<string> Describe() => [];

        public override void Emit(Compiler.Emit.CodeWriter writer, string method) => throw new NotSupportedException();
    }

    /// <summary>A kernel's units, run one at a time.</summary>
    private sealed unsafe class Units
    {
        private readonly MethodInfo _method;
        private readonly Step _step;
        private readonly float[][] _maps;
        private readonly float[] _weights;
        private readonly int[] _channels;
        private readonly int _inputs;

        public Units(MethodInfo method, Step step, float[] packed)
        {
            (_method, _step) = (method, step);
            var random = new Random(1);
            float[] Random(long length) => Enumerable.Range(0, (int)length).Select(_ => (float)(random.NextDouble() - 0.4)).ToArray();
            _channels = step.Inputs[0].Channels.ToArray();
            var maps = step.Inputs.Select(i => Random(((long)i.Tensor.Pixels * i.Tensor.Pitch) + (i.Channels.Count > 0 ? i.Channels.Max() : 0) + 16)).ToList();
            _inputs = maps.Count;
            maps.Add(new float[step.Output.Tensor.Pixels * step.Output.Tensor.Pitch]);
            if (step.Kernel.HasRowMeans)
                maps.Add(new float[step.Output.Tensor.Height * step.Output.Tensor.Channels]);
            _maps = maps.ToArray();

            // As the network packs them: panels that overlap hold the same weights twice.
            _weights = step.WeightOffset < 0 ? [] : packed[step.WeightOffset..(step.WeightOffset + (int)step.Kernel.WeightFloats)];
        }

        public void Check(string declaration)
        {
            KernelSpec kernel = _step.Kernel;
            OwnershipCheck.CheckKernel(kernel, 64);
            float[][] whole = Run(0, kernel.Units, CanaryA), before = Contents(CanaryA);
            int[][] owners = whole.Select(m => Enumerable.Repeat(-1, m.Length).ToArray()).ToArray();
            for (int unit = 0; unit < kernel.Units; unit++)
            {
                float[][] a = Run(unit, unit + 1, CanaryA), b = Run(unit, unit + 1, CanaryB);
                UnitSpan span = kernel.Writes(unit);
                for (int map = 0; map < a.Length; map++)
                {
                    for (int i = 0; i < a[map].Length; i++)
                    {
                        int bits = Bits(a[map][i]), otherwise = Bits(b[map][i]);
                        if (map >= _inputs ? bits == CanaryA && otherwise == CanaryB : bits == Bits(before[map][i]))
                            continue;
                        bool may = owners[map][i] < 0 || (kernel.LastUnitsOverlap && unit == kernel.Units - 1 && owners[map][i] == unit - 1);
                        string? wrong = bits != otherwise ? "what it writes depends on what stood there before"
                            : bits != Bits(whole[map][i]) ? "other bits than all units together"
                            : !may ? $"unit {owners[map][i]} writes it too"
                            : map == _inputs && !Holds(span, i) ? $"outside {span}" : null;
                        if (wrong is not null)
                            Assert.Fail($"{wrong}: {kernel.Name}, unit {unit} of {kernel.Units}, map {map}, element {i}\n{declaration}");
                        owners[map][i] = unit;
                    }
                }
            }

            for (int map = 0; map < owners.Length; map++)
            {
                for (int i = 0; i < owners[map].Length; i++)
                {
                    if (owners[map][i] < 0 && Bits(whole[map][i]) != Bits(before[map][i]))
                        Assert.Fail($"no unit writes element {i} of map {map}: {kernel.Name}\n{declaration}");
                }
            }
        }

        /// <summary>Whether an element of the output lies in a unit's span.</summary>
        private bool Holds(UnitSpan span, int element)
        {
            TensorRef y = _step.Output.Tensor;
            int pixel = element / y.Pitch;
            int at = span.Axis switch
            {
                UnitAxis.Channels => element % y.Pitch,
                UnitAxis.Tiles when _step.Kernel is WinogradKernel w => (pixel / y.Width / w.Tile * w.TilesX) + (pixel % y.Width / w.Tile),
                _ => pixel,
            };
            return element % y.Pitch < y.Channels && span.First <= at && at < span.End;
        }

        private float[][] Contents(int canary) => _maps.Select((m, i) =>
        {
            float[] copy = (float[])m.Clone();
            if (i >= _inputs)
                Array.Fill(copy, BitConverter.Int32BitsToSingle(canary));
            return copy;
        }).ToArray();

        private float[][] Run(int from, int to, int canary)
        {
            float[][] maps = Contents(canary);
            var handles = new List<System.Runtime.InteropServices.GCHandle>();
            object Pin(Array array, Type type)
            {
                handles.Add(System.Runtime.InteropServices.GCHandle.Alloc(array, System.Runtime.InteropServices.GCHandleType.Pinned));
                return Pointer.Box((void*)handles[^1].AddrOfPinnedObject(), type);
            }

            // In the order of KernelSpec.Parameters.
            var arguments = new List<object>();
            foreach (float[] map in maps.Take(_inputs))
                arguments.Add(Pin(map, typeof(float*)));
            if (_step.Kernel.HasChannelTable)
                arguments.Add(Pin(_channels, typeof(int*)));
            if (_step.Kernel.WeightFloats > 0)
                arguments.Add(Pin(_weights, typeof(float*)));
            if (_step.Kernel.ScratchFloats > 0)
                arguments.Add(Pin(Enumerable.Repeat(float.NaN, (int)_step.Kernel.ScratchPitch).ToArray(), typeof(float*)));
            foreach (float[] map in maps.Skip(_inputs))
                arguments.Add(Pin(map, typeof(float*)));
            arguments.Add(from);
            arguments.Add(to);
            _method.Invoke(null, arguments.ToArray());
            foreach (System.Runtime.InteropServices.GCHandle handle in handles)
                handle.Free();
            return maps;
        }

        private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
    }
}
