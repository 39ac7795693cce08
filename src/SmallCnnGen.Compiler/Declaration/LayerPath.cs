using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Paths of layers and tensors: names joined by dots, as in PyTorch's state_dict.</summary>
internal static class LayerPath
{
    /// <summary>Longest name or path one argument may hold.</summary>
    public const int MaxLength = 100;

    // Largest number a '#' may begin with.
    private const int MaxStart = 9999;

    // The digits after a '#' are the number it begins with.
    private static readonly Regex Counter = new("#([0-9]*)", RegexOptions.CultureInvariant);

    /// <summary>Joins two paths; an empty one leaves the other as it is.</summary>
    public static string Join(string prefix, string path) =>
        prefix.Length == 0 ? path : path.Length == 0 ? prefix : prefix + "." + path;

    /// <summary>A pattern with its '#' replaced by a number: "a#" counts from 0, "a#1" from 1.</summary>
    /// <param name="pattern">A name or path that <see cref="ProblemOfName"/> or <see cref="ProblemOfModule"/> found right.</param>
    /// <param name="count">How often the pattern was used before.</param>
    public static string Numbered(string pattern, int count) =>
        Counter.Replace(pattern, m => (Start(m) + count).ToString(CultureInfo.InvariantCulture));

    /// <summary>What is wrong with a layer's name, or null.</summary>
    public static string? ProblemOfName(string name)
    {
        if (name.Length == 0)
            return "a name must not be empty";
        if (name.Length > MaxLength)
            return System.FormattableString.Invariant($"a name has at most {MaxLength} characters");
        if (name.Split('.').Any(part => part.Length == 0))
            return "a dot must stand between two names";
        if (ProblemOfCounter(name) is { } problem)
            return problem;

        // Names end up in generated comments and identifiers, and a comma separates names in From.
        return name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '+' or ':' or '#')
            ? null
            : "a name is made of letters, digits, '_', '-', '/', '+', ':', dots and '#'";
    }

    /// <summary>What is wrong with a tensor path, or null. Empty is right: the tensors lie in the enclosing path itself.</summary>
    public static string? ProblemOfModule(string path)
    {
        if (path.Length > MaxLength)
            return System.FormattableString.Invariant($"a path has at most {MaxLength} characters");
        if (ProblemOfCounter(path) is { } problem)
            return problem;
        return path.Any(c => char.IsControl(c) || char.IsSurrogate(c) || char.IsWhiteSpace(c) || c is '"' or '\\')
            ? "a path has no spaces, quotes, backslashes or control characters"
            : null;
    }

    private static string? ProblemOfCounter(string pattern) =>
        Counter.Matches(pattern).Cast<Match>().Any(m => Start(m) > MaxStart)
            ? System.FormattableString.Invariant($"the number after '#' is where counting begins, at most {MaxStart}")
            : null;

    // Names have a bounded length, so a double holds whatever digits there are.
    private static double Start(Match counter) =>
        counter.Groups[1].Length == 0 ? 0 : double.Parse(counter.Groups[1].Value, CultureInfo.InvariantCulture);
}
