using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace SmallCnnGen.Compare;

/// <summary>A bar plot: for each network its time as a multiple of the limit, ours above the rival's.</summary>
internal static class SvgPlot
{
    private const int LabelWidth = 190, PlotWidth = 560, ValueWidth = 60, Top = 64, Bar = 11, Gap = 12, Bottom = 40;
    private const string OursColour = "#1f77b4", TheirsColour = "#c7c7c7", LimitColour = "#d62728";

    /// <summary>Draws results.</summary>
    /// <param name="results">Results in the order of the plot.</param>
    /// <param name="title">First line.</param>
    /// <param name="rival">The rival's name, or null without one.</param>
    public static string Draw(IReadOnlyList<Result> results, string title, string? rival)
    {
        int bars = rival is null ? 1 : 2;
        int row = (bars * Bar) + Gap;
        int height = Top + (results.Count * row) + Bottom, width = LabelWidth + PlotWidth + ValueWidth;
        double most = results.SelectMany(r => new[] { r.OursToLimit, r.TheirsToLimit }).Where(double.IsFinite).Append(1.2).Max() * 1.02;
        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
        Line($"<text x=\"10\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{WebUtility.HtmlEncode(title)}</text>");
        Line($"<rect x=\"10\" y=\"32\" width=\"12\" height=\"12\" fill=\"{OursColour}\"/><text x=\"27\" y=\"42\">SmallCnnGen</text>");
        if (rival is not null)
            Line($"<rect x=\"130\" y=\"32\" width=\"12\" height=\"12\" fill=\"{TheirsColour}\"/><text x=\"147\" y=\"42\">{WebUtility.HtmlEncode(rival)}</text>");
        int bottom = height - Bottom + 4;
        for (double tick = 0; tick <= most; tick += most > 6 ? 1 : 0.5)
        {
            bool isLimit = tick == 1;
            Line($"<line x1=\"{X(tick):F1}\" y1=\"{Top - 8}\" x2=\"{X(tick):F1}\" y2=\"{bottom}\" stroke=\"{(isLimit ? LimitColour : "#e5e5e5")}\"/>");
            Line($"<text x=\"{X(tick):F1}\" y=\"{bottom + 14}\" text-anchor=\"middle\">{tick:0.#}</text>");
        }

        Line($"<text x=\"{LabelWidth + (PlotWidth / 2)}\" y=\"{bottom + 30}\" text-anchor=\"middle\">time / limit (red: 2 x multiply-adds at this core's FMA peak)</text>");
        int y = Top;
        foreach (Result result in results)
        {
            Line($"<text x=\"{LabelWidth - 8}\" y=\"{y + (bars * Bar / 2) + 4}\" text-anchor=\"end\">{WebUtility.HtmlEncode(result.Name)}{result.Mark}</text>");
            DrawBar(result.OursToLimit, OursColour, y);
            if (rival is not null)
                DrawBar(result.TheirsToLimit, TheirsColour, y + Bar);
            y += row;
        }

        Line($"</svg>");
        return svg.ToString();

        void DrawBar(double value, string colour, int top)
        {
            if (!double.IsFinite(value))
                return;
            Line($"<rect x=\"{LabelWidth}\" y=\"{top}\" width=\"{X(value) - LabelWidth:F1}\" height=\"{Bar - 1}\" fill=\"{colour}\"/>");
            Line($"<text x=\"{X(value) + 4:F1}\" y=\"{top + Bar - 2}\" font-size=\"10\">{value:F2}</text>");
        }

        double X(double value) => LabelWidth + (PlotWidth * value / most);

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
