using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>A diagnostic that compares by value and keeps no syntax tree alive.</summary>
/// <param name="Id">One of <see cref="SmallCnnGen.Compiler.Model.DiagnosticIds"/>.</param>
/// <param name="Message">The whole message.</param>
/// <param name="Location">Where.</param>
internal sealed record DiagnosticInfo(string Id, string Message, LocationInfo Location)
{
    /// <summary>The diagnostic as Roslyn wants it.</summary>
    public Diagnostic ToDiagnostic(Compilation compilation) =>
        Diagnostic.Create(DiagnosticDescriptors.Find(Id), Location.ToLocation(compilation), Message);
}
