using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>One argument of a layer attribute: its default and, for integers, its range.</summary>
/// <param name="Name">Name of the constructor's parameter or of the property.</param>
/// <param name="Default">Value when it is not written, or null when it must be.</param>
/// <param name="Min">Smallest integer allowed.</param>
/// <param name="Max">Largest integer allowed.</param>
public sealed record ArgumentRule(string Name, ArgumentValue? Default, long Min = 0, long Max = 0);
