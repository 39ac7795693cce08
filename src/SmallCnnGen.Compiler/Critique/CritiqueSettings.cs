using System;
using System.Collections.Generic;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>Thresholds that differ from their defaults, and which rules are wanted.</summary>
public sealed class CritiqueSettings
{
    private readonly Dictionary<string, double> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Default thresholds, and only the rules that are on by default.</summary>
    public static CritiqueSettings Default { get; } = new();

    /// <summary>Also runs rules that are off by default.</summary>
    public bool AllRules { get; init; }

    /// <summary>Value of a threshold.</summary>
    public double this[RuleDescriptor rule, Threshold threshold]
    {
        get => _values.TryGetValue(rule.KeyOf(threshold), out double value) ? value : threshold.Default;
        init => _values[rule.KeyOf(threshold)] = value;
    }

    /// <summary>Settings from a key-value store such as .editorconfig.</summary>
    /// <param name="find">The text of a key, or null.</param>
    /// <param name="allRules">Whether rules that are off by default are wanted.</param>
    /// <param name="problems">Receives a sentence for each value that cannot be used; the default then holds.</param>
    public static CritiqueSettings Read(Func<string, string?> find, bool allRules, ICollection<string> problems)
    {
        var settings = new CritiqueSettings { AllRules = allRules };
        foreach (CritiqueRule rule in Critic.Rules)
        {
            foreach (Threshold threshold in rule.Descriptor.Thresholds)
            {
                string key = rule.Descriptor.KeyOf(threshold);
                if (find(key) is not { } text)
                    continue;
                bool isNumber = double.TryParse(text.Trim(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value);
                if (isNumber && value >= 0 && !double.IsInfinity(value))
                    settings._values[key] = value;
                else
                    problems.Add(FormattableString.Invariant($"'{key} = {text}' in .editorconfig is not a number of 0 or more; the default {threshold.Default} is used"));
            }
        }

        return settings;
    }
}
