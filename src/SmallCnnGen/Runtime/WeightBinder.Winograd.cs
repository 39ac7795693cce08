using System;
using System.Runtime.CompilerServices;

namespace SmallCnnGen.Runtime;

/// <content>Filters in Winograd's domain.</content>
public sealed unsafe partial class WeightBinder
{
    /// <summary>Floats before the panels are a multiple of this: panels begin on cache lines.</summary>
    private const int BiasAlignment = 16;

    /// <summary>
    /// G of F(2, 3), row by row: a filter of three taps as values at 0, 1, -1 and infinity.
    /// </summary>
    private static ReadOnlySpan<double> Filter2 => [1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1];

    /// <summary>
    /// G of F(4, 3), row by row: values at 0, ±5/8, ±3/2 and infinity, each divided by the product of its point's
    /// differences from the others. The kernels' transforms use the same points.
    /// </summary>
    private static readonly double[] Filter4 = MakeFilter4(5 / 8.0, 3 / 2.0);

    private static double[] MakeFilter4(double a, double b)
    {
        var rows = new double[18];
        rows[0] = 1 / (a * a * b * b);
        double[] points = [a, -a, b, -b];
        for (var i = 0; i < points.Length; i++)
        {
            double x = points[i], other = i < 2 ? b : a;
            var product = 2 * x * x * (x * x - other * other);
            rows[3 * (i + 1)] = 1 / product;
            rows[3 * (i + 1) + 1] = x / product;
            rows[3 * (i + 1) + 2] = x * x / product;
        }

        rows[17] = 1;
        return rows;
    }

    /// <summary>Floats <see cref="Winograd"/> writes.</summary>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="tile">Outputs of a tile in each direction: 2 or 4.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a panel.</param>
    public static long WinogradSize(int outChannels, int inChannels, int tile, int lanes, int vectors)
    {
        RequireConv(outChannels, inChannels, 3, 3, 1, 1, lanes, vectors);
        if (tile is not (2 or 4))
            throw new ArgumentOutOfRangeException(nameof(tile), tile, "Tiles have 2x2 or 4x4 outputs.");
        var panel = checked((long)lanes * vectors);
        var panels = (outChannels + panel - 1) / panel;
        var biases = (outChannels + (long)BiasAlignment - 1) / BiasAlignment * BiasAlignment;
        return checked(biases + (tile + 2) * (tile + 2) * panels * inChannels * panel);
    }

    /// <summary>
    /// Packs a 3x3 convolution for Winograd's method: the biases, filled up to a cache line; then for each position of a
    /// tile and panel of <paramref name="lanes"/> * <paramref name="vectors"/> output channels, for each input channel,
    /// the panel's transformed weights. Last panels and vectors overlap earlier channels as in <see cref="Conv"/>.
    /// </summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="weight">Tensor [outChannels, inChannels, 3, 3].</param>
    /// <param name="bias">Bias tensor, or null.</param>
    /// <param name="norm">Path of the batch normalisation to fold, or null.</param>
    /// <param name="epsilon">Its epsilon.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="tile">Outputs of a tile in each direction: 2 or 4.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a panel.</param>
    public void Winograd(
        int offset, string weight, string? bias, string? norm, double epsilon, int outChannels, int inChannels, int tile, int lanes, int vectors)
    {
        var size = WinogradSize(outChannels, inChannels, tile, lanes, vectors);
        var packed = Region(offset, size, weight, norm);
        var weights = Floats(weight, (long)outChannels * inChannels * 9);
        Fold(bias, norm, epsilon, outChannels);
        for (var channel = 0; channel < outChannels; channel++)
            packed[channel] = (float)_shift[channel];

        var edge = tile + 2;
        var panelWidth = lanes * vectors;
        var panels = (outChannels + panelWidth - 1) / panelWidth;
        var body = packed[((outChannels + BiasAlignment - 1) / BiasAlignment * BiasAlignment)..];
        var stride = checked(panels * inChannels * panelWidth);
        var filter = tile == 2 ? Filter2 : Filter4;
        for (var panel = 0; panel < panels; panel++)
        {
            var first = Math.Min(panel * panelWidth, Math.Max(0, outChannels - panelWidth));
            for (var column = 0; column < panelWidth; column++)
            {
                var channel = Math.Min(first + column / lanes * lanes, outChannels - lanes) + column % lanes;
                TransformFilters(
                    weights.Slice(channel * inChannels * 9, inChannels * 9), _scale[channel], filter, edge,
                    body[(panel * inChannels * panelWidth + column)..], panelWidth, stride);
            }
        }
    }

    /// <summary>
    /// target[(row * edge + column) * stride + input * step] = (G g Gᵀ)[row, column] of each input's filter g, in double,
    /// rounded once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformFilters(
        ReadOnlySpan<float> filters, double scale, ReadOnlySpan<double> g, int edge, Span<float> target, int step, int stride)
    {
        Span<double> rows = stackalloc double[6 * 3];
        for (var input = 0; input < filters.Length / 9; input++)
        {
            var taps = filters.Slice(input * 9, 9);
            for (var y = 0; y < edge; y++)
            {
                double g0 = g[3 * y] * scale, g1 = g[3 * y + 1] * scale, g2 = g[3 * y + 2] * scale;
                rows[3 * y] = g0 * taps[0] + g1 * taps[3] + g2 * taps[6];
                rows[3 * y + 1] = g0 * taps[1] + g1 * taps[4] + g2 * taps[7];
                rows[3 * y + 2] = g0 * taps[2] + g1 * taps[5] + g2 * taps[8];
            }

            var at = input * step;
            for (var y = 0; y < edge; y++)
            {
                for (var x = 0; x < edge; x++)
                {
                    target[at] = (float)(rows[3 * y] * g[3 * x] + rows[3 * y + 1] * g[3 * x + 1] + rows[3 * y + 2] * g[3 * x + 2]);
                    at += stride;
                }
            }
        }
    }
}
