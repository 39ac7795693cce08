using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>What happens to the compiler's results: files are added, findings find their place.</summary>
public sealed class PipelineTests
{
    private const string Net = "[Network(Height = 8, Width = 9, Channels = 3)] ";

    [Fact]
    public void Files_AreAdded_AndCompile()
    {
        var options = With(spec => new CompileResult(
            new EquatableArray<GeneratedFile>(
                new GeneratedFile($"{spec.FullName}.g.cs", $"namespace {spec.Namespace} {{ {spec.TypeModifiers} partial class {spec.TypeName} {{ public static int Run() => Kernel.Run(); }} }}\n"),
                new GeneratedFile($"{spec.FullName}.Kernels.g.cs", "file static class Unused;\ninternal static unsafe class Kernel { public static int Run() { int x = 42; return *&x; } }\n")),
            default));
        var result = TestHost.Run("using SmallCnnGen; namespace N; " + Net + "[Conv(4)] public sealed partial class Net;", options);
        Assert.Equal(["N.Net.g.cs", "N.Net.Kernels.g.cs"], result.GeneratedSources.Select(s => s.HintName));
        using var loaded = result.Load();
        Assert.Equal(42, loaded.GetType("N.Net").GetMethod("Run")!.Invoke(null, null));
    }

    [Fact]
    public void Finding_IsUnderItsArgument() => Markup.Verify("""
        [Network({|SCNN1003:Height = 8|}, Width = 9, Channels = 3)]
        [Conv({|SCNN1003:4|}, {|SCNN1003:Kernel = "1x"|})]
        [{|SCNN2002:Add("a", "b")|}, Concat({|SCNN1004:"x", "y", "z"|})]
        [Concat(new[] { "p", "q" }, Name = "c"), Concat("p", {|SCNN1004:"q"|}, "r")]
        [Input({|SCNN1005:"i"|}, Name = "n"), Slice({|SCNN2005:end: 4|}, start: 3)]
        partial class Net;
        """, With(
            new(DiagnosticIds.BadArgument, "height", -1, "Height"),
            new(DiagnosticIds.BadArgument, "channels", 0, "channels"),
            new(DiagnosticIds.BadArgument, "kernel", 0, "Kernel"),
            new(DiagnosticIds.ShapeMismatch, "add", 1),
            new(DiagnosticIds.UnknownName, "list", 2, "inputs"),
            new(DiagnosticIds.UnknownName, "element", 4, "inputs[1]"),
            new(DiagnosticIds.DuplicateName, "input", 5, "name"),
            new(DiagnosticIds.ChannelOutOfRange, "slice", 6, "end")));

    [Fact]
    public void Finding_WithoutAWrittenArgument_IsUnderTheAttribute() => Markup.Verify("""
        [{|SCNN1007:{|SCNN1003:Network|}|}]
        [{|SCNN2003:{|SCNN9001:MaxPool|}|}]
        partial class Net;
        """, With(
            new(DiagnosticIds.EmptyNetwork, "no size", -1),
            new(DiagnosticIds.BadArgument, "no height", -1, "Height"),
            new(DiagnosticIds.EmptyOutput, "kernel", 0, "Kernel"),
            new("SCNN0000", "made up", 0)));

    [Fact]
    public void Finding_InABlocksBody_IsThere_AndNamesTheNetwork()
    {
        var result = Markup.Verify(
        [
            ("Net.cs", "namespace N { " + Net + "[Conv(4)] [Wide(3)] partial class Net; }"),
            ("Wide.cs", "[Conv({|SCNN1006:\"expnd\"|})] sealed class WideAttribute(int expand) : BlockAttribute { public int E => expand; }"),
        ], With(new Finding(DiagnosticIds.BadExpression, "bad {0} {expression}", 2, "channels")));
        Assert.Equal("bad {0} {expression} (in network 'N.Net')", Assert.Single(result.GeneratorDiagnostics).GetMessage());
    }

    [Fact]
    public void Finding_OfAVariant_NamesIt_ButUnusedLayersAreTheArchitecturesOwn()
    {
        var result = TestHost.Run([("A.cs", "using SmallCnnGen; " + Net + "[Conv(4)] partial class A;"), ("B.cs", "using SmallCnnGen; [Network(typeof(A))] partial class B;")],
            With(new Finding(DiagnosticIds.UnusedLayer, "unused", 0), new Finding(DiagnosticIds.EmptyOutput, "empty", 0)));
        Assert.Equal(
            ["A.cs: SCNN2001: unused", "A.cs: SCNN2003: empty", "A.cs: SCNN2003: empty (in network 'B')"],
            result.GeneratorDiagnostics.Select(d => $"{d.Location.SourceTree!.FilePath}: {d.Id}: {d.GetMessage()}").Order());
    }

    [Fact]
    public void UnusedLayer_IsAWarning_AndObeysPragma()
    {
        var options = With(new(DiagnosticIds.UnusedLayer, "one", 0), new(DiagnosticIds.UnusedLayer, "two", 1));
        var result = TestHost.Run("using SmallCnnGen;\n" + Net + "\n#pragma warning disable SCNN2001\n[Conv(4)]\n#pragma warning restore SCNN2001\n[Conv(4)]\npartial class Net;", options);
        var visible = Assert.Single(result.GeneratorDiagnostics, d => !d.IsSuppressed);
        Assert.Equal(("two", DiagnosticSeverity.Warning), (visible.GetMessage(), visible.Severity));
    }

    [Fact]
    public void FilesOfTwoPathsAlike_LocateInTheRightOne() => Markup.Verify(
        [("", "\n\n\n\n\n" + Net + "[Conv(4)] partial class B;"), ("", "" + Net + "[Conv({|SCNN1003:4|})] partial class A;")],
        With(spec => spec.TypeName == "A"
            ? new CompileResult(default, new EquatableArray<Finding>(new Finding(DiagnosticIds.BadArgument, "x", 0, "channels")))
            : new CompileResult(default, default)));

    [Fact]
    public void ClassOfTheWrongShape_IsStillChecked_ButGetsNoFiles()
    {
        var result = Markup.Verify(Net + "[{|SCNN2003:Conv(4)|}] class {|SCNN1001:Net|};", With(spec => TestHost.Accept(spec, default) with
        {
            Findings = new EquatableArray<Finding>(new Finding(DiagnosticIds.EmptyOutput, "x", 0)),
        }));
        Assert.Empty(result.GeneratedSources);
    }

    [Fact]
    public void WarningsAndFiles_GoTogether()
    {
        var result = Markup.Verify(Net + "[{|SCNN2001:Conv(4)|}] [Conv(4)] partial class Net;", With(spec => TestHost.Accept(spec, default) with
        {
            Findings = new EquatableArray<Finding>(new Finding(DiagnosticIds.UnusedLayer, "x", 0)),
        }));
        Assert.Single(result.GeneratedSources);
    }

    [Fact]
    public void ExceptionInTheCompiler_IsOneNetworksOwnTrouble()
    {
        var result = Markup.Verify(
            "[{|SCNN9001:Network(Height = 1)|}] [Conv(4)] partial class A; " + Net + "[Conv(4)] partial class B;",
            With(spec => spec.TypeName == "A" ? throw new InvalidOperationException("two\r\nlines") : TestHost.Accept(spec, default)));
        Assert.Equal("B.g.cs", Assert.Single(result.GeneratedSources, s => !TestHost.IsStub(s)).HintName);
        string message = Assert.Single(result.GeneratorDiagnostics).GetMessage();
        Assert.StartsWith("SmallCnnGen failed: InvalidOperationException: two lines (at ", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Cancellation_GoesThrough()
    {
        using var source = new CancellationTokenSource();
        var generator = new SmallCnnGenerator((spec, token) =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            return TestHost.Accept(spec, token);
        });
        var driver = Microsoft.CodeAnalysis.CSharp.CSharpGeneratorDriver.Create(generator);
        var compilation = GeneratorHost.CreateCompilation([("A.cs", "using SmallCnnGen; " + Net + "[Conv(4)] partial class A;")]);
        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(compilation, source.Token));
    }

    [Fact]
    public void NamesThatDifferInCase_GetFilesOfDifferentNames()
    {
        var result = TestHost.Run("using SmallCnnGen; " + Net + "[Conv(4)] partial class net1; " + Net + "[Conv(4)] partial class NET1; " + Net + "[Conv(4)] partial class Net1; " + Net + "[Conv(4)] partial class @class;");
        Assert.Empty(result.GeneratorDiagnostics);
        Assert.Equal(["NET1.g.cs", "_2.Net1.g.cs", "_3.net1.g.cs", "class.g.cs"], result.GeneratedSources.Select(s => s.HintName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null, 128 | 256 | 512)]
    [InlineData("", 128 | 256 | 512)]
    [InlineData("Auto", 128 | 256 | 512)]
    [InlineData("256,512", 256 | 512)]
    [InlineData("128 + 256", 128 | 256)]
    [InlineData("128", 128)]
    [InlineData(" 512 ", 512)]
    public void VectorBits_ComeFromTheBuildProperty_UnlessSet(string? property, int expected)
    {
        var options = WithProperty(property);
        var result = TestHost.Run("using SmallCnnGen; " + Net + "[Conv(4)] partial class A; [Network(Height = 1, VectorBits = 512)] [Conv(4)] partial class B; [Network(typeof(B), VectorBits = 0)] partial class C;", options).EnsureClean();
        var networks = Parsed.Outputs(result, TrackingNames.ConfigureNetwork).Select(o => (ConfiguredNetwork)o.Value).ToDictionary(n => n.Name, n => n.Spec!.Options.VectorBits);
        Assert.Equal(new Dictionary<string, int> { ["A"] = expected, ["B"] = 512, ["C"] = expected }, networks);
    }

    [Theory]
    [InlineData("64")]
    [InlineData("wide")]
    [InlineData("256 bits")]
    public void VectorBits_OfNoKnownWidth_AreRefusedWhereTheyCount(string property) => Markup.Verify(
        "[{|SCNN1003:Network(Height = 8)|}] [Conv(4)] partial class A; [Network(Height = 1, VectorBits = 512)] [Conv(4)] partial class B;",
        WithProperty(property));

    [Theory]
    [InlineData(null, WinogradUse.WhereFaster)]
    [InlineData("", WinogradUse.WhereFaster)]
    [InlineData("True", WinogradUse.WhereFaster)]
    [InlineData(" false ", WinogradUse.Never)]
    public void Winograd_ComesFromTheBuildProperty_UnlessSet(string? property, WinogradUse expected)
    {
        var options = new HostOptions { Generator = new SmallCnnGenerator() };
        if (property is not null)
            options = options with { BuildProperties = new Dictionary<string, string> { ["SmallCnnGenWinograd"] = property } };
        const string sized = "[Network(Height = 28, Width = 28, Channels = 64, Winograd = ";
        var result = TestHost.Run("using SmallCnnGen; [Network(Height = 28, Width = 28, Channels = 64)] [Conv(64)] partial class A; " + sized + "true)] [Conv(64)] partial class B; " + sized + "false)] [Conv(64)] partial class C; [Network(typeof(C))] partial class D;", options).EnsureClean();
        var networks = Parsed.Outputs(result, TrackingNames.ConfigureNetwork).Select(o => (ConfiguredNetwork)o.Value).ToDictionary(n => n.Name, n => n.Spec!.Options.Winograd);
        Assert.Equal(new Dictionary<string, WinogradUse?> { ["A"] = expected, ["B"] = WinogradUse.WhereFaster, ["C"] = WinogradUse.Never, ["D"] = WinogradUse.Never }, networks);
        Assert.Equal(
            networks.Where(n => n.Value == WinogradUse.WhereFaster).Select(n => n.Key).Order(),
            result.GeneratedSources.Select(s => s.HintName).Where(n => n.Contains("Winograd", StringComparison.Ordinal)).Select(n => n.Split('-')[0]).Distinct().Order());
    }

    [Fact]
    public void Winograd_NeitherTrueNorFalse_IsRefusedWhereItCounts() => Markup.Verify(
        "[{|SCNN1003:Network(Height = 8)|}] [Conv(4)] partial class A; [Network(Height = 1, Winograd = true)] [Conv(4)] partial class B;",
        new HostOptions { BuildProperties = new Dictionary<string, string> { ["SmallCnnGenWinograd"] = "maybe" } });

    [Theory]
    [InlineData("linux-x64", 256 | 512)]
    [InlineData("win-arm64", 128)]
    [InlineData("linux-musl-arm", 128)]
    [InlineData("browser-wasm", 128)]
    [InlineData("win-x86", 128 | 256 | 512)]
    public void AutomaticVectorBits_FollowTheTarget(string runtimeIdentifier, int expected)
    {
        var options = new HostOptions { BuildProperties = new Dictionary<string, string> { ["RuntimeIdentifier"] = runtimeIdentifier, ["SmallCnnGenVectorBits"] = "" } };
        var result = TestHost.Run("using SmallCnnGen; " + Net + "[Conv(4)] partial class A;", options).EnsureClean();
        Assert.Equal(expected, ((ConfiguredNetwork)Parsed.Outputs(result, TrackingNames.ConfigureNetwork).Single().Value).Spec!.Options.VectorBits);
    }

    private static HostOptions WithProperty(string? value) => value is null
        ? HostOptions.Default
        : new HostOptions { BuildProperties = new Dictionary<string, string> { ["SmallCnnGenVectorBits"] = value } };

    private static HostOptions With(params Finding[] findings) => With(_ => new CompileResult(default, new EquatableArray<Finding>(findings)));

    private static HostOptions With(Func<NetworkSpec, CompileResult> compile) =>
        new() { Generator = new SmallCnnGenerator((spec, _) => compile(spec)) };
}
