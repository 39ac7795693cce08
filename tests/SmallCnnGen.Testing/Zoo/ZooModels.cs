using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>All lists of Zoo declarations as one.</summary>
public static class ZooModels
{
    private const string Suffix = "Models";

    private static IEnumerable<IZooModels> Instances => typeof(ZooModels).Assembly.GetTypes()
        .Where(t => t.IsClass && typeof(IZooModels).IsAssignableFrom(t))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (IZooModels)Activator.CreateInstance(t)!);

    /// <summary>Every declaration with its reference, list by list in the order of the lists' names.</summary>
    public static IEnumerable<(Type Network, string? Reference)> All() => Instances.SelectMany(l => l.Models);

    /// <summary>The lists in the same order, each with the name of its family.</summary>
    public static IEnumerable<(string Family, IEnumerable<Type> Networks)> Lists() =>
        Instances.Select(l => (l.GetType().Name[..^Suffix.Length], l.Models.Select(m => m.Network)));
}
