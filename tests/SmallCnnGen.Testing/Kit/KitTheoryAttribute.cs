using System;
using Xunit;

namespace SmallCnnGen.Testing.Kit;

/// <summary>A theory that needs the reference kit, and is skipped, saying why, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KitTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the kit.</summary>
    public KitTheoryAttribute() => Skip = KitCase.Absence(AppContext.BaseDirectory, out _);
}
