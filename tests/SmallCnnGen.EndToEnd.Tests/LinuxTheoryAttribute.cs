using System;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>A theory that needs Linux, and is skipped, saying so, elsewhere.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks at the operating system.</summary>
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Guard pages are made with Linux's mmap and mprotect.";
    }
}
