using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Finds the name that was probably meant.</summary>
public static class NameSuggestion
{
    // Comparing is quadratic in the length; real names are far below these.
    private const int MaxLength = 64;
    private const int MaxCandidates = 1000;

    /// <summary>" Did you mean 'x'?", or nothing when no candidate is close.</summary>
    public static string For(string name, IEnumerable<string> candidates) =>
        Nearest(name, candidates) is { } best ? $" Did you mean '{best}'?" : string.Empty;

    /// <summary>The closest candidate, or null when none is close.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength)
            return null;
        string? best = null;
        int bestDistance = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) >= bestDistance)
                continue;
            int distance = Distance(name, candidate);
            if (distance < bestDistance && distance < Math.Max(name.Length, candidate.Length))
            {
                bestDistance = distance;
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Letters to insert, delete or replace, upper and lower case counting as one letter.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                int value = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = row[j];
                row[j] = value;
            }
        }

        return row[b.Length];
    }
}
