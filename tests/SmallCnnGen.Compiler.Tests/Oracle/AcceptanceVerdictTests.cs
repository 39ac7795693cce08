using System;
using System.IO;
using System.Linq;
using SmallCnnGen.Acceptance;
using SmallCnnGen.Testing.Kit;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>What the acceptance runner counts as passed.</summary>
public class AcceptanceVerdictTests
{
    private static readonly Outcome s_pass = new(Verdict.Passed, "agrees");

    [Fact]
    public void A_run_that_ran_nothing_fails()
    {
        Assert.Equal(1, Run().ExitCode);
        Assert.Equal(1, Run(Outcome.Skip("no 512-bit vectors"), Outcome.Skip("no 512-bit vectors")).ExitCode);
        Assert.Equal(1, Run(s_pass, Outcome.Fail("off")).ExitCode);
        Assert.Equal(0, Run(s_pass, Outcome.Skip("no 512-bit vectors")).ExitCode);
    }

    [Fact]
    public void A_model_of_which_nothing_inside_was_seen_fails()
    {
        KitCase kit = Case(1, new KitIntermediate("a", [1, 1, 1, 1], 2, 2, [2]), new KitIntermediate("b", [1, 1, 1, 1], 2, 2, [2]));
        Assert.Contains("none of the kit's 2 tensors", Judge(kit, _ => { }).Detail, StringComparison.Ordinal);
        Assert.Equal(Verdict.Passed, Judge(kit, c => c.Intermediate("a", 1, 1, 1, [2])).Verdict);
    }

    [Fact]
    public void A_sampled_output_is_compared_between_the_samples_too()
    {
        KitCase kit = Case(4);
        double[] right = Enumerable.Range(0, 16).Select(i => (double)i).ToArray(), wrong = (double[])right.Clone();
        wrong[5] += 0.01;
        Assert.Equal(Verdict.Passed, Judge(kit, _ => { }, right, () => right).Verdict);
        Assert.Equal(Verdict.Failed, Judge(kit, _ => { }, wrong, () => right).Verdict);
    }

    [Fact]
    public void A_folder_without_cases_is_no_kit()
    {
        string root = Directory.CreateTempSubdirectory("scnn-kit").FullName, kit = Path.Combine(root, "shared", "reference");
        try
        {
            Assert.Contains("no reference kit", KitCase.Absence(root, null, out _), StringComparison.Ordinal);
            Directory.CreateDirectory(Path.Combine(kit, "models"));
            Assert.Contains("has no ops.json", KitCase.Absence(root, null, out _), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(kit, "ops.json"), "[]");
            Assert.Contains("has no models", KitCase.Absence(root, null, out _), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(kit, "models", "a.json"), "{}");
            Assert.Contains("there is no folder", KitCase.Absence(root, Path.Combine(root, "other"), out _), StringComparison.Ordinal);
            Assert.Null(KitCase.Absence(root, null, out string found));
            Assert.Equal(kit, found);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static Acceptance.Report Run(params Outcome[] outcomes)
    {
        var report = new Acceptance.Report(outcomes.Length);
        foreach (Outcome outcome in outcomes)
            report.Add("case", outcome, false);
        return report;
    }

    private static Outcome Judge(KitCase kit, Action<Comparison> observe, double[]? output = null, Func<double[]>? whole = null)
    {
        var comparison = new Comparison(kit, 1e-6, true, whole);
        observe(comparison);
        comparison.Output(output ?? Enumerable.Range(0, 16).Select(i => (double)i).ToArray());
        return comparison.Finish(string.Empty);
    }

    private static KitCase Case(int step, params KitIntermediate[] inside) => new()
    {
        Id = "case",
        IsModel = true,
        Inputs = [],
        Parameters = [],
        Layers = [],
        Output = "y",
        OutputShape = [1, 1, 4, 4],
        Expected = Enumerable.Range(0, 16 / step).Select(i => (float)(i * step)).ToArray(),
        Step = step,
        Tolerance = 1e-6,
        MaxAbs = 15,
        Intermediates = inside,
    };
}
