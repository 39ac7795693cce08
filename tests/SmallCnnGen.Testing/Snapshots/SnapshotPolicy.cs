using System;

namespace SmallCnnGen.Testing.Snapshots;

/// <summary>What to do when a snapshot differs.</summary>
/// <param name="Accept">Take what was generated as verified.</param>
/// <param name="IsBuildServer">On a build server nothing is ever accepted.</param>
public sealed record SnapshotPolicy(bool Accept, bool IsBuildServer)
{
    /// <summary>As the environment says: SCNN_ACCEPT=1 accepts, CI marks a build server.</summary>
    public static SnapshotPolicy FromEnvironment() => new(
        Environment.GetEnvironmentVariable("SCNN_ACCEPT") == "1",
        Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci && !ci.Equals("false", StringComparison.OrdinalIgnoreCase));
}
