using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using SmallCnnGen.Tooling.Hosting;
using SmallCnnGen.Tooling.Measuring;

namespace SmallCnnGen.Compare;

/// <summary>Where our time goes: the shortest time of each layer over many runs.</summary>
internal static class LayerProfile
{
    private const int LeastRuns = 10, MostRuns = 200;
    private const double Seconds = 1.5;

    /// <summary>Measures and lays out the table.</summary>
    /// <param name="network">The network, compiled for observation.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="output">Output.</param>
    /// <param name="peak">This core's operations a second at the network's width.</param>
    public static TextTable Measure(IRunnableNetwork network, float[][] inputs, float[] output, double peak)
    {
        var names = new List<string>();
        network.Run(inputs, output, (in TensorView tensor) => names.Add(tensor.Name));
        var ticks = new long[names.Count];
        var best = new long[names.Count];
        Array.Fill(best, long.MaxValue);
        int layer = 0;
        TensorObserver observer = (in TensorView _) => ticks[layer++] = Stopwatch.GetTimestamp();
        long began = Stopwatch.GetTimestamp();
        for (int run = 0; run < MostRuns && (run < LeastRuns || Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds); run++)
        {
            layer = 0;
            long previous = Stopwatch.GetTimestamp();
            network.Run(inputs, output, observer);
            for (int i = 0; i < best.Length; i++)
            {
                best[i] = Math.Min(best[i], ticks[i] - previous);
                previous = ticks[i];
            }
        }

        Dictionary<string, LayerCost> costs = network.Cost.Layers.ToDictionary(l => l.Name);
        double total = best.Sum() / (double)Stopwatch.Frequency;
        var table = new TextTable("layer", "op", "kernel", "input", "output", "madds M", "us", "share %", "GFLOP/s", "% peak", "fused");
        for (int i = 0; i < best.Length; i++)
        {
            double seconds = best[i] / (double)Stopwatch.Frequency;
            costs.TryGetValue(names[i], out LayerCost? cost);
            double speed = cost is { MultiplyAdds: > 0 } && seconds > 0 ? 2 * cost.MultiplyAdds / seconds : double.NaN;
            table.Add(
                names[i],
                cost?.Op ?? string.Empty,
                cost?.Window ?? string.Empty,
                cost?.Input ?? string.Empty,
                cost?.Output ?? string.Empty,
                TextTable.Number((cost?.MultiplyAdds ?? 0) / 1e6, 2),
                TextTable.Number(seconds * 1e6, 1),
                TextTable.Number(100 * seconds / total, 1),
                TextTable.Number(speed / 1e9, 1),
                TextTable.Number(100 * speed / peak, 0),
                cost?.Fused ?? string.Empty);
        }

        double all = 2 * network.Cost.MultiplyAdds / total;
        table.Add("sum of the layers' best", string.Empty, string.Empty, string.Empty, string.Empty, TextTable.Number(network.Cost.MultiplyAdds / 1e6, 2), TextTable.Number(total * 1e6, 1), "100.0", TextTable.Number(all / 1e9, 1), TextTable.Number(100 * all / peak, 0), string.Empty);
        return table;
    }
}
