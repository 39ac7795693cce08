using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Testing.Zoo;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>Writes COSTS.md: what the Zoo's networks cost, and the papers' own tables from the same cost rule.</summary>
internal static class CostTables
{
    /// <summary>MobileNetV2's Table 3 assumes activations of 16 bits and thousands of bytes.</summary>
    private const double KilobytesPerActivation = 2 / 1000.0;

    /// <summary>The whole file.</summary>
    public static string Write()
    {
        var text = new StringBuilder("""
            # What the networks of the Zoo cost

            Generated from the declarations and the compiler's cost rule; a test fails when it is stale. To write it again:
            `SCNN_ACCEPT=1 dotnet test tests/SmallCnnGen.Zoo.Tests --filter CostTableTests`.

            Parameters are all values that are learned (weights, biases, scales and shifts of batch normalisation, slopes), not
            running means and variances. Multiply-adds are those of convolutions and fully connected layers for one picture;
            biases, normalisation, activations, pooling and additions are free. Columns marked "printed" are transcribed from
            the source that is named; everything else is computed.

            After a printed figure: "=" where ours, rounded, is the printed one; "cut off" where ours agrees in all printed
            digits but the source did not round up; else how far ours is from it. AlexNet's 720M, ShuffleNet's 140M of 8 groups and
            VGG's 15300M are taken as rounded to two, two and three digits. "counted so" is our figure when counted as the source
            counts.


            """);
        Networks(text);
        MobileNetV1Tables(text);
        ActivationMemory(text);
        SqueezeNetParameters(text);
        ShuffleNetGroups(text);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n') + "\n";
    }

    /// <summary>A figure of the source, with how ours compares.</summary>
    /// <param name="printed">The figure, or null.</param>
    /// <param name="ours">Ours.</param>
    /// <param name="counted">Ours when counted as the source counts; shown where it comes nearer.</param>
    /// <param name="digit">Worth of the last digit that counts; 0: of the last digit that is printed.</param>
    public static string Compared(string? printed, long ours, long counted, long digit = 0)
    {
        if (printed is null)
            return string.Empty;
        string text = printed + Mark(printed, ours, digit);
        return PrintedFigure.Compare(printed, counted, digit) < PrintedFigure.Compare(printed, ours, digit)
            ? text + "; counted so " + Millions(counted) + Mark(printed, counted, digit)
            : text;
    }

    private static string Mark(string printed, long ours, long digit) => PrintedFigure.Compare(printed, ours, digit) switch
    {
        Agreement.Rounded => " =",
        Agreement.Truncated => " (cut off)",
        _ => string.Create(CultureInfo.InvariantCulture, $" ({100 * ((ours / (double)PrintedFigure.Parse(printed).Value) - 1):+0.0#;-0.0#} %)"),
    };

    private static void Networks(StringBuilder text)
    {
        text.Append("## Every network\n\n");
        ILookup<Type, PrintedFigure> figures = PrintedFigures.All.ToLookup(f => f.Network);
        foreach ((string title, IEnumerable<Type> networks) in ZooModels.Lists())
        {
            text.Append("### ").Append(title).Append("\n\n");
            Header(text, "network", "input", ">parameters", ">multiply-adds", "printed parameters", "printed multiply-adds", "printed in", "why they differ");
            foreach (Type network in networks)
            {
                CostModel cost = CostModel.Of(network);
                string[] own = [network.Name, cost.Input.ToString(), Whole(cost.Parameters), Whole(cost.MultiplyAdds)];
                PrintedFigure?[] printed = figures[network].DefaultIfEmpty(null).ToArray<PrintedFigure?>();
                for (int i = 0; i < printed.Length; i++)
                {
                    string[] source = printed[i] is not { } figure
                        ? ["", "", "", ""]
                        :
                        [
                            Compared(figure.Parameters, cost.Parameters, cost.Count(figure.Size)),
                            Compared(figure.MultiplyAdds, cost.MultiplyAdds, cost.Count(figure.Work), figure.WorkDigit),
                            figure.Source,
                            figure.Reason ?? string.Empty,
                        ];
                    Row(text, [.. i == 0 ? own : ["", "", "", ""], .. source]);
                }
            }

            text.Append('\n');
        }
    }

    private static void MobileNetV1Tables(StringBuilder text)
    {
        CostModel cost = CostModel.Of(typeof(MobileNetV1));
        text.Append("""
            ## MobileNet V1: where the cost is (Howard 2017, Table 2)

            The printed shares of parameters are shares of weights: neither batch normalisation nor the classifier's bias counts.
            The first layer's printed 1.19 % is a slip of 1.91 %: with it the printed column adds up to 99.29 %.


            """);
        Header(text, "type", ">multiply-adds", "share", "printed", ">weights", "share", "printed", ">all parameters", "share");
        Share("1x1 convolution", n => n.Op is ConvOp { Groups: 1, Window.Kernel: { X: 1, Y: 1 } }, "94.86 %", "74.59 %");
        Share("3x3 depthwise convolution", n => n.Op is ConvOp { Groups: > 1 }, "3.06 %", "1.06 %");
        Share("3x3 convolution", n => n.Op is ConvOp { Groups: 1, Window.Kernel: { X: 3, Y: 3 } }, "1.19 %", "0.02 %");
        Share("fully connected", n => n.Op is DenseOp, "0.18 %", "24.33 %");
        Share("batch normalisation", n => n.Op is BatchNormOp, "", "");
        Share("all", _ => true, "", "");
        text.Append('\n');

        OneLayer(text);
        Compare("Full and separable convolution (Table 4)", (typeof(MobileNetV1FullConvolution), "Conv MobileNet", "4866M", "29.3M"), (typeof(MobileNetV1), "MobileNet", "569M", "4.2M"));
        Compare("Narrow and shallow (Table 5)", (typeof(MobileNetV1_075_224), "0.75 MobileNet", "325M", "2.6M"), (typeof(MobileNetV1Shallow), "Shallow MobileNet", "307M", "2.9M"));
        Compare(
            "Width multiplier (Table 6)",
            (typeof(MobileNetV1), "1.0 MobileNet-224", "569M", "4.2M"),
            (typeof(MobileNetV1_075_224), "0.75 MobileNet-224", "325M", "2.6M"),
            (typeof(MobileNetV1_050_224), "0.5 MobileNet-224", "149M", "1.3M"),
            (typeof(MobileNetV1_025_224), "0.25 MobileNet-224", "41M", "0.5M"));
        Compare(
            "Resolution (Table 7)",
            (typeof(MobileNetV1), "1.0 MobileNet-224", "569M", "4.2M"),
            (typeof(MobileNetV1_100_192), "1.0 MobileNet-192", "418M", "4.2M"),
            (typeof(MobileNetV1_100_160), "1.0 MobileNet-160", "290M", "4.2M"),
            (typeof(MobileNetV1_100_128), "1.0 MobileNet-128", "186M", "4.2M"));

        void Share(string type, Func<Node, bool> isOfType, string printedWork, string printedWeights)
        {
            Node[] nodes = cost.Operations.Where(isOfType).ToArray();
            long work = cost.MultiplyAddsOf(nodes), weights = cost.WeightsOf(nodes), parameters = cost.ParametersOf(nodes);
            Row(text, type, Whole(work), Percent(work, cost.MultiplyAdds), printedWork, Whole(weights), Percent(weights, cost.WeightsOf(cost.Operations)), printedWeights, Whole(parameters), Percent(parameters, cost.Parameters));
        }

        void Compare(string title, params (Type Network, string Label, string Work, string Size)[] rows)
        {
            text.Append("### ").Append(title).Append("\n\n");
            Header(text, "model", "declaration", ">multiply-adds", "of the first row", "printed", ">parameters", "of the first row", "printed");
            CostModel first = CostModel.Of(rows[0].Network);
            foreach ((Type network, string label, string work, string size) in rows)
            {
                CostModel row = CostModel.Of(network);
                long counted = row.Count(PrintedFigures.All.First(f => f.Network == network && f.MultiplyAdds == work).Work);
                Row(text, label, network.Name, Whole(row.MultiplyAdds), Percent(row.MultiplyAdds, first.MultiplyAdds), Compared(work, row.MultiplyAdds, counted), Whole(row.Parameters), Percent(row.Parameters, first.Parameters), Compared(size, row.Parameters, row.Parameters));
            }

            text.Append('\n');
        }
    }

    /// <summary>MobileNet's Table 3: a layer of 512 to 512 channels on 14x14 pixels, each row on top of the one before.</summary>
    private static void OneLayer(StringBuilder text)
    {
        text.Append("### One layer, step by step (Table 3: 3x3, 512 to 512 channels, 14x14 pixels)\n\n");
        Header(text, "modification", ">multiply-adds", "printed", ">weights", "printed");
        Add("full convolution", 512, 14, false, "462M", "2.36M");
        Add("depthwise separable", 512, 14, true, "52.3M", "0.27M");
        Add("width multiplier 0.75", 384, 14, true, "29.6M", "0.15M");
        Add("resolution multiplier 0.714", 384, 10, true, "15.1M", "0.15M");
        text.Append('\n');

        void Add(string name, int channels, int size, bool separable, string printedWork, string printedSize)
        {
            var map = new TensorShape(size, size, channels);
            ConvOp full = Convolution(3, 1), depthwise = Convolution(3, channels), pointwise = Convolution(1, 1);
            ConvOp[] ops = separable ? [depthwise, pointwise] : [full];
            long work = ops.Sum(o => CostRule.MultiplyAdds(o, map, map));
            long weights = ops.Sum(o => CostRule.Tensors(o, map, map).Sum(t => t.Length));
            Row(text, name, Whole(work), Compared(printedWork, work, work), Whole(weights), Compared(printedSize, weights, weights));

            ConvOp Convolution(int kernel, int groups) =>
                new(new Window(new Pair(kernel, kernel), new Pair(1, 1), new Sides(kernel / 2, kernel / 2, kernel / 2, kernel / 2), new Pair(1, 1)), channels, groups, "weight", null);
        }
    }

    private static void ActivationMemory(StringBuilder text)
    {
        text.Append("""
            ## MobileNetV2: memory for activations (Sandler 2018, Table 3)

            Largest number of channels that must exist at each resolution, and its memory in thousands of bytes at 16 bits.
            What happens inside a unit is not counted, as in the paper: it can be done a few channels at a time. The printed
            "O(1)" stands for the first layers, which can be done patch by patch.

            "maps" counts each map between two rows of the declaration at its own resolution. "rows" reads MobileNetV2's
            Table 2 as its authors seem to have done: the output channels of a row at the resolution of the row's input, which
            gives the printed figures; with maps MobileNetV2 needs even less. The 1280 channels at 7x7 are those of the last
            convolution, which the printed table shows after the pool only. ShuffleNet's printed figures are those of 2 groups,
            though the column says 3. The 199 printed for MobileNetV1 at 7x7 is twice what 1024 channels of 16 bits need.


            """);
        NetworkSpec v1 = ReflectionSpecReader.Read(typeof(MobileNetV1));
        NetworkSpec v2 = ReflectionSpecReader.Read(typeof(MobileNetV2));
        NetworkSpec shuffle3 = ReflectionSpecReader.Read(typeof(ShuffleNetV1W200));
        NetworkSpec shuffle2 = With(shuffle3, "groups", 2);
        Dictionary<int, int> v1Maps = Maps(v1), v2Maps = Maps(v2), v2Rows = RowsAtInput(v2), maps3 = Maps(shuffle3), maps2 = Maps(shuffle2);
        Header(text, "size", "MobileNetV1 maps", "printed", "MobileNetV2 maps", "MobileNetV2 rows", "printed", "ShuffleNet 2x, g = 3, maps", "ShuffleNet 2x, g = 2, maps", "printed (g = 3)");
        (int Size, string V1, string V2, string Shuffle)[] printed =
        [
            (112, "1/O(1)", "1/O(1)", "1/O(1)"),
            (56, "128/800", "32/200", "48/300"),
            (28, "256/400", "64/100", "400/600"),
            (14, "512/200", "160/62", "800/310"),
            (7, "1024/199", "320/32", "1600/156"),
            (1, "1024/2", "1280/2", "1600/3"),
        ];
        foreach ((int size, string one, string two, string three) in printed)
            Row(text, Text($"{size}x{size}"), Cell(v1Maps, size), one, Cell(v2Maps, size), Cell(v2Rows, size), two, Cell(maps3, size), Cell(maps2, size), three);
        int[] counted = printed.Select(p => p.Size).Where(s => s < 112).ToArray();
        Row(text, "max below 112x112", Max(v1Maps), "800", Max(v2Maps), Max(v2Rows), "200", Max(maps3), Max(maps2), "600");

        text.Append("""

            And by resolution of the picture: the largest map between two rows at 16 bits, and what one instance of our generated
            network allocates for all activations, in floats of 32 bits, with everything inside the units.


            """);
        Header(text, "network", "input", ">largest map, KB", "which", ">allocated, KB");
        foreach (Type network in new[] { typeof(MobileNetV2), typeof(MobileNetV2R192), typeof(MobileNetV2R128), typeof(MobileNetV2R96), typeof(MobileNetV1), typeof(MobileNetV1_100_192), typeof(MobileNetV1_100_160), typeof(MobileNetV1_100_128) })
        {
            NetworkSpec spec = ReflectionSpecReader.Read(network);
            TensorShape largest = CostModel.Rows(spec).Select(r => r.Output).MaxBy(s => s.Length);
            CostModel cost = CostModel.Of(spec);
            Row(text, network.Name, cost.Input.ToString(), Number(largest.Length * KilobytesPerActivation), largest.ToString(), Number(cost.ArenaBytes() / 1000.0));
        }

        text.Append('\n');

        string Max(Dictionary<int, int> channels) => Number(counted.Max(s => (double)s * s * channels.GetValueOrDefault(s)) * KilobytesPerActivation);
        static string Cell(Dictionary<int, int> channels, int size) =>
            channels.TryGetValue(size, out int c) ? Text($"{c}/{Number((double)size * size * c * KilobytesPerActivation)}") : string.Empty;
    }

    /// <summary>Most channels of a map between rows, by its height.</summary>
    private static Dictionary<int, int> Maps(NetworkSpec spec) =>
        CostModel.Rows(spec).GroupBy(r => r.Output.Height).ToDictionary(g => g.Key, g => g.Max(r => r.Output.Channels));

    /// <summary>Most output channels of a row, by the height of its input.</summary>
    private static Dictionary<int, int> RowsAtInput(NetworkSpec spec)
    {
        // The last row with pixels is the convolution before the pool: its 1280 channels are printed where they are pooled.
        List<DeclaredRow> rows = CostModel.Rows(spec);
        int pool = rows.FindIndex(r => r.Output.Pixels == 1);
        return rows.Where((_, i) => i != pool - 1 && i != pool)
            .Select(r => (r.Input.Height, r.Output.Channels))
            .Append((1, rows[pool].Output.Channels))
            .GroupBy(r => r.Item1)
            .ToDictionary(g => g.Key, g => g.Max(r => r.Item2));
    }

    private static void SqueezeNetParameters(StringBuilder text)
    {
        text.Append("""
            ## SqueezeNet: parameters of each layer (Iandola 2016, Table 1)

            Of SqueezeNet1_0R227: the printed 111x111 after the first convolution need a picture of 227x227, though the table says
            224x224. The printed 13x12 is a slip.


            """);
        (string Name, string Output, string Parameters)[] printed =
        [
            ("conv1", "111x111x96", "14,208"),
            ("maxpool1", "55x55x96", ""),
            ("fire2", "55x55x128", "11,920"),
            ("fire3", "55x55x128", "12,432"),
            ("fire4", "55x55x256", "45,344"),
            ("maxpool4", "27x27x256", ""),
            ("fire5", "27x27x256", "49,440"),
            ("fire6", "27x27x384", "104,880"),
            ("fire7", "27x27x384", "111,024"),
            ("fire8", "27x27x512", "188,992"),
            ("maxpool8", "13x12x512", ""),
            ("fire9", "13x13x512", "197,184"),
            ("conv10", "13x13x1000", "513,000"),
            ("avgpool10", "1x1x1000", ""),
        ];
        List<DeclaredRow> rows = CostModel.Rows(ReflectionSpecReader.Read(typeof(SqueezeNet1_0R227)));
        Header(text, "layer", "output", "printed", ">parameters", ">printed");
        for (int i = 0; i < printed.Length; i++)
        {
            string parameters = rows[i].Parameters == 0 ? string.Empty : Whole(rows[i].Parameters);
            Row(text, printed[i].Name, rows[i].Output.ToString(), printed[i].Output, parameters, printed[i].Parameters);
        }

        Row(text, "total", "", "", Whole(rows.Sum(r => r.Parameters)), "1,248,424");
        text.Append('\n');
    }

    private static void ShuffleNetGroups(StringBuilder text)
    {
        text.Append("""
            ## ShuffleNet: complexity by groups (Zhang 2017, Tables 1 and 2)

            More groups are spent on more channels at about the same cost. Table 1 leaves the fully connected layer out.


            """);
        NetworkSpec spec = ReflectionSpecReader.Read(typeof(ShuffleNetV1));
        (int Groups, string Channels, string Work)[] columns =
            [(1, "144, 288, 576", "143M"), (2, "200, 400, 800", "140M"), (3, "240, 480, 960", "137M"), (4, "272, 544, 1088", "133M"), (8, "384, 768, 1536", "137M")];
        Header(text, "groups", "channels of stages 2, 3, 4", "printed", ">multiply-adds", ">without fully connected", "printed (without)", ">parameters");
        foreach ((int groups, string channels, string work) in columns)
        {
            NetworkSpec column = With(spec, "groups", groups);
            CostModel cost = CostModel.Of(column);
            string stages = string.Join(", ", CostModel.Rows(column).Where(r => r.Output.Height is 28 or 14 or 7).Select(r => r.Output.Channels.ToString(CultureInfo.InvariantCulture)));
            long without = cost.Count(WorkCount.WithoutDense);
            Row(text, Text($"{groups}"), stages, channels, Whole(cost.MultiplyAdds), Whole(without), Compared(work, without, without), Whole(cost.Parameters));
        }

        text.Append("""

            Table 2 prints one complexity for all numbers of groups. Scaled channels are rounded to multiples of 4 g, because a
            quarter of them must be divisible by the groups, and those of the first convolution up to multiples of g. With 0.25 of
            its 24 channels the printed 13M is not reached; with 12 it is.


            """);
        Header(text, ["scale", ">first convolution", .. columns.Select(c => Text($">g = {c.Groups}")), "printed"]);
        foreach ((double scale, int first, string printed) in new[] { (1.0, 24, "140M"), (0.5, 12, "38M"), (0.25, 6, "13M"), (0.25, 12, "13M") })
        {
            IEnumerable<string> cells = columns.Select(c =>
            {
                int firstChannels = (first + c.Groups - 1) / c.Groups * c.Groups;
                NetworkSpec scaled = With(With(spec, "groups", c.Groups), "conv1", firstChannels);
                return Millions(CostModel.Of(scaled with { Options = scaled.Options with { WidthMultiplier = scale, ChannelDivisor = 4 * c.Groups } }).MultiplyAdds);
            });
            Row(text, [Text($"{scale}x"), Text($"{first}"), .. cells, printed]);
        }
    }

    /// <summary>A network with another value of a parameter, as [Parameter] on a variant gives it.</summary>
    private static NetworkSpec With(NetworkSpec spec, string name, int value)
    {
        int level = spec.Parameters.Count == 0 ? 1 : spec.Parameters.Max(p => p.Level) + 1;
        return spec with { Parameters = new EquatableArray<ParameterSpec>(spec.Parameters.Append(new ParameterSpec(name, ArgumentValue.Of((long)value), level, -1))) };
    }

    private static void Header(StringBuilder text, params string[] titles)
    {
        Row(text, titles.Select(t => t.TrimStart('>')).ToArray());
        Row(text, titles.Select(t => t[0] == '>' ? "---:" : "---").ToArray());
    }

    private static void Row(StringBuilder text, params string[] cells) =>
        text.Append('|').AppendJoin("|", cells.Select(c => c.Length == 0 ? " " : " " + c + " ")).Append("|\n");

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Millions(long value) => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + "M";

    private static string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => (100.0 * part / whole).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
