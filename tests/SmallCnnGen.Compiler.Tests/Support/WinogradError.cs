using System;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// The rule for what Winograd's method may add to rounding errors. An output is a sum over the positions (p, q) of a tile,
/// A(r,p) A(s,q) sum_c U(p,q,c) V(p,q,c), with U = G g Gt and V = Bt d B. With |U| at most max|G(p)| max|G(q)| sum|g| and |V|
/// at most |B(p)|1 |B(q)|1 max|d|, the sum of absolute values is at most growth * sum|g| * max|d|, where growth is the
/// square of max over r of sum_p |A(r,p)| |B(p)|1 max|G(p)|: 16 for F(2x2), 204 for F(4x4). Every term passes the channels'
/// sum and at most 20 further roundings (a weight, two passes of each transform). That is the worst case, in which the
/// rounding errors of all positions have the worst sign. With random signs the sum grows like the square root, which is what
/// is allowed here: 4 and 14 times; the largest errors seen are a hundredth of it.
/// </summary>
internal static class WinogradError
{
    /// <summary>Roundings beside those of the sum over input channels.</summary>
    public const int TransformRoundings = 20;

    /// <summary>
    /// The largest tile that may be used for a convolution, 0 when it must be computed directly. From what is documented
    /// (src/docs/language.md, decisions/0005-winograd.md), not from the compiler's choice: one that took the method where it
    /// must not would otherwise be allowed its error too.
    /// </summary>
    public static int Tile(NetworkOptions options, Node node)
    {
        if (node.Op is not ConvOp { Groups: 1, IsDense: false, Window: var w } || options.Winograd == WinogradUse.Never)
            return 0;
        int[] pads = [w.Padding.Top, w.Padding.Left, w.Padding.Bottom, w.Padding.Right];
        bool isPlain = w.Kernel == new Pair(3, 3) && w.Stride == new Pair(1, 1) && w.Dilation == new Pair(1, 1);
        return !isPlain || pads.Max() > 2 ? 0 : options.Winograd == WinogradUse.Tiles2 ? 2 : 4;
    }

    /// <summary>How much larger the sum of absolute values becomes.</summary>
    /// <param name="tile">Outputs of a tile in each direction.</param>
    public static double Growth(int tile)
    {
        (double[][] bt, double[][] g, double[][] at) = Matrices(tile);
        double growth = at.Max(row => row.Select((a, p) => Math.Abs(a) * bt[p].Sum(Math.Abs) * g[p].Max(Math.Abs)).Sum());
        return growth * growth;
    }

    /// <summary>What tests allow for it.</summary>
    /// <param name="tile">Outputs of a tile in each direction.</param>
    public static double Allowed(int tile) => Math.Sqrt(Growth(tile));

    /// <summary>The textbook matrices for the points the kernels use.</summary>
    public static (double[][] Bt, double[][] G, double[][] At) Matrices(int tile)
    {
        if (tile == 2)
        {
            return (
                [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]],
                [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]],
                [[1, 1, 1, 0], [0, 1, -1, 1]]);
        }

        const double A = 5 / 8.0, B = 3 / 2.0, A2 = A * A, B2 = B * B;
        double[] Row(double x, double other) => [1 / (2 * x * x * ((x * x) - other)), 1 / (2 * x * ((x * x) - other)), 1 / (2 * ((x * x) - other))];
        return (
            [
                [A2 * B2, 0, -(A2 + B2), 0, 1, 0],
                [0, -A * B2, -B2, A, 1, 0],
                [0, A * B2, -B2, -A, 1, 0],
                [0, -B * A2, -A2, B, 1, 0],
                [0, B * A2, -A2, -B, 1, 0],
                [0, A2 * B2, 0, -(A2 + B2), 0, 1],
            ],
            [[1 / (A2 * B2), 0, 0], Row(A, B2), Row(-A, B2), Row(B, A2), Row(-B, A2), [0, 0, 1]],
            [[1, 1, 1, 1, 1, 0], [0, A, -A, B, -B, 0], [0, A2, A2, B2, B2, 0], [0, A * A2, -A * A2, B * B2, -B * B2, 1]]);
    }
}
