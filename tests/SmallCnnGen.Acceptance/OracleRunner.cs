using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Oracle;

namespace SmallCnnGen.Acceptance;

/// <summary>Proves the expander and the oracle against the kit: declaration, graph, interpreter in double precision.</summary>
internal static class OracleRunner
{
    /// <summary>
    /// Allowed error relative to the largest output. The kit's values are float64 results rounded once to float32 (6e-8);
    /// the rest is room for the order of sums in double and for constants a declaration carries in float32.
    /// </summary>
    private const double Relative = 1e-6;

    public static void Run(IEnumerable<AcceptanceCase> cases, Report report)
    {
        int batched = 0;
        foreach (AcceptanceCase item in cases)
        {
            Outcome outcome;
            try
            {
                outcome = Check(item);
            }
            catch (Exception e)
            {
                outcome = Outcome.Fail(e.GetType().Name + ": " + e.Message);
            }

            report.Add(item.Id, outcome, item.Kit.IsModel);
            if (!item.Kit.IsModel && ++batched % 50 == 0)
                report.Line($"{batched} op cases");
        }
    }

    private static Outcome Check(AcceptanceCase item)
    {
        KitCase kit = item.Kit;
        var clock = Stopwatch.StartNew();
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(item.Specify(), findings);
        if (graph is null || !findings.IsEmpty)
            return Outcome.Fail(findings.IsEmpty ? "the expander gave no graph" : string.Join("; ", findings.Items.Select(f => f.Id + " " + f.Message)));

        Dictionary<string, KitTensor> tensors = kit.Parameters.DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        var made = new ConcurrentDictionary<string, float[]>();
        var used = new ConcurrentDictionary<string, bool>();
        var interpreter = new Interpreter(graph, name =>
        {
            used[name] = true;
            KitTensor tensor = tensors.TryGetValue(name, out KitTensor? t) ? t : throw new KeyNotFoundException($"the graph wants a tensor '{name}' that the kit does not have");

            // Batches of op cases use a tensor once an image; big models use each once.
            return kit.IsModel ? TensorRule.Make(tensor, kit.Gain) : made.GetOrAdd(name, _ => TensorRule.Make(tensor, kit.Gain));
        });

        var comparison = new Comparison(kit, Relative * kit.MaxAbs, item.Zoo is null);
        TensorShape shape = graph.Nodes[graph.Output].Shape;
        if ((shape.Height, shape.Width, shape.Channels) != KitCase.ImageShape(kit.OutputShape))
            return Outcome.Fail($"the output is {shape}, expected NCHW {string.Join("x", kit.OutputShape)}");
        float[][] inputs = kit.Inputs.Select(i => TensorRule.Make(i)).ToArray();
        var output = new double[kit.OutputShape.Aggregate(1, (n, d) => n * d)];
        for (int image = 0; image < kit.Batch; image++)
        {
            double[][] hwc = kit.Inputs.Select((tensor, i) => Array.ConvertAll(KitCase.ToHwc(inputs[i], tensor.Shape, image), v => (double)v)).ToArray();
            double[] result = interpreter.Run(hwc, (node, value) => comparison.Intermediate(node.Name, node.Shape.Height, node.Shape.Width, node.Shape.Channels, value));
            KitCase.FromHwc<double>(result, kit.OutputShape, image, output);
        }

        comparison.Output(output);
        string[] unused = tensors.Keys.Where(name => !used.ContainsKey(name)).ToArray();
        if (unused.Length > 0)
            comparison.Problem($"{unused.Length} tensors of the kit were never used, first '{unused[0]}'");
        return comparison.Finish(string.Create(CultureInfo.InvariantCulture, $", {clock.Elapsed.TotalSeconds:F1} s"));
    }
}
