using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>Kit graph, declaration, expander, interpreter: the oracle against numbers nobody here produced.</summary>
public class KitOracleTests(ITestOutputHelper output)
{
    /// <summary>
    /// Of the largest output. The kit's values are float64 results rounded once to float32 (6e-8); alphas and slopes of
    /// a declaration are float32 constants (6e-8 each). The worst case measured is below 1e-7.
    /// </summary>
    private const double Relative = 1e-6;

    [KitFact]
    public void Every_op_case()
    {
        var problems = new List<string>();
        double worst = 0;
        foreach (KitCase kit in Kit.Ops())
        {
            double[]? result = Evaluate(kit, problems, _ => { });
            if (result is null)
                continue;
            double error = Error(kit, result);
            worst = Math.Max(worst, error);
            if (!(error <= Relative))
                problems.Add($"{kit.Id}: error {error:G3} of the largest output");
        }

        output.WriteLine($"worst error: {worst:G3} of the largest output");
        Assert.Empty(problems);
    }

    [KitTheory]
    [InlineData("mobilenet_v1_0.25_128")]
    [InlineData("mobilenet_v2_1.0_96")]
    [InlineData("shufflenet_v2_0.5")]
    public void A_small_model(string name)
    {
        var problems = new List<string>();
        KitCase kit = Kit.Model(name);
        double[]? result = Evaluate(kit, problems, _ => { });
        Assert.Empty(problems);
        Assert.InRange(Error(kit, result!), 0, Relative);
    }

    /// <summary>
    /// The tolerance generated code gets for an op case must be small enough to see one input channel going missing in
    /// any one layer: shown by leaving it out.
    /// </summary>
    [KitFact]
    public void Tolerances_of_op_cases_catch_a_missing_channel()
    {
        var problems = new List<string>();
        int checks = 0;
        foreach (KitCase kit in Kit.Ops())
        {
            foreach (KitTensor tensor in kit.Parameters.Where(p => p.Kind is "conv_weight" or "linear_weight"))
            {
                double[]? result = Evaluate(kit, problems, t =>
                {
                    if (t.Tensor.Name != tensor.Name)
                        return;
                    int inputs = tensor.Shape[1], taps = (int)(tensor.Length / tensor.Shape[0] / inputs);
                    for (int o = 0; o < tensor.Shape[0]; o++)
                        t.Values.AsSpan(((o * inputs) + inputs - 1) * taps, taps).Clear();
                });
                checks++;
                if (result is not null && Error(kit, result) * kit.MaxAbs <= kit.Tolerance)
                    problems.Add($"{kit.Id}: without the last input channel of {tensor.Name} the error stays within {kit.Tolerance:G3}");
            }
        }

        output.WriteLine($"{checks} channels left out");
        Assert.Empty(problems);
    }

    private static double[]? Evaluate(KitCase kit, List<string> problems, Action<(KitTensor Tensor, float[] Values)> change)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(KitSpec.Make(kit), findings);
        if (graph is null || !findings.IsEmpty)
        {
            problems.Add($"{kit.Id}: {string.Join("; ", findings.Items.Select(f => f.Id + " " + f.Message).DefaultIfEmpty("no graph"))}");
            return null;
        }

        Dictionary<string, KitTensor> tensors = kit.Parameters.DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        var interpreter = new Interpreter(graph, name =>
        {
            float[] values = TensorRule.Make(tensors[name], kit.Gain);
            change((tensors[name], values));
            return values;
        });
        float[][] inputs = kit.Inputs.Select(i => TensorRule.Make(i)).ToArray();
        var result = new double[kit.OutputShape.Aggregate(1, (n, d) => n * d)];
        for (int image = 0; image < kit.Batch; image++)
        {
            double[][] hwc = kit.Inputs.Select((t, i) => KitCase.ToHwc(inputs[i], t.Shape, image).Select(v => (double)v).ToArray()).ToArray();
            KitCase.FromHwc<double>(interpreter.Run(hwc), kit.OutputShape, image, result);
        }

        return result;
    }

    private static double Error(KitCase kit, double[] result)
    {
        double worst = 0;
        for (int i = 0; i < kit.Expected.Length; i++)
        {
            double error = Math.Abs(result[kit.Start + (i * kit.Step)] - kit.Expected[i]);
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }

        return worst == 0 ? 0 : worst / kit.MaxAbs;
    }
}
