using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Rivals;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Tooling.Onnx;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Tooling.Tests;

/// <summary>
/// Exported models run by ONNX Runtime give what the reference kit says: the proof that the export means what the
/// declaration does.
/// </summary>
public sealed class OnnxRuntimeTests(ITestOutputHelper output)
{
    private static readonly Lazy<Dictionary<string, KitCase>> s_ops = new(() =>
        KitCase.Find(KitCase.Locate(AppContext.BaseDirectory)!).OpsFile is { } file ? KitCase.ReadOps(file, (_, _) => { }).ToDictionary(o => o.Id) : []);

    /// <summary>Adaptive pooling whose windows differ in size or distance: ONNX has no such operator.</summary>
    private static readonly string[] s_refused = ["adaptive_avg_2x3_from_7x5", "adaptive_avg_5x5_from_3x3", "adaptive_max_2x3_from_7x5", "adaptive_max_3x3_from_7x5"];

    /// <summary>Ids of the op cases that can be exported; one row that says none without the kit, which theories need.</summary>
    public static TheoryData<string> Ops() => Rows(() => s_ops.Value.Keys.Except(s_refused));

    /// <summary>Names of the models.</summary>
    public static TheoryData<string> Models() => Rows(() => KitCase.Find(KitCase.Locate(AppContext.BaseDirectory)!).ModelFiles.Select(m => Path.GetFileNameWithoutExtension(m)));

    /// <summary>Each op case agrees.</summary>
    [KitTheory]
    [MemberData(nameof(Ops))]
    public void Op_Agrees_With_The_Kit(string id) => Check(s_ops.Value[id]);

    /// <summary>Each model agrees.</summary>
    [KitTheory]
    [MemberData(nameof(Models))]
    public void Model_Agrees_With_The_Kit(string name) =>
        Check(KitCase.ReadModel(Path.Combine(KitCase.Locate(AppContext.BaseDirectory)!, "models", name + ".json")));

    /// <summary>What has no counterpart in ONNX is refused with its layer's name, and nothing else is.</summary>
    [KitFact]
    public void Just_These_Are_Refused()
    {
        var refused = new List<string>();
        foreach (KitCase kit in s_ops.Value.Values)
        {
            Graph graph = SpecExpander.Expand(KitSpec.Make(kit), new FindingList())!;
            try
            {
                Export(kit, graph, Stream.Null);
            }
            catch (NotSupportedException e)
            {
                Assert.Contains(graph.Nodes, n => e.Message.Contains("'" + n.Name + "'", StringComparison.Ordinal));
                refused.Add(kit.Id);
            }
        }

        Assert.Equal(s_refused.Order(StringComparer.Ordinal), refused.Order(StringComparer.Ordinal));
    }

    private static OnnxSignature Export(KitCase kit, Graph graph, Stream stream)
    {
        Dictionary<string, KitTensor> tensors = kit.Parameters.DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        return OnnxExporter.Write(graph, kit.Id, name => TensorRule.Make(tensors[name], kit.Gain), stream);
    }

    private static TheoryData<string> Rows(Func<IEnumerable<string>> names)
    {
        var data = new TheoryData<string>();
        foreach (string name in KitCase.Locate(AppContext.BaseDirectory) is null ? ["no kit"] : names())
            data.Add(name);
        return data;
    }

    private void Check(KitCase kit)
    {
        Graph graph = SpecExpander.Expand(KitSpec.Make(kit), new FindingList())!;
        using var model = new MemoryStream();
        OnnxSignature signature = Export(kit, graph, model);
        using var session = new OnnxRuntimeSession(model.ToArray(), signature);
        float[][] inputs = kit.Inputs.Select(i => TensorRule.Make(i)).ToArray();
        var nchw = new List<float>();
        for (int image = 0; image < kit.Batch; image++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                Span<float> target = session.Input(i);
                inputs[i].AsSpan(image * target.Length, target.Length).CopyTo(target);
            }

            session.Run();
            nchw.AddRange(session.Output);
        }

        Assert.Equal(kit.OutputShape.Aggregate(1, (n, d) => n * d), nchw.Count);
        double worst = 0;
        for (int i = 0; i < kit.Expected.Length; i++)
        {
            double error = Math.Abs(nchw[kit.Start + (i * kit.Step)] - (double)kit.Expected[i]);
            Assert.True(error <= kit.Tolerance, FormattableString.Invariant($"output {i} is {nchw[kit.Start + (i * kit.Step)]}, expected {kit.Expected[i]} to {kit.Tolerance:G3}"));
            worst = Math.Max(worst, error);
        }

        output.WriteLine(FormattableString.Invariant($"largest error {worst / Math.Max(kit.Tolerance, double.Epsilon):G3} of the tolerance"));
    }
}
