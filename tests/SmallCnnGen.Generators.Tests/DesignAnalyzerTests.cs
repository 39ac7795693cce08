using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>The analyzer around the critic: places, properties, configuration, suppression, failure.</summary>
public sealed class DesignAnalyzerTests
{
    private const string Map = "[Network(Height = 28, Width = 28, Channels = 64)] ";

    [Fact]
    public void ParameterOfABlock_IsFollowedToItsUse() => Markup.VerifyDesign("SCNN4001", """
        [Conv("c", Kernel = 1)] sealed class InnerAttribute(object c) : BlockAttribute { public object C { get; set; } = c; }
        [Inner("d")] sealed class OuterAttribute(object d) : BlockAttribute { public object D => d; }
        [Network(Height = 28, Width = 28, Channels = 64)]
        [Outer({|SCNN4001:512|})] [Inner({|SCNN4001:64|})] [Inner(c: {|SCNN4001:512|}, Name = "x")]
        [Conv(8)] partial class Net;
        """.Replace("c: {|SCNN4001:512|}", "{|SCNN4001:c: 512|}", StringComparison.Ordinal));

    [Fact]
    public void ParameterOfANetwork_IsFollowedToItsValue() => Markup.VerifyDesign("SCNN4001", """
        [Network(Height = 28, Width = 28, Channels = 64)] [Parameter("wide", {|SCNN4001:512|})] [Conv("wide", Kernel = 1)] [Conv(8)] partial class Net;
        """);

    [Fact]
    public void ExpressionInABlock_IsReportedThere_AndNamesTheNetwork()
    {
        var diagnostics = Markup.VerifyDesign("SCNN4001", """
            [Conv({|SCNN4001:"in * 8"|}, Kernel = 1)] sealed class GrowAttribute : BlockAttribute;
            namespace Shop { [Network(Height = 28, Width = 28, Channels = 64)] [Grow] [Conv(8)] partial class Net; }
            """);
        var diagnostic = diagnostics.Single(d => d.Id == "SCNN4001");
        Assert.EndsWith(" (In network 'Shop.Net'.)", diagnostic.GetMessage());
        Assert.DoesNotContain("fix", diagnostic.Properties.Keys);
    }

    [Fact]
    public void BlockOfAnotherAssembly_IsReportedAtItsUse() =>
        Markup.VerifyDesign("SCNN4001", Map + """[SeparableConv({|SCNN4001:512|})] [{|SCNN4001:InvertedResidual(64, Repeat = 2)|}] partial class Net;""");

    [Fact]
    public void CopiesOfALayer_AreOneFinding_WithTheWorst()
    {
        var diagnostics = Markup.VerifyDesign("SCNN4002", Map + "[Conv(64, Kernel = 1, {|SCNN4002:Groups = 4|}, Repeat = 3)] partial class Net;");
        Assert.Contains("(3 layers have this; this one is the worst).", diagnostics.Single(d => d.Id == "SCNN4002").GetMessage());
    }

    [Fact]
    public void Variant_IsToldOnlyWhatIsItsOwn() => Markup.VerifyDesign("SCNN4001", """
        [Network(Height = 28, Width = 28, Channels = 64)] [Conv({|SCNN4001:512|}, Kernel = 1)] [Conv(8)] partial class Base;
        [Network(typeof(Base), WidthMultiplier = 2)] partial class Variant;
        """);

    [Fact]
    public void VariantOfAnotherAssembly_IsToldAtTheArchitecture()
    {
        var reference = GeneratorHost.CompileReference("Lib", """
            using SmallCnnGen;
            [Network(Height = 28, Width = 28, Channels = 64)] [Conv(512, Kernel = 1)] [Conv(32, Kernel = 1)] [DepthwiseConv] public partial class Base;
            """);
        var diagnostics = Markup.VerifyDesign("SCNN4001", "[Network({|SCNN4001:typeof(Base)|}, Height = 14)] partial class Net;", new HostOptions { References = [reference] });
        Assert.Contains("(2 layers have this", diagnostics.Single(d => d.Id == "SCNN4001").GetMessage());
    }

    [Theory]
    [InlineData("[Conv(512, Kernel = 1)] [Conv(8)]", "SCNN4001", "setArgument", "channels", "184", "512")]
    [InlineData("[Conv(512, Kernel = 1)] [DepthwiseConv] [Conv(8)]", "SCNN4001", "setArgument", "channels", "184", "512")]
    [InlineData("[Conv(512, Kernel = 1)] [Shuffle(8)] [Conv(8)]", "SCNN4001", null, "channels", null, null)] // the shuffle needs a multiple of 8
    [InlineData("""[Conv(512, Kernel = 1, Name = "a")] [Conv(512)] [Add("a")]""", "SCNN4001", null, "channels", null, null)] // the sum needs 512
    [InlineData("[Conv(256, Kernel = 1, Groups = 4)]", "SCNN4002", "setArgument", "Groups", "2", "4")]
    [InlineData("[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Conv(64, Groups = 4)]", "SCNN4005", "insertBefore", null, "Shuffle(4)", null)]
    [InlineData("[Conv(64, Groups = 4, Repeat = 3)]", "SCNN4005", null, null, null, null)] // it would have to stand between copies
    [InlineData("[Conv(128, Kernel = 1)] [DepthwiseConv] [Conv(64, Kernel = 1)]", "SCNN4006", "setArgument", "Activation", "Activation.None", "1")]
    [InlineData("[Conv(8, Stride = 4)] [Dense(100)]", "SCNN4007", "insertBefore", null, "GlobalAveragePool", null)]
    [InlineData("""[Conv(64, Kernel = 5, Activation = Activation.ReLU6, BatchNorm = false, From = "input", Name = "c")]""", "SCNN4008", "replaceLayer", "Kernel",
        "Conv(64, Kernel = 3, BatchNorm = false, Activation = Activation.ReLU6, From = \"input\")\nConv(64, Kernel = 3, BatchNorm = false, Activation = Activation.ReLU6, Name = \"c\")", null)]
    [InlineData("[Conv(18)] [Conv(8)]", "SCNN4019", "setArgument", "channels", "16", "18")]
    [InlineData("[Conv(9)] [Conv(8)]", "SCNN4019", "setArgument", "channels", "8", "9")]
    [InlineData("[Conv(64, Kernel = 5, Padding = 2)]", "SCNN4008", null, "Kernel", null, null)] // padding cannot be divided
    public void Properties_TellAFixWhatToWrite(string layers, string id, string? fix, string? argument, string? suggested, string? current)
    {
        var diagnostic = TestHost.Run("using SmallCnnGen;\n" + Map + layers + " partial class Net;", Markup.SwitchOn(id)).EnsureClean().Analyze(new DesignAnalyzer()).First(d => d.Id == id);

        string? Property(string name) => diagnostic.Properties.GetValueOrDefault(name);
        Assert.Equal((fix, argument, suggested, current), (Property(FixProperties.Fix), Property(FixProperties.Argument), Property(FixProperties.Suggested), Property(FixProperties.Current)));
        Assert.NotEmpty(Property(FixProperties.Layer)!);
    }

    [Fact]
    public void ScaledOrComputedNumbers_HaveNoFix()
    {
        foreach (string source in new[]
        {
            "[Network(Height = 28, Width = 28, Channels = 64, WidthMultiplier = 2)] [Conv(512, Kernel = 1)] [Conv(8)] partial class Net;",
            Map + """[Conv("500 + 12", Kernel = 1)] [Conv(8)] partial class Net;""",
        })
        {
            var diagnostic = TestHost.Run("using SmallCnnGen;\n" + source, Markup.SwitchOn("SCNN4001")).Analyze(new DesignAnalyzer()).First(d => d.Id == "SCNN4001");
            Assert.DoesNotContain(FixProperties.Fix, diagnostic.Properties.Keys);
        }
    }

    [Fact]
    public void Pragma_Suppresses() => Markup.VerifyDesign("SCNN4001", Map + """

        #pragma warning disable SCNN4001
        [Conv(512, Kernel = 1)]
        #pragma warning restore SCNN4001
        [Conv({|SCNN4001:64|}, Kernel = 1)] [DepthwiseConv]
        partial class Net;
        """);

    [Fact]
    public void SuppressMessage_Suppresses() => Markup.VerifyDesign("SCNN4001", Map + """
        [Conv(512, Kernel = 1)] [Conv(8)]
        [System.Diagnostics.CodeAnalysis.SuppressMessage("SmallCnnGen.Design", "SCNN4001")]
        partial class Net;
        """);

    [Theory]
    [InlineData("none", null)]
    [InlineData("silent", DiagnosticSeverity.Hidden)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    [InlineData("error", DiagnosticSeverity.Error)]
    public void EditorConfig_SetsTheSeverity(string severity, DiagnosticSeverity? expected)
    {
        var options = new HostOptions { EditorConfig = $"[*.cs]\ndotnet_diagnostic.SCNN4001.severity = {severity}\n" };
        var found = TestHost.Run("using SmallCnnGen;\n" + Map + "[Conv(512, Kernel = 1)] [Conv(8)] partial class Net;", options).Analyze(new DesignAnalyzer());
        Assert.Equal(expected, found.FirstOrDefault(d => d.Id == "SCNN4001")?.Severity);
    }

    [Theory]
    [InlineData("smallcnngen.SCNN4001.max_ratio = 1.6", false)]
    [InlineData("smallcnngen.scnn4001.MAX_RATIO = 1.6", false)]
    [InlineData("smallcnngen.SCNN4001.max_ratio = 1.1", true)]
    [InlineData("smallcnngen.SCNN4002.max_ratio = 1.6", true)]
    public void EditorConfig_SetsThresholds(string line, bool hit) => Markup.VerifyDesign(
        "SCNN4001", Map + (hit ? "[Conv({|SCNN4001:512|}, Kernel = 1)] [Conv(8)] partial class Net;" : "[Conv(512, Kernel = 1)] [Conv(8)] partial class Net;"), new HostOptions { EditorConfig = "[*.cs]\n" + line + "\n" });

    [Theory]
    [InlineData("1,5")]
    [InlineData("high")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    public void BadThreshold_IsReported_AndTheDefaultHolds(string value)
    {
        var options = Markup.SwitchOn("SCNN4001", new HostOptions { EditorConfig = $"[*.cs]\nsmallcnngen.SCNN4001.max_ratio = {value}\n" });
        var diagnostics = Markup.VerifyDesign("SCNN4000", "[{|SCNN4000:Network(Height = 28, Width = 28, Channels = 64)|}] [Conv(512, Kernel = 1)] [Conv(8)] partial class Net;", options);
        Assert.Contains(diagnostics, d => d.Id == "SCNN4001");
        Assert.Equal($"'smallcnngen.SCNN4001.max_ratio = {value}' in .editorconfig is not a number of 0 or more; the default 1.2 is used", diagnostics.Single(d => d.Id == "SCNN4000").GetMessage());
    }

    [Theory]
    [InlineData("[Conv(512, Kernel = -1)] partial class Net;")]
    [InlineData("[Conv(512, Kernel = 1)] partial class Net<T>;")]
    [InlineData("[Conv(512, Kernel = 1)] [Conv(undefined)] partial class Net;")]
    [InlineData("[Conv(512, Kernel = 1)] [Add(\"nothing\")] partial class Net;")]
    public void NetworkWithErrors_IsNotJudged(string network) =>
        Assert.Empty(TestHost.Run("using SmallCnnGen;\n" + Map + network).Analyze(new DesignAnalyzer()));

    [Fact]
    public void GeneratedMembers_AreNoErrors()
    {
        // The analyzer sees the class with Run and Load in it.
        var result = GeneratorHost.Run("using SmallCnnGen;\n" + Map + "[Conv(256, Kernel = 1, Groups = 4)] public partial class Net;").EnsureClean();
        Assert.Contains(result.Analyze(new DesignAnalyzer()), d => d.Id == "SCNN4002");
    }

    [Fact]
    public void FailureOfTheCritic_IsAWarning_NotAnException()
    {
        var analyzer = new DesignAnalyzer((_, _, _) => throw new InvalidOperationException("on\npurpose"));
        var diagnostic = Assert.Single(TestHost.Run("using SmallCnnGen;\n" + Map + "[Conv(4)] partial class Net;").Analyze(analyzer));
        Assert.Equal(("SCNN9002", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Contains("on purpose", diagnostic.GetMessage());
    }

    [Fact]
    public async System.Threading.Tasks.Task Cancellation_IsHonoured()
    {
        using var source = new CancellationTokenSource();

        // Who waits for the diagnostics may be told before the analyzer's thread goes on.
        var reached = new System.Threading.Tasks.TaskCompletionSource<bool>();
        var analyzer = new DesignAnalyzer((_, _, token) =>
        {
            source.Cancel();
            reached.SetResult(token.IsCancellationRequested);
            token.ThrowIfCancellationRequested();
            return [];
        });
        var compilation = TestHost.Run("using SmallCnnGen;\n" + Map + "[Conv(4)] partial class Net;").OutputCompilation.WithAnalyzers([analyzer], options: null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => compilation.GetAnalyzerDiagnosticsAsync(source.Token));
        Assert.True(await reached.Task.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Critic_StopsWhenCancelled()
    {
        var spec = Parsed.Spec(Map + "[Conv(4)] partial class Net;");
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Critic.Run(spec with { Options = spec.Options with { VectorBits = 256 } }, null, source.Token));
    }
}
