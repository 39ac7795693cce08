using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Compiler.Tests;

/// <summary>
/// Writes a <see cref="NetworkSpec"/> without Roslyn and without attribute classes, so that wrong declarations which C#
/// itself would refuse can be written too. A layer's source index is its position on the network; layers of blocks
/// have -1 unless <see cref="BlockSources"/> is called.
/// </summary>
internal sealed class SpecBuilder
{
    private readonly List<LayerSpec> _layers = new();
    private readonly List<BlockSpec> _blocks = new();
    private readonly List<ParameterSpec> _parameters = new();
    private NetworkOptions _options;
    private int _blockSource = -1;

    public SpecBuilder(int height, int width, int channels) => _options = new NetworkOptions(height, width, channels);

    public SpecBuilder Options(Func<NetworkOptions, NetworkOptions> change)
    {
        _options = change(_options);
        return this;
    }

    /// <summary>Gives layers of blocks declared from here on source indices from this one up.</summary>
    public SpecBuilder BlockSources(int first)
    {
        _blockSource = first;
        return this;
    }

    public SpecBuilder Layer(string kind, params (string Name, object? Value)[] arguments)
    {
        _layers.Add(Spec(kind, false, _layers.Count, arguments));
        return this;
    }

    /// <summary>Declares a parameter; its source index is 100 and up, in order.</summary>
    public SpecBuilder Parameter(string name, object? value, int level = 0)
    {
        _parameters.Add(new ParameterSpec(name, ReflectionSpecReader.Convert(value), level, 100 + _parameters.Count));
        return this;
    }

    /// <summary>Uses a block.</summary>
    public SpecBuilder Use(string block, params (string Name, object? Value)[] arguments)
    {
        _layers.Add(Spec(block, true, _layers.Count, arguments));
        return this;
    }

    /// <summary>Declares a block; a parameter is "name", "name=default", with "channels:", "stride:" or "layer:" before it to mark it.</summary>
    public SpecBuilder Block(string name, string parameters, params LayerSpec[] layers)
    {
        IEnumerable<BlockParameter> declared = parameters.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text =>
        {
            string[] mark = text.Split(':');
            string[] parts = mark[^1].Split('=');
            ArgumentValue? value = parts.Length == 1 ? null
                : long.TryParse(parts[1], out long number) ? ArgumentValue.Of(number)
                : ArgumentValue.Of(parts[1]);
            return new BlockParameter(parts[0], value, mark[0] == "channels" && mark.Length > 1, mark[0] == "stride" && mark.Length > 1, mark[0] == "layer" && mark.Length > 1);
        });
        if (_blockSource >= 0)
            layers = layers.Select(l => l with { Source = _blockSource++ }).ToArray();
        _blocks.Add(new BlockSpec(name, name, new EquatableArray<BlockParameter>(declared), new EquatableArray<LayerSpec>(layers)));
        return this;
    }

    /// <summary>A primitive layer of a block's body.</summary>
    public static LayerSpec L(string kind, params (string Name, object? Value)[] arguments) => Spec(kind, false, -1, arguments);

    /// <summary>A block in a block's body.</summary>
    public static LayerSpec B(string block, params (string Name, object? Value)[] arguments) => Spec(block, true, -1, arguments);

    public NetworkSpec Build() => new(
        "Tests",
        default,
        "Net",
        "public sealed",
        _options,
        new EquatableArray<LayerSpec>(_layers),
        new EquatableArray<BlockSpec>(_blocks.OrderBy(b => b.Id, StringComparer.Ordinal)),
        new EquatableArray<ParameterSpec>(_parameters));

    /// <summary>Expands; any finding fails the test. The graph is verified.</summary>
    public Graph Expand() => Expand(Build());

    public static Graph Expand(NetworkSpec spec)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(spec, findings);
        Xunit.Assert.Empty(findings.Items);
        Xunit.Assert.NotNull(graph);
        GraphVerifier.Verify(graph);
        return graph;
    }

    /// <summary>Expands a declaration that must fail with exactly one finding.</summary>
    public Finding ExpandWrong()
    {
        IReadOnlyList<Finding> findings = ExpandWrongMany();
        return Xunit.Assert.Single(findings);
    }

    public IReadOnlyList<Finding> ExpandWrongMany()
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(Build(), findings);
        Xunit.Assert.Null(graph);
        Xunit.Assert.NotEmpty(findings.Items);
        return findings.Items;
    }

    private static LayerSpec Spec(string kind, bool isBlock, int source, (string Name, object? Value)[] arguments) =>
        new(kind, isBlock, new EquatableArray<ArgumentSpec>(arguments.Select(a => new ArgumentSpec(a.Name, ReflectionSpecReader.Convert(a.Value)))), source);
}
