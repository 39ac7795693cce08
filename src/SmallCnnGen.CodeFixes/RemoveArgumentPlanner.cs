using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Takes away an argument that has no effect.</summary>
internal sealed class RemoveArgumentPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target) =>
        target.Wants(FixProperties.RemoveArgument) && target.FindArgument() is { NameEquals: not null } argument
            ? new PlannedFix($"Remove '{argument}'", editor => editor.RemoveArgument(argument))
            : null;
}
