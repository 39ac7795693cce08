using System;
using System.Runtime.InteropServices;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>A test that publishes ahead of time; skipped where the compiler for it cannot be restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeAotFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_obstacle = new(() => RestoreProbe.FindObstacle(
        "<TargetFramework>net10.0</TargetFramework><PublishAot>true</PublishAot>", "the ahead-of-time compiler"));

    /// <summary>Looks.</summary>
    public NativeAotFactAttribute() => Skip = s_obstacle.Value;

    /// <summary>Whether it is about the levels of x64's instruction set: Arm has one level, and it suffices.</summary>
    public bool IsForX64
    {
        get => false;
        set
        {
            if (value && RuntimeInformation.OSArchitecture != Architecture.X64)
                Skip ??= "x64 only: Arm has one level of vector instructions";
        }
    }
}
