using System;
using System.Collections.Generic;
using System.Linq;
using static System.FormattableString;

namespace SmallCnnGen.Guidelines;

/// <summary>
/// At least one pair for every rule of the critic: a network the paper speaks of, or a stage of one. None ends with a shuffle:
/// in front of anything but a convolution that is a copy, which would be measured instead.
/// </summary>
internal static class RulePairs
{
    private const string Linear = "Activation = Activation.None";

    /// <summary>The pairs, by rule.</summary>
    public static IReadOnlyList<RulePair> All { get; } =
    [
        new("SCNN4001", "10 x (1x1 48 -> 336 -> 48) / 20 x 1x1 128, 28x28",
            Declaration.On(28, 48, Times(10, "[Conv(336, Kernel = 1)] [Conv(48, Kernel = 1)]")),
            Declaration.On(28, 128, "[Conv(128, Kernel = 1, Repeat = 20)]")),
        new("SCNN4001", "4 inverted residuals, 28x28: 32 channels x6 / 56 channels x2",
            Declaration.On(28, 32, "[InvertedResidual(32, Repeat = 4)]"),
            Declaration.On(28, 56, "[InvertedResidual(56, expand: 2, Repeat = 4)]")),
        new("SCNN4002", "ShuffleNet V1 1x at equal cost: 8 groups / 1 group",
            Declaration.Zoo("ShuffleNetV1G8"),
            Declaration.Zoo("ShuffleNetV1G1")),
        new("SCNN4002", "10 x 1x1 and shuffle, 28x28: 384 channels in 8 groups / 192 in 2",
            Declaration.On(28, 384, Times(9, "[Conv(384, Kernel = 1, Groups = 8)] [Shuffle(8)]") + "[Conv(384, Kernel = 1, Groups = 8)]"),
            Declaration.On(28, 192, Times(9, "[Conv(192, Kernel = 1, Groups = 2)] [Shuffle(2)]") + "[Conv(192, Kernel = 1, Groups = 2)]")),
        new("SCNN4003", "10 blocks of 1x1, 28x28, 64 channels: 4 x 16 side by side / 2 x 32",
            Declaration.On(28, 64, Times(10, i => Side(i, 4, "[Conv(16, Kernel = 1, From = \"{0}\", Name = \"{1}\")] "))),
            Declaration.On(28, 64, Times(10, i => Side(i, 2, "[Conv(32, Kernel = 1, From = \"{0}\", Name = \"{1}\")] ")))),
        new("SCNN4003", "10 blocks of 1x1, 28x28, 128 channels: 4 x 32 side by side / 2 x 64",
            Declaration.On(28, 128, Times(10, i => Side(i, 4, "[Conv(32, Kernel = 1, From = \"{0}\", Name = \"{1}\")] "))),
            Declaration.On(28, 128, Times(10, i => Side(i, 2, "[Conv(64, Kernel = 1, From = \"{0}\", Name = \"{1}\")] ")))),
        new("SCNN4003", "4 cells of separable convolutions, 28x28: 6 x 32 channels / 3 x 46",
            Declaration.On(28, 32, Cells(4, 6, 32)),
            Declaration.On(28, 46, Cells(4, 3, 46))),
        new("SCNN4004", "MobileNetV1 0.5 / ShuffleNet V2 1x, 224x224",
            Declaration.Zoo("MobileNetV1_050_224"),
            Declaration.Zoo("ShuffleNetV2")),
        new("SCNN4004", "MobileNetV2 / ShuffleNet V2 1.5x, 224x224",
            Declaration.Zoo("MobileNetV2"),
            Declaration.Zoo("ShuffleNetV2W150")),
        new("SCNN4004", "8 units and 1x1 to 16, 56x56: separable, 64 channels / ShuffleNet V2's, 96 channels",
            Declaration.On(56, 64, "[SeparableConv(64, Repeat = 8)] [Conv(16, Kernel = 1)]"),
            Declaration.On(56, 96, "[ShuffleUnitV2(96, Repeat = 8)] [Conv(16, Kernel = 1)]")),
        new("SCNN4005", "6 x 1x1 in 4 groups, 28x28, 128 channels: stacked / with shuffles",
            Declaration.On(28, 128, "[Conv(128, Kernel = 1, Groups = 4, Repeat = 6)] [GlobalAveragePool] [Dense(10)]"),
            Declaration.On(28, 128, Times(5, "[Conv(128, Kernel = 1, Groups = 4)] [Shuffle(4)]") + "[Conv(128, Kernel = 1, Groups = 4)] [GlobalAveragePool] [Dense(10)]")),
        new("SCNN4006", "4 inverted residuals, 28x28, 32 channels: ReLU on the projection / none",
            Declaration.On(28, 32, Times(4, "[Conv(192, Kernel = 1)] [DepthwiseConv] [Conv(32, Kernel = 1)]")),
            Declaration.On(28, 32, Times(4, $"[Conv(192, Kernel = 1)] [DepthwiseConv] [Conv(32, Kernel = 1, {Linear})]"))),
        new("SCNN4007", "3 x 3x3 to 8x8x256 and 1000 classes: fully connected / pooled first",
            Declaration.On(64, 3, "[Conv(64, Stride = 2)] [Conv(128, Stride = 2)] [Conv(256, Stride = 2)] [Dense(1000)]"),
            Declaration.On(64, 3, "[Conv(64, Stride = 2)] [Conv(128, Stride = 2)] [Conv(256, Stride = 2)] [GlobalAveragePool] [Dense(1000)]")),
        new("SCNN4008", "28x28, 64 channels: 2 x 5x5 / 4 x 3x3",
            Declaration.On(28, 64, "[Conv(64, Kernel = 5, Repeat = 2)]"),
            Declaration.On(28, 64, "[Conv(64, Repeat = 4)]")),
        new("SCNN4008", "14x14, 128 channels: 2 x 5x5 / 4 x 3x3, Winograd off",
            Declaration.On(14, 128, "[Conv(128, Kernel = 5, Repeat = 2)]") with { Network = "Height = 14, Width = 14, Channels = 128, Winograd = false" },
            Declaration.On(14, 128, "[Conv(128, Repeat = 4)]") with { Network = "Height = 14, Width = 14, Channels = 128, Winograd = false" }),
        new("SCNN4009", "17x17, 128 channels: 2 x 7x7 / 2 x (1x7, 7x1)",
            Declaration.On(17, 128, "[Conv(128, Kernel = 7, Repeat = 2)]"),
            Declaration.On(17, 128, Times(2, "[Conv(128, Kernel = \"1x7\")] [Conv(128, Kernel = \"7x1\")]"))),
        new("SCNN4009", "14x14, 128 channels: 4 x 3x3 / 4 x (1x3, 3x1)",
            Declaration.On(14, 128, "[Conv(128, Repeat = 4)]"),
            Declaration.On(14, 128, Times(4, "[Conv(128, Kernel = \"1x3\")] [Conv(128, Kernel = \"3x1\")]"))),
        new("SCNN4010", "224x224 to 56x56x64: 7x7 of stride 4 / two 3x3 of stride 2",
            Declaration.On(224, 3, "[Conv(64, Kernel = 7, Stride = 4)] [SeparableConv(128)] [SeparableConv(128)]"),
            Declaration.On(224, 3, "[Conv(32, Stride = 2)] [Conv(64, Stride = 2)] [SeparableConv(128)] [SeparableConv(128)]")),
        new("SCNN4011", "28x28, 128 channels, squeezed before a 3x3: to 8 / to 16",
            Declaration.On(28, 128, Times(3, "[Conv(8, Kernel = 1)] [Conv(128)]")),
            Declaration.On(28, 128, Times(3, "[Conv(16, Kernel = 1)] [Conv(128)]"))),
        new("SCNN4012", "56x56x64 to 28x28x128: 3x3 then pooling / strided 3x3 beside pooling",
            Declaration.On(56, 64, "[Conv(128)] [MaxPool(Kernel = 2, Stride = 2)] [Conv(128)]"),
            Declaration.On(56, 64, "[Conv(64, Stride = 2, Name = \"conv\")] [MaxPool(Kernel = 2, Stride = 2, From = \"input\")] [Concat(\"conv\")] [Conv(128)]")),
        new("SCNN4012", "56x56x64 to 28x28x128: pooling then 3x3 / strided 3x3 beside pooling",
            Declaration.On(56, 64, "[MaxPool(Kernel = 2, Stride = 2)] [Conv(128)] [Conv(128)]"),
            Declaration.On(56, 64, "[Conv(64, Stride = 2, Name = \"conv\")] [MaxPool(Kernel = 2, Stride = 2, From = \"input\")] [Concat(\"conv\")] [Conv(128)]")),
        new("SCNN4013", "stem of 224x224, separable block at 112x112x32: with squeeze-and-excitation / without",
            Declaration.On(224, 3, "[Conv(32, Stride = 2)] [DepthwiseConv(Name = \"map\")] " + Excite("map", 32, 8) + "[Conv(16, Kernel = 1)] [SeparableConv(32, stride: 2)]"),
            Declaration.On(224, 3, "[Conv(32, Stride = 2)] [DepthwiseConv(Name = \"map\")] [Conv(16, Kernel = 1)] [SeparableConv(32, stride: 2)]")),
        new("SCNN4013", "3 inverted residuals, 14x14x80 x6: excited through 480 channels / 120",
            Declaration.On(56, 80, "[AveragePool(Kernel = 4, Stride = 4)] " + Times(3, i => Excited(i, 480))),
            Declaration.On(56, 80, "[AveragePool(Kernel = 4, Stride = 4)] " + Times(3, i => Excited(i, 120)))),
        new("SCNN4014", "first stages of 224x224: HardSwish / ReLU",
            Declaration.On(224, 3, Early("HardSwish")),
            Declaration.On(224, 3, Early("ReLU"))),
        new("SCNN4014", "first stages of 224x224: SiLU / ReLU",
            Declaration.On(224, 3, Early("SiLU")),
            Declaration.On(224, 3, Early("ReLU"))),
        new("SCNN4015", "ShuffleNet V2 1x: last 1x1 before the pooling / behind it",
            Declaration.On(224, 3, Shuffle("[Conv(1024, Kernel = 1)] [GlobalAveragePool]")),
            Declaration.On(224, 3, Shuffle("[GlobalAveragePool] [Conv(1024, Kernel = 1, BatchNorm = false)]"))),
        new("SCNN4016", "SqueezeNet 1.0's first stages: 96 of 7x7 / 32 of 3x3",
            Declaration.On(224, 3, "[Conv(96, Kernel = 7, Stride = 2)] " + Fires),
            Declaration.On(224, 3, "[Conv(32, Stride = 2)] " + Fires)),
        new("SCNN4017", "MobileNetV1, 224x224: width 0.1 / 0.25",
            Declaration.Zoo("MobileNetV1", "WidthMultiplier = 0.1"),
            Declaration.Zoo("MobileNetV1", "WidthMultiplier = 0.25")),
        new("SCNN4018", "2 x 3x3, 28x28: 64 channels of which 32 are read / 32",
            Declaration.On(28, 64, Times(2, "[Conv(64)] [Slice(0, 32)]")),
            Declaration.On(28, 64, "[Conv(32, Repeat = 2)]")),
        new("SCNN4019", "4 x 3x3, 28x28: 18 channels / 16, whole vectors",
            Declaration.On(28, 18, "[Conv(18, Repeat = 4)] [DepthwiseConv]"),
            Declaration.On(28, 16, "[Conv(16, Repeat = 4)] [DepthwiseConv]")),
        new("SCNN4019", "4 x 3x3 on 16 channels and 1x1 back, 28x28: 18 channels / 24",
            Declaration.On(28, 16, Times(4, "[Conv(18)] [Conv(16, Kernel = 1)]")),
            Declaration.On(28, 16, Times(4, "[Conv(24)] [Conv(16, Kernel = 1)]"))),
        new("SCNN4020", "separable network on 128x128: pooled at 8x8 from a field of 39 / of 103",
            Declaration.On(128, 3, "[Conv(32, Stride = 2)] [SeparableConv(64, stride: 2)] [SeparableConv(128, stride: 2)] [SeparableConv(256, stride: 2)] [GlobalAveragePool] [Dense(10)]"),
            Declaration.On(128, 3, "[Conv(32, Stride = 2)] [SeparableConv(64, stride: 2)] [SeparableConv(128, stride: 2)] [SeparableConv(256, stride: 2)] [SeparableConv(256, Repeat = 3)] [GlobalAveragePool] [Dense(10)]")),
        new("SCNN4021", "3 blocks, 28x28x128, 3x3 behind a squeeze to 64: one squeeze / a second to 32",
            Declaration.On(28, 128, Times(3, "[Conv(64, Kernel = 1)] [Conv(64)] [Conv(128, Kernel = 1)]")),
            Declaration.On(28, 128, Times(3, "[Conv(64, Kernel = 1)] [Conv(32, Kernel = 1)] [Conv(64)] [Conv(128, Kernel = 1)]"))),
        new("SCNN4023", "28x28: fully connected to 128, 64 and 10 without activations / with ReLU",
            Declaration.On(28, 1, "[Dense(128)] [Dense(64)] [Dense(10)]"),
            Declaration.On(28, 1, "[Dense(128, Activation = Activation.ReLU)] [Dense(64, Activation = Activation.ReLU)] [Dense(10)]")),
        new("SCNN4023", "28x28: fully connected to 128, 64 and 10 without activations / to 10 at once",
            Declaration.On(28, 1, "[Dense(128)] [Dense(64)] [Dense(10)]"),
            Declaration.On(28, 1, "[Dense(10)]")),
    ];

    private static string Fires => "[MaxPool(Kernel = 3, Stride = 2)] [Fire(16, 64, Repeat = 2)] [Fire(32, 128)] [MaxPool(Kernel = 3, Stride = 2)] [Fire(32, 128)] [Fire(48, 192, Repeat = 2)]";

    private static string Times(int count, string layers) => Times(count, _ => layers);

    private static string Times(int count, Func<int, string> block) => string.Join('\n', Enumerable.Range(0, count).Select(block)) + "\n";

    /// <summary>Branches on the block before, joined by Concat. In the branch {0} is what it reads and {1} its name.</summary>
    private static string Side(int block, int branches, string branch)
    {
        string before = block == 0 ? "input" : Invariant($"x{block - 1}");
        string[] names = Enumerable.Range(0, branches).Select(b => Invariant($"x{block}b{b}")).ToArray();
        return string.Concat(names.Select(n => string.Format(System.Globalization.CultureInfo.InvariantCulture, branch, before, n)))
            + $"[Concat({string.Join(", ", names.Select(n => $"\"{n}\""))}, Name = \"x{block}\")]";
    }

    /// <summary>Cells in the manner of NASNet: a 1x1, separable convolutions side by side on it, all joined.</summary>
    private static string Cells(int cells, int branches, int channels) => Times(cells, i =>
    {
        string[] names = Enumerable.Range(0, branches).Select(b => Invariant($"x{i}b{b}")).ToArray();
        return Invariant($"[Conv({channels}, Kernel = 1, Name = \"x{i}in\")] ")
            + string.Concat(names.Select(n => Invariant($"[DepthwiseConv(From = \"x{i}in\")] [Conv({channels}, Kernel = 1, Name = \"{n}\")] ")))
            + $"[Concat({string.Join(", ", names.Select(n => $"\"{n}\""))})]";
    });

    private static string Excite(string map, int channels, int squeezed) => Invariant(
        $"[GlobalAveragePool] [Conv({squeezed}, Kernel = 1, BatchNorm = false)] [Conv({channels}, Kernel = 1, BatchNorm = false, Activation = Activation.Sigmoid)] [Multiply(\"{map}\")] ");

    private static string Excited(int block, int squeezed) => Invariant(
        $"[Conv(480, Kernel = 1)] [DepthwiseConv(Name = \"map{block}\")] {Excite(Invariant($"map{block}"), 480, squeezed)}[Conv(80, Kernel = 1, {Linear})]");

    private static string Early(string function) =>
        $"[Conv(16, Stride = 2)] [Conv(64, Kernel = 1, Activation = Activation.{function})] [DepthwiseConv(Stride = 2, Activation = Activation.{function})] [Conv(24, Kernel = 1, {Linear})] "
        + $"[Conv(72, Kernel = 1, Activation = Activation.{function})] [DepthwiseConv(Activation = Activation.{function})] [Conv(24, Kernel = 1, {Linear})]";

    private static string Shuffle(string tail) =>
        "[Conv(24, Stride = 2)] [MaxPool(Kernel = 3, Stride = 2, Padding = 1)] [ShuffleUnitV2(116, stride: 2, Repeat = 4)] [ShuffleUnitV2(232, stride: 2, Repeat = 8)] [ShuffleUnitV2(464, stride: 2, Repeat = 4)] " + tail + " [Dense(1000)]";
}
