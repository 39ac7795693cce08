using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace SmallCnnGen.Package.Tests;

/// <summary>README's first example, as a newcomer meets it: an empty console project and the package.</summary>
[Collection(PackageCollection.Name)]
public sealed partial class ExampleTests(PackageFixture package)
{
    private static readonly object s_lock = new();
    private static Finished? s_jit;
    private static string? s_project;

    private static string Executable => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "Example.exe" : "Example";

    [Fact]
    public void Runs()
    {
        Finished run = RunJit().Succeeded();
        Assert.NotEqual(string.Empty, run.Output.Trim());
        Assert.Equal(string.Empty, run.Error);
    }

    [NativeAotFact]
    public void PublishedAheadOfTime_SaysTheSameWithoutWarnings()
    {
        Finished jit = RunJit().Succeeded();
        string folder = Publish("native");
        Finished native = Shell.Run(s_project!, Path.Combine(folder, Executable)).Succeeded();
        Assert.Equal(jit.Output, native.Output);
    }

    [NativeAotFact(IsForX64 = true)]
    public void PublishedForAnOldProcessor_RefusesAndSaysWhatToSet()
    {
        RunJit();
        string folder = Publish("old", "-p:IlcInstructionSet=sse4.2");
        Finished native = Shell.Run(s_project!, Path.Combine(folder, Executable));
        Assert.NotEqual(0, native.ExitCode);

        // the name as .NET 10's compiler knows it (.NET 9 has x86-x64-v3): what the message says must work when pasted
        Assert.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", native.Text, StringComparison.Ordinal);
    }

    [ReadyToRunFact]
    public void PublishedReadyToRun_CompilesNoKernelWhenItRuns()
    {
        Finished jit = RunJit().Succeeded();

        // nothing but the property, as a user would write it; the fact that the JIT's list shows kernels is checked as well
        Shell.Dotnet(s_project!, "publish", "-c", "Release", "-p:PublishReadyToRun=true", "-o", "ready").Succeeded();
        string[] before = Compiled(Path.Combine("bin", "Release", "net10.0", "Example.dll"), jit.Output);
        string[] after = Compiled(Path.Combine("ready", "Example.dll"), jit.Output);
        Assert.Contains(before, IsKernel);
        Assert.DoesNotContain(after, IsKernel);
    }

    /// <summary>What the JIT compiles while a build of the example runs.</summary>
    private static string[] Compiled(string program, string expectedOutput)
    {
        string list = Path.Combine(s_project!, Path.GetRandomFileName());
        Finished run = Shell.Run(
            s_project!, [("DOTNET_JitStdOutFile", list), ("DOTNET_JitDisasmSummary", "1"), ("DOTNET_ReadyToRun", "1")], "dotnet", program).Succeeded();
        Assert.Equal(expectedOutput, run.Output);
        return File.ReadAllLines(list);
    }

    private static bool IsKernel(string line) => line.Contains("+Kernels:", StringComparison.Ordinal);

    /// <summary>Builds and runs the example, once.</summary>
    private Finished RunJit()
    {
        lock (s_lock)
        {
            if (s_jit is not null)
                return s_jit;
            string example = Repository.ReadExample();
            string project = package.CreateProject("Example", example);
            Finished build = Shell.Dotnet(project, "build", "-c", "Release").Succeeded();
            Assert.DoesNotMatch(Warning(), build.Text);
            s_project = project;
            return s_jit = ExampleWeights.Complete(
                Path.Combine(project, ExampleWeights.FileName(example)),
                () => Shell.Dotnet(project, Path.Combine("bin", "Release", "net10.0", "Example.dll")));
        }
    }

    private static string Publish(string name, params string[] arguments)
    {
        string[] command = ["publish", "-c", "Release", "-p:PublishAot=true", "-o", name, .. arguments];

        // where clang is missing but gcc is not, the linker must be named
        if (OnPath("gcc") && !OnPath("clang"))
            command = [.. command, "-p:CppCompilerAndLinker=gcc"];

        Finished publish = Shell.Dotnet(s_project!, command).Succeeded();
        Assert.DoesNotMatch(Warning(), publish.Text);
        return Path.Combine(s_project!, name);
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"\bwarning [A-Z]+[0-9]+")]
    private static partial Regex Warning();
}
