using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>The network, or one use of a block: what names mean there and which layer came last.</summary>
internal sealed class ExpansionScope : IExpressionVariables
{
    /// <summary>Stands for the result of a layer that failed: what depends on it is skipped, so that one mistake is one finding.</summary>
    public const int Failed = -1;

    // Claimed by a layer that is just being emitted, so that it cannot read itself.
    private const int Pending = -2;

    private readonly Dictionary<string, int> _results = new(StringComparer.Ordinal);
    private readonly List<string> _names = new();
    private readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suggested = new(StringComparer.Ordinal);
    private readonly int _index;
    private HashSet<string>? _written;

    /// <summary>The network's scope.</summary>
    public ExpansionScope(EquatableArray<LayerSpec> layers, int input, IReadOnlyDictionary<string, ParameterValue> parameters)
    {
        Layers = layers;
        Path = string.Empty;
        ModulePath = string.Empty;
        Parameters = parameters;
        Previous = input;
        Declare("input");
        Define("input", input);
    }

    /// <summary>The scope of a block's use.</summary>
    public ExpansionScope(
        ExpansionScope parent,
        LayerSpec use,
        BlockSpec block,
        string path,
        string modulePath,
        IReadOnlyDictionary<string, ParameterValue> parameters,
        int input,
        TensorShape inputShape,
        int index)
        : this(block.Layers, input, parameters)
    {
        Parent = parent;
        Use = use;
        Block = block;
        Path = path;
        ModulePath = modulePath;
        _shapes.Add("in", inputShape);
        _index = index;
    }

    /// <summary>Scope the block is used in; null for the network.</summary>
    public ExpansionScope? Parent { get; }

    /// <summary>The attribute that uses the block.</summary>
    public LayerSpec? Use { get; }

    /// <summary>The use of the block as a layer's origin; null for the network.</summary>
    public LayerOrigin? Origin { get; set; }

    /// <summary>The block.</summary>
    public BlockSpec? Block { get; }

    /// <summary>Layers of the network or block.</summary>
    public EquatableArray<LayerSpec> Layers { get; }

    /// <summary>Prefix of names.</summary>
    public string Path { get; }

    /// <summary>Prefix of tensor paths.</summary>
    public string ModulePath { get; }

    /// <summary>Values of the network's or the block's parameters.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; }

    /// <summary>Node of the last layer so far, the input at first.</summary>
    public int Previous { get; set; }

    /// <summary>Layers emitted so far; names the unnamed ones.</summary>
    public int Position { get; set; }

    /// <summary>Names that can be read, in the order they were declared.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Names that expressions can use.</summary>
    public IEnumerable<string> Variables => Parameters.Keys
        .Concat(_shapes.Keys.SelectMany(k => new[] { k, k + "Height", k + "Width" }))
        .Concat(Block is null ? Array.Empty<string>() : new[] { "index" });

    /// <summary>A free name made from a taken one by counting on ("stem" gives "stem2"); no two calls give the same.</summary>
    public string NextFree(string name)
    {
        string stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        long number = stem.Length > 0 && stem.Length < name.Length && long.TryParse(name.Substring(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n < int.MaxValue ? n : 1;
        if (number == 1 && !name.EndsWith("1", StringComparison.Ordinal))
            stem = name;
        string free;
        do
            free = stem + (++number).ToString(CultureInfo.InvariantCulture);
        while (_results.ContainsKey(free) || IsWritten(free) || !_suggested.Add(free));
        return free;
    }

    /// <summary>Whether some layer of the list bears a name.</summary>
    public bool IsWritten(string name)
    {
        _written ??= new HashSet<string>(
            Layers.SelectMany(l => l.Arguments).Where(a => a.Name == "Name" && a.Value.Kind == ArgumentKind.Text).Select(a => a.Value.Text), StringComparer.Ordinal);
        return _written.Contains(name);
    }

    /// <summary>Claims a name; false when it is taken.</summary>
    public bool Declare(string name)
    {
        if (_results.ContainsKey(name))
            return false;
        _results.Add(name, Pending);
        return true;
    }

    /// <summary>Says which node a claimed name stands for.</summary>
    public void Define(string name, int node)
    {
        _results[name] = node;
        _names.Add(name);
    }

    /// <summary>Adds a further input of the block: a name for its result, and its channels and size for expressions.</summary>
    public void AddInput(string name, int node, TensorShape shape)
    {
        Declare(name);
        Define(name, node);
        _shapes.Add(name, shape);
    }

    /// <summary>Finds the result of an earlier layer.</summary>
    public bool TryFind(string name, out int node) => _results.TryGetValue(name, out node) && node != Pending;

    /// <summary>Whether a name belongs to the layer that is just being emitted.</summary>
    public bool IsPending(string name) => _results.TryGetValue(name, out int node) && node == Pending;

    /// <summary>Remembers a layer whose condition was false, for the message when it is named later.</summary>
    public void LeaveOut(string name) => _leftOut.Add(name);

    /// <summary>Whether a layer of this name was left out.</summary>
    public bool WasLeftOut(string name) => _leftOut.Contains(name);

    /// <summary>Counts the uses of a pattern with '#', from 0.</summary>
    public int Count(string pattern)
    {
        _counters.TryGetValue(pattern, out int count);
        _counters[pattern] = count + 1;
        return count;
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out long value, out string problem)
    {
        problem = string.Empty;
        if (Parameters.TryGetValue(name, out ParameterValue? parameter))
        {
            if (parameter.Numbers is { Count: 1 } numbers)
            {
                value = numbers[0];
                return true;
            }

            value = 0;
            problem = $"'{name}' is {parameter.Raw}, which is not a single whole number";
            return false;
        }

        foreach (KeyValuePair<string, TensorShape> shape in _shapes)
        {
            if (!name.StartsWith(shape.Key, StringComparison.Ordinal))
                continue;
            value = name.Substring(shape.Key.Length) switch
            {
                "" => shape.Value.Channels,
                "Height" => shape.Value.Height,
                "Width" => shape.Value.Width,
                _ => -1,
            };
            if (value >= 0)
                return true;
        }

        value = _index;
        if (Block is not null && name == "index")
            return true;

        value = 0;
        string[] known = Variables.ToArray();
        problem = known.Length == 0
            ? $"unknown name '{name}' (the network has no [Parameter], so there are only numbers and functions)"
            : $"unknown name '{name}' (known here: {string.Join(", ", known)})";
        return false;
    }

    /// <summary>Source index for a layer's findings: its own, else that of the nearest use that has one.</summary>
    public int SourceOf(LayerSpec layer)
    {
        if (layer.Source >= 0)
            return layer.Source;
        for (ExpansionScope scope = this; scope.Use is not null && scope.Parent is not null; scope = scope.Parent)
        {
            if (scope.Use.Source >= 0)
                return scope.Use.Source;
        }

        return -1;
    }
}
