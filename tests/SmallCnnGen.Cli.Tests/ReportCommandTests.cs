using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Threading.Tasks;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Cli.Tests;

/// <summary><c>smallcnn report</c> from end to end.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private static readonly string Zoo = typeof(MobileNetV2).Assembly.Location;

    private readonly string _folder = Directory.CreateTempSubdirectory("smallcnn-").FullName;

    private string Output => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WholeZoo_HasAPageForEveryNetwork_AndAnIndex()
    {
        (int code, string output, string error) = Run("report", Zoo, "-o", Output);
        string[] networks = typeof(MobileNetV2).Assembly.GetTypes().Where(t => t.IsDefined(typeof(NetworkAttribute), inherit: false)).Select(t => t.FullName + ".html").ToArray();

        Assert.Equal((0, string.Empty), (code, error));
        Assert.InRange(networks.Length, 80, 1000);
        Assert.Equal(networks.Append("index.html").Order(StringComparer.Ordinal), Directory.GetFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("SmallCnnGen.Zoo.MobileNetV2: 300.8 M multiply-adds, 3.50 M parameters", output);
        string index = File.ReadAllText(Path.Combine(Output, "index.html"));
        Assert.All(networks, n => Assert.Contains($"href=\"{n}\"", index));
    }

    [Theory]
    [InlineData("MobileNetV2")]
    [InlineData("mobilenetv2")]
    [InlineData("SmallCnnGen.Zoo.MobileNetV2")]
    public void Network_IsChosenByItsName(string name)
    {
        Assert.Equal((0, string.Empty), Drop(Run("report", Zoo, "--network", name, "--output", Output)));
        Assert.Equal("SmallCnnGen.Zoo.MobileNetV2.html", Path.GetFileName(Assert.Single(Directory.GetFiles(Output))));
    }

    [Fact]
    public void Again_GivesTheSameBytes_AndLeavesNoDrafts()
    {
        string page = Path.Combine(Output, "SmallCnnGen.Zoo.ShuffleNetV2.html");
        Run("report", Zoo, "-n", "ShuffleNetV2", "-o", Output);
        byte[] first = File.ReadAllBytes(page);
        File.WriteAllText(page, "old");
        Run("report", Zoo, "-n", "ShuffleNetV2", "-o", Output);

        Assert.Equal(first, File.ReadAllBytes(page));
        Assert.Single(Directory.GetFiles(Output));
    }

    [Fact]
    public void VectorBits_AreThoseAskedFor()
    {
        Run("report", Zoo, "-n", "ShuffleNetV2", "-o", Output, "--vector-bits", "512");
        Assert.Contains("512-bit vectors", File.ReadAllText(Path.Combine(Output, "SmallCnnGen.Zoo.ShuffleNetV2.html")));
    }

    [Fact]
    public void UnknownNetwork_NamesTheNearest()
    {
        (int code, _, string error) = Run("report", Zoo, "-n", "MobilNetV2", "-o", Output);

        Assert.Equal(1, code);
        Assert.StartsWith("error: there is no network 'MobilNetV2'. Did you mean 'MobileNetV2'? There are ", error);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void MissingFile() => AssertFails("there is no file 'nothing.dll'", "report", "nothing.dll", "-o", Output);

    [Fact]
    public void MissingProject() => AssertFails("there is no project 'nothing.csproj'", "report", "nothing.csproj", "-o", Output);

    [Fact]
    public void Folder_WithoutAProject() => AssertFails("is a folder without a single project in it", "report", _folder, "-o", Output);

    [Fact]
    public void FileThatIsNoAssembly()
    {
        string file = Path.Combine(_folder, "text.dll");
        File.WriteAllText(file, "no assembly");
        AssertFails("is not a .NET assembly", "report", file, "-o", Output);
    }

    [Fact]
    public void AssemblyWithoutNetworks() => AssertFails("has no class with [Network]", "report", typeof(NetworkAttribute).Assembly.Location, "-o", Output);

    [Fact]
    public void OutputThatIsAFile()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, string.Empty);
        AssertFails("cannot be made", "report", Zoo, "-n", "ShuffleNetV2", "-o", file);
    }

    [Fact]
    public void WrongNetwork_IsAnError_AndTheOthersHaveTheirPages()
    {
        string file = Path.Combine(_folder, "Shop.dll");
        var result = GeneratorHost.Run(
            "using SmallCnnGen; [Network(Height = 8, Width = 8, Channels = 3)] [Conv(4, Groups = 2)] class Wrong; class Outer { [Network(Height = 8, Width = 8, Channels = 3)] [Conv(4)] public class Right; }",
            new HostOptions { AssemblyName = "Shop", RunGenerator = false });
        using (FileStream stream = File.Create(file))
            result.Emit(stream);
        (int code, _, string error) = Run("report", file, "-o", Output);

        Assert.Equal(1, code);
        Assert.Contains("error SCNN2004: Wrong: ", error);
        Assert.Equal("Outer.Right.html", Path.GetFileName(Assert.Single(Directory.GetFiles(Output))));
    }

    [Fact]
    public void Project_IsBuiltFirst_WithItsVectorWidth_AndBlocksOfItsOwn()
    {
        string project = MakeProject("[Twice(8)]");
        (int code, string output, string error) = Run("report", Path.GetDirectoryName(project)!, "-o", Output);

        Assert.Equal((0, string.Empty), (code, error));
        Assert.StartsWith("building Shop.csproj ...", output);
        string page = File.ReadAllText(Path.Combine(Output, "Shop.Net.html"));
        Assert.Contains("128-bit vectors", page);
        Assert.Contains("0.<wbr>second", page);
    }

    [Fact]
    public void ProjectThatDoesNotBuild_SaysWhy()
    {
        string project = MakeProject("[Twice(8)] [Add(\"nobody\")]");
        (int code, _, string error) = Run("report", project, "-o", Output);

        Assert.Equal(1, code);
        Assert.Contains("does not build:", error);
        Assert.Contains("error SCNN1004", error);
    }

    [Fact]
    public void WrongUsage_ShowsHelp()
    {
        (int code, string output, string error) = Run("report");
        Assert.NotEqual(0, code);
        Assert.Contains("Required argument missing", error);
        Assert.Contains("--network", output);
    }

    [Theory]
    [InlineData("--help", "  smallcnn [command] [options]\n")]
    [InlineData("-h", "  smallcnn [command] [options]\n")]
    [InlineData("report --help", "  smallcnn report <assembly-or-project> [options]\n")]
    public void Help_NamesTheCommandAsItIsTyped(string arguments, string usage)
    {
        (int code, string output, string error) = Run(arguments.Split(' '));

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains(usage, output);
        Assert.DoesNotContain("SmallCnnGen.Cli", output);
    }

    [Theory]
    [InlineData("MobileNetV2", "1 finding -> ")]
    [InlineData("MobileNetV3Large", "0 findings -> ")]
    [InlineData("InceptionV3", "2 findings -> ")]
    public void Findings_AreCountedInEnglish(string network, string expected) => Assert.Contains(", " + expected, Run("report", Zoo, "-n", network, "-o", Output).Output);

    [Fact]
    public async Task PipesAreRefusedWithoutOpeningThem()
    {
        // Windows has no pipes in folders.
        if (OperatingSystem.IsWindows())
            return;
        foreach (string name in new[] { "pipe.dll", "pipe.csproj" })
        {
            string pipe = Path.Combine(_folder, name);
            using (Process made = Process.Start("mkfifo", [pipe]))
                made.WaitForExit();

            // Nobody writes to it: opening it would wait for ever.
            Task refused = Task.Run(() => AssertFails("a pipe or device instead of a file", "report", pipe, "-o", Output));
            Assert.True(await Task.WhenAny(refused, Task.Delay(TimeSpan.FromMinutes(1))) == refused, name + " was waited for");
            await refused;
        }
    }

    [Theory]
    [InlineData("Evil\nerror CS0000: forged \u202e\u200b", null, "error SCNN1007: N.Evil\\u000Aerror CS0000: forged \\u202E\\u200B: Network 'Evil\\u000A")]
    [InlineData("Evil\u2028", "self", "error: 'N.Evil\\u2028' cannot be read: N.Evil\\u2028 is a variant of itself: Evil\\u2028 -> Evil\\u2028")]
    [InlineData("Evil\u0085", "string", "error: 'N.Evil\\u0085' cannot be read: System.String has no [Network]")]
    public void NamesInAnAssembly_ForgeNothing(string name, string? architecture, string expected)
    {
        // C# has no such names, but metadata has.
        string file = Path.Combine(_folder, "Evil.dll");
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Evil"), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("Evil").DefineType("N." + name, TypeAttributes.Public);
        Type[] parameters = architecture is null ? [] : [typeof(Type)];
        object[] arguments = architecture is null ? [] : [architecture == "self" ? type : typeof(string)];
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(NetworkAttribute).GetConstructor(parameters)!, arguments));
        type.CreateType();
        assembly.Save(file);
        (int code, string output, string error) = Run("report", file, "-o", Output);

        Assert.Equal(1, code);
        Assert.StartsWith(expected, error);
        Assert.All((output + error).TrimEnd('\n').Split('\n'), line => Assert.StartsWith("error", line));
        Assert.DoesNotContain(error, c => c is '\u202e' or '\u200b' or '\u2028' or '\u0085');
    }

    private static (int Code, string Error) Drop((int Code, string Output, string Error) result) => (result.Code, result.Error);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static void AssertFails(string message, params string[] arguments)
    {
        (int code, _, string error) = Run(arguments);
        Assert.Equal(1, code);
        Assert.StartsWith("error: ", error);
        Assert.Contains(message, error);
    }

    /// <summary>A user's project: the generator from source, one block, one network.</summary>
    private string MakeProject(string layers)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "Shop")).FullName;

        // What the repository's own files above would set is not the user's business.
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "Directory.Packages.props"), "<Project />");
        string project = Path.Combine(folder, "Shop.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <SmallCnnGenVectorBits>128</SmallCnnGenVectorBits>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(NetworkAttribute).Assembly.Location}" />
                <Analyzer Include="{typeof(Generators.SmallCnnGenerator).Assembly.Location}" />
                <Analyzer Include="{typeof(Compiler.NetworkCompiler).Assembly.Location}" />
                <CompilerVisibleProperty Include="SmallCnnGenVectorBits" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Net.cs"), $$"""
            using SmallCnnGen;

            namespace Shop;

            [Conv("channels", Kernel = 1, Name = "first")]
            [Conv("channels", Name = "second")]
            public sealed class TwiceAttribute(int channels) : BlockAttribute
            {
                public int Channels => channels;
            }

            [Network(Height = 8, Width = 8, Channels = 3)]
            {{layers}}
            public sealed partial class Net;
            """);
        return project;
    }

}
