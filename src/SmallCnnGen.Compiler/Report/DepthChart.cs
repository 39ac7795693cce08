using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Report;

/// <summary>Three panels over one axis, the steps of a run: multiply-adds, bytes, live memory.</summary>
internal static class DepthChart
{
    private const double Width = 1000;
    private const double Left = 66;
    private const double Right = 14;
    private const double PanelHeight = 128;
    private const double PanelGap = 44;
    private const double Top = 42;
    private const double Bottom = 40;
    private const int MostBands = 40;

    /// <summary>Draws the panels.</summary>
    public static string Draw(NetworkReport report)
    {
        IReadOnlyList<ReportStep> steps = report.Steps;
        double height = Top + (3 * PanelHeight) + (2 * PanelGap) + Bottom;
        var svg = new Svg(Width, height, "Multiply-adds, bytes and live memory of each step");
        double step = (Width - Left - Right) / Math.Max(1, steps.Count);
        double gap = Math.Min(2, step * 0.15);
        double X(double index) => Left + (index * step);

        double end = height - Bottom;
        Bands(svg, steps, X, end);

        // Multiply-adds.
        double top = Top;
        Func<double, double> y = Panel(svg, "Multiply-adds", steps.Max(s => (double)s.MultiplyAdds), Html.Tick, top, false);
        foreach (ReportStep s in steps)
        {
            double at = y(s.MultiplyAdds);
            svg.Rect(X(s.Index) + gap / 2, at, step - gap, top + PanelHeight - at, "compute", Title(report, s));
        }

        // Bytes, stacked.
        top += PanelHeight + PanelGap;
        y = Panel(svg, "Bytes touched", steps.Max(s => (double)s.Bytes), Html.ByteTick, top, true);
        Legend(svg, top, ("weights", "weights"), ("read", "maps read"), ("written", "map written"));
        foreach (ReportStep s in steps)
        {
            double sum = 0;
            foreach ((string style, long bytes) in new[] { ("written", s.WrittenBytes), ("read", s.ReadBytes), ("weights", s.WeightBytes) })
            {
                if (bytes == 0)
                    continue;
                double from = y(sum), to = y(sum + bytes);
                sum += bytes;
                svg.Rect(X(s.Index) + gap / 2, to, step - gap, from - to, style, Title(report, s));
            }
        }

        // Live memory.
        top += PanelHeight + PanelGap;
        y = Panel(svg, "Arena in use", report.ArenaBytes, Html.ByteTick, top, true);
        double ground = top + PanelHeight;
        var outline = new List<(double, double)> { (X(0), ground) };
        foreach (ReportStep s in steps)
        {
            outline.Add((X(s.Index), y(s.LiveBytes)));
            outline.Add((X(s.Index + 1), y(s.LiveBytes)));
        }

        outline.Add((X(steps.Count), ground));
        svg.Path(outline, "live", closed: true);
        svg.Line(Left, y(report.ArenaBytes), Width - Right, y(report.ArenaBytes), "limit");
        svg.Label(Width - Right, y(report.ArenaBytes) - 5, "arena " + Html.Bytes(report.ArenaBytes), "end small");
        foreach (ReportStep s in steps)
            svg.Rect(X(s.Index), top, step, PanelHeight, "hover", s.Name + ": " + Html.Bytes(s.LiveBytes) + " in use");

        foreach (int number in Scale.Numbers(steps.Count))
            svg.Label(X(number - 0.5), ground + 16, Html.Format(number, "0"), "middle small");
        svg.Label(Left + ((Width - Left - Right) / 2), height - 6, "step", "middle small");
        return svg.ToString();
    }

    private static string Title(NetworkReport report, ReportStep s)
    {
        string share = report.MultiplyAdds > 0 ? $" ({Html.Percent((double)s.MultiplyAdds / report.MultiplyAdds)})" : string.Empty;
        return $"{s.Index + 1}. {s.Name}{(s.IsCopy ? " (copy)" : string.Empty)}: {s.Layer.Op} {s.Layer.Window}, {s.Layer.Input} to {s.Layer.Output}; "
            + $"{Html.Count(s.MultiplyAdds)} multiply-adds{share}; {Html.Bytes(s.ReadBytes)} read, {Html.Bytes(s.WrittenBytes)} written, {Html.Bytes(s.WeightBytes)} of weights";
    }

    /// <summary>Draws title, grid and axis of a panel; gives the position of a value.</summary>
    private static Func<double, double> Panel(Svg svg, string title, double max, Func<double, string> format, double top, bool isBytes)
    {
        double unit = Scale.Nice(max, 3, isBytes);
        double ceiling = Math.Max(unit, Math.Ceiling(max / unit) * unit);
        double Y(double value) => top + PanelHeight - (value / ceiling * PanelHeight);
        svg.Label(Left, top - 9, title, "head");
        for (double value = 0; value <= ceiling * 1.0001; value += unit)
        {
            svg.Line(Left, Y(value), Width - Right, Y(value), value == 0 ? "axis" : "grid");
            svg.Label(Left - 7, Y(value) + 4, format(value), "end small");
        }

        return Y;
    }

    private static void Legend(Svg svg, double top, params (string Style, string Text)[] entries)
    {
        double x = Left + 130;
        foreach ((string style, string text) in entries)
        {
            svg.Rect(x, top - 18, 10, 10, style);
            svg.Label(x + 15, top - 9, text, "small");
            x += 30 + (text.Length * 6.6);
        }
    }

    /// <summary>
    /// Stretches of one map size, behind everything: they are the stages of a network. Not where they change all the time,
    /// as they do with a squeeze-and-excitation in every block.
    /// </summary>
    private static void Bands(Svg svg, IReadOnlyList<ReportStep> steps, Func<double, double> x, double bottom)
    {
        var stretches = new List<(TensorShape Shape, int First, int Next)>();
        foreach (ReportStep step in steps)
        {
            TensorShape shape = step.Layer.Output with { Channels = 0 };
            if (stretches.Count > 0 && stretches[stretches.Count - 1].Shape == shape)
                stretches[stretches.Count - 1] = (shape, stretches[stretches.Count - 1].First, step.Index + 1);
            else
                stretches.Add((shape, step.Index, step.Index + 1));
        }

        if (stretches.Count > MostBands)
            return;
        for (int i = 0; i < stretches.Count; i++)
        {
            (TensorShape shape, int first, int next) = stretches[i];
            double width = x(next) - x(first);
            if (i % 2 == 1)
                svg.Rect(x(first), 4, width, bottom - 4, "band");
            string label = FormattableString.Invariant($"{shape.Height}x{shape.Width}");
            if (width > (label.Length * 6.2) + 4)
                svg.Label(x(first) + (width / 2), 16, label, "middle small");
        }
    }
}
