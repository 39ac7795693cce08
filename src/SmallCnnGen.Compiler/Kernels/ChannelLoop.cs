using System;
using SmallCnnGen.Compiler.Emit;

namespace SmallCnnGen.Compiler.Kernels;

/// <summary>
/// The loop over channels that channel-wise kernels share: whole vectors, the last one ending at the last channel and so
/// overlapping the one before. Nothing is read or written outside the map, and no masks are needed.
/// </summary>
public static class ChannelLoop
{
    /// <summary>Writes the loop around a body that may use <c>c</c>, the first channel of the vector.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vec">Vector width.</param>
    /// <param name="channels">Channels; at least one vector of them.</param>
    /// <param name="body">Writes the body.</param>
    public static void Run(CodeWriter writer, Vec vec, int channels, Action body) => Run(writer, vec.Lanes, channels, body);

    /// <summary>The same for so many channels at a time.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="lanes">Channels that the body takes.</param>
    /// <param name="channels">Channels; at least as many.</param>
    /// <param name="body">Writes the body.</param>
    public static void Run(CodeWriter writer, int lanes, int channels, Action body)
    {
        if (channels % lanes == 0)
        {
            writer.Open($"for (int c = 0; c < {channels}; c += {lanes})");
        }
        else
        {
            writer.Open($"for (int n = 0; n < {channels}; n += {lanes})");
            writer.Line($"int c = Math.Min(n, {channels - lanes});");
        }

        body();
        writer.Close();
    }

    /// <summary>The same for some of the parts.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="lanes">Channels that the body takes.</param>
    /// <param name="channels">Channels; at least as many.</param>
    /// <param name="first">Expression for the first part.</param>
    /// <param name="end">Expression for one past the last.</param>
    /// <param name="body">Writes the body.</param>
    public static void Part(CodeWriter writer, int lanes, int channels, string first, string end, Action body)
    {
        writer.Open($"for (int n = {first}; n < {end}; n++)");
        writer.Line($"int c = Math.Min(n * {lanes}, {channels - lanes});");
        body();
        writer.Close();
    }

    /// <summary>The same for a number of channels known at run time, at least one vector of them.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vec">Vector width.</param>
    /// <param name="count">Expression for the channels.</param>
    /// <param name="body">Writes the body.</param>
    public static void Run(CodeWriter writer, Vec vec, string count, Action body)
    {
        writer.Open($"for (int n = 0; n < {count}; n += {vec.Lanes})");
        writer.Line($"int c = Math.Min(n, {count} - {vec.Lanes});");
        body();
        writer.Close();
    }
}
