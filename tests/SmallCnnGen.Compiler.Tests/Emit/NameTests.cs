using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Testing.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace SmallCnnGen.Compiler.Tests.Emit;

/// <summary>
/// Generated code means the same whatever a project calls its own things: every name in emitted text is planted wherever C#
/// might look it up, in networks that reach every kernel family, every width, threads, tracing and ReadyToRun's form.
/// </summary>
public sealed class NameTests(ITestOutputHelper output)
{
    /// <summary>Some networks; MEMBERS and BASE are what a case plants in them.</summary>
    private const string Networks = """
        [global::SmallCnnGen.Network(Height = 16, Width = 16, Channels = 3, VectorBits = 128 | 256 | 512, Threads = 3, Trace = true)]
        [global::SmallCnnGen.Input("second", Height = 16, Width = 16, Channels = 20)]
        [global::SmallCnnGen.Conv(20, From = "input")]
        [global::SmallCnnGen.Add("second")]
        [global::SmallCnnGen.DepthwiseConv(Activation = global::SmallCnnGen.Activation.SiLU)]
        [global::SmallCnnGen.Conv(24, Kernel = 1, Activation = global::SmallCnnGen.Activation.ELU, Name = "even")]
        [global::SmallCnnGen.Shuffle(4)]
        [global::SmallCnnGen.Conv(24, Kernel = 1, Activation = global::SmallCnnGen.Activation.PReLU)]
        [global::SmallCnnGen.LocalResponseNorm]
        [global::SmallCnnGen.MaxPool(Kernel = 2, Stride = 2, Name = "pool")]
        [global::SmallCnnGen.DepthwiseConv(Kernel = 5, Activation = global::SmallCnnGen.Activation.Tanh)]
        [global::SmallCnnGen.MaxUnpool("pool")]
        [global::SmallCnnGen.Multiply("even")]
        [global::SmallCnnGen.AveragePool(Kernel = 3, Stride = 2, Padding = 1)]
        [global::SmallCnnGen.ConvTranspose(12, Kernel = 3, Stride = 2)]
        [global::SmallCnnGen.Upsample(2, Mode = global::SmallCnnGen.UpsampleMode.Bilinear)]
        [global::SmallCnnGen.Pad(1)]
        [global::SmallCnnGen.Activate(global::SmallCnnGen.Activation.HardSwish)]
        [global::SmallCnnGen.AdaptiveMaxPool(7, Name = "seven")]
        [global::SmallCnnGen.GlobalAveragePool]
        [global::SmallCnnGen.Conv(12, Kernel = 1, Activation = global::SmallCnnGen.Activation.HardSigmoid)]
        [global::SmallCnnGen.Multiply("seven")]
        [global::SmallCnnGen.Conv(33, Kernel = 1, BatchNorm = true, Activation = global::SmallCnnGen.Activation.Sigmoid)]
        [global::SmallCnnGen.Gather(3, 1, 2, 1, 7, 30)]
        [global::SmallCnnGen.Flatten]
        [global::SmallCnnGen.Dense(70)]
        [global::SmallCnnGen.Softmax]
        ACCESS partial class Net BASE { MEMBERS }

        [global::SmallCnnGen.Network(Height = 28, Width = 28, Channels = 32, VectorBits = 128 | 256 | 512, SmallArena = true)]
        [global::SmallCnnGen.Conv(32, Activation = global::SmallCnnGen.Activation.ReLU)]
        [global::SmallCnnGen.Conv(64, Kernel = 1)]
        [global::SmallCnnGen.DepthwiseConv]
        [global::SmallCnnGen.Conv(16, Kernel = 1)]
        ACCESS partial class Small BASE { MEMBERS }

        [global::SmallCnnGen.Network(Height = 4, Width = 4, Channels = 3, VectorBits = 128 | 256 | 512)]
        [global::SmallCnnGen.Conv(8)]
        [global::SmallCnnGen.Gather(3, 1, 2, 1)]
        ACCESS partial class Some BASE { MEMBERS }

        [global::SmallCnnGen.Network(Height = 4, Width = 4, Channels = 3, VectorBits = 128 | 256 | 512)]
        [global::SmallCnnGen.Conv(8)]
        [global::SmallCnnGen.Flatten]
        ACCESS partial class Flat BASE { MEMBERS }
        """;

    /// <summary>Names that C# gives a meaning of its own where no type is so called.</summary>
    private static readonly string[] Contextual =
    [
        "allows", "and", "async", "await", "dynamic", "extension", "field", "file", "from", "get", "global", "init", "managed", "nameof", "nint", "not",
        "notnull", "nuint", "or", "partial", "record", "required", "scoped", "select", "set", "unmanaged", "value", "var", "when", "where", "with", "yield", "_",
    ];

    /// <summary>Kernel families by what their methods are called.</summary>
    private static readonly Dictionary<string, string> Families = new()
    {
        ["AdaptivePoolKernel"] = "AdaptiveMaxPool", ["ChannelMapKernel"] = "Gather", ["ConvKernel"] = "Conv1x1", ["ConvTransposeKernel"] = "ConvTranspose",
        ["DepthwiseKernel"] = "Depthwise", ["ElementwiseKernel"] = "Multiply", ["FlattenKernel"] = "Flatten", ["LocalResponseNormKernel"] = "LocalResponseNorm",
        ["MaxUnpoolKernel"] = "MaxUnpool", ["PadKernel"] = "Pad", ["PoolKernel"] = "AveragePool", ["SoftmaxKernel"] = "Softmax", ["UpsampleKernel"] = "Upsample",
        ["WinogradKernel"] = "Winograd",
    };

    // A Debug build names one type more.
    private static readonly HostOptions Options = new() { Optimize = false, BuildProperties = new Dictionary<string, string> { ["_SmallCnnGenReadyToRunBits"] = "256" } };

    private static readonly Lazy<HostResult> Plain = new(() => Run("namespace N { NETWORKS }"));

    /// <summary>Every identifier of the emitted files, comments and strings aside, and C#'s contextual words.</summary>
    private static string[] Identifiers => AllIdentifiers.Value;

    private static readonly Lazy<string[]> AllIdentifiers = new(() => Generated(Plain.Value).SelectMany(t => t.GetRoot().DescendantTokens())
        .Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.ValueText)
        .Concat(Contextual)
        .Where(name => !Regex.IsMatch(name, @"^(Conv|Depthwise|Winograd|Dense)\d\w*_\d"))
        .Distinct().Order(StringComparer.Ordinal).ToArray());

    [Fact]
    public void The_networks_reach_every_kernel_family()
    {
        Assert.True(Plain.Value.Diagnostics.IsEmpty, HostResult.Describe(Plain.Value.Diagnostics.Take(3)));
        Assert.Equal(
            Families.Keys.Order(),
            typeof(KernelSpec).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(KernelSpec)) && !t.IsAbstract).Select(t => t.Name).Order());
        string[] files = Plain.Value.GeneratedSources.Select(s => s.HintName).ToArray();
        foreach (int bits in new[] { 128, 256, 512 })
            Assert.All(Families, family => Assert.Contains(files, f => f.Contains($"-Vectors{bits}.{family.Value}", StringComparison.Ordinal)));
        string all = string.Concat(Plain.Value.GeneratedSources.Select(s => s.SourceText.ToString()));
        Assert.All(["ThreadTeam.Core.Wait", "observer(", "StripRows.Advance", "NoInlining)", "AggressiveOptimization)"], text => Assert.Contains(text, all, StringComparison.Ordinal));
        output.WriteLine($"{files.Length} files, {Identifiers.Length} names: {string.Join(" ", Identifiers.Where(n => n.Length > 3))}");
    }

    /// <summary>The front end refuses types of these names; it must know them all.</summary>
    [Fact]
    public void Every_type_that_emitted_text_means_is_listed()
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<(string, Type?)>();
        foreach (SyntaxTree tree in Generated(Plain.Value))
        {
            SemanticModel model = Plain.Value.OutputCompilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>())
            {
                // What a name means does not depend on where it stands: aliases are the same in all files.
                if (!char.IsUpper(name.Identifier.ValueText[0]) || !seen.Add((name.Identifier.ValueText, name.Parent?.GetType())))
                    continue;
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                var type = symbol as INamedTypeSymbol ?? (name.Parent is AttributeSyntax or QualifiedNameSyntax ? symbol?.ContainingType : null);
                if (type is { ContainingType: null, SpecialType: SpecialType.None or SpecialType.System_IDisposable or SpecialType.System_IntPtr }
                    && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, Plain.Value.OutputCompilation.Assembly))
                    used.Add(type.ContainingNamespace.ToDisplayString() + "." + type.MetadataName);
            }
        }

        Assert.Empty(used.Except(Imports.Types));
        Assert.Contains("System.Runtime.Intrinsics.X86.Fma", used);
        Assert.Contains("SmallCnnGen.Runtime.VectorMath", used);
    }

    /// <summary>Types wherever a simple name is looked up, all at once: the nearest that is found decides, and none must be.</summary>
    [Fact]
    public void Types_of_every_name_hide_nothing()
    {
        string all = Types(_ => true), inherited = Types(n => !NetworkEmitter.Members.Contains(n));

        // In these namespaces some names are the framework's or the library's own; the front end refuses those that are meant.
        HashSet<string> library = Library();
        string others = Types(n => !library.Contains(n));
        Check(
            $$"""
            global using Elsewhere;
            {{all}}
            namespace Elsewhere { {{all}} }
            namespace System { {{others}} } namespace System.Runtime.Intrinsics { {{others}} } namespace System.Runtime.CompilerServices { {{others}} }
            namespace SmallCnnGen { {{others}} } namespace SmallCnnGen.Runtime { {{others}} } namespace SmallCnnGen.Generated { {{others}} }
            namespace Outer
            {
                {{all}}
                namespace Inner
                {
                    {{all}}
                    public class NetBase { {{inherited}} public class Net { } public class Small { } public class Some { } public class Flat { } }
                    public class EnclosingBase { {{all}} }
                    public partial class Enclosing : EnclosingBase { {{all}} NETWORKS }
                }
            }
            """,
            inherited,
            ": NetBase",
            documented: true);
    }

    /// <summary>Namespaces, aliases and members that a project makes known everywhere.</summary>
    [Fact]
    public void Other_things_of_every_name_hide_nothing()
    {
        string methods = string.Concat(Identifiers.Select(n => $"public static int @{n}() => 0;\n"));
        string aliases = string.Concat(Identifiers.Where(n => n is not ("global" or "_" or "N" or "System" or "SmallCnnGen")).Select(n => $"global using @{n} = global::Planted;\n"));
        string spaces = string.Concat(Identifiers.Where(n => n is not ("Net" or "Small" or "Some" or "Flat")).Select(n => $"namespace N.@{n} {{ class Any {{ }} }}\n"));
        Check($"global using static global::Planted;\n{aliases} static class Planted {{ {methods} }} {spaces} namespace N {{ NETWORKS }}", string.Empty, string.Empty);
    }

    /// <summary>Members of the class and of its base, but for those that are refused.</summary>
    [Theory]
    [InlineData("public int {0};")]
    [InlineData("public static int {0} => 1;")]
    [InlineData("public static void {0}() { }")]
    [InlineData("public event global::System.Action {0};")]
    [InlineData("public class {0}<T> { }")]
    public void Members_of_every_name_hide_nothing(string member)
    {
        string[] free = Identifiers.Where(n => !NetworkEmitter.Members.Contains(n) && n is not ("Net" or "Small" or "Some" or "Flat")).ToArray();
        string members = string.Join("\n", free.Select(n => member.Replace("{0}", "@" + n, StringComparison.Ordinal)));
        Check($"namespace N {{ public class Base {{ {members} }} NETWORKS }}", members, ": Base");
    }

    private static HashSet<string> Library() => Imports.Types.Select(t => t.Split('.', '`')).Select(p => p[^1] == "1" ? p[^2] : p[^1])
        .Concat(Identifiers.Where(name => new[] { "System.", "System.Runtime.Intrinsics.", "System.Runtime.CompilerServices.", "SmallCnnGen.", "SmallCnnGen.Runtime." }.Any(space =>
            !Plain.Value.OutputCompilation.GetTypesByMetadataName(space + name).IsEmpty || !Plain.Value.OutputCompilation.GetTypesByMetadataName(space + name + "`1").IsEmpty)))
        .ToHashSet();

    private static string Types(Func<string, bool> which) => string.Concat(Identifiers
        .Where(name => name is not ("System" or "SmallCnnGen" or "N" or "Net" or "Small" or "Some" or "Flat" or "Generated") && which(name))
        .Select(name => $"public class @{name} {{ public static int Planted; }} public struct @{name}<T> {{ }}\n"));

    /// <summary>No error anywhere, and nothing at all in generated files.</summary>
    private static void Check(string source, string members, string @base, bool documented = false)
    {
        HostResult result = Run(source, members, @base, documented);
        Diagnostic[] wrong = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error || d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true).ToArray();
        Assert.True(wrong.Length == 0, HostResult.Describe(wrong.Take(3)));
        Assert.Equal(Plain.Value.GeneratedSources.Length, result.GeneratedSources.Length);
    }

    private static HostResult Run(string source, string members = "", string @base = "", bool documented = false)
    {
        return GeneratorHost.Run(
            source.Replace("NETWORKS", Networks, StringComparison.Ordinal)
                .Replace("ACCESS", "public", StringComparison.Ordinal)
                .Replace("MEMBERS", members, StringComparison.Ordinal)
                .Replace("BASE", @base, StringComparison.Ordinal),
            Options with { Documentation = documented ? DocumentationMode.Diagnose : DocumentationMode.Parse });
    }

    private static IEnumerable<SyntaxTree> Generated(HostResult result) => result.OutputCompilation.SyntaxTrees.Where(t => t.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
}
