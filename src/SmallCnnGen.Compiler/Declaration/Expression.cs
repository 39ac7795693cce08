namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// The integer expressions attribute arguments may hold: whole numbers, names, <c>+ - * / %</c>, comparisons,
/// <c>&amp;&amp; || !</c>, <c>?:</c>, parentheses and the functions min, max, ceil (division rounded up) and round8.
/// Arithmetic is 64-bit and checked; truth is 1 and 0.
/// </summary>
public static class Expression
{
    /// <summary>Longest text that is read; nothing a person writes in an attribute comes near it.</summary>
    public const int MaxLength = 2000;

    /// <summary>Deepest nesting of parentheses, signs and conditionals; keeps the recursive parser off the stack's end.</summary>
    public const int MaxDepth = 64;

    /// <summary>Value of one expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="variables">The names it may use.</param>
    /// <exception cref="ExpressionException">It cannot be read or has no value.</exception>
    public static long Evaluate(string text, IExpressionVariables variables)
    {
        var parser = new ExpressionParser(text, variables);
        return parser.ParseSingle();
    }

    /// <summary>Values of expressions separated by commas.</summary>
    /// <param name="text">The expressions.</param>
    /// <param name="variables">The names they may use.</param>
    /// <exception cref="ExpressionException">One of them cannot be read or has no value.</exception>
    public static long[] EvaluateList(string text, IExpressionVariables variables)
    {
        var parser = new ExpressionParser(text, variables);
        return parser.ParseList();
    }
}
