using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Oracle;

namespace SmallCnnGen.Acceptance;

/// <summary>
/// The whole output of a model of which the kit gives samples: from the double-precision interpreter, which must agree with
/// the samples and with the norm of the whole.
/// </summary>
internal static class ExactOutput
{
    /// <summary>As in <see cref="OracleRunner"/>, relative to the largest output; for the norm, relative to it.</summary>
    private const double Relative = 1e-6;

    private static (string Id, double[] Nchw)? s_last;

    /// <summary>The output, NCHW. The last one is kept: widths come in a row.</summary>
    /// <exception cref="InvalidOperationException">The interpreter disagrees with the kit.</exception>
    public static double[] Of(KitCase kit)
    {
        if (s_last is not { } last || last.Id != kit.Id)
            s_last = last = (kit.Id, Make(kit));
        return last.Nchw;
    }

    private static double[] Make(KitCase kit)
    {
        Dictionary<string, KitTensor> tensors = kit.Parameters.DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        Graph graph = SpecExpander.Expand(KitSpec.Make(kit), new FindingList()) ?? throw new InvalidOperationException("the expander gave no graph");
        var interpreter = new Interpreter(graph, name => TensorRule.Make(tensors[name], kit.Gain));
        double[] hwc = interpreter.Run(kit.Inputs.Select(t => Array.ConvertAll(KitCase.ToHwc(TensorRule.Make(t), t.Shape, 0), v => (double)v)).ToArray());
        var nchw = new double[hwc.Length];
        KitCase.FromHwc<double>(hwc, kit.OutputShape, 0, nchw);
        for (int i = 0; i < kit.Expected.Length; i++)
        {
            if (!(Math.Abs(nchw[kit.Start + (i * kit.Step)] - kit.Expected[i]) <= Relative * kit.MaxAbs))
                throw new InvalidOperationException($"the interpreter disagrees with the kit's sample {i}");
        }

        double norm = Math.Sqrt(nchw.Sum(v => v * v));
        if (!(Math.Abs(norm - kit.L2) <= Relative * kit.L2))
            throw new InvalidOperationException($"the interpreter's output has the norm {norm:R}, the kit's {kit.L2:R}");
        return nchw;
    }
}
