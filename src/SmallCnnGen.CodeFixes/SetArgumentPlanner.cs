using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Gives an argument the value that the diagnostic suggests, and adds the argument where it is not written.</summary>
internal sealed class SetArgumentPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (!target.Wants(FixProperties.SetArgument)
            || target.Attribute is not { } attribute
            || target.Property(FixProperties.Suggested) is not { } suggested
            || target.Property(FixProperties.Argument) is not { } name)
        {
            return null;
        }

        string value = target.Qualify(suggested);
        if (target.FindArgument() is { } argument)
        {
            return target.IsCurrent(argument.Expression)
                ? new PlannedFix($"Set {name} to {suggested}", editor => editor.Change(argument.Expression.Span, value))
                : null;
        }

        return target.NameForAdding(name) is { } prefix
            ? new PlannedFix($"Set {name} to {suggested}", editor => editor.AddArgument(attribute, prefix + value))
            : null;
    }
}
