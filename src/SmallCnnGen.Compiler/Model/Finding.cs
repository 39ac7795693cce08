using System;
using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Model;

/// <summary>Something wrong with a declaration, located by layer and argument rather than by text span.</summary>
/// <param name="Id">Diagnostic id ("SCNN1003").</param>
/// <param name="Message">The whole message: what is wrong, the facts that conflict, and the fix.</param>
/// <param name="Source">Source index of the layer (<see cref="LayerSpec.Source"/>), or -1 for the [Network] attribute.</param>
/// <param name="Argument">Name of the argument to underline, or null for the whole attribute.</param>
public sealed record Finding(string Id, string Message, int Source, string? Argument = null)
{
    /// <summary>Characters of a message that are shown.</summary>
    public const int LongestMessage = 1000;

    /// <summary>
    /// The whole message, one line whatever the declaration's texts hold: names in it reach build logs and editors.
    /// </summary>
    public string Message { get; init; } = Printable.Line(Message, LongestMessage);

    /// <summary>What a code fix needs, if there is a mechanical one; made by <see cref="Repair"/>.</summary>
    public EquatableArray<FindingProperty> Properties { get; init; }
}

/// <summary>A named value that goes with a finding; the names are <see cref="Critique.FixProperties"/>'.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
public sealed record FindingProperty(string Name, string Value);

/// <summary>Collects findings so that one build shows them all.</summary>
public sealed class FindingList
{
    private readonly List<Finding> _items = new();
    private readonly HashSet<Finding> _known = new();

    /// <summary>Findings so far, in the order they were made.</summary>
    public IReadOnlyList<Finding> Items => _items;

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => _items.Count == 0;

    /// <summary>Adds one; the same finding twice is kept once (a repeated layer fails the same way each time).</summary>
    public void Add(string id, string message, int source, string? argument = null, EquatableArray<FindingProperty> properties = default)
    {
        var finding = new Finding(id, message, source, argument) { Properties = properties };
        if (_known.Add(finding))
            _items.Add(finding);
    }
}

/// <summary>Stops the compilation of one network at one finding.</summary>
public sealed class FindingException(Finding finding) : Exception(finding.Message)
{
    /// <summary>The finding.</summary>
    public Finding Finding { get; } = finding;
}
