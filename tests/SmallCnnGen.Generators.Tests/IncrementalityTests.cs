using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Which steps run again after which edit. Every test says the edit in its name.</summary>
public sealed class IncrementalityTests
{
    private const string Source = """
        using SmallCnnGen;

        [Conv("c")] sealed class PlainAttribute(int c) : BlockAttribute { public int C => c; }

        [Network(Height = 8, Width = 9, Channels = 3)]
        [Conv(4)]
        [Plain(8)]
        public sealed partial class Net;

        [Network(typeof(Net), Height = 16)]
        public sealed partial class Variant;
        """;

    private const string Other = "class Other { }";

    private static readonly string[] Steps =
    [
        TrackingNames.ParseNetwork, TrackingNames.ReadBuildProperties, TrackingNames.ReadOptimisation, TrackingNames.ConfigureNetwork,
        TrackingNames.CompileNetwork, TrackingNames.EmitSources, TrackingNames.ReportDiagnostics,
    ];

    [Fact]
    public void FirstRun_IsAllNew()
    {
        var result = Start(WithWarning());
        Assert.All(Steps, step => Assert.All(Parsed.Outputs(result, step), o => Assert.Equal(New, o.Reason)));
        Assert.All(Steps, step => Assert.NotEmpty(Parsed.Outputs(result, step)));
        Assert.Equal(2, Parsed.Networks(result).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoEdit_EverythingIsCached(bool warning) =>
        AssertIdle(Start(warning ? WithWarning() : null).Rerun(c => c.Clone()), warning);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EditInAnotherFile_EverythingIsCached(bool warning) =>
        AssertIdle(Start(warning ? WithWarning() : null).RerunWithText("Other.cs", "class Other { int x = 3; }"), warning);

    [Fact]
    public void FileAddedInFront_EverythingIsCached()
    {
        var result = Start().Rerun(c =>
        {
            var trees = c.SyntaxTrees.Prepend(CSharpSyntaxTree.ParseText("class First;", (CSharpParseOptions)c.SyntaxTrees[0].Options, "First.cs")).ToArray();
            return c.RemoveAllSyntaxTrees().AddSyntaxTrees(trees);
        });
        Assert.All(Parsed.Outputs(result, TrackingNames.CompileNetwork), o => Assert.Contains(o.Reason, new[] { Cached, Unchanged }));
        AssertSourcesCached(result);
    }

    [Fact]
    public void CommentAbove_OnlyPositionsMove()
    {
        var result = Start().RerunWithText("Net.cs", "// a comment\n" + Source);
        AssertReasons(result, TrackingNames.ParseNetwork, Modified);
        AssertReasons(result, TrackingNames.ConfigureNetwork, Unchanged);
        AssertReasons(result, TrackingNames.CompileNetwork, Cached);
        AssertReasons(result, TrackingNames.EmitSources, Cached);
        AssertSourcesCached(result);
    }

    [Fact]
    public void CommentAboveABlock_OnlyPositionsMove()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("[Conv(\"c\")]", "[Conv( /* ! */ \"c\")]"));
        AssertReasons(result, TrackingNames.ParseNetwork, Modified);
        AssertReasons(result, TrackingNames.CompileNetwork, Cached);
        AssertSourcesCached(result);
    }

    [Fact]
    public void MemberAdded_NothingIsCompiledAgain()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("partial class Net;", "partial class Net { int Mine => 3; }"));
        AssertReasons(result, TrackingNames.CompileNetwork, Cached);
        AssertSourcesCached(result);
    }

    [Fact]
    public void SquiggleMoves_SourcesAreNotEmittedAgain()
    {
        int compiled = 0;
        var generator = new SmallCnnGenerator((spec, token) =>
        {
            compiled++;
            return TestHost.Accept(spec, token) with { Findings = new EquatableArray<Finding>(new Finding(DiagnosticIds.UnusedLayer, "unused", 0)) };
        });
        var first = Start(generator);
        var second = first.RerunWithText("Net.cs", "\n\n" + Source);
        Assert.Equal(2, compiled);
        AssertSourcesCached(second);
        Assert.Contains(Parsed.Outputs(second, TrackingNames.ReportDiagnostics), o => o.Reason == Modified);
        Assert.Equal(
            first.GeneratorDiagnostics.Select(d => d.Location.GetLineSpan().StartLinePosition.Line + 2),
            second.GeneratorDiagnostics.Select(d => d.Location.GetLineSpan().StartLinePosition.Line));

        // The tree the squiggle is in is the new one.
        Assert.All(second.GeneratorDiagnostics, d => Assert.Contains(d.Location.SourceTree, second.InputCompilation.SyntaxTrees));
    }

    [Fact]
    public void ArgumentChanged_IsCompiledAgain()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("[Conv(4)]", "[Conv(5)]"));
        AssertReasons(result, TrackingNames.ParseNetwork, Modified);
        AssertReasons(result, TrackingNames.ConfigureNetwork, Modified);
        Assert.All(Parsed.Outputs(result, TrackingNames.CompileNetwork), o => Assert.Contains(o.Reason, new[] { Modified, Unchanged }));
    }

    [Fact]
    public void BlocksBodyChanged_IsCompiledAgain()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("[Conv(\"c\")]", "[Conv(\"c\", Kernel = 5)]"));
        AssertReasons(result, TrackingNames.ConfigureNetwork, Modified);
    }

    [Fact]
    public void OneNetworkChanged_TheOtherIsCached()
    {
        var compiled = new List<string>();
        var generator = new SmallCnnGenerator((spec, token) =>
        {
            compiled.Add(spec.TypeName);
            return TestHost.Accept(spec, token);
        });
        var first = Start(generator);
        compiled.Clear();
        first.RerunWithText("Net.cs", Source.Replace("Height = 16", "Height = 32"));
        Assert.Equal(["Variant"], compiled);
    }

    [Fact]
    public void NetworkRemoved_ItsSourceGoes()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("[Network(typeof(Net), Height = 16)]", ""));
        Assert.Equal("Net.g.cs", Assert.Single(result.GeneratedSources).HintName);
    }

    [Fact]
    public void UnsafeTurnedOff_IsNoticed()
    {
        var result = Start().Rerun(c => c.WithOptions(c.Options.WithAllowUnsafe(false)));
        Assert.Equal(["SCNN1002", "SCNN1002"], result.GeneratorDiagnostics.Select(d => d.Id));
        Assert.All(result.GeneratedSources, s => Assert.True(TestHost.IsStub(s)));
    }

    [Fact]
    public void OptimisationTurnedOff_IsNoticed_AndThenForgotten()
    {
        var result = Start().Rerun(c => c.WithOptions(c.Options.WithOptimizationLevel(OptimizationLevel.Debug)));
        AssertReasons(result, TrackingNames.ConfigureNetwork, Modified);
        AssertIdle(result.RerunWithText("Other.cs", "class Other { int x = 3; }"), warning: false);
    }

    [Fact]
    public void WrongDeclaration_ItsStubsAreAsIdle()
    {
        string wrong = Source.Replace("[Conv(4)]", "[Conv(4, Groups = 2)]");
        var first = Start(new SmallCnnGenerator(), wrong);
        Assert.All(first.GeneratedSources, s => Assert.True(TestHost.IsStub(s)));
        var moved = first.RerunWithText("Net.cs", "// a comment\n" + wrong);
        AssertReasons(moved, TrackingNames.ParseNetwork, Modified);
        AssertReasons(moved, TrackingNames.ConfigureNetwork, Unchanged);
        AssertSourcesCached(moved);
        AssertSourcesCached(first.RerunWithText("Net.cs", wrong.Replace("partial class Net;", "partial class Net { int Mine => Weights.VectorBits; public Net(string path) : this(LoadWeights(path)) { } }")));
        AssertSourcesCached(first.RerunWithText("Other.cs", "class Other { int x = Net.InputLength; }"));
    }

    [Fact]
    public void ConstructorOfTheUsers_NothingIsCompiledAgain()
    {
        var result = Start().RerunWithText("Net.cs", Source.Replace("partial class Net;", "partial class Net { public Net(string path) : this(LoadWeights(path)) { } public Net(int a, int b) : this(\"\") { } }"));
        AssertReasons(result, TrackingNames.CompileNetwork, Cached);
        AssertSourcesCached(result);
    }

    [Fact]
    public void TrackedValues_HoldNothingOfRoslyns()
    {
        var generator = new SmallCnnGenerator((spec, token) => TestHost.Accept(spec, token) with
        {
            Findings = new EquatableArray<Finding>(new Finding(DiagnosticIds.EmptyOutput, "x", 2, "channels"), new Finding(DiagnosticIds.UnusedLayer, "x", 0)),
        });
        var result = Start(generator, Source + "\n[Network] class Bad<T> { void Run() { } }");
        Assert.NotEmpty(result.GeneratorDiagnostics);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (string step in Steps)
        {
            var outputs = Parsed.Outputs(result, step);
            Assert.NotEmpty(outputs);
            foreach (var (value, _) in outputs)
                Walk(value, step, seen);
        }

        Assert.True(seen.Count > 50, "the walk must go deep to mean something");
    }

    [Fact]
    public void Walk_WouldFindASymbol()
    {
        // Base types and interfaces must be caught, not exact types only.
        var compilation = GeneratorHost.CreateCompilation([("A.cs", "class A;")]);
        object[] banned = [compilation, compilation.GlobalNamespace, compilation.SyntaxTrees[0], compilation.SyntaxTrees[0].GetRoot(), Location.None];
        foreach (object value in banned)
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Walk(new object[] { ("x", new List<object> { value }) }, "x", new(ReferenceEqualityComparer.Instance)));
    }

    private static HostResult Start(SmallCnnGenerator? generator = null, string source = Source) =>
        TestHost.Run([("Net.cs", source), ("Other.cs", Other)], new HostOptions { Generator = generator });

    private static SmallCnnGenerator WithWarning() => new((spec, token) => TestHost.Accept(spec, token) with
    {
        Findings = new EquatableArray<Finding>(new Finding(DiagnosticIds.UnusedLayer, "unused", 0)),
    });

    private static void AssertIdle(HostResult result, bool warning)
    {
        // Roslyn records only steps through which an output was reached: without a diagnostic there is no such step.
        foreach (string step in warning ? Steps : Steps.Where(s => s != TrackingNames.ReportDiagnostics))
        {
            var outputs = Parsed.Outputs(result, step);
            Assert.NotEmpty(outputs);

            // FAWMN's transform runs on every edit; everything behind it must not.
            var allowed = step is TrackingNames.ParseNetwork or TrackingNames.ReadBuildProperties or TrackingNames.ReadOptimisation
                ? new[] { Cached, Unchanged }
                : new[] { Cached };
            Assert.All(outputs, o => Assert.Contains(o.Reason, allowed));
        }

        AssertSourcesCached(result);
        if (!warning)
        {
            Assert.All(
                Parsed.RunOf(result).TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs),
                o => Assert.Equal(Cached, o.Reason));
        }
    }

    private static void AssertReasons(HostResult result, string step, IncrementalStepRunReason reason)
    {
        var outputs = Parsed.Outputs(result, step);
        Assert.Equal(2, outputs.Length);
        Assert.All(outputs, o => Assert.Equal(reason, o.Reason));
    }

    private static void AssertSourcesCached(HostResult result)
    {
        // Only the sources: the diagnostics' output belongs to networks that are wrong and meets the compilation.
        var outputs = Parsed.RunOf(result).TrackedOutputSteps.SelectMany(s => s.Value)
            .Where(s => s.Inputs.Any(i => i.Source.Name == TrackingNames.EmitSources))
            .SelectMany(s => s.Outputs);
        Assert.NotEmpty(outputs);
        Assert.All(outputs, o => Assert.Equal(Cached, o.Reason));
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum)
            return;
        bool banned = value is Microsoft.CodeAnalysis.Compilation or ISymbol or SyntaxNode or SyntaxTree or Location or SemanticModel or SyntaxReference or AttributeData or Delegate;
        Assert.False(banned, path + " holds a " + value.GetType());
        if (!value.GetType().IsValueType && !seen.Add(value))
            return;
        if (value is IEnumerable items)
        {
            int index = 0;
            foreach (object? item in items)
                Walk(item, path + "[" + index++ + "]", seen);
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsPointer)
                    Walk(field.GetValue(value), path + "." + field.Name, seen);
            }
        }
    }
}
