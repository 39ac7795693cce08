using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>No diagnostic is without a test that names it.</summary>
public sealed class DiagnosticCoverageTests
{
    /// <summary>Guidelines are tested page by page (<see cref="RulePageTests"/>), 9xxx are faults of ours.</summary>
    [Fact]
    public void EveryError_IsNamedByATest()
    {
        // What needs the emitted code is tested beside the emitter.
        string emit = Path.Combine(Folder(), "..", "SmallCnnGen.Compiler.Tests", "Emit");
        string tests = string.Join("\n", Directory.GetFiles(Folder(), "*.cs").Concat(Directory.GetFiles(emit, "*.cs")).Select(File.ReadAllText));
        string[] ids = DiagnosticDescriptors.All.Select(d => d.Id).Where(i => i[4] is not ('4' or '9')).ToArray();

        Assert.Contains(DiagnosticIds.TooLarge, ids);
        Assert.All(ids, id => Assert.Contains(id, tests));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
