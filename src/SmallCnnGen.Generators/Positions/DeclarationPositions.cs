using System;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators.Positions;

/// <summary>Whose attribute it is, seen from the network that is compiled.</summary>
internal enum AttributeOrigin
{
    /// <summary>It stands on the network's own class.</summary>
    Own,

    /// <summary>It stands on the architecture of which the network is a variant.</summary>
    Architecture,

    /// <summary>It belongs to the body of a block.</summary>
    Block,
}

/// <summary>Where one argument was written.</summary>
/// <param name="Name">Name of the parameter or property; "name[i]" for an element of a params array.</param>
/// <param name="Location">The whole argument, with its name where there is one.</param>
internal sealed record ArgumentPosition(string Name, LocationInfo Location);

/// <summary>Where an attribute and its arguments were written.</summary>
/// <param name="Whole">The attribute without its brackets.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Origin">Whose it is.</param>
internal sealed record AttributePosition(
    LocationInfo Whole,
    EquatableArray<ArgumentPosition> Arguments,
    AttributeOrigin Origin)
{
    /// <summary>The place of an argument, or of the whole attribute when it was not written.</summary>
    public LocationInfo Find(string? argument)
    {
        if (argument is null)
            return Whole;

        // Exact first: a constructor parameter and a property may differ in case only (Input's name and Name).
        foreach (var candidate in Arguments)
        {
            if (string.Equals(candidate.Name, argument, StringComparison.Ordinal))
                return candidate.Location;
        }

        foreach (var candidate in Arguments)
        {
            if (string.Equals(candidate.Name, argument, StringComparison.OrdinalIgnoreCase))
                return candidate.Location;
        }

        return Whole;
    }
}

/// <summary>Everything about a declaration that moves when code above it is edited.</summary>
/// <param name="Network">The [Network] attribute.</param>
/// <param name="Layers">Layer attributes by <see cref="LayerSpec.Source"/>, parameters by <see cref="ParameterSpec.Source"/>.</param>
internal sealed record DeclarationPositions(AttributePosition Network, EquatableArray<AttributePosition> Layers)
{
    /// <summary>The attribute a finding is about; [Network] when it is about none in particular.</summary>
    public AttributePosition Find(int source) => source >= 0 && source < Layers.Count ? Layers[source] : Network;
}
