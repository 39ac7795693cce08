using System;
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
}
