using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>What the pages for users show compiles as it stands, and fits the PyTorch modules beside it.</summary>
public sealed class DocumentedNetworkTests
{
    /// <summary>
    /// state_dict() of the modules in from-pytorch.md, as PyTorch lists them (num_batches_tracked left out); ".*" stands for
    /// a BatchNorm2d's weight, bias, running_mean and running_var.
    /// </summary>
    private static readonly Dictionary<string, string> StateDicts = new()
    {
        ["LeNet"] = """
            conv1.weight:6x1x5x5 conv1.bias:6 conv2.weight:16x6x5x5 conv2.bias:16 fc1.weight:120x400 fc1.bias:120
            fc2.weight:84x120 fc2.bias:84 fc3.weight:10x84 fc3.bias:10
            """,
        ["SmallResNet"] = """
            conv1.weight:16x3x3x3 bn1.*:16 blocks.0.conv1.weight:16x16x3x3 blocks.0.bn1.*:16 blocks.0.conv2.weight:16x16x3x3
            blocks.0.bn2.*:16 blocks.1.conv1.weight:32x16x3x3 blocks.1.bn1.*:32 blocks.1.conv2.weight:32x32x3x3 blocks.1.bn2.*:32
            blocks.1.down.0.weight:32x16x1x1 blocks.1.down.1.*:32 blocks.2.conv1.weight:32x32x3x3 blocks.2.bn1.*:32
            blocks.2.conv2.weight:32x32x3x3 blocks.2.bn2.*:32 blocks.3.conv1.weight:64x32x3x3 blocks.3.bn1.*:64
            blocks.3.conv2.weight:64x64x3x3 blocks.3.bn2.*:64 blocks.3.down.0.weight:64x32x1x1 blocks.3.down.1.*:64
            blocks.4.conv1.weight:64x64x3x3 blocks.4.bn1.*:64 blocks.4.conv2.weight:64x64x3x3 blocks.4.bn2.*:64 fc.weight:10x64
            fc.bias:10
            """,
        ["UNet"] = """
            enc1.weight:16x3x3x3 enc1.bias:16 enc2.weight:32x16x3x3 enc2.bias:32 mid.weight:64x32x3x3 mid.bias:64
            up2.weight:64x32x2x2 up2.bias:32 dec2.weight:32x64x3x3 dec2.bias:32 up1.weight:32x16x2x2 up1.bias:16
            dec1.weight:16x32x3x3 dec1.bias:16 out.weight:2x16x1x1 out.bias:2
            """,
        ["KeywordSpotter"] = """
            stem.0.weight:64x1x10x4 stem.1.*:64 body.0.0.weight:64x1x3x3 body.0.1.*:64 body.0.3.weight:64x64x1x1 body.0.4.*:64
            body.1.0.weight:64x1x3x3 body.1.1.*:64 body.1.3.weight:64x64x1x1 body.1.4.*:64 body.2.0.weight:64x1x3x3 body.2.1.*:64
            body.2.3.weight:64x64x1x1 body.2.4.*:64 body.3.0.weight:64x1x3x3 body.3.1.*:64 body.3.3.weight:64x64x1x1 body.3.4.*:64
            fc.weight:12x64 fc.bias:12
            """,
    };

    public static TheoryData<string> Modules() => new(StateDicts.Keys);

    [Theory]
    [InlineData("from-pytorch.md", 5)]
    [InlineData("language.md", 3)]
    public void Declarations_Compile_WithoutAWord(string page, int networks)
    {
        var specs = new List<NetworkSpec>();
        (string, string)[] sources = Declarations(page).Select((text, i) => ($"Block{i}.cs", text)).ToArray();
        var options = new HostOptions
        {
            References = [MetadataReference.CreateFromFile(typeof(MobileNetV2).Assembly.Location)],

            // Everything is checked; kernels, whose compilation takes half a minute, are other tests' business.
            Generator = new SmallCnnGenerator((spec, cancellation) =>
            {
                lock (specs)
                    specs.Add(spec);
                return NetworkCompiler.Check(spec, cancellation);
            }),
        };
        HostResult result = GeneratorHost.Run(sources, options).EnsureClean();

        Assert.Equal(networks, specs.Count);
        Assert.DoesNotContain(result.Analyze(new Analyzers.DesignAnalyzer()), d => d.Severity >= DiagnosticSeverity.Warning);
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void Tensors_AreThoseOfTheModule(string network)
    {
        NetworkSpec? spec = null;
        string source = Declarations("from-pytorch.md").Single(text => text.Contains($"partial class {network};", StringComparison.Ordinal));
        GeneratorHost.Run(source, new HostOptions { Generator = new SmallCnnGenerator((s, _) => { spec = s; return new CompileResult(default, default); }) });
        Graph graph = SpecExpander.Expand(spec!, new FindingList())!;

        Assert.Equal(
            StateDict(StateDicts[network]).Order(StringComparer.Ordinal),
            graph.Nodes
                .Where(n => n.Inputs.Count > 0)
                .SelectMany(n => CostRule.Tensors(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape))
                .Select(t => t.Name + ":" + string.Join("x", t.Shape))
                .Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Defaults_InTheTable_AreThoseOfTheAttributes()
    {
        var rows = Regex.Matches(Read("language.md").Split("What holds unless you say otherwise:")[1].Split("\n## ")[0], @"^\| (`.+?`) \| (.+) \|$", RegexOptions.Multiline);
        var described = new List<Type>();
        foreach ((string name, string text) in rows.SelectMany(r => Regex.Matches(r.Groups[1].Value, "`(.+?)`").Select(n => (n.Groups[1].Value, r.Groups[2].Value))))
        {
            Type type = typeof(NetworkAttribute).Assembly.GetType($"SmallCnnGen.{name}Attribute", throwOnError: true)!;
            described.Add(type);
            Assert.Equal(
                Defaults(type).Select(d => $"{d.Name} = {d.Value}").Order(StringComparer.Ordinal),
                Regex.Matches(text, "`([A-Za-z]+ = [^`]+)`").Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        }

        // A layer that is not in the table has nothing to default.
        Assert.All(
            typeof(NetworkAttribute).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LayerAttribute)) && t is { IsAbstract: false, IsPublic: true } && t != typeof(InputAttribute)).Except(described),
            type => Assert.Empty(Defaults(type)));
    }

    /// <summary>Properties with a default of their own, as C# writes it; not those that every layer has, paths of tensors, and what is required.</summary>
    private static IEnumerable<(string Name, string Value)> Defaults(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length)!;
        object instance = constructor.Invoke(constructor.GetParameters().Select(p =>
            p.HasDefaultValue ? p.DefaultValue : p.ParameterType.IsArray ? Array.CreateInstance(p.ParameterType.GetElementType()!, 0) : p.ParameterType == typeof(string) ? "x" : (object)1).ToArray());
        var required = constructor.GetParameters().Where(p => !p.HasDefaultValue).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite && p.DeclaringType != typeof(LayerAttribute) && !required.Contains(p.Name)))
        {
            object? value = property.GetValue(instance);
            if (value is null or double.NaN || (type == typeof(NetworkAttribute) && property.Name is "Height" or "Width" or "Channels"))
                continue;
            yield return (property.Name, value switch
            {
                bool flag => flag ? "true" : "false",
                string word => $"\"{word}\"",
                Enum member => $"{member.GetType().Name}.{member}",
                1e-5 => "1e-5",
                1e-4 => "1e-4",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            });
        }
    }

    private static IEnumerable<string> StateDict(string list) => list.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).SelectMany(entry =>
        entry.Contains(".*:", StringComparison.Ordinal)
            ? new[] { ".weight:", ".bias:", ".running_mean:", ".running_var:" }.Select(name => entry.Replace(".*:", name, StringComparison.Ordinal))
            : [entry]);

    /// <summary>The page's C#, as files with the usings that its text takes for granted; what runs a network is not among them.</summary>
    private static IEnumerable<string> Declarations(string page) => Regex.Matches(Read(page), "^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
        .Select(m => m.Groups[1].Value)
        .Where(block => Regex.IsMatch(block, @"^\[Network|: BlockAttribute", RegexOptions.Multiline))
        .Select(block => "using SmallCnnGen;\nusing SmallCnnGen.Zoo;\n\n" + block);

    private static string Read(string page, [CallerFilePath] string path = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src", "docs", page)).ReplaceLineEndings("\n");
}
