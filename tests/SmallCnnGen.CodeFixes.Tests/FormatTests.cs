using System.Threading.Tasks;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>"dotnet format analyzers" mends in one run what can be mended, and nothing else.</summary>
public sealed class FormatTests
{
    private const string Size = "[Network(Height = 4, Width = 4, Channels = 8, VectorBits = 256)]\n";

    /// <summary>Fixes follow from declarations, so kernels need not be generated.</summary>
    private static readonly HostOptions Checked = new() { EditorConfig = "is_global = true\nbuild_property.SmallCnnGenDeclarationsOnly = true\n" };

    /// <summary>The first of the diagnostics may have no fix, others fixes of another kind, and a class beside may be wrong in more than one way.</summary>
    [Fact]
    public async Task EverythingIsMendedInOneRun()
    {
        using var host = new CodeFixHost("using SmallCnnGen;\n"
            + Size + "[Add(\"input\", Activation = (Activation)99)]\n[Conv(0, Alpha = 0.1, Stride = 0)]\n[Conv(18, Name = \"one\", Alpha = 0.2)]\n[Conv(18, Name = \"one\")]\n[Conv(18, From = \"inptu\")]\npublic partial class Wrong;\n"
            + Size + "[Conv(18)]\n[Conv(8, Groups = 5)]\nabstract class Shapes;\n"
            + Size + "[Conv(18)]\n[Conv(8)]\npublic partial class Right;\n"
            + "[Conv(32)]\npublic class Missing;\n", Checked);
        await host.FormatAsync();
        Assert.Equal("using SmallCnnGen;\n"
            + Size + "[Add(\"input\", Activation = (Activation)99)]\n[Conv(1, Stride = 1)]\n[Conv(18, Name = \"one\")]\n[Conv(18, Name = \"one2\")]\n[Conv(18, From = \"input\")]\npublic partial class Wrong;\n"
            + Size + "[Conv(18)]\n[Conv(8, Groups = 2)]\npartial class Shapes;\n"
            + Size + "[Conv(16)]\n[Conv(8)]\npublic partial class Right;\n"
            + "[Network(Height = 224, Width = 224, Channels = 3)]\n[Conv(32)]\npublic partial class Missing;\n", host.Text);
    }
}
