namespace SmallCnnGen.Compiler.Declaration;

/// <summary>The names an expression may use.</summary>
public interface IExpressionVariables
{
    /// <summary>Finds a name.</summary>
    /// <param name="name">Name as written in the expression.</param>
    /// <param name="value">Its value.</param>
    /// <param name="problem">When there is none: why, without a final full stop.</param>
    /// <returns>Whether the name has an integer value.</returns>
    bool TryGet(string name, out long value, out string problem);
}
