using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace SmallCnnGen.Tooling.Measuring;

/// <summary>The core the process runs on, and how much of it the process gets.</summary>
public static unsafe partial class Core
{
    private const int MaskWords = 16, BitsPerWord = 64;
    private const int ThreadClock = 3;
    private const string Tasks = "/proc/self/task";

    /// <summary>Whether this system lets a process choose its cores.</summary>
    public static bool CanPin => OperatingSystem.IsLinux();

    /// <summary>Binds every thread of the process, also those it starts later, to some cores.</summary>
    /// <param name="wanted">First core, or null for the last ones allowed.</param>
    /// <param name="count">How many.</param>
    /// <returns>The cores.</returns>
    public static int[] Pin(int? wanted, int count)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
            throw new InvalidOperationException("sched_getaffinity failed: " + Marshal.GetLastPInvokeErrorMessage());
        int[] allowed = Enumerable.Range(0, MaskWords * BitsPerWord).Where(c => (mask[c / BitsPerWord] >> (c % BitsPerWord) & 1) != 0).ToArray();
        int first = wanted ?? allowed[Math.Max(0, allowed.Length - count)];
        int[] cores = allowed.SkipWhile(c => c != first).Take(count).ToArray();
        if (cores.Length < count)
            throw new ArgumentException($"there are not {count} cores from core {first} on; allowed are {string.Join(", ", allowed)}");
        new Span<ulong>(mask, MaskWords).Clear();
        foreach (int core in cores)
            mask[core / BitsPerWord] |= 1UL << (core % BitsPerWord);

        // The call binds one thread; threads started later inherit from their parents, which are all bound here.
        foreach (string task in Directory.GetDirectories(Tasks))
        {
            if (SetAffinity(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), MaskWords * sizeof(ulong), mask) < 0)
                throw new InvalidOperationException("sched_setaffinity failed: " + Marshal.GetLastPInvokeErrorMessage());
        }

        return cores;
    }

    /// <summary>
    /// Seconds this thread has had of a core. Where the system does not tell (not Linux), wall time: then nothing is ever
    /// rejected.
    /// </summary>
    public static double Used()
    {
        if (!CanPin)
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        long* time = stackalloc long[2];
        if (GetTime(ThreadClock, time) < 0)
            throw new InvalidOperationException("clock_gettime failed: " + Marshal.GetLastPInvokeErrorMessage());
        return time[0] + (time[1] * 1e-9);
    }

    /// <summary>Seconds that threads of the process could have run but waited for a core; 0 where the system does not tell.</summary>
    public static double Waited()
    {
        if (!Directory.Exists(Tasks))
            return 0;

        // schedstat: nanoseconds run, nanoseconds waited, slices.
        return Directory.GetDirectories(Tasks)
            .Select(t => Path.Combine(t, "schedstat"))
            .Where(File.Exists)
            .Sum(f => double.Parse(File.ReadAllText(f).Split(' ')[1], CultureInfo.InvariantCulture)) * 1e-9;
    }

    /// <summary>Name of the processor.</summary>
    public static string Name()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, long* time);
}
