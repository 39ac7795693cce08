using System;
using System.Globalization;
using System.Text;

namespace SmallCnnGen;

/// <summary>How messages write names, shapes and counts: one way, invariant culture.</summary>
internal static class Text
{
    private const int LongestName = 120;

    /// <summary>
    /// A name from a file in quotes. Files are untrusted, so control characters are escaped (a name must not forge
    /// lines of a log) and long names are cut.
    /// </summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder(Math.Min(name.Length, LongestName) + 2).Append('\'');
        for (var i = 0; i < name.Length; i++)
        {
            if (i == LongestName)
            {
                text.Append("...");
                break;
            }

            var c = name[i];
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
                text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.Append('\'').ToString();
    }

    public static string Shape(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < shape.Length; i++)
        {
            if (i == 8)
            {
                text.Append(", ...");
                break;
            }

            text.Append(i == 0 ? "" : ", ").Append(shape[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Count(long value, string noun) => Number(value) + " " + noun + (value == 1 ? "" : "s");
}
