using System;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>A test that publishes ReadyToRun; skipped where its compiler, Crossgen2, cannot be restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadyToRunFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_obstacle = new(() => RestoreProbe.FindObstacle(
        "<TargetFramework>net10.0</TargetFramework><PublishReadyToRun>true</PublishReadyToRun><SelfContained>false</SelfContained>", "the compiler of ReadyToRun images"));

    /// <summary>Looks.</summary>
    public ReadyToRunFactAttribute() => Skip = s_obstacle.Value;
}
