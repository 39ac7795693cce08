using System;

namespace SmallCnnGen.Testing.Snapshots;

/// <summary>What was generated is not what was verified.</summary>
public sealed class SnapshotException(string message) : Exception(message);
