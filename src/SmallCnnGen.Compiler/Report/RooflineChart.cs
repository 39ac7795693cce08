using System;
using System.Linq;

namespace SmallCnnGen.Compiler.Report;

/// <summary>Where each step lies under the roofs: operations a cycle over operations a byte, both on logarithmic axes.</summary>
internal static class RooflineChart
{
    private const double Width = 620;
    private const double Height = 380;
    private const double Left = 58;
    private const double Right = 16;
    private const double Top = 22;
    private const double Bottom = 46;

    /// <summary>Draws the plot.</summary>
    public static string Draw(NetworkReport report)
    {
        Roofline roofline = report.Roofline;
        ReportStep[] working = report.Steps.Where(s => s.MultiplyAdds > 0).ToArray();
        double least = working.Select(Roofline.Intensity).DefaultIfEmpty(1).Min();
        double most = working.Select(Roofline.Intensity).DefaultIfEmpty(1).Max();
        double left = Decade(Math.Min(0.9, least), up: false), right = Decade(Math.Max(99, most), up: true);
        double bottom = Decade(working.Select(roofline.Attainable).DefaultIfEmpty(1).Min() * 0.9, up: false), top = roofline.PeakPerCycle * 3;
        double X(double intensity) => Left + ((Math.Log10(intensity) - Math.Log10(left)) / (Math.Log10(right) - Math.Log10(left)) * (Width - Left - Right));
        double Y(double rate) => Height - Bottom - ((Math.Log10(rate) - Math.Log10(bottom)) / (Math.Log10(top) - Math.Log10(bottom)) * (Height - Top - Bottom));

        var svg = new Svg(Width, Height, "Roofline: operations a cycle over operations a byte");
        for (double x = left; x <= right * 1.001; x *= 10)
        {
            svg.Line(X(x), Top, X(x), Height - Bottom, "grid");
            svg.Label(X(x), Height - Bottom + 16, Html.Format(x, "0.###"), "middle small");
        }

        for (double decade = bottom; decade <= top; decade *= 10)
        {
            foreach (int factor in new[] { 1, 2, 5 })
            {
                double y = decade * factor;
                if (y > top)
                    continue;
                svg.Line(Left, Y(y), Width - Right, Y(y), "grid");
                svg.Label(Left - 7, Y(y) + 4, Html.Format(y, "0.###"), "end small");
            }
        }

        svg.Label(Left + ((Width - Left - Right) / 2), Height - 8, "operations for each byte touched", "middle small");
        svg.Label(Left, Top - 6, "operations a cycle", "small");

        Roof(Roofline.MemoryBytesPerCycle, "memoryroof", Html.Format(Roofline.MemoryBytesPerCycle, "0") + " B/cycle (memory)");
        Roof(Roofline.CacheBytesPerCycle, "cacheroof", Html.Format(Roofline.CacheBytesPerCycle, "0") + " B/cycle (L2)");
        double ridge = roofline.PeakPerCycle / Roofline.CacheBytesPerCycle;
        svg.Line(X(ridge), Y(roofline.PeakPerCycle), Width - Right, Y(roofline.PeakPerCycle), "computeroof");
        svg.Label(Width - Right, Y(roofline.PeakPerCycle) - 18, Html.Format(roofline.PeakPerCycle, "0") + FormattableString.Invariant($" a cycle ({report.Plan.Bits}-bit multiply-adds)"), "end small");

        // Small ones last, so that none is hidden under a large one.
        foreach (ReportStep s in working.OrderByDescending(s => s.MultiplyAdds).ThenBy(s => s.Index))
        {
            double share = (double)s.MultiplyAdds / report.MultiplyAdds;
            svg.Circle(
                X(Roofline.Intensity(s)),
                Y(roofline.Attainable(s)),
                2.5 + (22 * Math.Sqrt(share)),
                "dot " + Style(roofline.LimitOf(s)),
                $"{s.Index + 1}. {s.Name}: {Html.Format(Roofline.Intensity(s), "0.##")} operations a byte, at best {Html.Format(roofline.Attainable(s), "0.#")} a cycle; {Html.Percent(share)} of the multiply-adds");
        }

        return svg.ToString();

        void Roof(double bytesPerCycle, string style, string label)
        {
            double end = roofline.PeakPerCycle / bytesPerCycle;
            double start = Math.Max(left, bottom / bytesPerCycle);
            svg.Line(X(start), Y(start * bytesPerCycle), X(end), Y(end * bytesPerCycle), style);
            if (X(end) - X(start) < 40)
                return;
            double slope = Math.Atan2(Y(end * bytesPerCycle) - Y(start * bytesPerCycle), X(end) - X(start)) * 180 / Math.PI;
            svg.Label(X(start) + ((X(end) - X(start)) * 0.42), Y(start * bytesPerCycle) + ((Y(end * bytesPerCycle) - Y(start * bytesPerCycle)) * 0.42), label, "middle small", slope, -9);
        }
    }

    /// <summary>Class of what limits a step.</summary>
    public static string Style(Limit limit) => limit switch
    {
        Limit.Compute => "compute",
        Limit.Cache => "cache",
        _ => "memory",
    };

    private static double Decade(double value, bool up) => Math.Pow(10, up ? Math.Ceiling(Math.Log10(value)) : Math.Floor(Math.Log10(value)));
}
