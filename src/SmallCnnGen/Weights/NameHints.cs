using System;
using System.Collections.Generic;
using System.Text;

namespace SmallCnnGen;

/// <summary>
/// Finds out why names do not match: a common prefix, another spelling, a typing error. Names come from untrusted
/// files, so the work is bounded whatever they are.
/// </summary>
internal sealed class NameHints
{
    private const int LongestName = 256;
    private const int MostComparedMissing = 20;
    private const int MostComparedNames = 2000;
    private const int MostPrefixedNames = 20000;

    private readonly List<string> _unexpected;
    private readonly HashSet<string> _unexpectedSet;
    private readonly Dictionary<string, string> _bySpelling = new(StringComparer.Ordinal);
    private int _compared;

    public NameHints(IReadOnlyList<string> missing, List<string> unexpected)
    {
        _unexpected = unexpected;
        _unexpectedSet = new HashSet<string>(unexpected, StringComparer.Ordinal);
        foreach (var name in unexpected)
        {
            if (name.Length <= LongestName)
                _bySpelling.TryAdd(Spelling(name), name);
        }

        Extra = MostCommonPrefix(unexpected, missing, out var extraCount);
        Lacking = MostCommonPrefix(missing, unexpected, out var lackingCount);
        if (extraCount >= lackingCount)
            Lacking = null;
        else
            Extra = null;
    }

    /// <summary>What names in the file have before the expected name, or null.</summary>
    public string? Extra { get; }

    /// <summary>What expected names have before the file's name, or null.</summary>
    public string? Lacking { get; }

    /// <summary>The name in the file that is probably meant by a missing one, or null.</summary>
    public string? For(string missing)
    {
        if (Extra is not null && _unexpectedSet.Contains(Extra + missing))
            return Extra + missing;
        if (Lacking is not null && missing.StartsWith(Lacking, StringComparison.Ordinal) && _unexpectedSet.Contains(missing[Lacking.Length..]))
            return missing[Lacking.Length..];
        if (missing.Length > LongestName)
            return null;
        if (_bySpelling.TryGetValue(Spelling(missing), out var same))
            return same;
        if (_compared++ >= MostComparedMissing)
            return null;

        var most = missing.Length < 6 ? 1 : 2;
        string? best = null;
        for (var i = 0; i < _unexpected.Count && i < MostComparedNames; i++)
        {
            var name = _unexpected[i];
            if (Math.Abs(name.Length - missing.Length) > most)
                continue;
            var distance = Distance(missing, name, most);
            if (distance <= most && !DifferInDigitsOnly(missing, name))
            {
                best = name;
                most = distance - 1;
            }
        }

        return best;
    }

    /// <summary>The prefix that, taken off <paramref name="longer"/> names, gives most of the <paramref name="shorter"/> ones.</summary>
    private static string? MostCommonPrefix(IReadOnlyList<string> longer, IReadOnlyList<string> shorter, out int count)
    {
        var wanted = new HashSet<string>(shorter, StringComparer.Ordinal);
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        string? best = null;
        count = 0;
        for (var i = 0; i < longer.Count && i < MostPrefixedNames; i++)
        {
            var name = longer[i];
            if (name.Length > LongestName)
                continue;
            for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            {
                if (!lookup.Contains(name.AsSpan(dot + 1)))
                    continue;
                var prefix = name[..(dot + 1)];
                var n = counts.GetValueOrDefault(prefix) + 1;
                counts[prefix] = n;
                if (n > count)
                {
                    best = prefix;
                    count = n;
                }
            }
        }

        return best;
    }

    /// <summary>A name without what tools spell differently: case and separators.</summary>
    private static string Spelling(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c is not ('.' or '_' or '/' or '-' or ':'))
                text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>"layers.10" and "layers.11" are two layers, not one layer and a typing error.</summary>
    private static bool DifferInDigitsOnly(string a, string b)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < a.Length && char.IsAsciiDigit(a[i]))
                i++;
            while (j < b.Length && char.IsAsciiDigit(b[j]))
                j++;
            if (i == a.Length || j == b.Length)
                return i == a.Length && j == b.Length;
            if (a[i++] != b[j++])
                return false;
        }
    }

    /// <summary>Edit distance, or something larger than <paramref name="most"/> as soon as it is clear that it is larger.</summary>
    private static int Distance(string a, string b, int most)
    {
        Span<int> above = stackalloc int[LongestName + 4];
        Span<int> row = stackalloc int[LongestName + 4];
        for (var j = 0; j <= b.Length; j++)
            above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            // cells further from the diagonal than the limit exceed it anyway
            var first = Math.Max(1, i - most);
            var last = Math.Min(b.Length, i + most);
            row[first - 1] = first == 1 ? i : most + 1;
            var smallest = row[first - 1];
            for (var j = first; j <= last; j++)
            {
                var up = j < i + most ? above[j] + 1 : most + 1;
                var distance = Math.Min(above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(up, row[j - 1] + 1));
                row[j] = distance;
                smallest = Math.Min(smallest, distance);
            }

            if (smallest > most)
                return most + 1;
            var swap = above;
            above = row;
            row = swap;
        }

        return above[b.Length];
    }
}
