using System;
using System.IO;
using System.Linq;
using SmallCnnGen.Testing.Kit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>The reference kit, if it lies beside the repository (shared/reference in some parent folder).</summary>
internal static class Kit
{
    private static readonly Lazy<string?> s_folder = new(() =>
    {
        string? folder = KitCase.Locate(AppContext.BaseDirectory);

        // Tests that need the kit return early without it: say so once, in any runner.
        if (folder is null)
            Console.Error.WriteLine("The reference kit (shared/reference beside the repository) is absent: tests against it do nothing.");
        return folder;
    });

    /// <summary>One model, or null without the kit.</summary>
    public static KitCase? Model(string name) => s_folder.Value is { } folder ? KitCase.ReadModel(Path.Combine(folder, "models", name + ".json")) : null;

    /// <summary>All op cases, none without the kit.</summary>
    public static KitCase[] Ops() => s_folder.Value is { } folder ? KitCase.ReadOps(Path.Combine(folder, "ops.json")) : [];

    /// <summary>Paths of all models, none without the kit.</summary>
    public static string[] Models() => s_folder.Value is { } folder ? KitCase.Find(folder).ModelFiles.ToArray() : [];

    /// <summary>Says in a test's own output that it did nothing.</summary>
    public static bool Absent(ITestOutputHelper output)
    {
        if (s_folder.Value is not null)
            return false;
        output.WriteLine("skipped: there is no shared/reference beside the repository");
        return true;
    }
}
