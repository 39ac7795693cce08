// Linked into the compiler, where it lives in another namespace so that a test can reference both assemblies.
using System;
using System.Globalization;
using System.Text;

#if SMALLCNNGEN_COMPILER
namespace SmallCnnGen.Compiler.Model;
#else
namespace SmallCnnGen;
#endif

/// <summary>
/// How messages repeat text that somebody else wrote: names in files, messages of parsers, arguments of declarations.
/// Such text is untrusted. It must not forge lines of a log, turn the direction of what follows, hide behind characters
/// without width, or fill a screen; so all of it comes through here.
/// </summary>
#if SMALLCNNGEN_COMPILER
public
#else
internal
#endif
static class Printable
{
    private const int LongestName = 120;

    /// <summary>A name in quotes, cut after 120 characters; a quote inside it is escaped, so what looks like its end is its end.</summary>
    /// <param name="name">The name.</param>
    public static string Quote(string name)
    {
        var text = new StringBuilder(Math.Min(name.Length, LongestName) + 2).Append('\'');
        Append(text, name, LongestName, escapeQuotes: true);
        return text.Append('\'').ToString();
    }

    /// <summary>A path in quotes: of a long one the end stays, for that is where the file's name is.</summary>
    /// <param name="path">The path.</param>
    public static string QuotePath(string path)
    {
        const int longest = 2 * LongestName;
        if (path.Length <= longest)
        {
            var whole = new StringBuilder(path.Length + 2).Append('\'');
            Append(whole, path, longest, escapeQuotes: true);
            return whole.Append('\'').ToString();
        }

        var text = new StringBuilder("'...");
        Append(text, path.Substring(path.Length - longest), longest, escapeQuotes: true);
        return text.Append('\'').ToString();
    }

    /// <summary>Text that may have quotes of its own, as one line.</summary>
    /// <param name="message">The text.</param>
    /// <param name="longest">Characters of it that are shown.</param>
    public static string Line(string message, int longest = 300)
    {
        if (message.Length <= longest && !HasHidden(message))
            return message;
        var text = new StringBuilder(Math.Min(message.Length, longest) + 16);
        Append(text, message, longest, escapeQuotes: false);
        return text.ToString();
    }

    private static bool HasHidden(string text)
    {
        foreach (char c in text)
        {
            if (IsHidden(c))
                return true;
        }

        return false;
    }

    private static void Append(StringBuilder text, string source, int longest, bool escapeQuotes)
    {
        for (int i = 0; i < source.Length; i++)
        {
            if (i == longest)
            {
                text.Append("...");
                break;
            }

            char c = source[i];
            if (IsHidden(c) || (escapeQuotes && c == '\''))
                text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }
    }

    /// <summary>Whether a character is not seen, or changes how others are.</summary>
    private static bool IsHidden(char c)
    {
        if (c is >= ' ' and <= '~')
            return false;
        switch (CharUnicodeInfo.GetUnicodeCategory(c))
        {
            // Format is where marks of direction and joiners of no width are
            case UnicodeCategory.Control:
            case UnicodeCategory.Format:
            case UnicodeCategory.Surrogate:
            case UnicodeCategory.PrivateUse:
            case UnicodeCategory.OtherNotAssigned:
            case UnicodeCategory.LineSeparator:
            case UnicodeCategory.ParagraphSeparator:
            case UnicodeCategory.SpaceSeparator:
                return true;
            default:
                // letters and marks by category that nothing draws: grapheme joiner, Hangul and Khmer fillers, variation selectors
                return c is '\u034F' or '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or (>= '\u180B' and <= '\u180F') or '\u3164'
                    or (>= '\uFE00' and <= '\uFE0F') or '\uFFA0' or '\u2800';
        }
    }
}
