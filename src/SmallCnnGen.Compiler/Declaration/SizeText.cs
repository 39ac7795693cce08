using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Sizes as text: how they are written here, and how they are written elsewhere.</summary>
internal static class SizeText
{
    private static readonly Regex Two = new(@"^\s*([0-9]{1,9})\s*[xX×]\s*([0-9]{1,9})\s*$", RegexOptions.CultureInvariant);
    private static readonly Regex Product = new(@"^\s*([0-9]{1,9})\s*\*\s*([0-9]{1,9})\s*$", RegexOptions.CultureInvariant);
    private static readonly Regex Numbers = new(@"^\s*([0-9]{1,9})(?:\s*[,;xX×]\s*([0-9]{1,9})|\s+([0-9]{1,9}))*\s*$", RegexOptions.CultureInvariant);

    /// <summary>The two sizes of "10x4", or null.</summary>
    public static long[]? ReadTwo(string text) => Read(Two, text);

    /// <summary>The factors of "3*3", or null: two numbers and nothing else, for which nobody needs an expression.</summary>
    public static long[]? ReadProduct(string text) => Read(Product, text);

    /// <summary>Sizes as this language writes them: "3", "10x4" or "0, 1, 1, 0".</summary>
    public static string Write(long[] sizes) =>
        string.Join(sizes.Length == 2 ? "x" : ", ", sizes.Select(s => s.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// What a text that cannot be read would be here, or null: "(10, 4)", "[10, 4]" and "10 4" are "10x4", "(k, 1)" is "k, 1".
    /// </summary>
    /// <param name="text">What is written.</param>
    public static string? Meant(string text)
    {
        string inner = text.Trim();
        bool isBracketed = inner.Length > 2 && (inner[0], inner[inner.Length - 1]) is ('(', ')') or ('[', ']') or ('{', '}');
        if (isBracketed)
            inner = inner.Substring(1, inner.Length - 2).Trim();
        Match numbers = Numbers.Match(inner);
        if (!numbers.Success)
            return isBracketed ? inner : null;
        string[] sizes = inner.Split(new[] { ' ', '\t', ',', ';', 'x', 'X', '×' }, System.StringSplitOptions.RemoveEmptyEntries);
        return Write(sizes.Select(s => long.Parse(s, CultureInfo.InvariantCulture)).ToArray());
    }

    private static long[]? Read(Regex pattern, string text)
    {
        Match match = pattern.Match(text);
        return match.Success
            ? new[] { long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) }
            : null;
    }
}
