using System.Globalization;
using System.Text;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Numbers as C# literals, the same in every culture.</summary>
public static class Literal
{
    /// <summary>An integer.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A float, exact ("0.1f").</summary>
    public static string Of(float value)
    {
        if (float.IsNaN(value))
            return "float.NaN";
        if (float.IsInfinity(value))
            return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        string text = value.ToString("G9", CultureInfo.InvariantCulture);
        float back = float.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (back.Equals(value))
            text = value.ToString("R", CultureInfo.InvariantCulture);
        return text + "f";
    }

    /// <summary>A double, exact.</summary>
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "d";

    /// <summary>A string or null.</summary>
    public static string Of(string? value)
    {
        if (value is null)
            return "null";
        var text = new StringBuilder("\"");
        foreach (char c in value)
        {
            if (c == '"' || c == '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    /// <summary>A count with a thousands separator or a unit, for comments ("10.8 M").</summary>
    public static string Count(long value)
    {
        if (value >= 1_000_000_000)
            return (value / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + " G";
        if (value >= 1_000_000)
            return (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M";
        if (value >= 10_000)
            return (value / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k";
        return value.ToString(CultureInfo.InvariantCulture);
    }
}
