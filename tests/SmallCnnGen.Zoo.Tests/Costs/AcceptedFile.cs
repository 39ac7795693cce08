using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using SmallCnnGen.Testing.Snapshots;
using Xunit;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>Generated tables that are checked in beside the Zoo's declarations.</summary>
internal static class AcceptedFile
{
    /// <summary>A file of the Zoo's folder must hold this text; SCNN_ACCEPT=1 writes it, except on a build server.</summary>
    public static void Check(string name, string text)
    {
        string path = Path.Combine(Folder(), "..", "..", "..", "src", "SmallCnnGen.Zoo", name);
        SnapshotPolicy policy = SnapshotPolicy.FromEnvironment();
        Assert.False(policy.Accept && policy.IsBuildServer, "SCNN_ACCEPT is set on a build server (CI): files are accepted by people");

        if (policy.Accept)
            File.WriteAllText(path, text);

        Assert.True(File.Exists(path), path + " is missing; to write it: SCNN_ACCEPT=1 dotnet test");
        string[] actual = File.ReadAllLines(path), expected = text.TrimEnd('\n').Split('\n');
        int line = actual.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        Assert.True(
            actual.SequenceEqual(expected),
            $"{name} is stale from line {line + 1} on; to write it: SCNN_ACCEPT=1 dotnet test\n  - {actual.ElementAtOrDefault(line)}\n  + {expected.ElementAtOrDefault(line)}");
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
