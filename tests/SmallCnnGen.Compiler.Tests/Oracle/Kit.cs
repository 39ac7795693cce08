using System;
using System.IO;
using System.Linq;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>
/// The reference kit, for tests marked <see cref="KitFactAttribute"/> or <see cref="KitTheoryAttribute"/>; in others it throws where
/// there is none, so that nothing passes because it found nothing.
/// </summary>
internal static class Kit
{
    private static string Folder => KitCase.Absence(AppContext.BaseDirectory, out string folder) is { } reason
        ? throw new InvalidOperationException(reason)
        : folder;

    /// <summary>One model.</summary>
    public static KitCase Model(string name) => KitCase.ReadModel(Path.Combine(Folder, "models", name + ".json"));

    /// <summary>All op cases.</summary>
    public static KitCase[] Ops() => KitCase.ReadOps(Path.Combine(Folder, "ops.json"));

    /// <summary>Paths of all models.</summary>
    public static string[] Models() => KitCase.Find(Folder).ModelFiles;
}
