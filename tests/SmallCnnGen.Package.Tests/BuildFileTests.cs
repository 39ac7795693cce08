using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>What the package's build files do to a project, and that the project's own settings win.</summary>
[Collection(PackageCollection.Name)]
public sealed class BuildFileTests(PackageFixture package)
{
    private const string Network = """
        using SmallCnnGen;

        [Network(Height = 8, Width = 8, Channels = 1)]
        [Conv(8, Kernel = 3)]
        [GlobalAveragePool]
        public sealed partial class Tiny
        {
            public static void Main() => System.Console.WriteLine(InputLength);
        }
        """;

    [Theory]
    [InlineData("net9.0", "linux-x64", "", "x86-x64-v3")]
    [InlineData("net10.0", "linux-x64", "", "x86-64-v3")]
    [InlineData("net10.0", "win-x64", "SmallCnnGenVectorBits=512", "x86-64-v4")]
    [InlineData("net9.0", "osx-x64", "SmallCnnGenVectorBits=128", "x86-x64-v3")]
    [InlineData("net9.0", "linux-arm64", "", "")]
    [InlineData("net9.0", "linux-x64", "IlcInstructionSet=native", "native")]
    [InlineData("net9.0", "linux-x64", "PublishAot=false", "")]
    public void InstructionSet_FollowsFrameworkAndRuntime(string framework, string runtime, string other, string expected)
    {
        string[] arguments = ["-p:PublishAot=true", "-p:Framework=" + framework, "-p:RuntimeIdentifier=" + runtime];
        if (other.Length > 0)
            arguments = [.. arguments, "-p:" + other];
        Assert.Equal(expected, Properties(Project("Evaluated"), arguments).GetProperty("IlcInstructionSet").GetString());
    }

    [Fact]
    public void InstructionSet_IsThereWhenPublishInfersTheRuntime()
    {
        // what "dotnet publish" sets before it evaluates
        string? set = Properties(Project("Evaluated"), "-p:PublishAot=true", "-p:_IsPublishing=true").GetProperty("IlcInstructionSet").GetString();
        bool x64 = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64;
        Assert.Equal(x64 ? "x86-64-v3" : string.Empty, set);
    }

    [Theory]
    [InlineData("net10.0", "linux-x64", "_IsPublishing=true", "256", "--instruction-set:x86-64-v3;--opt-cross-module:SmallCnnGen")]
    [InlineData("net9.0", "win-x64", "_IsPublishing=true", "256", "--instruction-set:x86-x64-v3;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "", "", "--instruction-set:x86-64-v3;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "SmallCnnGenReadyToRun=256", "256", "--instruction-set:x86-64-v3;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "SmallCnnGenReadyToRun=512", "512", "--instruction-set:x86-64-v4;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "SmallCnnGenReadyToRun=false;_IsPublishing=true", "", "")]
    [InlineData("net10.0", "linux-x64", "SmallCnnGenReadyToRun=auto;_IsPublishing=true;SmallCnnGenVectorBits=512", "512", "--instruction-set:x86-64-v4;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "_IsPublishing=true;PublishReadyToRunCrossgen2ExtraArgs=--map", "256", "--map;--instruction-set:x86-64-v3;--opt-cross-module:SmallCnnGen")]
    [InlineData("net10.0", "linux-x64", "_IsPublishing=true;PublishReadyToRunCrossgen2ExtraArgs=--instruction-set:native", "256", "--instruction-set:native")]
    [InlineData("net10.0", "osx-arm64", "_IsPublishing=true", "128", "")]
    [InlineData("net9.0", "linux-x64", "_IsPublishing=true;PublishAot=true", "", "")]
    public void ReadyToRun_OneWidthAndItsInstructionSet(string framework, string runtime, string other, string bits, string arguments)
    {
        // Properties of a project, not of the command line, which would not let the package's build files add to them.
        string folder = Project("Image");
        string file = Path.Combine(folder, "Image.csproj");
        string project = File.ReadAllText(file);
        string[] settings = ("Framework=" + framework + ";RuntimeIdentifier=" + runtime + ";PublishReadyToRun=true;" + other).Split(';', StringSplitOptions.RemoveEmptyEntries);
        string written = string.Concat(settings.Select(setting => setting.Split('=', 2)).Select(pair => $"<{pair[0]}>{pair[1]}</{pair[0]}>"));
        try
        {
            File.WriteAllText(file, project.Replace("<OutputType>", written + "<OutputType>", StringComparison.Ordinal));
            JsonElement properties = Properties(folder);
            Assert.Equal(bits, properties.GetProperty("_SmallCnnGenReadyToRunBits").GetString());
            Assert.Equal(arguments, properties.GetProperty("PublishReadyToRunCrossgen2ExtraArgs").GetString()!.Trim(';'));
        }
        finally
        {
            File.WriteAllText(file, project);
        }
    }

    [Fact]
    public void ReadyToRun_ReachesTheGenerator()
    {
        Finished build = Shell.Dotnet(Project("Strange"), "build", "-p:SmallCnnGenReadyToRun=true");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("SmallCnnGenReadyToRun is \"true\"", build.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void UnsafeBlocks_AreAllowedUnlessTheProjectForbidsThem()
    {
        string folder = Project("Forbidding");
        Assert.Equal("true", Properties(folder).GetProperty("AllowUnsafeBlocks").GetString());

        string file = Path.Combine(folder, "Forbidding.csproj");
        File.WriteAllText(file, File.ReadAllText(file).Replace("<Nullable>", "<AllowUnsafeBlocks>false</AllowUnsafeBlocks><Nullable>", StringComparison.Ordinal));
        Finished build = Shell.Dotnet(folder, "build");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error SCNN1002", build.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void VectorBits_ReachTheGenerator()
    {
        Finished build = Shell.Dotnet(Project("Odd"), "build", "-p:SmallCnnGenVectorBits=333");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("SmallCnnGenVectorBits is \"333\"", build.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("256;512", "256+512")]
    [InlineData("128, 256", "128+ 256")]
    [InlineData("512", "512")]
    [InlineData("", "")]
    public void VectorBits_MayHaveSemicolons(string written, string handedOn)
    {
        string folder = Project("Several"), file = Path.Combine(folder, "Several.csproj"), project = File.ReadAllText(file);
        try
        {
            File.WriteAllText(file, project.Replace("<OutputType>", $"<SmallCnnGenVectorBits>{written}</SmallCnnGenVectorBits><OutputType>", StringComparison.Ordinal));
            Assert.Equal(handedOn, Properties(folder, "-getProperty:SmallCnnGenVectorBits").GetProperty("SmallCnnGenVectorBits").GetString());
        }
        finally
        {
            File.WriteAllText(file, project);
        }
    }

    [Fact]
    public void OldFramework_IsRefusedInOneLine()
    {
        string folder = package.CreateProject("OldFramework", Network);
        Finished build = Shell.Dotnet(folder, "build", "-p:Framework=net8.0");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error SCNN0002", build.Text, StringComparison.Ordinal);
        Assert.Contains("this project targets net8.0", build.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("CS0246", build.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void DebugBuild_SaysThatItIsSlow()
    {
        string folder = Project("Slow");
        Assert.Contains("SmallCnnGen: Slow is built without optimisation", Shell.Dotnet(folder, "build", "-c", "Debug").Succeeded().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("without optimisation", Shell.Dotnet(folder, "build", "-c", "Release").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void OldCompiler_IsRefusedByName()
    {
        // A compiler's version is this property, so that no old compiler needs to be downloaded.
        Finished build = Shell.Dotnet(Project("Old"), "build", "-p:CompilerApiVersion=roslyn4.7");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error SCNN0001", build.Text, StringComparison.Ordinal);
        Assert.Contains("this build uses 4.7", build.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramBehindALibrary_GetsTheInstructionSetAndNothingElse()
    {
        string library = Project("Library");
        string program = package.CreateProject("Behind", "Console.WriteLine(Tiny.InputLength);", "<ProjectReference Include=\"../Library/Library.csproj\" />");
        string project = Path.Combine(library, "Library.csproj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("<OutputType>Exe</OutputType>", string.Empty, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(library, "Program.cs"), Network.Replace("public static void Main() => System.Console.WriteLine(InputLength);", string.Empty, StringComparison.Ordinal));

        Shell.Dotnet(program, "build").Succeeded();
        JsonElement properties = Properties(program, "-p:PublishAot=true", "-p:RuntimeIdentifier=linux-x64");
        Assert.Equal("x86-64-v3", properties.GetProperty("IlcInstructionSet").GetString());
        Assert.Equal("false", properties.GetProperty("AllowUnsafeBlocks").GetString());
        Assert.Equal("64", Shell.Dotnet(program, "run", "--no-build").Succeeded().Output.Trim());
    }

    /// <summary>A restored project with one network.</summary>
    private string Project(string name)
    {
        string folder = Path.Combine(package.Folder, name);
        if (!Directory.Exists(folder))
        {
            package.CreateProject(name, Network);
            Shell.Dotnet(folder, "restore").Succeeded();
        }

        return folder;
    }

    private static JsonElement Properties(string folder, params string[] arguments)
    {
        string[] command = ["msbuild", "-getProperty:IlcInstructionSet", "-getProperty:AllowUnsafeBlocks", "-getProperty:_SmallCnnGenReadyToRunBits", "-getProperty:PublishReadyToRunCrossgen2ExtraArgs", .. arguments];
        Finished finished = Shell.Dotnet(folder, command).Succeeded();
        return JsonDocument.Parse(finished.Output).RootElement.GetProperty("Properties");
    }
}
