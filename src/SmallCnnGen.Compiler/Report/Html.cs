using System;
using System.Globalization;
using System.Text;

namespace SmallCnnGen.Compiler.Report;

/// <summary>Text and numbers as pages show them, the same in every culture.</summary>
internal static class Html
{
    /// <summary>Text as it is, whatever it holds.</summary>
    public static string Text(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            result.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                < ' ' => " ",
                >= '\ud800' and <= '\udfff' => "?",
                _ => c.ToString(),
            });
        }

        return result.ToString();
    }

    /// <summary>A count with a unit: "569.3 M".</summary>
    public static string Count(double value) => Math.Abs(value) switch
    {
        >= 1e9 => Format(value / 1e9, "0.00") + " G",
        >= 1e6 => Format(value / 1e6, "0.0") + " M",
        >= 1e4 => Format(value / 1e3, "0.0") + " k",
        _ => Format(value, "#,0"),
    };

    /// <summary>Bytes with a binary unit: "1.5 MiB".</summary>
    public static string Bytes(double value) => Math.Abs(value) switch
    {
        >= 1L << 30 => Format(value / (1L << 30), "0.00") + " GiB",
        >= 1 << 20 => Format(value / (1 << 20), "0.0") + " MiB",
        >= 1 << 10 => Format(value / (1 << 10), "0.0") + " KiB",
        _ => Format(value, "0") + " B",
    };

    /// <summary>A count without needless decimals, for axes: "30 M".</summary>
    public static string Tick(double value) => Count(value).Replace(".00 ", " ").Replace(".0 ", " ");

    /// <summary>Bytes without needless decimals, for axes: "2 MiB".</summary>
    public static string ByteTick(double value) => Bytes(value).Replace(".00 ", " ").Replace(".0 ", " ");

    /// <summary>A share: "12.3 %".</summary>
    public static string Percent(double share) => Format(100 * share, "0.0") + " %";

    /// <summary>A number with a format of .NET's.</summary>
    public static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
