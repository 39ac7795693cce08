using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SmallCnnGen;

/// <summary>
/// A weights file cannot be read, or does not fit the network. One exception carries everything that is wrong, each
/// problem with its id (SCNN3001 to SCNN3008), so that a file is repaired in one go.
/// </summary>
public sealed class WeightsException : Exception
{
    /// <summary>Problems shown in <see cref="Exception.Message"/>; <see cref="Problems"/> holds all of them.</summary>
    private const int ShownProblems = 20;

    /// <summary>Creates the exception.</summary>
    /// <param name="subject">What the problems are about: which network, which file.</param>
    /// <param name="problems">One line each, beginning with the id.</param>
    public WeightsException(string subject, IReadOnlyList<string> problems)
        : this(subject, problems, hint: null)
    {
    }

    internal WeightsException(string subject, IReadOnlyList<string> problems, string? hint)
        : base(Compose(subject, problems, hint))
    {
        var copy = new string[problems.Count];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = problems[i];
        Problems = Array.AsReadOnly(copy);
    }

    /// <summary>Every problem, one line each, beginning with its id ("SCNN3001 missing tensor ...").</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>How many there are of each kind: " 260 missing, 260 unexpected."; nothing for one kind.</summary>
    private static string Kinds(IReadOnlyList<string> problems)
    {
        var text = new StringBuilder();
        var kinds = 0;
        foreach (var (id, kind) in new[] { (WeightsProblem.Missing, "missing"), (WeightsProblem.Unexpected, "unexpected"), (WeightsProblem.WrongShape, "of another shape") })
        {
            var count = 0;
            for (var i = 0; i < problems.Count; i++)
                count += problems[i].StartsWith(id, StringComparison.Ordinal) ? 1 : 0;
            kinds += count > 0 ? 1 : 0;
            if (count > 0)
                text.Append(text.Length == 0 ? " " : ", ").Append(SmallCnnGen.Text.Number(count)).Append(' ').Append(kind);
        }

        return kinds < 2 ? "" : text.Append('.').ToString();
    }

    private static string Compose(string subject, IReadOnlyList<string> problems, string? hint)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(problems);
        var text = new StringBuilder(subject).Append(": ").Append(SmallCnnGen.Text.Count(problems.Count, "problem")).Append('.');
        if (problems.Count > ShownProblems)
            text.Append(Kinds(problems));
        for (var i = 0; i < problems.Count && i < ShownProblems; i++)
            text.Append("\n  ").Append(problems[i]);
        if (problems.Count > ShownProblems)
            text.Append(CultureInfo.InvariantCulture, $"\n  ... and {problems.Count - ShownProblems} more");
        if (hint is not null)
            text.Append("\nHint: ").Append(hint);
        return text.ToString();
    }
}
