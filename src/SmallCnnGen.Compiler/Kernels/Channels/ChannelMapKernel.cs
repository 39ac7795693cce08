using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Kernels.Channels;

/// <summary>
/// Copies chosen channels of each pixel: out[j] = in[Source[j]], or 0 where it is -1. Runs of neighbouring channels are
/// copied as vectors, scattered ones through a table.
/// </summary>
/// <param name="Bits">Register width in bits.</param>
/// <param name="Kind">What it was declared as, for the name.</param>
/// <param name="In">Input map.</param>
/// <param name="Out">Output map.</param>
/// <param name="Source">Input channel of each output channel.</param>
public sealed record ChannelMapKernel(int Bits, string Kind, TensorRef In, TensorRef Out, EquatableArray<int> Source) : KernelSpec(Bits)
{
    /// <inheritdoc/>
    public override string Name => $"{Kind}_{In}_{Out}";

    /// <inheritdoc/>
    public override IEnumerable<string> Describe()
    {
        yield return $"{Kind}: {Source.Count} of the channels of {In}, copied pixel by pixel.";
    }

    /// <inheritdoc/>
    public override void Emit(CodeWriter writer, string method)
    {
        var runs = new List<(int From, int To, int Length)>();
        for (int j = 0; j < Source.Count; j++)
        {
            (int From, int To, int Length) last = runs.Count > 0 ? runs[runs.Count - 1] : default;
            bool extends = runs.Count > 0 && (Source[j] < 0 ? last.From < 0 : last.From >= 0 && Source[j] == last.From + last.Length);
            if (extends)
                runs[runs.Count - 1] = (last.From, last.To, last.Length + 1);
            else
                runs.Add((Source[j], j, 1));
        }

        bool table = runs.Count > 8;
        if (table)
        {
            writer.Line($"private static ReadOnlySpan<int> {method}_Source => new int[]");
            writer.Line("{");
            for (int j = 0; j < Source.Count; j += 16)
                writer.Line("    " + string.Join(", ", Source.Skip(j).Take(16).Select(i => Literal.Of(i))) + ",");
            writer.Line("};");
            writer.Line();
        }

        OpenMethod(writer, "internal ", method, Parameters);
        if (table)
            writer.Open($"fixed (int* source = {method}_Source)");
        writer.Open($"for (int pixel = 0; pixel < {Out.Pixels}; pixel++)");
        if (table)
        {
            bool hasZeros = Source.Any(i => i < 0);
            writer.Line($"for (int j = 0; j < {Source.Count}; j++)");
            writer.Line(hasZeros ? "    y[j] = source[j] < 0 ? 0f : x[source[j]];" : "    y[j] = x[source[j]];");
        }
        else
        {
            foreach ((int from, int to, int length) in runs)
            {
                Vec v = Vec.For(Bits, length);
                ChannelLoop.Run(writer, v, length, () => writer.Line(v.Store(Offset("y", to) + " + c", from < 0 ? v.Zero : v.Load(Offset("x", from) + " + c"))));
            }
        }

        writer.Line($"x += {In.Pitch};");
        writer.Line($"y += {Out.Pitch};");
        writer.Close();
        if (table)
            writer.Close();
        writer.Close();
    }
}
