using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Acceptance;

/// <summary>Compares results with what the kit says. Works in double so that the oracle and float kernels share it.</summary>
/// <param name="kit">The case.</param>
/// <param name="tolerance">Allowed error of an output.</param>
/// <param name="sameNames">Whether tensors inside have the kit's names; the Zoo has its own, and only outputs are compared.</param>
/// <param name="whole">
/// The whole output, NCHW, where the kit gives samples of it only; null to compare just these. ENet's lie in every 64th column:
/// of its last layer, whose stride is 2, the odd columns would never be seen.
/// </param>
internal sealed class Comparison(KitCase kit, double tolerance, bool sameNames, Func<double[]>? whole = null)
{
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<string, KitIntermediate> _intermediates = (sameNames ? kit.Intermediates : []).DistinctBy(i => i.Name).ToDictionary(i => i.Name);

    /// <summary>Largest error of the output, as a fraction of the tolerance.</summary>
    public double ErrorFraction { get; private set; }

    public bool Wants(string name) => _intermediates.ContainsKey(name);

    public void Problem(string text) => _problems.Add(text);

    /// <summary>Compares the whole output, NCHW.</summary>
    public void Output(ReadOnlySpan<double> nchw)
    {
        long length = kit.OutputShape.Aggregate(1L, (n, d) => n * d);
        if (nchw.Length != length)
        {
            Problem(Text($"the output has {nchw.Length} elements, not {length}"));
            return;
        }

        Compare(nchw, Array.ConvertAll(kit.Expected, v => (double)v), kit.Start, kit.Step, "outputs");
        if (kit.Step > 1 && whole is not null)
            Compare(nchw, whole(), 0, 1, "outputs of the double-precision interpreter");

        int best = 0;
        double squares = 0;
        for (int i = 0; i < nchw.Length; i++)
        {
            if (!double.IsFinite(nchw[i]))
            {
                Problem(Text($"output {Position(i)} is {nchw[i]}"));
                return;
            }

            squares += nchw[i] * nchw[i];
            if (nchw[i] > nchw[best])
                best = i;
        }

        // Two outputs closer than both errors together may swap.
        if (kit.ArgMax >= 0 && kit.Top2Margin > 2 * tolerance && best != kit.ArgMax)
            Problem(Text($"the largest output is number {best}, expected {kit.ArgMax}"));
        if (!double.IsNaN(kit.L2) && !(Math.Abs(Math.Sqrt(squares) - kit.L2) <= tolerance * Math.Sqrt(nchw.Length)))
            Problem(Text($"the output's norm is {Math.Sqrt(squares):G9}, expected {kit.L2:G9}"));
    }

    private void Compare(ReadOnlySpan<double> nchw, double[] expected, int start, int step, string what)
    {
        int wrong = 0;
        string? first = null;
        for (int i = 0; i < expected.Length; i++)
        {
            int at = start + (i * step);
            double error = Math.Abs(nchw[at] - expected[i]);
            if (!(error <= tolerance))
            {
                wrong++;
                first ??= Text($"first at {Position(at)}: {nchw[at]:G9}, expected {expected[i]:G9}");
            }

            // A tolerance of 0 (an output of zeros) allows only equality.
            double fraction = error == 0 ? 0 : error / tolerance;
            ErrorFraction = double.IsNaN(fraction) ? double.PositiveInfinity : Math.Max(ErrorFraction, fraction);
        }

        if (wrong > 0)
            Problem(Text($"{wrong} of {expected.Length} {what} are off by more than {tolerance:G3} (largest: {ErrorFraction:G3} x), {first}"));
    }

    /// <summary>Compares a tensor inside, HWC.</summary>
    public void Intermediate(string name, int height, int width, int channels, ReadOnlySpan<double> hwc)
    {
        if (!_intermediates.TryGetValue(name, out KitIntermediate? expected))
            return;
        _seen.Add(name);
        if (KitCase.ImageShape(expected.Shape) != (height, width, channels))
        {
            Problem(Text($"tensor '{name}' is {height}x{width}x{channels}, expected NCHW {string.Join("x", expected.Shape)}"));
            return;
        }

        var nchw = new double[hwc.Length];
        KitCase.FromHwc(hwc, [1, channels, height, width], 0, nchw.AsSpan());
        double squares = 0, sum = 0;
        foreach (double v in nchw)
        {
            squares += v * v;
            sum += v;
        }

        // The kit: compare l2 to 1e-4 of itself. An error vector that small moves the sum by at most
        // sqrt(n) * 1e-4 * l2 (Cauchy-Schwarz) and, spread evenly, an element by 1e-4 of the root mean square.
        const double Relative = 1e-4;
        double l2 = Math.Sqrt(squares), rms = expected.L2 / Math.Sqrt(nchw.Length);
        if (!(Math.Abs(l2 - expected.L2) <= Relative * expected.L2))
            Problem(Text($"tensor '{name}': l2 {l2:G9}, expected {expected.L2:G9}"));
        if (!(Math.Abs(sum - expected.Sum) <= Relative * expected.L2 * Math.Sqrt(nchw.Length)))
            Problem(Text($"tensor '{name}': sum {sum:G9}, expected {expected.Sum:G9}"));
        for (int i = 0; i < Math.Min(expected.First.Length, nchw.Length); i++)
        {
            if (!(Math.Abs(nchw[i] - expected.First[i]) <= Relative * (rms + Math.Abs(expected.First[i]))))
            {
                Problem(Text($"tensor '{name}': element {i} (NCHW) is {nchw[i]:G9}, expected {expected.First[i]:G9}"));
                break;
            }
        }
    }

    /// <summary>The verdict on everything compared.</summary>
    public Outcome Finish(string detail)
    {
        int hidden = _intermediates.Count - _seen.Count;
        if (_intermediates.Count > 0 && _seen.Count == 0)
            Problem(Text($"none of the kit's {_intermediates.Count} tensors inside was observed"));
        string numbers = Text($"error {ErrorFraction:G3} of tolerance {tolerance:G2}");
        if (_intermediates.Count > 0)
            numbers += Text($", intermediates {_seen.Count}/{_intermediates.Count}{(hidden > 0 ? " (" + hidden + " not observable)" : string.Empty)}");
        return _problems.Count == 0
            ? new Outcome(Verdict.Passed, numbers + detail, ErrorFraction, _seen.Count, hidden)
            : new Outcome(Verdict.Failed, string.Join("; ", _problems.Take(4)) + (_problems.Count > 4 ? Text($"; and {_problems.Count - 4} more") : string.Empty), ErrorFraction, _seen.Count, hidden);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Position(int nchw)
    {
        (int h, int w, int c) = KitCase.ImageShape(kit.OutputShape);
        int image = nchw / (h * w * c), rest = nchw % (h * w * c);
        return Text($"[image {image}, channel {rest / (h * w)}, row {rest % (h * w) / w}, column {rest % w}]");
    }
}
