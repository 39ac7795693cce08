using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Tests.Oracle;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Testing.Kit;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>The JIT's own word on how it compiled the kernels: it gives up on large methods without telling anyone.</summary>
public class JitReportTests(ITestOutputHelper output)
{
    [KitFact]
    public void No_kernel_falls_back_to_unoptimised_code()
    {
        KitCase kit = Kit.Model("mobilenet_v1_0.25_128");
        NetworkSpec spec = KitSpec.Make(kit);
        string folder = Directory.CreateTempSubdirectory("scnn-jit").FullName;
        try
        {
            string[] lines = RunChild(kit, spec, folder);

            // "   12: JIT compiled Net+Kernels:Conv3x3_...(ptr,...) [FullOpts, IL size=1234, code size=5678]"
            string[] kernels = lines.Where(l => l.Contains("+Kernels:", StringComparison.Ordinal)).ToArray();
            output.WriteLine($"{lines.Length} methods compiled, {kernels.Length} of them kernels");
            output.WriteLine(string.Join("\n", kernels.Take(3)));
            Assert.True(kernels.Length > 40, "the JIT's report lists too few kernels:\n" + string.Join("\n", lines.Take(10)));
            Assert.DoesNotContain(kernels, l => l.Contains("MinOpts", StringComparison.Ordinal) || l.Contains("Tier0", StringComparison.Ordinal) || l.Contains("Debug", StringComparison.Ordinal));
            Assert.All(kernels, l => Assert.Matches(@"\[(FullOpts|Tier1)", l));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] RunChild(KitCase kit, NetworkSpec spec, string folder)
    {
        string program = $$"""
            namespace {{spec.Namespace}}
            {
                public sealed partial class {{spec.TypeName}} { }

                public static class Program
                {
                    public static int Main(string[] arguments)
                    {
                        using var network = {{spec.TypeName}}.Load(arguments[0]);
                        var output = new float[{{spec.TypeName}}.OutputLength];
                        network.Run(new float[{{spec.TypeName}}.InputLength], output);
                        return float.IsNaN(output[0]) ? 1 : 0;
                    }
                }
            }
            """;
        var compilation = GeneratorHost.CreateCompilation(CompiledNetworks.Generate(spec).Select(f => (f.HintName, f.Text)).Append(("Program.cs", program)), new HostOptions { AssemblyName = "Probe" });
        string assembly = Path.Combine(folder, "Probe.dll"), weights = Path.Combine(folder, "weights.safetensors"), report = Path.Combine(folder, "jit.txt");
        var emitted = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication)).Emit(assembly);
        Assert.True(emitted.Success, HostResult.Describe(emitted.Diagnostics));
        File.WriteAllBytes(weights, SafetensorsImage.Make(kit.Parameters, kit.Gain));
        File.Copy(typeof(LayerAttribute).Assembly.Location, Path.Combine(folder, "SmallCnnGen.dll"));
        string tests = typeof(JitReportTests).Assembly.Location;

        // The runtime that runs the tests; without its own .deps.json the child finds what lies beside it.
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (string argument in new[] { "exec", "--runtimeconfig", Path.ChangeExtension(tests, ".runtimeconfig.json"), assembly, weights })
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_JitStdOutFile"] = report;
        start.Environment["DOTNET_JitDisasmSummary"] = "1";
        using Process child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        string text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, $"the child ended with {child.ExitCode}\n{text}\n{error.Result}");
        Assert.True(File.Exists(report), "the JIT wrote no report");
        return File.ReadAllLines(report);
    }
}
