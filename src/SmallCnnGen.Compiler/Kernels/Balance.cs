namespace SmallCnnGen.Compiler.Kernels;

/// <summary>Splits a count into nearly equal parts: <paramref name="BigCount"/> of one size, the rest one smaller.</summary>
/// <param name="Big">The larger size.</param>
/// <param name="BigCount">How many have it.</param>
/// <param name="Small">The smaller size, Big - 1 (0 when unused).</param>
/// <param name="SmallCount">How many have it.</param>
public readonly record struct Balance(int Big, int BigCount, int Small, int SmallCount)
{
    /// <summary>Parts.</summary>
    public int Parts => BigCount + SmallCount;

    /// <summary>An expression for where a part begins, in what was split.</summary>
    /// <param name="part">Expression for the number of the part, the large ones first.</param>
    public string Start(string part) => SmallCount == 0 ? $"{part} * {Big}" : $"{part} * {Small} + Math.Min({part}, {BigCount})";

    /// <summary>Where a part begins, in what was split: <see cref="Start"/> for a known part.</summary>
    /// <param name="part">Number of the part; <see cref="Parts"/> for the end of the last.</param>
    public int StartOf(int part) => SmallCount == 0 ? part * Big : (part * Small) + System.Math.Min(part, BigCount);

    /// <summary>Splits a count into as few parts as a largest size allows.</summary>
    public static Balance Of(int count, int largest)
    {
        int parts = (count + largest - 1) / largest;
        if (parts == 0)
            return default;
        int size = count / parts, rest = count % parts;
        return rest == 0 ? new Balance(size, parts, 0, 0) : new Balance(size + 1, rest, size, parts - rest);
    }
}
