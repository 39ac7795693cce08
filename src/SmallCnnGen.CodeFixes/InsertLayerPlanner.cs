using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Inserts a layer before the one the diagnostic is on, as a channel shuffle between grouped convolutions.</summary>
internal sealed class InsertLayerPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (!target.Wants(FixProperties.InsertBefore)
            || target.Attribute is not { } attribute
            || target.Property(FixProperties.Suggested) is not { } suggested)
        {
            return null;
        }

        string layer = target.Qualify(suggested);
        return new PlannedFix($"Insert [{suggested}] before", editor => editor.InsertBefore(attribute, layer));
    }
}
