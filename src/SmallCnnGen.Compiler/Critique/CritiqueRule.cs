using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>How loud a rule speaks unless .editorconfig says otherwise.</summary>
public enum RuleSeverity
{
    /// <summary>A hint in the editor; not in build logs.</summary>
    Suggestion,

    /// <summary>A warning.</summary>
    Warning,
}

/// <summary>A number from which on a rule speaks. In .editorconfig: <c>smallcnngen.SCNN4001.max_ratio = 1.5</c>.</summary>
/// <param name="Name">Last part of its key.</param>
/// <param name="Default">Value unless set.</param>
/// <param name="Meaning">One sentence.</param>
public sealed record Threshold(string Name, double Default, string Meaning);

/// <summary>What a rule is, without what it finds.</summary>
/// <param name="Id">"SCNN4001".</param>
/// <param name="Title">Title.</param>
/// <param name="Severity">Severity unless configured.</param>
/// <param name="IsEnabledByDefault">Whether it speaks unless configured.</param>
/// <param name="Thresholds">Its thresholds.</param>
public sealed record RuleDescriptor(string Id, string Title, RuleSeverity Severity, bool IsEnabledByDefault, IReadOnlyList<Threshold> Thresholds)
{
    /// <summary>Category of all rules.</summary>
    public const string Category = "SmallCnnGen.Design";

    /// <summary>A rule with thresholds listed last.</summary>
    public RuleDescriptor(string id, string title, RuleSeverity severity, bool isEnabledByDefault, params Threshold[] thresholds)
        : this(id, title, severity, isEnabledByDefault, (IReadOnlyList<Threshold>)thresholds)
    {
    }

    /// <summary>Key of a threshold in .editorconfig.</summary>
    public string KeyOf(Threshold threshold) => "smallcnngen." + Id + "." + threshold.Name;

    /// <summary>A threshold by its name.</summary>
    public Threshold this[string name] => Thresholds.First(t => t.Name == name);
}

/// <summary>One guideline of design. Rules have no state; everything they look at is in the context.</summary>
public abstract class CritiqueRule
{
    /// <summary>What the rule is.</summary>
    public abstract RuleDescriptor Descriptor { get; }

    /// <summary>Everything in a network that goes against the guideline, layer by layer; <see cref="Critic"/> joins what has one place.</summary>
    /// <param name="context">The network.</param>
    public abstract IEnumerable<Observation> Check(CritiqueContext context);

    /// <summary>A threshold's value.</summary>
    protected double Value(CritiqueContext context, string threshold) => context.Settings[Descriptor, Descriptor[threshold]];
}
