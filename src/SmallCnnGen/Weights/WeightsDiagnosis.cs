using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen;

/// <summary>
/// Why a file does not fit a network, in terms of what the author did: another prefix, no batch normalisation, another
/// size before the classifier, another naming. Names and shapes come from untrusted files, so the work is linear in them.
/// </summary>
internal sealed class WeightsDiagnosis
{
    private const string Mean = ".running_mean";

    private readonly IReadOnlyList<(string Name, long[] Shape)> _expected;
    private readonly List<string> _missing;
    private readonly HashSet<string> _missingSet;
    private readonly Dictionary<string, SafetensorsTensor> _unexpected;
    private readonly NameHints? _hints;
    private readonly Dictionary<string, (string Name, int Of)> _sameShape = new(StringComparer.Ordinal);

    /// <summary>Compares names.</summary>
    /// <param name="expected">What the network declares, in order.</param>
    /// <param name="missing">Names the file lacks.</param>
    /// <param name="unexpected">Tensors of the file that the network does not declare.</param>
    public WeightsDiagnosis(IReadOnlyList<(string Name, long[] Shape)> expected, List<string> missing, IReadOnlyList<SafetensorsTensor> unexpected)
    {
        _expected = expected;
        _missing = missing;
        _missingSet = new HashSet<string>(missing, StringComparer.Ordinal);
        _unexpected = unexpected.ToDictionary(t => t.Name, StringComparer.Ordinal);
        if (missing.Count == 0 || unexpected.Count == 0)
            return;
        _hints = new NameHints(missing, unexpected.Select(t => t.Name).ToList());
        PairByShape(unexpected);
    }

    /// <summary>What a missing tensor is probably called in the file, for the end of a line; empty if nothing is like it.</summary>
    /// <param name="missing">The name expected.</param>
    public string Suggestion(string missing)
    {
        if (_hints?.For(missing) is { } name)
            return $"; the file has {Text.Quote(name)}, is that the one?";
        if (!_sameShape.TryGetValue(missing, out var other))
            return "";
        return other.Of == 1
            ? $"; the file has {Text.Quote(other.Name)} of exactly this shape, is that the one?"
            : $"; of the {other.Of} tensors of this shape in the file, {Text.Quote(other.Name)} stands at its place";
    }

    /// <summary>
    /// What a dense layer's number of inputs may say about the map before it: " (if that map has 16 channels: 5x5x16 in the file,
    /// 7x7x16 in the network ...)", or nothing. Its channels are a guess: what the convolution declared before it makes.
    /// </summary>
    /// <param name="name">The layer's weight.</param>
    /// <param name="actual">Its shape in the file.</param>
    /// <param name="expected">Its shape in the network.</param>
    public string DenseHint(string name, ReadOnlySpan<long> actual, long[] expected)
    {
        if (actual.Length == 2 && expected.Length == 2 && actual[0] != expected[0] && actual[1] == expected[1] && name == _expected.Where(e => e.Shape.Length > 1).Last().Name)
            return FormattableString.Invariant($" (the file is for {actual[0]} classes: Dense({actual[0]}), or [Parameter(\"classes\", {actual[0]})] with a network of the Zoo)");
        if (actual.Length != 2 || expected.Length != 2 || actual[0] != expected[0] || actual[1] == expected[1])
            return "";

        // Channels of the map: what the last convolution before it makes.
        long channels = 0;
        foreach (var (other, shape) in _expected)
        {
            if (other == name)
                break;
            if (shape.Length == 4)
                channels = shape[0];
        }

        long there = Side(actual[1]), here = Side(expected[1]);
        return there == 0 || here == 0 ? ""
            : FormattableString.Invariant($" (if the map before it has {channels} channels: {there}x{there}x{channels} in the file, {here}x{here}x{channels} in the network, so a layer before it pads or strides otherwise; PyTorch pads only where told, Padding = \"valid\" here)");

        long Side(long inputs)
        {
            if (channels == 0 || inputs % channels != 0)
                return 0;
            var side = (long)Math.Round(Math.Sqrt(inputs / channels));
            return side > 0 && side * side * channels == inputs ? side : 0;
        }
    }

    /// <summary>The causes that explain several problems at once, a sentence each with what to do.</summary>
    public IReadOnlyList<string> Causes()
    {
        var causes = new List<string>();
        AddPrefix(causes);
        AddNorms(causes);
        AddNaming(causes);
        return causes;
    }

    private void AddPrefix(List<string> causes)
    {
        if (_hints?.Extra is { } extra && IsOfAll(extra))
        {
            var origin = extra switch
            {
                "module." => " (from DataParallel)",
                "_orig_mod." => " (from torch.compile)",
                _ => "",
            };

            // As code only what can be nothing else: the prefix comes from the file.
            var argument = extra.Length < 64 && extra.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') ? "\"" + extra + "\"" : "prefix";
            causes.Add($"names in the file begin with {Text.Quote(extra)}{origin}. Take it off: Load(SafetensorsFile.Open(path).WithoutPrefix({argument})), " +
                "or when saving: {k.removeprefix(prefix): v for k, v in model.state_dict().items()}.");
        }

        if (_hints?.Lacking is { } lacking)
            causes.Add($"the network expects names that begin with {Text.Quote(lacking)}; the file has them without it. Save the state_dict of the outer module, or set Module on the layers.");
    }

    /// <summary>Whether nearly all names have a prefix, or nearly all that are missing are there with it: half a network's names begin alike, too.</summary>
    private bool IsOfAll(string prefix)
    {
        var begin = _unexpected.Keys.Count(n => n.StartsWith(prefix, StringComparison.Ordinal));
        var found = _missing.Count(m => _unexpected.ContainsKey(prefix + m));
        return begin * 10 >= _unexpected.Count * 9 || found * 10 >= _missing.Count * 8;
    }

    /// <summary>Layers with batch normalisation on one side and a bias, or nothing, on the other, and those whose parts have other names.</summary>
    private void AddNorms(List<string> causes)
    {
        // Batch normalisations of the file that nothing of the network has, in their order.
        var unclaimed = _unexpected.Keys.Where(n => n.EndsWith(Mean, StringComparison.Ordinal)).Select(n => n[..^Mean.Length]).Order(NaturalOrder.Instance).ToList();
        List<string> bare = [], without = [], elsewhere = [], both = [];
        List<(string Norm, string Bias)> biased = [];
        string? weight = null;
        foreach (var (name, shape) in _expected)
        {
            if (shape.Length >= 2 && name.EndsWith(".weight", StringComparison.Ordinal))
                weight = name[..^".weight".Length];
            if (weight is null)
                continue;
            if (name == weight + ".bias" && _missingSet.Contains(name))
                without.Add(weight);
            if (!name.EndsWith(Mean, StringComparison.Ordinal))
                continue;
            var module = name[..^Mean.Length];
            var affine = _missingSet.Contains(module + ".weight") && _missingSet.Contains(module + ".bias");
            var bias = Bias(weight, shape);
            if (!_missingSet.Contains(name))
            {
                if (affine)
                    bare.Add(module);
            }
            else if (unclaimed.Count > 0)
            {
                elsewhere.Add(module);
            }
            else
            {
                // No batch normalisation at all: what has a bias needs none.
                if (affine && bias is not null)
                    biased.Add((module, bias));
                continue;
            }

            if (bias is not null)
                both.Add(bias);
        }

        if (biased.Count > 0)
            causes.Add($"{Layers(biased.Count)} a bias in the file ({Text.Quote(biased[0].Bias)}) where the network expects batch normalisation ({Text.Quote(biased[0].Norm)}): say BatchNorm = false on {Those(biased.Count)}.");
        if (elsewhere.Count > 0)
            causes.Add($"the file has batch normalisation under other names ({Text.Quote(unclaimed[0])}, where the network expects {Text.Quote(elsewhere[0])}): say where the parts of a layer are, as in Module = \"conv1\", BatchNormModule = \"bn1\".");
        else if (unclaimed.Count > 0 && without.Count > 0)
            causes.Add($"the file has batch normalisation ({Text.Quote(unclaimed[0])}) where the network has none and expects a bias ({Text.Quote(without[0] + ".bias")}): leave BatchNorm = false away, and say where the parts are with Module and BatchNormModule.");
        if (both.Count > 0)
            causes.Add($"{Layers(both.Count)} a bias in the file ({Text.Quote(both[0])}) beside batch normalisation: say Bias = true on {Those(both.Count)}.");
        if (bare.Count > 0)
        {
            causes.Add($"{Text.Count(bare.Count, "batch normalisation")} in the file {(bare.Count == 1 ? "has" : "have")} no weight and bias ({Text.Quote(bare[0])}), as with affine=False. Their values are 1 and 0; add them when saving: " +
                "sd[m + '.weight'] = torch.ones_like(sd[m + '.running_mean']) and sd[m + '.bias'] = torch.zeros_like(sd[m + '.running_mean']).");
        }

        static string Layers(int count) => Text.Count(count, "layer") + (count == 1 ? " has" : " have");
        static string Those(int count) => count == 1 ? "it" : "them";
    }

    /// <summary>
    /// A bias in the file for a convolution, under its own name or that of the pair of convolution and normalisation. Not that of
    /// a batch normalisation.
    /// </summary>
    private string? Bias(string weight, long[] shape)
    {
        foreach (var module in Names(weight))
        {
            if (_unexpected.TryGetValue(module + ".bias", out var bias) && bias.Shape.SequenceEqual(shape) && !_unexpected.ContainsKey(module + Mean))
                return bias.Name;
        }

        return null;
    }

    private static string[] Names(string weight)
    {
        var dot = weight.LastIndexOf('.');
        return dot > 0 ? [weight, weight[..dot]] : [weight];
    }

    /// <summary>No name in common: another network's file, or the same network under other names.</summary>
    private void AddNaming(List<string> causes)
    {
        if (causes.Count > 0 || _missing.Count < 3 || _missing.Count < _expected.Count || _unexpected.Count == 0)
            return;
        var first = _unexpected.Values.First().Name;
        var shapes = _expected.Select(e => Text.Shape(e.Shape)).Order(StringComparer.Ordinal);
        causes.Add(_unexpected.Count == _missing.Count && shapes.SequenceEqual(_unexpected.Values.Select(t => Text.Shape(t.Shape)).Order(StringComparer.Ordinal))
            ? $"all shapes are there, under other names ({Text.Quote(first)} in the file, {Text.Quote(_missing[0])} in the network): rename with SafetensorsFile.Renamed, or set Name, Module and BatchNormModule on the layers."
            : $"the file and the network have no name in common ({Text.Quote(first)} in the file, {Text.Quote(_missing[0])} in the network): it is another network's file, or its layers have other names (Name, Module and BatchNormModule set them).");
    }

    /// <summary>
    /// Missing and unexpected tensors of one shape, where there are as many of both: in their order. Not vectors, whose shapes
    /// agree by chance.
    /// </summary>
    private void PairByShape(IReadOnlyList<SafetensorsTensor> unexpected)
    {
        var there = unexpected.GroupBy(t => Text.Shape(t.Shape)).ToDictionary(g => g.Key, g => g.Select(t => t.Name).Order(NaturalOrder.Instance).ToList(), StringComparer.Ordinal);
        foreach (var group in _expected.Where(e => e.Shape.Length > 1 && _missingSet.Contains(e.Name)).GroupBy(e => Text.Shape(e.Shape)))
        {
            var names = group.Select(e => e.Name).ToList();
            if (!there.TryGetValue(group.Key, out var candidates) || candidates.Count != names.Count)
                continue;
            for (var i = 0; i < names.Count; i++)
                _sameShape[names[i]] = (candidates[i], candidates.Count);
        }
    }

    /// <summary>Names with their numbers as numbers: conv2 before conv10.</summary>
    private sealed class NaturalOrder : IComparer<string>
    {
        public static readonly NaturalOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            int i = 0, j = 0;
            while (i < x!.Length && j < y!.Length)
            {
                if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
                {
                    var a = Digits(x, ref i);
                    var b = Digits(y, ref j);
                    var order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.CompareTo(b, StringComparison.Ordinal);
                    if (order != 0)
                        return order;
                }
                else if (x[i] != y[j])
                {
                    return x[i].CompareTo(y[j]);
                }
                else
                {
                    i++;
                    j++;
                }
            }

            return (x.Length - i).CompareTo(y!.Length - j);
        }

        private static ReadOnlySpan<char> Digits(string text, ref int at)
        {
            while (at < text.Length - 1 && text[at] == '0' && char.IsAsciiDigit(text[at + 1]))
                at++;
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            return text.AsSpan(start, at - start);
        }
    }
}
