using Microsoft.CodeAnalysis;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>Recognises the types of the declaration language by name, so that no compilation has to be searched for them.</summary>
internal static class WellKnownTypes
{
    /// <summary>Namespace of the declaration language.</summary>
    public const string Namespace = "SmallCnnGen";

    /// <summary>Metadata name of [Network].</summary>
    public const string Network = "SmallCnnGen.NetworkAttribute";

    /// <summary>Whether a type is one of ours by this name.</summary>
    public static bool Is(ITypeSymbol? type, string name) =>
        type is INamedTypeSymbol { ContainingType: null, ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } }
        && type.MetadataName == name;

    /// <summary>The nearest base type of ours by this name, or null.</summary>
    public static INamedTypeSymbol? FindBase(INamedTypeSymbol? type, string name)
    {
        for (var current = type?.BaseType; current is not null; current = current.BaseType)
        {
            if (Is(current, name))
                return current;
        }

        return null;
    }

    /// <summary>Whether an attribute class derives from LayerAttribute.</summary>
    public static bool IsLayer(INamedTypeSymbol? type) => FindBase(type, "LayerAttribute") is not null;

    /// <summary>Whether an attribute class derives from BlockAttribute.</summary>
    public static bool IsBlock(INamedTypeSymbol? type) => FindBase(type, "BlockAttribute") is not null;

    /// <summary>Whether a layer attribute is one of the primitives the compiler knows.</summary>
    public static bool IsPrimitive(INamedTypeSymbol type)
    {
        // A user may put a class of his own into our namespace; the assembly tells it apart.
        var layer = FindBase(type, "LayerAttribute");
        return layer is not null
            && !IsBlock(type)
            && Is(type, type.MetadataName)
            && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, layer.ContainingAssembly);
    }

    /// <summary>The first [Network] of a class, or null.</summary>
    public static AttributeData? FindNetwork(INamedTypeSymbol type)
    {
        foreach (var attribute in type.GetAttributes())
        {
            if (Is(attribute.AttributeClass, "NetworkAttribute"))
                return attribute;
        }

        return null;
    }

    /// <summary>Name without the suffix "Attribute".</summary>
    public static string ShortName(INamedTypeSymbol type)
    {
        const string suffix = "Attribute";
        string name = type.Name;
        return name.Length > suffix.Length && name.EndsWith(suffix, System.StringComparison.Ordinal)
            ? name.Substring(0, name.Length - suffix.Length)
            : name;
    }

    /// <summary>Fully qualified metadata name ("Shop.Models+FireAttribute").</summary>
    public static string MetadataName(INamedTypeSymbol type)
    {
        type = type.OriginalDefinition;
        string name = type.MetadataName;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            name = outer.MetadataName + "+" + name;
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
            name = space.Name + "." + name;
        return name;
    }
}
