using System;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>An expression that cannot be read or evaluated; the message says where in the string.</summary>
public sealed class ExpressionException : Exception
{
    /// <summary>Describes a problem.</summary>
    /// <param name="problem">What is wrong, without a final full stop.</param>
    /// <param name="position">Where, counted from 1.</param>
    /// <param name="unknownName">The name nobody knows, if that is the problem.</param>
    public ExpressionException(string problem, int position, string? unknownName = null)
        : base(FormattableString.Invariant($"{problem} at character {position}"))
    {
        Position = position;
        UnknownName = unknownName;
    }

    /// <summary>The name nobody knows, if that is the problem.</summary>
    public string? UnknownName { get; }

    /// <summary>Where in the string, counted from 1.</summary>
    public int Position { get; }
}
