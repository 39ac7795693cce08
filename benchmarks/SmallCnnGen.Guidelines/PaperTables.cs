using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using static System.FormattableString;

namespace SmallCnnGen.Guidelines;

/// <summary>
/// The four guideline experiments of ShuffleNet V2 (Ma 2018, arXiv 1807.11164, Tables 1 to 4): its shapes, block counts and
/// results. Channels are those of its ARM columns. What the paper leaves open is said at each table; all convolutions have
/// batch normalisation and ReLU unless the table says otherwise.
/// </summary>
internal static class PaperTables
{
    private const int Blocks = 10, Size = 56;

    private static readonly string[] s_scales = ["x1", "x2", "x4"];

    public static IReadOnlyList<PaperTable> All { get; } = [ChannelRatio(), Groups(), Fragments(), ElementWise()];

    /// <summary>Table 1: ten blocks of two 1x1 convolutions, c1 to c2 channels and back. x2 and x4 scale the channels. Two rows of ours have the
    /// multiply-adds of 1:1 exactly and fill vectors of 16 (the second from x2 on), which most of the paper's do not.</summary>
    private static PaperTable ChannelRatio()
    {
        return new PaperTable("G1", "Table 1: channels c1:c2 of 1x1 convolutions, ten blocks c1 -> c2 -> c1, 56x56", s_scales,
        [
            Row("1:1", 32, 32, [76.2, 21.7, 5.3], [1480, 723, 232]),
            Row("1:2", 22, 44, [72.9, 20.5, 5.1], [1296, 586, 206]),
            Row("1:6", 13, 78, [69.1, 17.9, 4.6], [876, 489, 189]),
            Row("1:12", 9, 108, [57.6, 15.1, 4.4], [748, 392, 163]),
            Row("1:4, ours", 16, 64, [], []),
            Row("1:16, ours", 8, 128, [], []),
        ]);

        static PaperRow Row(string name, int c1, int c2, double[] arm, double[] gpu) => new(
            name,
            Scaled(s => (Invariant($"{s * c1},{s * c2}"), Declaration.On(Size, s * c1, Times(_ => Invariant($"[Conv({s * c2}, Kernel = 1)] [Conv({s * c1}, Kernel = 1)]"))))),
            arm,
            gpu);
    }

    /// <summary>Table 2: ten grouped 1x1 convolutions. The paper's 180 channels are no multiple of 8 groups; here they are 184.</summary>
    private static PaperTable Groups()
    {
        return new PaperTable("G2", "Table 2: groups of 1x1 convolutions, ten in a row, 56x56", s_scales,
        [
            Row(1, [64, 128, 256], [40.0, 10.2, 2.3], [2451, 1289, 437]),
            Row(2, [90, 180, 360], [35.0, 9.5, 2.2], [1725, 873, 341]),
            Row(4, [128, 256, 512], [32.9, 8.7, 2.1], [1026, 644, 338]),
            Row(8, [184, 360, 720], [27.8, 7.5, 1.8], [634, 445, 230]),
        ]);

        static PaperRow Row(int groups, int[] channels, double[] arm, double[] gpu) => new(
            Invariant($"g = {groups}"),
            channels.Select(c => (Invariant($"{c}"), Declaration.On(Size, c, Times(_ => Invariant($"[Conv({c}, Kernel = 1, Groups = {groups})]"))))).ToArray(),
            arm,
            gpu);
    }

    /// <summary>
    /// Table 3: ten blocks of 1, 2 or 4 convolutions of 1x1 one after another or side by side. Channels of n fragments are
    /// c / sqrt(n), so that the multiply-adds are equal; fragments side by side are added. The slides and texts at hand do
    /// not say how the paper joins them, so a row of ours joins them by Concat, where each has c / 4 output channels.
    /// </summary>
    private static PaperTable Fragments()
    {
        int[] whole = [64, 128, 256], half = [45, 90, 181], quarter = [32, 64, 128];
        return new PaperTable("G3", "Table 3: fragments of 1x1 convolutions, ten blocks, 56x56", ["c=64", "c=128", "c=256"],
        [
            Row("1-fragment", whole, c => Times(_ => Invariant($"[Conv({c}, Kernel = 1)]")), [40.2, 10.1, 2.3], [2446, 1274, 434]),
            Row("2-fragment-series", half, c => Times(_ => Invariant($"[Conv({c}, Kernel = 1, Repeat = 2)]")), [38.6, 10.1, 2.2], [1790, 909, 336]),
            Row("4-fragment-series", quarter, c => Times(_ => Invariant($"[Conv({c}, Kernel = 1, Repeat = 4)]")), [38.4, 10.1, 2.3], [752, 745, 349]),
            Row("2-fragment-parallel", half, c => Times(i => Parallel(i, 2, c, "Add")), [33.4, 9.1, 2.2], [1537, 803, 320]),
            Row("4-fragment-parallel", quarter, c => Times(i => Parallel(i, 4, c, "Add")), [35.0, 8.4, 2.1], [691, 572, 292]),
            Row("4 side by side, Concat", whole, c => Times(i => Parallel(i, 4, c / 4, "Concat")), [], []),
        ]);

        static PaperRow Row(string name, int[] channels, Func<int, string> layers, double[] arm, double[] gpu) =>
            new(name, channels.Select(c => (Invariant($"{c}"), Declaration.On(Size, c, layers(c)))).ToArray(), arm, gpu);
    }

    /// <summary>
    /// Table 4: ten bottleneck units (ResNet's: 1x1 to c / 4, 3x3, 1x1 to c, shortcut; the paper gives c only) with and
    /// without ReLU and shortcut. The size of the map is not given; 56x56 as in the other tables.
    /// </summary>
    private static PaperTable ElementWise()
    {
        int[] channels = [32, 64, 128];
        return new PaperTable("G4", "Table 4: ReLU and shortcut in ten bottleneck units, 56x56", ["c=32", "c=64", "c=128"],
        [
            Row("ReLU, shortcut", true, true, [56.7, 16.9, 5.0], [2427, 2066, 1436]),
            Row("ReLU", true, false, [61.9, 18.8, 5.2], [2647, 2256, 1735]),
            Row("shortcut", false, true, [57.3, 18.2, 5.1], [2672, 2121, 1458]),
            Row("neither", false, false, [66.3, 20.2, 5.4], [2842, 2376, 1782]),
        ]);

        PaperRow Row(string name, bool relu, bool shortcut, double[] arm, double[] gpu)
        {
            string function = "Activation = Activation." + (relu ? "ReLU" : "None");
            return new PaperRow(name, channels.Select(c => (Invariant($"{c}"), Declaration.On(Size, c, Times(i => Unit(i, c))))).ToArray(), arm, gpu);

            string Unit(int i, int c)
            {
                string narrow = Invariant($"[Conv({c / 4}, Kernel = 1, {function})] [Conv({c / 4}, {function})]");
                string before = i == 0 ? "input" : Invariant($"x{i - 1}");
                return shortcut
                    ? Invariant($"{narrow} [Conv({c}, Kernel = 1, Activation = Activation.None)] [Add(\"{before}\", {function}, Name = \"x{i}\")]")
                    : Invariant($"{narrow} [Conv({c}, Kernel = 1, {function}, Name = \"x{i}\")]");
            }
        }
    }

    /// <summary>Fragments side by side on the block before.</summary>
    private static string Parallel(int block, int fragments, int channels, string join)
    {
        string before = block == 0 ? "input" : Invariant($"x{block - 1}");
        var text = new StringBuilder();
        for (int f = 0; f < fragments; f++)
            text.Append(Invariant($"[Conv({channels}, Kernel = 1, From = \"{before}\", Name = \"x{block}f{f}\")] "));
        return text.Append(Invariant($"[{join}({string.Join(", ", Enumerable.Range(0, fragments).Select(f => Invariant($"\"x{block}f{f}\"")))}, Name = \"x{block}\")]")).ToString();
    }

    private static string Times(Func<int, string> block) => string.Join('\n', Enumerable.Range(0, Blocks).Select(block));

    private static (string, Declaration)[] Scaled(Func<int, (string, Declaration)> network) => [network(1), network(2), network(4)];
}
