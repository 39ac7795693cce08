using System;
using SmallCnnGen.Testing.Kit;
using Xunit;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>A theory that needs the reference kit, and is skipped, saying so, where there is none.</summary>
public sealed class KitTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the kit.</summary>
    public KitTheoryAttribute()
    {
        if (KitCase.Locate(AppContext.BaseDirectory) is null)
            Skip = "The reference kit is absent: no folder above " + AppContext.BaseDirectory + " contains shared/reference.";
    }
}
