namespace SmallCnnGen.Compiler.Declaration;

/// <summary>The names of a scope, and <c>i</c> for the place in a series.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Index">Value of <c>i</c>.</param>
internal sealed record SeriesVariables(IExpressionVariables Scope, long Index) : IExpressionVariables
{
    /// <inheritdoc/>
    public bool TryGet(string name, out long value, out string problem)
    {
        if (name != "i")
            return Scope.TryGet(name, out value, out problem);
        value = Index;
        problem = string.Empty;
        return true;
    }
}
