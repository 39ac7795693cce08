using System.Linq;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Paths of layers and tensors: names joined by dots, as in PyTorch's state_dict.</summary>
internal static class LayerPath
{
    /// <summary>Longest name or path one argument may hold.</summary>
    public const int MaxLength = 100;

    /// <summary>Joins two paths; an empty one leaves the other as it is.</summary>
    public static string Join(string prefix, string path) =>
        prefix.Length == 0 ? path : path.Length == 0 ? prefix : prefix + "." + path;

    /// <summary>What is wrong with a layer's name, or null.</summary>
    public static string? ProblemOfName(string name)
    {
        if (name.Length == 0)
            return "a name must not be empty";
        if (name.Length > MaxLength)
            return System.FormattableString.Invariant($"a name has at most {MaxLength} characters");
        if (name.Split('.').Any(part => part.Length == 0))
            return "a dot must stand between two names";

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
        return path.Any(c => char.IsControl(c) || char.IsSurrogate(c) || char.IsWhiteSpace(c) || c is '"' or '\\')
            ? "a path has no spaces, quotes, backslashes or control characters"
            : null;
    }
}
