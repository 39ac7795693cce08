using System;

namespace Glyphs;

/// <summary>
/// What the sample wants of both networks. Generated classes are partial, so a declaration can put them behind an
/// interface of its own; the generator writes the members.
/// </summary>
public interface IGlyphNetwork : IDisposable
{
    /// <summary>Classifies one picture.</summary>
    /// <param name="input">32x32 floats from -1 (black) to 1 (white), row by row.</param>
    /// <param name="output">Receives 36 logits.</param>
    void Run(ReadOnlySpan<float> input, Span<float> output);
}
