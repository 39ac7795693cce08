using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using System.Threading.Tasks;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Acceptance;

/// <summary>
/// Compiles declarations with the generator and runs what comes out. While one batch runs, the next one compiles.
/// </summary>
internal static class GeneratedRunner
{
    private const int OpsPerBatch = 32;

    private static (KitCase Kit, byte[] Image)? s_weights;

    public static void Run(IEnumerable<AcceptanceCase> cases, int[] widths, Report report)
    {
        var compiler = new BatchCompiler();
        using var queue = new BlockingCollection<(string? Line, double Seconds, List<CompiledUnit> Units)>(boundedCapacity: 1);
        Task producer = Task.Run(() =>
        {
            try
            {
                foreach (List<CaseRun> batch in Batches(cases, widths, report))
                {
                    var clock = Stopwatch.StartNew();
                    List<CompiledUnit> units = [];
                    var refused = new HashSet<CaseRun>();
                    try
                    {
                        units = compiler.Compile(batch, (run, outcome) =>
                        {
                            refused.Add(run);
                            report.Add(run.Label, outcome, run.Kit.IsModel);
                        });
                    }
                    catch (Exception e)
                    {
                        foreach (CaseRun run in batch.Where(r => !refused.Contains(r)))
                            report.Add(run.Label, Outcome.Fail("compiling: " + e.GetType().Name + ": " + e.Message), run.Kit.IsModel);
                    }

                    string? line = batch[0].Kit.IsModel ? null : $"op cases {batch[0].Label} to {batch[^1].Kit.Id}";
                    queue.Add((line, clock.Elapsed.TotalSeconds, units));
                }
            }
            finally
            {
                queue.CompleteAdding();
            }
        });

        foreach ((string? line, double seconds, List<CompiledUnit> units) in queue.GetConsumingEnumerable())
        {
            var clock = Stopwatch.StartNew();
            foreach (CompiledUnit unit in units)
            {
                RunUnit(unit, seconds, report);

                // A model's weights and arena are large enough to be worth giving back before the next.
                if (unit.Runs[0].Kit.IsModel)
                    GC.Collect();
            }

            if (line is not null)
                report.Line(string.Create(CultureInfo.InvariantCulture, $"{line}: compiled in {seconds:F1} s, run in {clock.Elapsed.TotalSeconds:F1} s"));
        }

        producer.GetAwaiter().GetResult();
    }

    /// <summary>Models one by one with their widths in a row (their weights are made once), op cases in batches of a width.</summary>
    private static IEnumerable<List<CaseRun>> Batches(IEnumerable<AcceptanceCase> cases, int[] widths, Report report)
    {
        var ops = new List<AcceptanceCase>();
        foreach (AcceptanceCase item in cases)
        {
            if (!item.Kit.IsModel)
            {
                ops.Add(item);
                if (ops.Count < OpsPerBatch)
                    continue;
            }

            foreach (List<CaseRun> batch in Flush())
                yield return batch;
            if (item.Kit.IsModel)
            {
                foreach (int width in widths)
                {
                    if (Declare(item, width, report) is { } run)
                        yield return [run];
                }
            }
        }

        foreach (List<CaseRun> batch in Flush())
            yield return batch;

        IEnumerable<List<CaseRun>> Flush()
        {
            foreach (int width in widths)
            {
                List<CaseRun> batch = ops.Select(k => Declare(k, width, report)).OfType<CaseRun>().ToList();
                if (batch.Count > 0)
                    yield return batch;
            }

            ops.Clear();
        }
    }

    private static CaseRun? Declare(AcceptanceCase item, int width, Report report)
    {
        string label = item.Id + " @" + width.ToString(CultureInfo.InvariantCulture);
        try
        {
            if (CannotRun(width) is { } reason)
                report.Add(label, Outcome.Skip(reason), false);
            else
                return item.Declare(width);
        }
        catch (Exception e)
        {
            report.Add(label, Outcome.Fail("declaring: " + e.GetType().Name + ": " + e.Message), item.Kit.IsModel);
        }

        return null;
    }

    private static string? CannotRun(int width) => width switch
    {
        512 when !Vector512.IsHardwareAccelerated => "this CPU (or runtime setting) has no 512-bit vectors",
        256 when !Vector256.IsHardwareAccelerated => "this CPU (or runtime setting) has no 256-bit vectors",
        128 when !Vector128.IsHardwareAccelerated => "this CPU (or runtime setting) has no 128-bit vectors",
        _ => null,
    };

    // Not inlined: no local of the caller may keep the load context alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunUnit(CompiledUnit unit, double compileSeconds, Report report)
    {
        var context = new AssemblyLoadContext("kit", isCollectible: true);
        try
        {
            var assembly = context.LoadFromStream(new MemoryStream(unit.Image));
            foreach (CaseRun run in unit.Runs)
            {
                Outcome outcome;
                try
                {
                    Type type = assembly.GetType(run.Namespace + "." + KitDeclaration.AdapterName(run.TypeName), throwOnError: true)!;
                    using var network = (IKitNetwork)Activator.CreateInstance(type)!;
                    outcome = Check(run.Case, network, unit, compileSeconds);
                }
                catch (Exception e)
                {
                    outcome = Outcome.Fail(e.GetType().Name + ": " + e.Message);
                }

                report.Add(run.Label, outcome, run.Kit.IsModel);
            }
        }
        finally
        {
            context.Unload();
        }
    }

    private static Outcome Check(AcceptanceCase item, IKitNetwork network, CompiledUnit unit, double compileSeconds)
    {
        KitCase kit = item.Kit;
        var clock = Stopwatch.StartNew();
        var comparison = new Comparison(kit, kit.Tolerance, item.Zoo is null, () => ExactOutput.Of(kit));
        if (!kit.ToleranceIsSharp)
            comparison.Problem(string.Create(CultureInfo.InvariantCulture, $"the tolerance {kit.Tolerance:G3} would not catch a wrong channel: the largest output is {kit.MaxAbs:G3}"));
        if (kit.TotalParameters >= 0 && network.Parameters != kit.TotalParameters)
            comparison.Problem($"Parameters is {network.Parameters}, expected {kit.TotalParameters}");
        if (kit.TotalMultiplyAdds >= 0 && network.MultiplyAdds != kit.TotalMultiplyAdds)
            comparison.Problem($"MultiplyAdds is {network.MultiplyAdds}, expected {kit.TotalMultiplyAdds}");
        Length("InputLength", network.InputLength, kit.Inputs[0].Shape);
        Length("OutputLength", network.OutputLength, kit.OutputShape);

        if (s_weights is not { } weights || weights.Kit != kit)
            s_weights = weights = (kit, SafetensorsImage.Make(kit.Parameters, kit.Gain));
        network.Load(weights.Image);
        double loaded = clock.Elapsed.TotalSeconds;

        float[][] inputs = kit.Inputs.Select(i => TensorRule.Make(i)).ToArray();
        var output = new float[kit.OutputShape.Aggregate(1, (n, d) => n * d)];
        double run = 0;
        for (int image = 0; image < kit.Batch; image++)
        {
            float[][] hwc = kit.Inputs.Select((tensor, i) => KitCase.ToHwc(inputs[i], tensor.Shape, image)).ToArray();
            float[] first = Fresh(), second = Fresh(), traced = Fresh();
            network.Run(hwc, first);
            double before = clock.Elapsed.TotalSeconds;
            network.Run(hwc, second);
            run = clock.Elapsed.TotalSeconds - before;
            if (!SameBits(first, second))
                comparison.Problem("a second run on the same instance gave other bits");
            network.Run(hwc, traced, comparison.Wants, (name, h, w, c, values) => comparison.Intermediate(name, h, w, c, Array.ConvertAll(values, v => (double)v)));
            if (!SameBits(first, traced))
                comparison.Problem("the run with an observer gave other bits");
            KitCase.FromHwc<float>(first, kit.OutputShape, image, output);
        }

        comparison.Output(Array.ConvertAll(output, v => (double)v));
        return comparison.Finish(string.Create(CultureInfo.InvariantCulture, $", arena {network.ArenaBytes / 1024} KB, generator {unit.GeneratorSeconds * 1000:F0} ms, emitted {unit.EmittedBytes / 1024} KB, build {compileSeconds:F1} s, load {loaded:F1} s, second run {run * 1000:F1} ms"));

        void Length(string what, int actual, int[] shape)
        {
            (int h, int w, int c) = KitCase.ImageShape(shape);
            if (actual != h * w * c)
                comparison.Problem($"{what} is {actual}, expected {h * w * c}");
        }

        // NaN where nothing was written yet: an element the network forgets cannot pass.
        float[] Fresh()
        {
            var values = new float[network.OutputLength];
            Array.Fill(values, float.NaN);
            return values;
        }
    }

    private static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));
}
