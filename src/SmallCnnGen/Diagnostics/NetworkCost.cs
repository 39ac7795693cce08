using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SmallCnnGen;

/// <summary>What one layer costs.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Op">Operation.</param>
/// <param name="Window">Window and stride ("3x3 s2"); empty where there is none.</param>
/// <param name="Input">Input shape ("224x224x3").</param>
/// <param name="Output">Output shape.</param>
/// <param name="ReceptiveField">Pixels of the network's input, in one direction, that one output pixel sees.</param>
/// <param name="MultiplyAdds">Multiply-adds of convolutions and dense layers, as the papers count them.</param>
/// <param name="Parameters">Learnable parameters: weights, biases, gamma, beta.</param>
/// <param name="ActivationBytes">Bytes of the output.</param>
/// <param name="MemoryAccessCost">Memory access cost in elements as ShuffleNet V2 defines it: h w (c1 + c2) + weights.</param>
/// <param name="MemoryAccessBound">Lower bound of that cost for the same multiply-adds; 0 where it does not apply.</param>
/// <param name="Kernel">Kernel that was chosen.</param>
/// <param name="Fused">What was fused into it; empty for nothing.</param>
public sealed record LayerCost(
    string Name, string Op, string Window, string Input, string Output, int ReceptiveField, long MultiplyAdds,
    long Parameters, long ActivationBytes, double MemoryAccessCost, double MemoryAccessBound, string Kernel, string Fused);

/// <summary>
/// What a network costs, layer by layer. Multiply-adds count convolutions and dense layers only, as the papers do;
/// parameters are the learnable ones. <see cref="ToString"/> prints a table.
/// </summary>
public sealed class NetworkCost
{
    private const string Gap = "  ";

    private static readonly (string Title, bool Right)[] Columns =
    [
        ("layer", false), ("op", false), ("kernel", false), ("input", true), ("output", true), ("field", true),
        ("madds M", true), ("share %", true), ("params", true), ("act KiB", true), ("access K", true), ("x bound", true),
        ("code", false), ("fused", false),
    ];

    /// <summary>Creates the report.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="arenaBytes">Bytes of one instance's arena.</param>
    /// <param name="weightBytes">Bytes of the packed weights.</param>
    /// <param name="layers">The layers in order of execution.</param>
    public NetworkCost(string network, int arenaBytes, long weightBytes, LayerCost[] layers)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layers);
        Network = network;
        ArenaBytes = arenaBytes;
        WeightBytes = weightBytes;
        Layers = Array.AsReadOnly((LayerCost[])layers.Clone());
        foreach (var layer in layers)
        {
            MultiplyAdds += layer.MultiplyAdds;
            Parameters += layer.Parameters;
        }
    }

    /// <summary>Name of the network.</summary>
    public string Network { get; }

    /// <summary>The layers in order of execution.</summary>
    public IReadOnlyList<LayerCost> Layers { get; }

    /// <summary>Multiply-adds of all layers.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Learnable parameters of all layers.</summary>
    public long Parameters { get; }

    /// <summary>Bytes of one instance's arena.</summary>
    public int ArenaBytes { get; }

    /// <summary>Bytes of the packed weights, shared by all instances.</summary>
    public long WeightBytes { get; }

    /// <summary>What should be known before the network is measured (that it is a Debug build); mostly empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>
    /// A table with one line a layer and a line of totals: multiply-adds in millions, activations in KiB, memory
    /// access cost in thousands of elements and as a multiple of its bound. A dash means not applicable.
    /// </summary>
    public override string ToString()
    {
        var rows = new List<string[]>(Layers.Count + 1);
        var activations = 0L;
        var access = 0.0;
        foreach (var layer in Layers)
        {
            activations += layer.ActivationBytes;
            access += layer.MemoryAccessCost;
            rows.Add(
            [
                layer.Name, layer.Op, OrDash(layer.Window), layer.Input, layer.Output, Invariant($"{layer.ReceptiveField}"),
                Invariant($"{layer.MultiplyAdds / 1e6:F3}"), Share(layer.MultiplyAdds), Invariant($"{layer.Parameters}"),
                Invariant($"{layer.ActivationBytes / 1024.0:F1}"), layer.MemoryAccessCost > 0 ? Thousands(layer.MemoryAccessCost) : "-",
                layer.MemoryAccessBound > 0 ? Invariant($"{layer.MemoryAccessCost / layer.MemoryAccessBound:F2}") : "-",
                OrDash(layer.Kernel), OrDash(layer.Fused),
            ]);
        }

        string[] total =
        [
            "total", "", "", "", "", "", Invariant($"{MultiplyAdds / 1e6:F3}"), Share(MultiplyAdds), Invariant($"{Parameters}"),
            Invariant($"{activations / 1024.0:F1}"), Thousands(access), "", "", "",
        ];

        var widths = new int[Columns.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = Math.Max(Columns[i].Title.Length, total[i].Length);
            foreach (var row in rows)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Network}: {MultiplyAdds / 1e6:F3} M multiply-adds (convolutions and dense layers), {Parameters} parameters (learnable), ")
            .Append(CultureInfo.InvariantCulture, $"arena {ArenaBytes / 1024.0:F1} KiB, packed weights {WeightBytes / 1024.0:F1} KiB\n");
        if (Note.Length > 0)
            text.Append(Note).Append('\n');
        Line(text, Array.ConvertAll(Columns, static c => c.Title), widths);
        Line(text, Array.ConvertAll(widths, static w => new string('-', w)), widths);
        foreach (var row in rows)
            Line(text, row, widths);
        Line(text, Array.ConvertAll(widths, static w => new string('-', w)), widths);
        Line(text, total, widths);
        return text.ToString();
    }

    private static void Line(StringBuilder text, string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : Gap)
                .Append(Columns[i].Right ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private string Share(long multiplyAdds) => MultiplyAdds > 0 ? Invariant($"{100.0 * multiplyAdds / MultiplyAdds:F1}") : "-";

    private static string Thousands(double elements) => Invariant($"{elements / 1e3:F1}");

    private static string OrDash(string cell) => cell.Length == 0 ? "-" : cell;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
