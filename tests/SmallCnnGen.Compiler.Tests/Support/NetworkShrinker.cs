using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Makes a failing declaration small: leaves out layers, arguments and options, and makes numbers smaller, as long as it
/// still fails.
/// </summary>
internal static class NetworkShrinker
{
    /// <summary>The smallest declaration found.</summary>
    /// <param name="failing">A declaration that fails.</param>
    /// <param name="fails">Whether one fails; asked of declarations that expand only.</param>
    /// <param name="patience">How long to try.</param>
    public static NetworkCase Shrink(NetworkCase failing, Func<NetworkCase, bool> fails, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (NetworkSpec smaller in Smaller(failing.Spec))
            {
                if (clock.Elapsed > patience)
                    return failing;
                NetworkCase candidate = failing with { Spec = smaller };
                if (NetworkCase.TryExpand(smaller, out _) is null || !fails(candidate))
                    continue;
                failing = candidate;
                changed = true;
                break;
            }
        }

        return failing;
    }

    /// <summary>Declarations one step smaller, large steps first.</summary>
    private static IEnumerable<NetworkSpec> Smaller(NetworkSpec spec)
    {
        NetworkOptions options = spec.Options;
        int count = spec.Layers.Count;

        // What comes last, what comes first, single layers.
        for (int keep = count / 2; keep < count && keep > 0; keep = keep + 1 + ((count - keep) / 2))
            yield return With(spec, spec.Layers.Take(keep));
        for (int i = count - 1; i >= 0; i--)
            yield return Without(spec, i);
        foreach (BlockSpec block in spec.Blocks)
        {
            if (!spec.Layers.Concat(spec.Blocks.Where(b => b.Id != block.Id).SelectMany(b => b.Layers)).Any(l => l.Kind == block.Id))
                yield return spec with { Blocks = new EquatableArray<BlockSpec>(spec.Blocks.Where(b => b.Id != block.Id)) };
            for (int i = block.Layers.Count - 1; i >= 0; i--)
                yield return Replace(spec, block, block.Layers.Where((_, k) => k != i));
        }

        // Plain options.
        NetworkOptions usual = new(options.Height, options.Width, options.Channels);
        foreach (NetworkOptions plain in new[]
        {
            options with { Trace = false },
            options with { ReadyToRunBits = 0 },
            options with { Threads = 1 },
            options with { Threads = 2 },
            options with { SplitsEverything = false },
            options with { Strips = usual.Strips },
            options with { Winograd = null },
            options with { WidthMultiplier = 1 },
            options with { ChannelDivisor = usual.ChannelDivisor },
            options with { ResolutionMultiplier = 1 },
            options with { VectorBits = 128 },
            options with { VectorBits = 256 },
            options with { VectorBits = 512 },
        })
        {
            bool isOneWidth = options.VectorBits is 128 or 256 or 512;
            if (plain != options && (plain.Threads == options.Threads || plain.Threads < options.Threads) && (plain.VectorBits == options.VectorBits || (!isOneWidth && (options.VectorBits & plain.VectorBits) != 0)))
                yield return spec with { Options = plain.VectorBits == options.VectorBits ? plain : plain with { ReadyToRunBits = plain.ReadyToRunBits & plain.VectorBits } };
        }

        foreach (int smaller in Less(options.Height))
            yield return spec with { Options = options with { Height = smaller } };
        foreach (int smaller in Less(options.Width))
            yield return spec with { Options = options with { Width = smaller } };
        foreach (int smaller in Less(options.Channels))
            yield return spec with { Options = options with { Channels = smaller } };

        // Arguments left out, then numbers.
        for (int i = 0; i < count; i++)
        {
            LayerSpec layer = spec.Layers[i];
            for (int k = 0; k < layer.Arguments.Count; k++)
            {
                if (layer.Arguments[k].Name != "Name" && !char.IsLower(layer.Arguments[k].Name[0]))
                    yield return With(spec, Set(spec, i, layer.Arguments.Where((_, j) => j != k)));
            }

            for (int k = 0; k < layer.Arguments.Count; k++)
            {
                ArgumentSpec argument = layer.Arguments[k];
                if (argument.Value.Kind == ArgumentKind.List && argument.Name == "inputs" && argument.Value.Items.Count > 2)
                {
                    for (int drop = 0; drop < argument.Value.Items.Count; drop++)
                        yield return With(spec, Set(spec, i, layer.Arguments.Select((a, j) => j != k ? a : a with { Value = ArgumentValue.Of(new EquatableArray<ArgumentValue>(a.Value.Items.Where((_, d) => d != drop))) })));
                }

                if (argument.Value.Kind != ArgumentKind.Integer || argument.Name is "function" or "Activation" or "Mode")
                    continue;
                foreach (int smaller in Less((int)argument.Value.Integer))
                    yield return With(spec, Set(spec, i, layer.Arguments.Select((a, j) => j != k ? a : a with { Value = ArgumentValue.Of((long)smaller) })));
            }
        }
    }

    private static IEnumerable<int> Less(int value) => new[] { 1, value / 4, value / 2, value - (value / 4), value - 8, value - 1 }.Where(v => v > 0 && v < value).Distinct();

    /// <summary>Without a layer: who read it reads what it read.</summary>
    private static NetworkSpec Without(NetworkSpec spec, int index)
    {
        LayerSpec gone = spec.Layers[index];
        string name = Text(gone, "Name") ?? Text(gone, "name") ?? string.Empty;
        string source = Text(gone, "From")
            ?? gone.Arguments.FirstOrDefault(a => a.Name == "inputs")?.Value.Items.FirstOrDefault()?.Text
            ?? spec.Layers.Take(index).Select(l => Text(l, "Name")).LastOrDefault(n => n is not null)
            ?? "input";
        if (gone.Kind == "Input")
            source = "input";
        return With(spec, spec.Layers.Where((_, i) => i != index).Select(l => l with
        {
            Arguments = new EquatableArray<ArgumentSpec>(l.Arguments.Select(a => a.Name is "From" or "inputs" or "pool" ? a with { Value = Renamed(a.Value, name, source) } : a)),
        }));
    }

    private static ArgumentValue Renamed(ArgumentValue value, string from, string to) => value.Kind switch
    {
        ArgumentKind.Text when value.Text == from => ArgumentValue.Of(to),
        ArgumentKind.List => ArgumentValue.Of(new EquatableArray<ArgumentValue>(value.Items.Select(i => Renamed(i, from, to)))),
        _ => value,
    };

    private static string? Text(LayerSpec layer, string argument) =>
        layer.Arguments.FirstOrDefault(a => a.Name == argument)?.Value is { Kind: ArgumentKind.Text } value ? value.Text : null;

    private static IEnumerable<LayerSpec> Set(NetworkSpec spec, int index, IEnumerable<ArgumentSpec> arguments) =>
        spec.Layers.Select((l, i) => i == index ? l with { Arguments = new EquatableArray<ArgumentSpec>(arguments) } : l);

    private static NetworkSpec With(NetworkSpec spec, IEnumerable<LayerSpec> layers) =>
        spec with { Layers = new EquatableArray<LayerSpec>(layers.Select((l, i) => l with { Source = i })) };

    private static NetworkSpec Replace(NetworkSpec spec, BlockSpec block, IEnumerable<LayerSpec> body) => spec with
    {
        Blocks = new EquatableArray<BlockSpec>(spec.Blocks.Select(b => b.Id == block.Id ? b with { Layers = new EquatableArray<LayerSpec>(body) } : b)),
    };
}
