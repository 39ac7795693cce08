using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>All lists of Zoo declarations as one.</summary>
public static class ZooModels
{
    /// <summary>Every declaration with its reference, list by list in the order of the lists' names.</summary>
    public static IEnumerable<(Type Network, string? Reference)> All() =>
        typeof(ZooModels).Assembly.GetTypes()
            .Where(t => t.IsClass && typeof(IZooModels).IsAssignableFrom(t))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .SelectMany(t => ((IZooModels)Activator.CreateInstance(t)!).Models);
}
