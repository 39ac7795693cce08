using System;
using System.Linq;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Report;

/// <summary>The arena as a map: steps to the right, addresses upwards, a box for each region while it is in use.</summary>
internal static class ArenaMap
{
    private const double Width = 1000;
    private const double Height = 300;
    private const double Left = 66;
    private const double Right = 14;
    private const double Top = 22;
    private const double Bottom = 38;

    /// <summary>Draws the map.</summary>
    public static string Draw(NetworkReport report)
    {
        int steps = Math.Max(1, report.Steps.Count);
        double bytes = Math.Max(1, report.ArenaBytes);
        double unit = Scale.Nice(bytes, 4, isBytes: true);
        double X(double step) => Left + (step / steps * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / bytes * (Height - Top - Bottom));

        var svg = new Svg(Width, Height, "Arena: which region is in use at which step");
        for (double value = 0; value <= bytes; value += unit)
        {
            svg.Line(Left, Y(value), Width - Right, Y(value), value == 0 ? "axis" : "grid");
            svg.Label(Left - 7, Y(value) + 4, Html.ByteTick(value), "end small");
        }

        // Neighbours in time get different shades, so that boxes that touch can be told apart.
        int shade = 0;
        foreach (ArenaRegion region in report.Plan.Regions.OrderBy(r => r.FirstStep).ThenBy(r => r.Offset))
        {
            double from = (double)region.Offset * sizeof(float), to = from + ((double)region.Length * sizeof(float));
            double width = X(region.LastStep + 1) - X(region.FirstStep), height = Y(from) - Y(to);
            svg.Rect(X(region.FirstStep), Y(to), width, height, "region shade" + Html.Format(shade++ % 3, "0"),
                FormattableString.Invariant($"{region.Name}: {Html.Bytes(to - from)} at {Html.Bytes(from)}, steps {region.FirstStep + 1} to {region.LastStep + 1}"));
            if (width > (region.Name.Length * 6.2) + 8 && height > 15)
                svg.Label(X(region.FirstStep) + (width / 2), ((Y(from) + Y(to)) / 2) + 4, region.Name, "middle small on");
        }

        if (report.ArenaBytes > 0)
        {
            svg.Line(Left, Y(report.ArenaBoundBytes), Width - Right, Y(report.ArenaBoundBytes), "limit");
            svg.Label(Width - Right, Y(report.ArenaBoundBytes) - 5, "lower bound " + Html.Bytes(report.ArenaBoundBytes), "end small");
        }

        foreach (int number in Scale.Numbers(report.Steps.Count))
            svg.Label(X(number - 0.5), Height - Bottom + 16, Html.Format(number, "0"), "middle small");
        svg.Label(Left + ((Width - Left - Right) / 2), Height - 4, "step", "middle small");
        return svg.ToString();
    }
}
