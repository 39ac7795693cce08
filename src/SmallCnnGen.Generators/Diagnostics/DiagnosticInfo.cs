using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>A diagnostic that compares by value and keeps no syntax tree alive.</summary>
/// <param name="Id">One of <see cref="SmallCnnGen.Compiler.Model.DiagnosticIds"/>.</param>
/// <param name="Message">The whole message.</param>
/// <param name="Location">Where.</param>
/// <param name="Properties">What a code fix needs; empty when there is none.</param>
internal sealed record DiagnosticInfo(string Id, string Message, LocationInfo Location, EquatableArray<FindingProperty> Properties = default)
{
    /// <summary>The whole message: one line of bearable length, whatever names the source has.</summary>
    public string Message { get; init; } = Printable.Line(Message, Finding.LongestMessage);

    /// <summary>The diagnostic as Roslyn wants it.</summary>
    /// <param name="compilation">Where it is reported.</param>
    /// <param name="severity">Severity; the descriptor's when null.</param>
    public Diagnostic ToDiagnostic(Compilation compilation, DiagnosticSeverity? severity = null)
    {
        var descriptor = DiagnosticDescriptors.Find(Id);
        return Diagnostic.Create(
            descriptor,
            Location.ToLocation(compilation),
            severity ?? descriptor.DefaultSeverity,
            null,
            Properties.ToImmutableDictionary(p => p.Name, p => (string?)p.Value),
            Message);
    }
}
