using System.Linq;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>Puts other layers in the place of one: a 5x5 convolution becomes two of 3x3.</summary>
internal sealed class ReplaceLayerPlanner : IFixPlanner
{
    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (!target.Wants(FixProperties.ReplaceLayer)
            || target.Attribute is not { } attribute
            || target.Property(FixProperties.Suggested) is not { Length: > 0 } suggested)
        {
            return null;
        }

        string[] lines = suggested.Split('\n');
        string[] layers = lines.Select(target.Qualify).ToArray();
        return new PlannedFix("Replace by " + string.Join(" ", lines.Select(l => "[" + l + "]")), editor => editor.Replace(attribute, layers));
    }
}
