using System;

namespace SmallCnnGen.Compiler.Report;

/// <summary>What keeps a kernel from being faster at best.</summary>
public enum Limit
{
    /// <summary>The multiply-add units.</summary>
    Compute,

    /// <summary>The second-level cache, which holds all the kernel touches.</summary>
    Cache,

    /// <summary>Memory: the kernel touches more than the second-level cache holds.</summary>
    Memory,
}

/// <summary>
/// The roofline model of one core (Williams, Waterman and Patterson 2009) per clock cycle, so that no clock rate has to
/// be known. The figures are round ones of a server core; they put layers in order, they do not predict milliseconds.
/// </summary>
/// <param name="Bits">Width of the vectors.</param>
public sealed record Roofline(int Bits)
{
    /// <summary>Bytes a cycle from the second-level cache.</summary>
    public const double CacheBytesPerCycle = 32;

    /// <summary>Bytes a cycle from memory for one core.</summary>
    public const double MemoryBytesPerCycle = 4;

    /// <summary>Size of the second-level cache.</summary>
    public const long CacheBytes = 1 << 20;

    /// <summary>Fused multiply-adds that start in one cycle.</summary>
    private const int MultiplyAddUnits = 2;

    /// <summary>Operations a cycle: a multiply-add is two.</summary>
    public double PeakPerCycle => Bits / 32.0 * MultiplyAddUnits * 2;

    /// <summary>Operations for each byte a step touches.</summary>
    public static double Intensity(ReportStep step) => step.Bytes > 0 ? 2.0 * step.MultiplyAdds / step.Bytes : 0;

    /// <summary>Cycles below which a step's bytes cannot arrive.</summary>
    public static double TransferCycles(ReportStep step) =>
        (step.FarBytes / MemoryBytesPerCycle) + ((step.Bytes - step.FarBytes) / CacheBytesPerCycle);

    /// <summary>Cycles below which a step's multiply-adds cannot be done.</summary>
    public double ComputeCycles(ReportStep step) => 2.0 * step.MultiplyAdds / PeakPerCycle;

    /// <summary>Cycles below which a step cannot come.</summary>
    public double Cycles(ReportStep step) => Math.Max(ComputeCycles(step), TransferCycles(step));

    /// <summary>What limits a step.</summary>
    public Limit LimitOf(ReportStep step) =>
        ComputeCycles(step) >= TransferCycles(step) ? Limit.Compute
        : step.FarBytes == 0 ? Limit.Cache
        : Limit.Memory;

    /// <summary>Operations a cycle a step can reach at best.</summary>
    public double Attainable(ReportStep step) => Cycles(step) > 0 ? 2.0 * step.MultiplyAdds / Cycles(step) : 0;
}
