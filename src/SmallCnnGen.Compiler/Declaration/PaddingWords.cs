using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>The words a padding may be, and those of other frameworks that it may not.</summary>
internal static class PaddingWords
{
    private static readonly Regex SingleWord = new(@"^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant);

    /// <summary>The words of the language.</summary>
    private static readonly string[] Ours = { "half", "same", "valid" };

    /// <summary>How other frameworks fill the border.</summary>
    private static readonly string[] Modes = { "reflect", "reflection", "replicate", "replication", "circular", "symmetric", "mirror", "wrap", "edge", "border", "nearest" };

    private static readonly string[] Zeros = { "zero", "zeros", "constant" };

    /// <summary>Whether a text is a single word, which no amount is.</summary>
    public static bool IsWord(string text) => SingleWord.IsMatch(text);

    /// <summary>The word of the language that a text is, whatever its case (TensorFlow writes "SAME"), or null.</summary>
    public static string? Read(string text) => Ours.FirstOrDefault(w => string.Equals(w, text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a word names a way of filling the border other than with zeros.</summary>
    public static bool IsMode(string word) => Modes.Contains(word.ToLowerInvariant());

    /// <summary>Why a word is no padding, with a leading colon, or nothing where all there is to say is what it may be.</summary>
    /// <param name="word">The word.</param>
    /// <param name="isMaximum">Whether it pads a maximum, for which nothing but minus infinity is neutral.</param>
    public static string Reason(string word, bool isMaximum)
    {
        string lower = word.ToLowerInvariant();
        if (IsMode(lower))
            return isMaximum ? ": a maximum is padded with minus infinity only" : ": only zero padding exists";
        if (Zeros.Contains(lower))
            return isMaximum ? ": a maximum is padded with minus infinity, and this says how much of it" : ": padding is always zeros, and this says how much of it";
        return lower switch
        {
            "same_upper" => ": ONNX's SAME_UPPER is \"same\"",
            "same_lower" => ": ONNX's SAME_LOWER, with the odd pixel before, has to be written as amounts (top, left, bottom, right)",
            "causal" or "full" => ": it has to be written as amounts (top, left, bottom, right)",
            _ => string.Empty,
        };
    }

    /// <summary>The word or name that was probably meant, or null.</summary>
    /// <param name="word">What is written.</param>
    /// <param name="names">Names that could stand here too.</param>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        string lower = word.ToLowerInvariant();
        if (lower == "same_upper")
            return "same";
        return IsMode(lower) || Zeros.Contains(lower) || lower is "same_lower" or "causal" or "full"
            ? null
            : NameSuggestion.Nearest(word, Ours.Concat(names));
    }
}
