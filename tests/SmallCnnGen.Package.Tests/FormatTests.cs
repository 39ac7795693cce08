using System.IO;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>"dotnet format analyzers" in a project that references the package.</summary>
[Collection(PackageCollection.Name)]
public sealed class FormatTests(PackageFixture package)
{
    [Fact]
    public void OneRun_MendsErrors_AndRemovesNoLayer()
    {
        string folder = package.CreateProject("Formatted", """
            using SmallCnnGen;
            System.Console.WriteLine(Net.InputLength);

            [Network(Height = 8, Width = 8, Channels = 3)]
            [Conv(0, Alpha = 0.1)]
            [Conv(12, Stride = 0)]
            [Conv(12, From = "inptu")]
            partial class Net;

            [Network(Height = 8, Width = 8, Channels = 12)]
            [Conv(7, Name = "lost")]
            [Conv(12, From = "input", Groups = 5)]
            class Other;
            """);
        File.WriteAllText(Path.Combine(folder, ".editorconfig"), "root = true\n[*.cs]\ndotnet_diagnostic.SCNN2001.severity = error\n");
        Shell.Dotnet(folder, "restore").Succeeded();
        Shell.Dotnet(folder, "format", "analyzers", "--no-restore", "--severity", "hidden", "--diagnostics", "SCNN1001", "SCNN1003", "SCNN1004", "SCNN2001", "SCNN2004").Succeeded();
        string[] lines = File.ReadAllLines(Path.Combine(folder, "Program.cs"));
        Assert.Equal(
            [
                "[Conv(1)]", "[Conv(12, Stride = 1)]", "[Conv(12, From = \"input\")]", "partial class Net;", "",
                "[Network(Height = 8, Width = 8, Channels = 12)]", "[Conv(7, Name = \"lost\")]", "[Conv(12, From = \"input\", Groups = 4)]", "partial class Other;",
            ],
            lines[4..]);
    }

    /// <summary>Nothing but what is wrong with the declaration is shown.</summary>
    [Fact]
    public void WrongDeclaration_IsTheOnlyError()
    {
        string folder = package.CreateProject("Wrong", """
            using SmallCnnGen;
            using Net net = Net.CreateRandom();
            net.Run(new float[Net.InputLength], new float[Net.OutputLength]);
            System.Console.WriteLine(Net.Cost);

            [Network(Height = 8, Width = 8, Channels = 3)]
            [Conv(12, Groups = 5)]
            partial class Net;
            """);
        Finished build = Shell.Dotnet(folder, "build", "-v", "q", "-nologo", "-tl:off");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error SCNN2004", build.Text);
        Assert.DoesNotContain("error CS", build.Text);
    }

    /// <summary>Where a design is measured a Debug build says that it is one; what "dotnet run" builds with -c Release says nothing.</summary>
    [Fact]
    public void DebugBuild_SaysSoWhereItIsMeasured()
    {
        string folder = package.CreateProject("Measured", """
            using SmallCnnGen;
            using Net net = Net.CreateRandom();
            using Net other = Net.CreateRandom(1);
            System.Console.WriteLine(Net.Cost);

            [Network(Height = 8, Width = 8, Channels = 3)]
            [Conv(8)]
            partial class Net;
            """);
        Finished debug = Shell.Dotnet(folder, "run").Succeeded();
        Assert.Equal(2, debug.Output.Split("This is a Debug build").Length);
        Assert.Equal(2, debug.Error.Split("This is a Debug build").Length);
        Assert.DoesNotContain("Debug build", Shell.Dotnet(folder, "run", "-c", "Release").Succeeded().Text);
    }
}
