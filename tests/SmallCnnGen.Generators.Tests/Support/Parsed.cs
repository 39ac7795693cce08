using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Parsing;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests.Support;

/// <summary>Reads what the pipeline's steps made.</summary>
internal static class Parsed
{
    /// <summary>The only generator's run.</summary>
    public static GeneratorRunResult RunOf(HostResult result)
    {
        var run = Assert.Single(result.Driver.GetRunResult().Results);
        Assert.Null(run.Exception);
        return run;
    }

    /// <summary>Values and reasons of a step.</summary>
    public static ImmutableArray<(object Value, IncrementalStepRunReason Reason)> Outputs(HostResult result, string step) =>
        RunOf(result).TrackedSteps.TryGetValue(step, out var runs)
            ? runs.SelectMany(r => r.Outputs).ToImmutableArray()
            : [];

    /// <summary>Every network as it was parsed.</summary>
    public static ImmutableArray<ParsedNetwork> Networks(HostResult result) =>
        Outputs(result, TrackingNames.ParseNetwork).Select(o => (ParsedNetwork)o.Value).ToImmutableArray();

    /// <summary>The network of a name, from a source that must be free of errors.</summary>
    public static NetworkSpec Spec(string source, string name = "Net", HostOptions? options = null)
    {
        var result = TestHost.Run("using SmallCnnGen;\n" + source, options).EnsureClean();
        return SpecOf(result, name);
    }

    /// <summary>The network of a name.</summary>
    public static NetworkSpec SpecOf(HostResult result, string name = "Net")
    {
        var network = Assert.Single(Networks(result), n => n.Name == name);
        Assert.NotNull(network.Spec);
        return network.Spec;
    }

    /// <summary>A layer as C# would write it, without the source index.</summary>
    public static string Show(LayerSpec layer) =>
        layer.Kind + "(" + string.Join(", ", layer.Arguments.Select(a => a.Name + ": " + a.Value)) + ")";

    /// <summary>Layers as C# would write them.</summary>
    public static string[] Show(EquatableArray<LayerSpec> layers) => layers.Select(Show).ToArray();
}
