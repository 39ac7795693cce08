using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Tooling.Measuring;

namespace SmallCnnGen.Guidelines;

/// <summary>
/// The model behind <see cref="TileChoice"/> beside measurement: single layers compiled with every register tile that has
/// enough accumulators to hide the latency of a multiply-add and that the model does not rule out, timed in turn.
/// </summary>
internal static class TileSweep
{
    /// <summary>Fewer accumulators leave the multiply-add units idle: 2 units, 4 cycles.</summary>
    private const int LeastAccumulators = 8;

    private const int Shown = 3;

    /// <summary>Tiles that the model finds this much slower than the chosen one are left out.</summary>
    private const double MostModelled = 1.5;

    private static readonly (string Name, int Size, int In, int Out, int Kernel)[] s_layers =
    [
        ("1x1", 56, 64, 128, 1),
        ("1x1", 14, 232, 232, 1),
        ("1x1", 7, 512, 512, 1),
        ("1x1", 28, 144, 24, 1),
        ("3x3", 56, 64, 64, 3),
        ("3x3", 14, 128, 128, 3),
    ];

    /// <summary>Measures the layers; one line for each.</summary>
    /// <param name="bits">Vector width.</param>
    /// <param name="rounds">Rounds of each.</param>
    /// <param name="progress">Receives what is being measured.</param>
    public static TextTable Measure(int bits, int rounds, Action<string> progress)
    {
        var table = new TextTable("layer", "tiles", "chosen", "us", "best", "us ", "off best %", "spread %", "model best of the tried", "rank correlation", "fastest three (measured / modelled, chosen = 1)", "rounds");
        foreach ((string name, int size, int input, int output, int kernel) in s_layers)
        {
            string layer = FormattableString.Invariant($"{name} {size}x{size} {input} -> {output}");
            progress(layer);
            var declaration = new Declaration(
                FormattableString.Invariant($"Height = {size}, Width = {size}, Channels = {input}, Winograd = false"),
                FormattableString.Invariant($"[Conv({output}, Kernel = {kernel})]"));
            TileQuestion question;
            using (var probe = new TileProbe(null))
            {
                Candidate.Load(declaration, bits);
                question = probe.Asked.MaxBy(q => q.Pixels);
            }

            TileChoice chosen = TileChoice.Pick(question.Bits, question.Lanes, question.Channels, question.Pixels, question.Pairs);
            TileChoice[] tiles = TileChoice.Feasible(bits, question.Lanes, question.Channels, question.Pairs)
                .Where(t => t == chosen || (t.Rows * t.Vectors >= LeastAccumulators && Model(t) <= MostModelled * Model(chosen)))
                .OrderBy(t => t == chosen ? 0 : 1)
                .ToArray();
            progress(FormattableString.Invariant($"  {tiles.Length} tiles"));
            var candidates = new List<Candidate>();
            foreach (TileChoice tile in tiles)
            {
                using var probe = new TileProbe(tile);
                candidates.Add(Candidate.Load(declaration, bits));
            }

            VariantRounds measured = VariantRounds.Take(candidates.Select(c => c.Run).ToArray(), rounds);
            double[] model = tiles.Select(Model).ToArray();
            double[] ratios = Enumerable.Range(0, tiles.Length).Select(i => measured.Ratio(i, 0)).ToArray();
            int[] byTime = Enumerable.Range(0, tiles.Length).OrderBy(i => ratios[i]).ToArray();
            int best = byTime[0], modelBest = Enumerable.Range(0, tiles.Length).MinBy(i => model[i]);
            table.Add(
                layer,
                FormattableString.Invariant($"{tiles.Length}"),
                Name(chosen),
                TextTable.Number(measured.Seconds(0) * 1e6, 1),
                Name(tiles[best]),
                TextTable.Number(measured.Seconds(best) * 1e6, 1),
                TextTable.Number(100 * ((1 / ratios[best]) - 1), 1),
                TextTable.Number(100 * measured.Spread(best, 0), 1),
                Name(tiles[modelBest]),
                TextTable.Number(Correlation(model, ratios), 2),
                string.Join(", ", byTime.Take(Shown).Select(i => FormattableString.Invariant($"{Name(tiles[i])} {ratios[i]:F3} / {model[i] / model[0]:F3}"))),
                measured.Counts);
            GC.Collect();

            double Model(TileChoice tile) => tile.Modelled(question.Lanes, question.Channels, question.Pixels);
        }

        return table;
    }

    private static string Name(TileChoice tile) => FormattableString.Invariant($"{tile.Rows} x {tile.Vectors - (tile.IsPaired ? 0.5 : 0)}");

    /// <summary>Spearman's: 1 where the model puts the tiles in the order of their times.</summary>
    private static double Correlation(double[] a, double[] b)
    {
        double[] x = Ranks(a), y = Ranks(b);
        double meanX = x.Average(), meanY = y.Average();
        double covariance = x.Zip(y, (p, q) => (p - meanX) * (q - meanY)).Sum();
        return covariance / Math.Sqrt(x.Sum(p => (p - meanX) * (p - meanX)) * y.Sum(q => (q - meanY) * (q - meanY)));
    }

    /// <summary>Ranks; equal values share the middle of theirs.</summary>
    private static double[] Ranks(double[] values) => values.Select(v => values.Count(o => o < v) + (values.Count(o => o == v) / 2.0)).ToArray();
}
