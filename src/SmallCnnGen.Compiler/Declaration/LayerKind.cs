using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>A primitive layer of the declaration language.</summary>
public sealed class LayerKind
{
    private readonly Dictionary<string, ArgumentRule> _rules;

    /// <summary>Describes a kind.</summary>
    /// <param name="name">Name: the attribute's, without "Attribute".</param>
    /// <param name="rules">Its arguments.</param>
    public LayerKind(string name, IEnumerable<ArgumentRule> rules)
    {
        Name = name;
        Arguments = rules.ToArray();
        _rules = Arguments.ToDictionary(r => r.Name);
    }

    /// <summary>Name: the attribute's, without "Attribute".</summary>
    public string Name { get; }

    /// <summary>Arguments in declaration order.</summary>
    public IReadOnlyList<ArgumentRule> Arguments { get; }

    /// <summary>The rule of an argument, or null when there is no such argument.</summary>
    public ArgumentRule? Find(string argument) => _rules.TryGetValue(argument, out ArgumentRule? rule) ? rule : null;
}
