using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SmallCnnGen.Compiler.Report;

/// <summary>Writes SVG elements; colours come from the page's style by class.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    /// <summary>Starts a drawing that grows with the page.</summary>
    public Svg(double width, double height, string label)
    {
        _text.Append(FormattableString.Invariant($"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Html.Text(label)}\">\n"));
    }

    /// <summary>A rectangle with a text for pointers.</summary>
    public void Rect(double x, double y, double width, double height, string style, string? title = null)
    {
        _text.Append($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0, width))}\" height=\"{Number(Math.Max(0, height))}\"");
        Close("rect", title);
    }

    /// <summary>A circle with a text for pointers.</summary>
    public void Circle(double x, double y, double radius, string style, string title)
    {
        _text.Append($"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"");
        Close("circle", title);
    }

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _text.Append($"<line class=\"{style}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>\n");

    /// <summary>A line through points, or the area they enclose.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string style, bool closed = false)
    {
        _text.Append($"<path class=\"{style}\" d=\"");
        char command = 'M';
        foreach (var (x, y) in points)
        {
            _text.Append(command).Append(Number(x)).Append(' ').Append(Number(y));
            command = 'L';
        }

        _text.Append(closed ? "Z\"/>\n" : "\"/>\n");
    }

    /// <summary>A text.</summary>
    /// <param name="x">Anchor.</param>
    /// <param name="y">Base line.</param>
    /// <param name="text">Text.</param>
    /// <param name="style">Classes; "end" and "middle" set the anchor.</param>
    /// <param name="angle">Degrees it is turned by about its anchor, clockwise.</param>
    /// <param name="rise">Distance below the anchor once turned.</param>
    public void Label(double x, double y, string text, string style = "", double angle = 0, double rise = 0)
    {
        string turn = angle == 0 ? string.Empty : $" transform=\"rotate({Number(angle)} {Number(x)} {Number(y)})\"";
        _text.Append($"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y + rise)}\"{turn}>{Html.Text(text)}</text>\n");
    }

    /// <summary>The drawing.</summary>
    public override string ToString() => _text + "</svg>\n";

    private static string Number(double value)
    {
        // Hundredths of a pixel: finer only makes the page larger, and -0 is a zero.
        double rounded = Math.Round(value * 100, MidpointRounding.AwayFromZero) / 100 + 0.0;
        return rounded.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private void Close(string element, string? title) =>
        _text.Append(title is null ? "/>\n" : $"><title>{Html.Text(title)}</title></{element}>\n");
}
