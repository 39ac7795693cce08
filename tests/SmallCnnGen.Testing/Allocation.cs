using System;
using System.Runtime;

namespace SmallCnnGen.Testing;

/// <summary>What a piece of code allocates on its own thread.</summary>
/// <remarks>
/// A thread allocates from a piece of memory of some kilobytes. A collection takes that piece away, and GC.GetAllocatedBytesForCurrentThread
/// may then count what was left of it as allocated: a loop of arithmetic "allocates" 40 to 6400 bytes about once in 150 times
/// beside a thread that fills the large object heap, mostly without a collection counted meanwhile. So collections are kept
/// out while it is measured.
/// </remarks>
public static class Allocation
{
    /// <summary>What other threads may allocate meanwhile; when they take more, it is measured again.</summary>
    private const long Others = 64 << 20;

    private const int Attempts = 50;

    // The runtime knows one such region at a time.
    private static readonly object s_lock = new();

    /// <summary>Bytes that an action allocates on this thread.</summary>
    /// <param name="action">What to measure; runs again when another thread's garbage made a collection necessary.</param>
    /// <exception cref="InvalidOperationException">That happened every time.</exception>
    public static long Of(Action action)
    {
        lock (s_lock)
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                if (!GC.TryStartNoGCRegion(Others))
                    continue;
                long before = GC.GetAllocatedBytesForCurrentThread();
                action();
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                try
                {
                    if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
                        continue;
                    GC.EndNoGCRegion();
                    return bytes;
                }
                catch (InvalidOperationException)
                {
                    // It ended between the two lines.
                }
            }
        }

        throw new InvalidOperationException($"other threads allocate more than {Others} bytes in the time of one measurement");
    }
}
