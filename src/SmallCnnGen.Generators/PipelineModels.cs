using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators;

/// <summary>All that compilation depends on; source positions are not part of it.</summary>
/// <param name="Name">Fully qualified name of the class.</param>
/// <param name="Spec">The declaration, or null when it could not be read.</param>
/// <param name="CanEmit">Whether members can be added to the class.</param>
/// <param name="Stub">What to emit when something is wrong; null for nothing.</param>
/// <param name="CheckOnly">Whether findings are all that is wanted.</param>
internal sealed record ConfiguredNetwork(string Name, NetworkSpec? Spec, bool CanEmit, StubSpec? Stub, bool CheckOnly);

/// <summary>What became of a network.</summary>
/// <param name="Name">Fully qualified name of the class.</param>
/// <param name="Result">Sources and findings.</param>
internal sealed record CompiledNetwork(string Name, CompileResult Result);

/// <summary>The findings of one network, on their way to its positions.</summary>
/// <param name="Name">Fully qualified name of the class.</param>
/// <param name="Findings">At least one.</param>
internal sealed record NetworkFindings(string Name, EquatableArray<Finding> Findings);
