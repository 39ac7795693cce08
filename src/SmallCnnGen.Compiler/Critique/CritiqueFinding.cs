using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>One piece of advice, at one place of the declaration.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Message">The whole message: what it costs, and what would be better.</param>
/// <param name="Source">Source index of the attribute, or -1 for [Network].</param>
/// <param name="Argument">Argument to underline, or null for the whole attribute.</param>
/// <param name="Properties">For code fixes; see <see cref="FixProperties"/>.</param>
/// <param name="Layer">Full name of the layer with the worst case; empty for the network as a whole.</param>
/// <param name="Count">Layers of the network that have this place and this fault.</param>
/// <param name="Measure">The worst case, in the rule's own measure.</param>
public sealed record CritiqueFinding(
    RuleDescriptor Rule,
    string Message,
    int Source,
    string? Argument,
    IReadOnlyDictionary<string, string> Properties,
    string Layer,
    int Count,
    double Measure)
{
    /// <summary>"SCNN4001".</summary>
    public string RuleId => Rule.Id;
}
