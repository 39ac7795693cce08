using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>What the parser makes of one [Network] class. Compares by value; no symbol or syntax survives in it.</summary>
/// <param name="Name">Fully qualified name of the class.</param>
/// <param name="Spec">
/// The declaration, or null when it cannot be read as a whole (the parser's own errors, or code that does not
/// compile yet: what follows from half a list would only mislead).
/// </param>
/// <param name="CanEmit">False when the class cannot take generated members, though the layers can still be checked.</param>
/// <param name="Stub">
/// What to generate when something is wrong, so that nobody is told twice; null where a class cannot have even that, and
/// where the generator has run already.
/// </param>
/// <param name="Positions">Where everything was written.</param>
/// <param name="Diagnostics">What the parser itself found wrong.</param>
internal sealed record ParsedNetwork(
    string Name,
    NetworkSpec? Spec,
    bool CanEmit,
    StubSpec? Stub,
    DeclarationPositions Positions,
    EquatableArray<DiagnosticInfo> Diagnostics);
