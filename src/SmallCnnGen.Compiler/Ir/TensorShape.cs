using System.Globalization;

namespace SmallCnnGen.Compiler.Ir;

/// <summary>Shape of one image's activations, channels innermost.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Channels.</param>
public readonly record struct TensorShape(int Height, int Width, int Channels)
{
    /// <summary>Pixels: height times width.</summary>
    public int Pixels => Height * Width;

    /// <summary>Elements.</summary>
    public long Length => (long)Height * Width * Channels;

    /// <summary>"112x112x64".</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}x{2}", Height, Width, Channels);
}

/// <summary>A vertical and a horizontal amount.</summary>
/// <param name="Y">Vertical.</param>
/// <param name="X">Horizontal.</param>
public readonly record struct Pair(int Y, int X)
{
    /// <summary>"3x3".</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}", Y, X);
}

/// <summary>Amounts on the four sides; negative amounts crop.</summary>
/// <param name="Top">Above.</param>
/// <param name="Left">Left.</param>
/// <param name="Bottom">Below.</param>
/// <param name="Right">Right.</param>
public readonly record struct Sides(int Top, int Left, int Bottom, int Right)
{
    /// <summary>"1,1,1,1".</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0},{1},{2},{3}", Top, Left, Bottom, Right);

    /// <summary>Whether all four are zero.</summary>
    public bool IsZero => Top == 0 && Left == 0 && Bottom == 0 && Right == 0;
}

/// <summary>A sliding window.</summary>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Step in pixels.</param>
/// <param name="Padding">Pixels outside the map that windows may cover.</param>
/// <param name="Dilation">Distance between taps in pixels.</param>
public readonly record struct Window(Pair Kernel, Pair Stride, Sides Padding, Pair Dilation)
{
    /// <summary>Pixels a window spans vertically and horizontally.</summary>
    public Pair Extent => new((Dilation.Y * (Kernel.Y - 1)) + 1, (Dilation.X * (Kernel.X - 1)) + 1);

    /// <summary>Whether it is 1x1 with stride 1 and no padding: every output pixel reads just its own input pixel.</summary>
    public bool IsPointwise => Kernel == new Pair(1, 1) && Stride == new Pair(1, 1) && Padding.IsZero;
}
