using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Tables in plain text: columns two spaces apart, words to the left, numbers to the right.</summary>
internal static class TextColumns
{
    /// <summary>One line for each row; lines are as long as the columns are wide.</summary>
    /// <param name="rows">Rows of as many cells each, the head included.</param>
    /// <param name="firstNumber">The first of the columns with numbers, which are the last ones.</param>
    public static IEnumerable<string> Align(IReadOnlyList<string[]> rows, int firstNumber)
    {
        int[] widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, c) => c >= firstNumber ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))));
    }
}
