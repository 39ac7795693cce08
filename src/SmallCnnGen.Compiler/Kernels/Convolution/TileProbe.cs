using System;
using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Kernels.Convolution;

/// <summary>For what <see cref="TileChoice.Pick"/> was asked.</summary>
/// <param name="Bits">Register width.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Pixels">Pixels in a row of tiles.</param>
/// <param name="Pairs">Whether the last vector may serve two pixels.</param>
internal readonly record struct TileQuestion(int Bits, int Lanes, int Channels, int Pixels, bool Pairs);

/// <summary>
/// While it lives, convolutions compiled on this thread get one tile, whatever the model says: for the benchmark that
/// compares the model with measurement. Nothing in the compiler creates one.
/// </summary>
internal sealed class TileProbe : IDisposable
{
    [ThreadStatic]
    private static TileProbe? t_current;

    /// <summary>Starts.</summary>
    /// <param name="forced">The tile, or null to listen only.</param>
    public TileProbe(TileChoice? forced)
    {
        if (t_current is not null)
            throw new InvalidOperationException("there is a probe already");
        Forced = forced;
        t_current = this;
    }

    /// <summary>This thread's probe.</summary>
    public static TileProbe? Current => t_current;

    /// <summary>The tile.</summary>
    public TileChoice? Forced { get; }

    /// <summary>What was asked for.</summary>
    public HashSet<TileQuestion> Asked { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => t_current = null;
}
