namespace SmallCnnGen.CodeFixes;

/// <summary>One kind of change that mends what a diagnostic says.</summary>
internal interface IFixPlanner
{
    /// <summary>The change for one diagnostic, or null when it has none of this kind.</summary>
    PlannedFix? Plan(FixTarget target);
}
