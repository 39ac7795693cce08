namespace Glyphs.Png;

/// <summary>A picture in 8-bit grey, row by row.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">One byte a pixel: 0 is black, 255 white.</param>
/// <param name="Source">What the file held, for people ("8-bit colour").</param>
/// <param name="Converted">Whether the file held anything but 8-bit grey.</param>
internal sealed record GreyImage(int Width, int Height, byte[] Pixels, string Source, bool Converted);
