using System;
using System.ComponentModel;
using System.Threading;

namespace SmallCnnGen.Runtime;

/// <summary>What networks say that were compiled without optimisation; code generated in other builds does not name it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DebugBuild
{
    /// <summary>The sentence, with its remedy.</summary>
    public const string Note = "This is a Debug build: kernels run 10 to 30 times slower than optimised. Measure with: dotnet run -c Release";

    private static int s_said;

    /// <summary>Says so on the error stream, once in a process.</summary>
    /// <param name="network">Name of the network that is about to be measured.</param>
    public static void Say(string network)
    {
        if (Interlocked.Exchange(ref s_said, 1) == 0)
            Console.Error.WriteLine($"SmallCnnGen: {network}: {Note}");
    }
}
