using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Analyzers;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>A network that is compiled without optimisation says so (SCNN0003); one that is optimised says nothing.</summary>
public sealed class DebugBuildTests
{
    private const string Source = "using SmallCnnGen;\n[Network(Height = 8, Width = 9, Channels = 3)] [Conv(4)]\npublic sealed partial class Net;\nclass Other;";

    private static readonly HostOptions Debug = new() { Optimize = false, Generator = new SmallCnnGenerator() };

    [Fact]
    public void Diagnostic_IsOnTheClass_AndNamesTheRemedy()
    {
        Diagnostic told = Assert.Single(Told(Debug));
        Assert.Equal(("SCNN0003", DiagnosticSeverity.Info), (told.Id, told.Severity));
        Assert.Equal("Net", told.Location.SourceTree!.ToString().Substring(told.Location.SourceSpan.Start, told.Location.SourceSpan.Length));
        Assert.Contains("dotnet run -c Release", told.GetMessage());
    }

    [Fact]
    public void Diagnostic_CanBeSwitchedOff()
    {
        Assert.Empty(Told(Debug with { Optimize = true }));
        Assert.Empty(Told(With("SmallCnnGenDebugNote", "false")));
        Assert.Empty(Told(With("SmallCnnGenDeclarationsOnly", "true")));
        Assert.DoesNotContain(Told(Debug with { EditorConfig = "[*.cs]\ndotnet_diagnostic.SCNN0003.severity = none\n" }), d => !d.IsSuppressed);
    }

    [Fact]
    public void OptimisedCode_HasNothingOfIt()
    {
        string release = Text(Debug with { Optimize = true });
        Assert.DoesNotContain("Debug", release);
        Assert.Equal(release, Text(With("SmallCnnGenDebugNote", "false")));
        Assert.NotEqual(release, Text(Debug));
    }

    [Fact]
    public void CreateRandom_SaysSoOnce_AndCostHasALine()
    {
        HostResult result = GeneratorHost.Run(Source, Debug).EnsureClean();
        using LoadedAssembly loaded = result.Load();
        Type type = loaded.GetType("Net");
        Assert.Contains("\n" + SmallCnnGen.Runtime.DebugBuild.Note + "\n", type.GetProperty("Cost")!.GetValue(null)!.ToString());

        var errors = new StringWriter();
        TextWriter before = Console.Error;
        Console.SetError(errors);
        try
        {
            for (int i = 0; i < 3; i++)
                ((IDisposable)type.GetMethod("CreateRandom")!.Invoke(null, [i])!).Dispose();
        }
        finally
        {
            Console.SetError(before);
        }

        // Other tests of this process write to the same stream.
        Assert.Single(errors.ToString().Split('\n'), line => line.TrimEnd() == "SmallCnnGen: Net: " + SmallCnnGen.Runtime.DebugBuild.Note);
    }

    private static HostOptions With(string property, string value) => Debug with { BuildProperties = new Dictionary<string, string> { [property] = value } };

    private static Diagnostic[] Told(HostOptions options) => GeneratorHost.Run(Source, options).Analyze(new DebugBuildAnalyzer()).ToArray();

    private static string Text(HostOptions options) => string.Join("\n", GeneratorHost.Run(Source, options).GeneratedSources.Select(s => s.SourceText.ToString()));
}
