using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Tests.Oracle;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Testing.Kit;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Emit;

/// <summary>What is emitted for published networks: the same bytes always, and methods that the JIT compiles well.</summary>
public class EmittedTextTests(ITestOutputHelper output)
{
    /// <summary>FMA statements of one method; above about 1100 accumulators leave registers.</summary>
    private const int MostFma = 800;

    /// <summary>IL bytes of one kernel method; between 35 and 56 KB the JIT stops optimising without a word.</summary>
    private const int MostIl = 20 * 1024;

    /// <summary>Characters of a kernel's file.</summary>
    private const int MostKernelText = 200 * 1024;

    /// <summary>Characters of a network's own file, without tracing: it grows with the layers (NASNet has 700).</summary>
    private const int MostNetworkText = 400 * 1024;

    /// <summary>One of each architecture; the other files differ in width or resolution.</summary>
    private static readonly string[] Models =
    [
        "alexnet_grouped", "condensenet74_g8", "densenet121", "efficientnet_b0", "enet", "inception_v3", "mobilenet_v1_1.0_224_tf",
        "mobilenet_v3_large_1.0", "nasnet_a_mobile", "resnext50_32x4d", "shufflenet_v1_g3_1x", "squeezenext_1.0_23v5", "vgg16", "xception",
    ];

    private static readonly Regex Fma = new(@"\b(Fma\.MultiplyAdd|(Avx512F|Vector128|MathF)\.FusedMultiplyAdd)\(", RegexOptions.CultureInvariant);

    [KitFact]
    public void Text_is_the_same_twice_and_in_any_culture_and_within_budgets()
    {
        var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NegativeSign = "\u2212";
        strange.NumberFormat.NumberDecimalSeparator = ",";
        strange.NumberFormat.NumberGroupSeparator = ".";
        var problems = new List<string>();
        foreach (string model in Models)
        {
            KitCase kit = Kit.Model(model);
            long clock = Stopwatch.GetTimestamp();
            IReadOnlyList<GeneratedFile> files = CompiledNetworks.Generate(Spec(kit));
            TimeSpan time = Stopwatch.GetElapsedTime(clock);
            CultureInfo before = CultureInfo.CurrentCulture;
            IReadOnlyList<GeneratedFile> again;
            try
            {
                CultureInfo.CurrentCulture = strange;
                again = CompiledNetworks.Generate(Spec(kit));
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }

            problems.AddRange(files.Zip(again).Where(p => p.First != p.Second).Take(3).Select(p => $"{p.First.HintName}: other text the second time: {Difference(p.First.Text, p.Second.Text)}"));
            int most = 0;
            foreach (GeneratedFile file in files.Concat(CompiledNetworks.Generate(Spec(kit, 512))))
            {
                if (file.Text.Contains('\r', StringComparison.Ordinal))
                    problems.Add($"{file.HintName}: carriage return");
                if (file.Text.Length > (file.HintName.Contains(".Kernels.", StringComparison.Ordinal) ? MostKernelText : MostNetworkText))
                    problems.Add($"{file.HintName}: {file.Text.Length} characters");
                foreach (string method in file.Text.Split(".MethodImpl(", StringSplitOptions.None).Skip(1))
                {
                    int count = Fma.Count(method);
                    most = Math.Max(most, count);
                    if (count > MostFma)
                        problems.Add($"{file.HintName}: {count} FMA statements in one method");
                }
            }

            int kernels = files.Count - 1;
            output.WriteLine($"{model}: {time.TotalMilliseconds:F0} ms, {files.Sum(f => (long)f.Text.Length) / 1024} KB in {kernels} kernels, at most {most} FMA statements a method");
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems.Take(20)));
    }

    [KitFact]
    public void Equal_shapes_share_a_kernel()
    {
        IReadOnlyList<GeneratedFile> files = CompiledNetworks.Generate(Spec(Kit.Model("mobilenet_v1_1.0_224")));

        // One file for the API, one for the list of calls, the others are kernels.
        int calls = Regex.Count(files[1].Text.Split("void Execute(")[1].Split("private static")[0], @"\bKernels\.");
        output.WriteLine($"{files.Count - 2} kernels for {calls} calls");

        // Five equal separable blocks: eight calls fewer than layers.
        Assert.Equal(calls - 8, files.Count - 2);
    }

    [KitTheory]
    [InlineData(256)]
    [InlineData(512)]
    public void Methods_are_small_enough_for_the_jit(int bits)
    {
        var specs = new[] { "mobilenet_v1_1.0_224", "inception_v3", "efficientnet_b0", "nasnet_a_mobile", "vgg16", "enet" }.Select(m => Spec(Kit.Model(m), bits)).ToArray();
        var sources = specs.SelectMany(s => CompiledNetworks.Generate(s).Select(f => (f.HintName, f.Text))
            .Append((s.TypeName + ".cs", $"namespace {s.Namespace} {{ public sealed partial class {s.TypeName} {{ }} }}"))).ToArray();
        using var stream = new MemoryStream();
        var result = GeneratorHost.CreateCompilation(sources).Emit(stream);
        Assert.True(result.Success, HostResult.Describe(result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)));
        stream.Position = 0;
        using var image = new PEReader(stream);
        MetadataReader metadata = image.GetMetadataReader();
        var sizes = metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(m => m.RelativeVirtualAddress != 0)
            .Select(m => (
                Name: metadata.GetString(metadata.GetTypeDefinition(m.GetDeclaringType()).Name) + "." + metadata.GetString(m.Name),
                Size: image.GetMethodBody(m.RelativeVirtualAddress).GetILReader().Length))
            .OrderByDescending(m => m.Size).ToArray();
        foreach ((string name, int size) in sizes.Take(5))
            output.WriteLine($"{size} bytes of IL: {name}");
        Assert.DoesNotContain(sizes, m => m.Name.StartsWith("Kernels.", StringComparison.Ordinal) && m.Size > MostIl);
    }

    /// <summary>As users declare it: kit declarations trace, which writes every call twice.</summary>
    private static NetworkSpec Spec(KitCase kit, int bits = 256)
    {
        NetworkSpec spec = KitSpec.Make(kit, bits);
        return spec with { Options = spec.Options with { Trace = false } };
    }

    private static string Difference(string a, string b)
    {
        int at = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        return $"\"{a.Substring(Math.Max(0, at - 20), Math.Min(50, a.Length - Math.Max(0, at - 20)))}\" became \"{b.Substring(Math.Max(0, at - 20), Math.Min(50, b.Length - Math.Max(0, at - 20)))}\"";
    }
}
