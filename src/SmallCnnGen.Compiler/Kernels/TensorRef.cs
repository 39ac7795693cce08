using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>A map as a kernel sees it: its shape, and how far apart its pixels lie.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Pitch">Floats from one pixel to the next; more than the channels when the map is part of a wider one.</param>
public readonly record struct TensorRef(int Height, int Width, int Channels, int Pitch)
{
    /// <summary>Pixels.</summary>
    public int Pixels => Height * Width;

    /// <summary>Floats from one row to the next.</summary>
    public int RowPitch => Width * Pitch;

    /// <summary>Whether pixels follow each other without gaps.</summary>
    public bool IsDense => Pitch == Channels;

    /// <summary>
    /// A pitch of at least so many floats that is no multiple of 2 KB: rows that far apart share a few sets of the first-level
    /// cache, and kernels read a dozen of them at once. They get a cache line more.
    /// </summary>
    /// <param name="floats">Floats in a row.</param>
    public static int Spread(int floats) => floats % 512 == 0 ? floats + 16 : floats;

    /// <summary>"112x112x64", with the pitch when there are gaps.</summary>
    public override string ToString() => new TensorShape(Height, Width, Channels) + (IsDense ? string.Empty : "p" + Emit.Literal.Of(Pitch));
}
