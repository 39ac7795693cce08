using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>A table in Markdown that also reads well as text: columns of numbers are aligned to the right.</summary>
public sealed class TextTable(params string[] titles)
{
    private readonly List<string[]> _rows = [];

    /// <summary>A number with fixed decimals; a dash for what is not a number.</summary>
    public static string Number(double value, int decimals) => double.IsFinite(value) ? value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "-";

    /// <summary>Appends a row.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != titles.Length)
            throw new ArgumentException($"{cells.Length} cells for {titles.Length} columns", nameof(cells));
        _rows.Add(cells);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        int[] widths = titles.Select((t, i) => _rows.Select(r => r[i].Length).Append(t.Length).Append(3).Max()).ToArray();
        bool[] right = titles.Select((_, i) => _rows.All(r => IsNumber(r[i])) && _rows.Any(r => r[i].Length > 0)).ToArray();
        var text = new StringBuilder();
        Line(titles);
        text.Append('|');
        for (int i = 0; i < titles.Length; i++)
            text.Append(' ').Append('-', widths[i] - 1).Append(right[i] ? ":" : "-").Append(" |");
        text.Append('\n');
        foreach (string[] row in _rows)
            Line(row);
        return text.ToString();

        void Line(string[] cells)
        {
            text.Append('|');
            for (int i = 0; i < cells.Length; i++)
                text.Append(' ').Append(right[i] ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i])).Append(" |");
            text.Append('\n');
        }
    }

    private static bool IsNumber(string cell) => cell.Length == 0 || cell == "-" || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
