using System;
using Xunit;

namespace SmallCnnGen.Testing.Kit;

/// <summary>A test that needs the reference kit, and is skipped, saying why, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KitFactAttribute : FactAttribute
{
    /// <summary>Looks for the kit.</summary>
    public KitFactAttribute() => Skip = KitCase.Absence(AppContext.BaseDirectory, out _);
}
