using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Tooling.Measuring;

namespace SmallCnnGen.Guidelines;

/// <summary>
/// Pointwise convolutions that read one map, one after another, beside a single one with all their outputs: what joining
/// them would gain (decision 11).
/// </summary>
internal static class Siblings
{
    /// <summary>Side of the map, its channels, and the outputs of each sibling: GoogLeNet's 3a, 4c, 4d and 5b, ResNet-50's first block.</summary>
    private static readonly (int Size, int Input, int[] Outputs)[] s_siblings =
    [
        (28, 192, [64, 96, 16]),
        (14, 512, [112, 24]),
        (14, 512, [144, 32]),
        (7, 832, [384, 192, 48]),
        (56, 64, [64, 256]),
    ];

    /// <summary>Measures them; one line for each map.</summary>
    /// <param name="bits">Vector width.</param>
    /// <param name="rounds">Rounds of each.</param>
    /// <param name="progress">Receives what is being measured.</param>
    public static TextTable Measure(int bits, int rounds, Action<string> progress)
    {
        var table = new TextTable("input", "outputs", "apart us", "joined us", "joined / apart", "rounds");
        foreach ((int size, int input, int[] outputs) in s_siblings)
        {
            string map = FormattableString.Invariant($"{size}x{size}x{input}");
            progress(map);
            Candidate[] apart = outputs.Select(Load).ToArray();
            Candidate joined = Load(outputs.Sum());
            VariantRounds measured = VariantRounds.Take([() => Array.ForEach(apart, c => c.Run()), joined.Run], rounds);
            table.Add(
                map,
                string.Join(", ", outputs.Select(o => FormattableString.Invariant($"{o}"))),
                TextTable.Number(measured.Seconds(0) * 1e6, 1),
                TextTable.Number(measured.Seconds(1) * 1e6, 1),
                TextTable.Number(measured.Ratio(1, 0), 3),
                measured.Counts);
            GC.Collect();

            Candidate Load(int channels) => Candidate.Load(
                new Declaration(FormattableString.Invariant($"Height = {size}, Width = {size}, Channels = {input}"), FormattableString.Invariant($"[Conv({channels}, Kernel = 1)]")),
                bits);
        }

        return table;
    }
}
