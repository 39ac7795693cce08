using System;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels.Convolution;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Kernels.Winograd;

/// <summary>
/// Says which convolutions are worth Winograd's method, and with which tile: a model of the core in cycles, checked against
/// measurements (src/docs/decisions/0005-winograd.md).
/// </summary>
/// <remarks>
/// Two multiply-adds of whole vectors a cycle. The direct method is taken at its nominal count: what it saves at the edges it
/// loses in uneven tiles. Winograd's products pay for every register tile's start and end; transforms move every position of
/// a tile through the caches. Weights come once from beyond the second-level cache, and whichever takes longer, they or the
/// arithmetic, counts.
/// The choice does not depend on the vector width: an infinite or NaN pixel, and values near the largest float, come out of
/// Winograd's method at other outputs than of the direct one, and must not do so on one processor and not on another.
/// </remarks>
public static class WinogradChoice
{
    /// <summary>Widest padding the kernel handles.</summary>
    private const int MaxPadding = 2;

    /// <summary>Winograd must need less than this share of the direct method's cycles: it rounds more and takes more memory.</summary>
    private const double Margin = 0.9;

    /// <summary>Bytes of weights that arrive in a cycle: between what the third-level cache and memory gave.</summary>
    private const double WeightBytesPerCycle = 7;

    /// <summary>Cycles to clear and store an accumulator.</summary>
    private const double AccumulatorCycles = 1.5;

    /// <summary>Every width that kernels have.</summary>
    private static readonly int[] Widths = { 128, 256, 512 };

    /// <summary>
    /// Outputs of a tile in each direction, 2 or 4; 0 for the direct method. Decided by the mean over all widths of what the
    /// method takes of the direct one's time.
    /// </summary>
    /// <param name="use">What is asked for.</param>
    /// <param name="conv">The convolution.</param>
    /// <param name="x">Its input.</param>
    /// <param name="y">Its output.</param>
    /// <param name="isScattered">Whether the input's channels do not lie side by side.</param>
    public static int Tile(WinogradUse use, ConvOp conv, TensorRef x, TensorRef y, bool isScattered)
    {
        if (use == WinogradUse.Never || isScattered || !IsPossible(conv))
            return 0;
        if (use is WinogradUse.Tiles2 or WinogradUse.Tiles4)
            return use == WinogradUse.Tiles2 ? 2 : 4;
        double small = 0, large = 0;
        foreach (int bits in Widths)
        {
            double direct = DirectCycles(bits, x, y);
            small += Cycles(bits, 2, x, y) / direct;
            large += Cycles(bits, 4, x, y) / direct;
        }

        return Math.Min(small, large) >= Margin * Widths.Length ? 0 : large < small ? 4 : 2;
    }

    /// <summary>Cycles of the direct method.</summary>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public static double DirectCycles(int bits, TensorRef x, TensorRef y)
    {
        int lanes = Vec.For(bits, y.Channels).Lanes;
        double arithmetic = 9.0 * y.Pixels * x.Channels * Vectors(y.Channels, lanes) / 2;
        return Math.Max(arithmetic, 9.0 * x.Channels * y.Channels * sizeof(float) / WeightBytesPerCycle);
    }

    /// <summary>Cycles of Winograd's method.</summary>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="tile">Outputs of a tile in each direction.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public static double Cycles(int bits, int tile, TensorRef x, TensorRef y)
    {
        Parts all = PartsOf(bits, tile, x, y);
        return Math.Max(all.Products, all.Weights) + all.Input + all.Output;
    }

    private static Parts PartsOf(int bits, int tile, TensorRef x, TensorRef y)
    {
        int lanes = Vec.For(bits, y.Channels).Lanes, inLanes = Vec.For(bits, x.Channels).Lanes;
        int rows = (y.Height + tile - 1) / tile, columns = (y.Width + tile - 1) / tile, positions = (tile + 2) * (tile + 2);
        WinogradStrip strip = WinogradStrip.Choose(rows, columns, positions, x.Channels, y.Channels);
        TileChoice register = TileChoice.Pick(bits, lanes, y.Channels, strip.Tiles);
        int panels = (Vectors(y.Channels, lanes) + register.Vectors - 1) / register.Vectors;
        Balance split = Balance.Of(strip.Tiles, register.Rows);
        double strips = (double)rows * columns / strip.Tiles;
        double products = positions * panels * strips * ((split.BigCount * Step(split.Big)) + (split.SmallCount * Step(split.Small)));
        double weights = (double)positions * x.Channels * y.Channels * sizeof(float) / WeightBytesPerCycle;

        // A position of a tile is written to and read from the second-level cache: a whole cache line at 512 bits.
        double vector = (double)rows * columns * positions * (3 + (bits / 128));
        return new Parts(products, weights, vector * Vectors(x.Channels, inLanes), vector * Vectors(y.Channels, lanes));

        double Step(int count) =>
            (x.Channels * Math.Max(4, Math.Max(count * register.Vectors, count + register.Vectors) / 2.0)) + (count * register.Vectors * AccumulatorCycles);
    }

    /// <summary>
    /// Whether two threads take less time when they share the output channels (each reads half of the weights and transforms
    /// the whole input) than when they share the tiles (each transforms half and reads all weights).
    /// </summary>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="tile">Outputs of a tile in each direction.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="panels">Panels of output channels.</param>
    /// <param name="groups">Groups of tiles.</param>
    public static bool SharesChannels(int bits, int tile, TensorRef x, TensorRef y, int panels, int groups)
    {
        Parts all = PartsOf(bits, tile, x, y);
        double byChannels = Math.Max(all.Products * Half(panels), all.Weights / 2) + all.Input + (all.Output / 2);
        double byTiles = Math.Max(all.Products * Half(groups), all.Weights) + ((all.Input + all.Output) / 2);
        return byChannels < byTiles;

        static double Half(int units) => (units + 1) / 2 / (double)units;
    }

    private static int Vectors(int channels, int lanes) => (channels + lanes - 1) / lanes;

    private static bool IsPossible(ConvOp conv)
    {
        Window w = conv.Window;
        Sides pad = w.Padding;
        return conv.Groups == 1 && !conv.IsDense && w.Kernel == new Pair(3, 3) && w.Stride == new Pair(1, 1) && w.Dilation == new Pair(1, 1)
            && Math.Max(Math.Max(pad.Top, pad.Bottom), Math.Max(pad.Left, pad.Right)) <= MaxPadding
            && Math.Min(Math.Min(pad.Top, pad.Bottom), Math.Min(pad.Left, pad.Right)) >= 0;
    }

    /// <summary>Cycles by what they are spent on.</summary>
    /// <param name="Products">The matrix products, if their weights are near.</param>
    /// <param name="Weights">Reading the weights, meanwhile.</param>
    /// <param name="Input">The input transform.</param>
    /// <param name="Output">The output transform.</param>
    private readonly record struct Parts(double Products, double Weights, double Input, double Output);
}
