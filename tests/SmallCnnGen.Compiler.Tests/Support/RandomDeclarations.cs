using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Random declarations that use the whole language: blocks, further inputs, expressions, shared tensors, multipliers and every
/// option of [Network], the same for the same seed. As in <see cref="RandomNetworks"/>, layers are drawn without regard to
/// whether they fit and kept when the expander accepts them.
/// </summary>
internal sealed class RandomDeclarations
{
    private readonly Random _random;
    private readonly List<LayerSpec> _layers = [];
    private readonly List<BlockSpec> _blocks = [];

    /// <summary>What can be read: inputs, and layers with the shape of their result.</summary>
    private readonly List<(string Name, TensorShape Shape)> _maps = [];

    /// <summary>
    /// Maps whose values no kernel rounds. Only of these the greatest of a window is found for sure where the oracle finds it,
    /// which unpooling needs.
    /// </summary>
    private readonly HashSet<string> _exact = [];

    private readonly string _name;
    private readonly bool _large;
    private NetworkOptions _options;
    private int _named;

    private RandomDeclarations(int seed)
    {
        _random = new Random(seed);
        _name = "F" + seed.ToString(CultureInfo.InvariantCulture);
        _large = One(10);
        _options = new NetworkOptions(Side(), Side(), _large ? _random.Next(3, 25) : One(4) ? _random.Next(64, 400) : RandomNetworks.Channels(_random));
        if (One(4))
            _options = _options with { WidthMultiplier = Pick(0.25, 0.5, 0.75, 1.4, 2.0), ChannelDivisor = Pick(1, 2, 4, 8) };
        if (One(6))
            _options = _options with { ResolutionMultiplier = Pick(0.5, 0.75, 1.5) };
        int bits = Pick(128, 256, 512, 128 | 256, 256 | 512, 128 | 256 | 512);
        _options = _options with
        {
            VectorBits = bits,
            Trace = One(3),
            Threads = One(2) ? 1 : _random.Next(2, 9),
            SplitsEverything = One(2),
            Winograd = Pick<WinogradUse?>(null, null, WinogradUse.Never, WinogradUse.WhereFaster, WinogradUse.Tiles2, WinogradUse.Tiles4),
            Strips = Pick(StripUse.WhereFaster, StripUse.WhereFaster, StripUse.SmallArena, StripUse.Everywhere, StripUse.Never),
            ReadyToRunBits = !One(4) ? 0 : new[] { 128, 256, 512 }.Where(b => (bits & b) != 0).OrderBy(_ => _random.Next()).First(),
        };
    }

    /// <summary>A declaration.</summary>
    public static NetworkCase Make(int seed) => new RandomDeclarations(seed).Draw() ?? Make(seed + 1_000_000);

    private NetworkCase? Draw()
    {
        _maps.Add(("input", Graph([Layer("Activate", ("function", (int)Ir.Activation.ReLU))])!.Nodes[0].Shape));
        for (int i = 1; One(4) && i < 4; i++)
        {
            TensorShape first = _maps[0].Shape;
            TensorShape shape = One(2) ? first : new TensorShape(_random.Next(1, 21), _random.Next(1, 21), RandomNetworks.Channels(_random));
            string name = "in" + i.ToString(CultureInfo.InvariantCulture);
            _layers.Add(Layer("Input", ("name", name), ("Height", shape.Height), ("Width", shape.Width), ("Channels", shape.Channels)));
            _maps.Add((name, shape));
        }

        _exact.UnionWith(_maps.Select(m => m.Name));
        if (One(2))
            DeclareBlocks();
        int wanted = _maps.Count + _random.Next(1, _large ? 5 : 9), inputs = _maps.Count;
        for (int attempt = 0; attempt < 25 * wanted && _maps.Count < wanted; attempt++)
            DrawLayer();
        return _maps.Count == inputs ? null : Finish(inputs);
    }

    /// <summary>All that nothing reads is joined at the end: a dead layer would test nothing.</summary>
    private NetworkCase? Finish(int inputs)
    {
        HashSet<string> read = _layers.SelectMany(l => l.Arguments).Where(a => a.Name is "From" or "inputs" or "pool")
            .SelectMany(a => a.Value.Kind == ArgumentKind.List ? a.Value.Items.Select(i => i.Text) : [a.Value.Text]).ToHashSet();
        string[] leaves = _maps.Skip(inputs).Select(m => m.Name).Where(n => !read.Contains(n)).ToArray();
        if (leaves.Length > 1 || leaves[0] != _maps[^1].Name)
        {
            var pooled = new List<string>();
            foreach (string leaf in leaves)
            {
                pooled.Add("j" + pooled.Count.ToString(CultureInfo.InvariantCulture));
                _layers.Add(Layer("AdaptiveAveragePool", ("size", "2x2"), ("From", leaf), ("Name", pooled[^1])));
            }

            _layers.Add(Layer("Concat", ("inputs", pooled.ToArray()), ("Name", "all")));
        }

        return Graph(_layers) is null ? null : new NetworkCase(Spec(_layers)) { HasOwnOptions = true };
    }

    private void DrawLayer()
    {
        // Recent maps more often, older ones too: shared producers and long shortcuts. Large maps mostly in a row, as strips need
        // them.
        (string from, TensorShape shape) = _large && !One(4) ? _maps[^1] : _maps[Math.Max(_random.Next(_maps.Count), _random.Next(_maps.Count))];
        int c = shape.Channels;
        switch (_random.Next(32))
        {
            case 0 or 1 or 2:
                Add(from, Layer("Conv", [("channels", OutputChannels()), ("Groups", RandomNetworks.Divisor(_random, c)), .. Window(7), .. Common()]));
                break;
            case 3 or 4 or 5:
                // Winograd's method, where the map is large enough.
                Add(from, Layer("Conv", [("channels", OutputChannels()), .. Epilogue()]));
                break;
            case 6 or 7 or 8:
                Add(from, Layer("Conv", [("channels", OutputChannels()), ("Kernel", 1), .. Epilogue(), .. Common()]));
                break;
            case 9 or 10:
                Add(from, Layer("DepthwiseConv", [("Multiplier", One(4) ? _random.Next(2, 5) : 1), .. Window(7), .. Common()]));
                break;
            case 11:
                Add(from, Layer("ConvTranspose", [("channels", OutputChannels()), ("Groups", RandomNetworks.Divisor(_random, c)), ("OutputPadding", $"{_random.Next(2)}x{_random.Next(2)}"), .. Window(5, transposed: true)]));
                break;
            case 12:
                Add(from, Pool(One(2) ? "MaxPool" : "AveragePool"));
                break;
            case 13:
                Add(from, RandomNetworks.Activate(_random));
                break;
            case 14:
                Add(from, Layer("BatchNorm", Maybe(2, ("Epsilon", Epsilon()))));
                break;
            case 15 or 16:
                Add(null, Layer("Add", [("inputs", Alike(shape, from)), .. Activated()]));
                break;
            case 17:
                Add(null, Layer("Multiply", ("inputs", new[] { from, _maps[_random.Next(_maps.Count)].Name })));
                break;
            case 18:
                Add(null, Layer("Concat", ("inputs", Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _maps[_random.Next(_maps.Count)].Name).Append(from).ToArray())));
                break;
            case 19:
                Add(from, Layer("Slice", ("start", _random.Next(c)), ("end", c), ("Step", _random.Next(1, c + 1))));
                break;
            case 20:
                Add(from, Layer("Gather", ("index", Array.Empty<int>()), ("Channel", Pick("(5 * i + 1) % ", "(3 * i) % ", "i * i % ") + c.ToString(CultureInfo.InvariantCulture)), ("Count", _random.Next(1, 40))));
                break;
            case 21:
                Add(from, RandomNetworks.Channelwise(_random, shape));
                break;
            case 22:
                Add(from, RandomNetworks.Spatial(_random));
                break;
            case 23:
                Add(from, One(2) ? Layer(One(2) ? "Softmax" : "LogSoftmax") : Layer("LocalResponseNorm", ("Size", _random.Next(1, 8)), ("Alpha", 0.3)));
                break;
            case 24:
                Add(from, Layer(Pick("GlobalAveragePool", "GlobalMaxPool", "Flatten")));
                break;
            case 25:
                Add(from, Layer("Dense", [("units", One(3) ? _random.Next(64, 400) : _random.Next(1, 64)), ("Bias", One(2)), .. Activated()]));
                break;
            case 26 or 27:
                Unpool();
                break;
            case 28 or 29:
                if (_blocks.Count > 0)
                    Use(from, _blocks[_random.Next(_blocks.Count)]);
                break;
            default:
                ShareTensors(from);
                break;
        }
    }

    /// <summary>A pooling, what becomes of its values, and the unpooling of them.</summary>
    private void Unpool()
    {
        string from = _maps.Where(m => _exact.Contains(m.Name)).OrderBy(_ => _random.Next()).First().Name;
        int y = _random.Next(1, 4), x = _random.Next(1, 4);
        if (!Add(from, Layer("MaxPool", ("Kernel", $"{y}x{x}"), ("Stride", $"{y}x{x}"))))
            return;
        (string pool, TensorShape pooled) = _maps[^1];
        if (One(2))
            Add(pool, Layer("Conv", [("channels", pooled.Channels), ("Scale", false), ("Kernel", One(2) ? 1 : 3), .. Epilogue()]));
        Add(_maps[^1].Name, Layer("MaxUnpool", ("pool", pool)));
    }

    /// <summary>A layer like an earlier one, on the same tensors.</summary>
    private void ShareTensors(string from)
    {
        LayerSpec[] candidates = _layers.Where(l => l.Kind is "Conv" or "DepthwiseConv" or "Dense" or "BatchNorm").ToArray();
        if (candidates.Length == 0)
            return;
        LayerSpec like = candidates[_random.Next(candidates.Length)];
        string module = (like.Arguments.FirstOrDefault(a => a.Name == "Module") ?? like.Arguments.First(a => a.Name == "Name")).Value.Text;
        string[] own = ["Name", "Module", "From", "Repeat", "Stride"];
        Add(One(2) ? from : like.Arguments.First(a => a.Name == "From").Value.Text, like with
        {
            Arguments = new EquatableArray<ArgumentSpec>(like.Arguments.Where(a => !own.Contains(a.Name)).Append(new ArgumentSpec("Module", ArgumentValue.Of(module)))),
        });
    }

    private void Use(string from, BlockSpec block)
    {
        var arguments = new List<(string, object?)> { ("c", One(6) ? _random.Next(64, 200) : RandomNetworks.Channels(_random)) };
        if (block.Parameters.Any(p => p.IsStageStride) && One(2))
            arguments.Add(("s", _random.Next(1, 4)));
        if (One(2))
            arguments.Add(("Repeat", _random.Next(1, 4)));
        if (One(4))
            arguments.Add(("When", "1 == 1"));
        Add(from, SpecBuilder.B(block.Id, arguments.ToArray()));
    }

    private void DeclareBlocks()
    {
        string prefix = NetworkCase.Namespace + "." + _name;
        BlockParameter channels = new("c", null, true, false), stride = new("s", ArgumentValue.Of(1L), false, true);
        Block(
            "Residual",
            [channels, stride],
            Layer("Conv", ("channels", "in * 2"), ("Kernel", 1), ("Name", "expand"), ("When", One(2) ? "c > 3" : "true")),
            Layer("DepthwiseConv", ("Kernel", Pick<object>(3, 5, "3x5")), ("Stride", "s"), ("Padding", Pick("half", "same")), ("Name", "dw")),
            Layer("Conv", ("channels", "c"), ("Kernel", 1), ("Activation", 0), ("Name", "project")),
            Layer("Add", ("inputs", new[] { "input" }), ("When", "s == 1 && in == c")));
        Block(
            "Fire",
            [channels],
            Layer("Conv", ("channels", "max(c / 2, 1)"), ("Kernel", 1), ("Name", "s")),
            Layer("Conv", ("channels", "c"), ("Kernel", 1), ("From", "s"), ("Name", "e1")),
            Layer("Conv", ("channels", "c + 1"), ("Padding", "1, 1"), ("From", "s"), ("Name", "e3")),
            Layer("Concat", ("inputs", new[] { "e1", "e3" })));
        Block(
            "Mixed",
            [channels],
            Layer("Gather", ("index", Array.Empty<int>()), ("Channel", "(3 * i + 1) % in"), ("Count", "in")),
            Layer("Slice", ("start", "in / 2"), ("end", "in"), ("When", "in > 4")),
            SpecBuilder.B(prefix + (One(2) ? "Fire" : "Residual") + "Attribute", ("c", "min(c, 24)"), ("Repeat", "c > 8 ? 2 : 1")),
            Layer("AveragePool", ("Kernel", 3), ("Stride", 1), ("Padding", "half"), ("When", "inHeight > 2 && inWidth > 2")));

        void Block(string name, BlockParameter[] parameters, params LayerSpec[] body) => _blocks.Add(new BlockSpec(
            prefix + name + "Attribute",
            _name + name,
            new EquatableArray<BlockParameter>(parameters),
            new EquatableArray<LayerSpec>(body)));
    }

    private string[] Alike(TensorShape shape, string from)
    {
        string[] alike = _maps.Where(m => m.Shape == shape).Select(m => m.Name).ToArray();
        return Enumerable.Range(0, _random.Next(1, 3)).Select(_ => alike[_random.Next(alike.Length)]).Append(from).ToArray();
    }

    private (string, object?)[] Window(int largest, bool transposed = false)
    {
        bool plain = One(3);
        int ky = _random.Next(1, largest + 1), kx = One(3) ? _random.Next(1, largest + 1) : ky;
        if (One(6))
            (ky, kx) = One(2) ? (_random.Next(1, 3), _random.Next(8, 26)) : (_random.Next(8, 26), _random.Next(1, 3));
        int Stride() => plain ? 1 : One(6) ? _random.Next(5, 13) : _random.Next(1, 5);
        int Side(int kernel) => _random.Next(One(8) ? 2 * kernel : kernel);
        object padding = _random.Next(5) switch
        {
            0 => "half",
            1 when !transposed => "same",
            2 => "valid",
            3 => $"{Side(ky)}, {Side(kx)}",
            _ => $"{Side(ky)}, {Side(kx)}, {Side(ky)}, {Side(kx)}",
        };
        return
        [
            ("Kernel", ky == kx && One(2) ? ky : $"{ky}x{kx}"),
            ("Stride", $"{Stride()}x{Stride()}"),
            ("Padding", plain ? "half" : padding),
            ("Dilation", plain || One(2) ? 1 : $"{_random.Next(1, 5)}x{_random.Next(1, 5)}"),
            .. Epilogue(),
        ];
    }

    /// <summary>Normalisation with its epsilon, bias, activation.</summary>
    private (string, object?)[] Epilogue()
    {
        bool normalised = One(2);
        return [("BatchNorm", normalised), .. normalised ? Maybe(2, ("Epsilon", Epsilon())) : [], .. Maybe(2, ("Bias", One(2))), .. Activated()];
    }

    private (string, object?)[] Activated()
    {
        if (One(2))
            return [("Activation", 0)];
        var function = (Ir.Activation)_random.Next(Enum.GetValues<Ir.Activation>().Length);
        return [("Activation", (int)function), .. function is Ir.Activation.LeakyReLU or Ir.Activation.ELU ? Maybe(2, ("Alpha", Pick(0.3, 0.05, 1.7))) : []];
    }

    private (string, object?)[] Common() => [.. Maybe(8, ("Repeat", 2)), .. Maybe(12, ("When", "2 > 1"))];

    private LayerSpec Pool(string kind)
    {
        int ky = _random.Next(1, 8), kx = One(8) ? _random.Next(8, 20) : _random.Next(1, 8);
        int Stride() => One(6) ? _random.Next(5, 13) : _random.Next(1, 5);
        return Layer(
            kind,
            [
                ("Kernel", $"{ky}x{kx}"),
                ("Stride", $"{Stride()}x{Stride()}"),
                ("Padding", Pick("half", "same", "valid", $"{_random.Next(ky)}, {_random.Next(kx)}, {_random.Next(ky)}, {_random.Next(kx)}")),
                ("CeilMode", One(2)),
                .. kind == "AveragePool" ? Maybe(2, ("CountIncludePad", One(2))) : [],
            ]);
    }

    private int OutputChannels() => _large ? _random.Next(8, 49) : One(5) ? _random.Next(64, 500) : RandomNetworks.Channels(_random);

    private double Epsilon() => Pick(1e-3, 1e-9, 0.1);

    /// <summary>Keeps a layer if the network stays a right one that runs in a moment.</summary>
    private bool Add(string? from, LayerSpec layer)
    {
        string name = "l" + _named.ToString(CultureInfo.InvariantCulture);
        IEnumerable<ArgumentSpec> more = from is null ? [] : [new ArgumentSpec("From", ArgumentValue.Of(from))];
        LayerSpec named = layer with { Arguments = new EquatableArray<ArgumentSpec>(layer.Arguments.Concat(more).Append(new ArgumentSpec("Name", ArgumentValue.Of(name)))) };
        Graph? graph = Graph(_layers.Append(named));
        if (graph is null || !RandomNetworks.Cheap(graph, _large ? 1_200_000 : 250_000, _large ? 60_000_000 : 20_000_000))
            return false;
        _named++;
        _layers.Add(named);
        _maps.Add((name, graph.Nodes[graph.Output].Shape));
        string[] read = layer.Arguments.Where(a => a.Name == "inputs").SelectMany(a => a.Value.Items.Select(i => i.Text)).Append(from ?? "input").ToArray();
        if (read.All(_exact.Contains) && IsExact(layer))
            _exact.Add(name);
        return true;
    }

    private static bool IsExact(LayerSpec layer) => layer.Kind is "MaxPool" or "AdaptiveMaxPool" or "GlobalMaxPool" or "Slice" or "Shuffle" or "Gather" or "Pad" or "PadChannels" or "Concat" or "Flatten"
        || (layer.Kind == "Upsample" && layer.Arguments.All(a => a.Name != "Mode"));

    private Graph? Graph(IEnumerable<LayerSpec> layers) => NetworkCase.TryExpand(Spec(layers), out _);

    private NetworkSpec Spec(IEnumerable<LayerSpec> layers) => NetworkCase.Make(_name, default, layers) with
    {
        Options = _options,
        Blocks = new EquatableArray<BlockSpec>(_blocks.OrderBy(b => b.Id, StringComparer.Ordinal)),
    };

    private int Side() => _large ? _random.Next(56, 100) : One(4) ? _random.Next(21, 65) : _random.Next(1, 21);

    private bool One(int of) => _random.Next(of) == 0;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];

    private (string, object?)[] Maybe(int one, (string, object?) argument) => One(one) ? [argument] : [];

    private static LayerSpec Layer(string kind, params (string Name, object? Value)[] arguments) => SpecBuilder.L(kind, arguments);
}
