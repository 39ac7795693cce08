namespace SmallCnnGen.Compiler.Kernels;

/// <summary>What the units of a kernel divide; elements that differ in it are different elements of the output.</summary>
public enum UnitAxis
{
    /// <summary>Pixels of the output in the order of rows, each with all its channels.</summary>
    Pixels,

    /// <summary>Channels of the output, each at all pixels.</summary>
    Channels,

    /// <summary>Winograd's tiles of outputs in the order of rows, each with all its channels.</summary>
    Tiles,
}

/// <summary>
/// What a unit of a kernel writes, and the only part of the output that it reads back: a stretch of one axis. No element
/// belongs to two parts that threads compute (<see cref="Planning.OwnershipCheck"/>).
/// </summary>
/// <param name="Axis">What units divide.</param>
/// <param name="First">First of it.</param>
/// <param name="End">One past the last.</param>
/// <param name="Of">How many there are.</param>
public readonly record struct UnitSpan(UnitAxis Axis, int First, int End, int Of)
{
    /// <summary>Some rows of a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">One past the last.</param>
    public static UnitSpan Rows(TensorRef map, int first, int end) => new(UnitAxis.Pixels, first * map.Width, end * map.Width, map.Pixels);
}
