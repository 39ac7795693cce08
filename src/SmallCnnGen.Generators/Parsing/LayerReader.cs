using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>
/// Reads layer attributes, of a network or of a block's body, and gathers the blocks they use, their positions and
/// what is wrong with them.
/// </summary>
internal sealed class LayerReader
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly List<AttributePosition> _positions = new();
    private readonly List<DiagnosticInfo> _diagnostics = new();
    private readonly Dictionary<INamedTypeSymbol, string> _blockIds = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _takenIds = new(StringComparer.Ordinal);
    private readonly Queue<(INamedTypeSymbol Block, LocationInfo Use)> _pending = new();

    /// <summary>Creates a reader for one network.</summary>
    /// <param name="compilation">Tells own source from other assemblies.</param>
    /// <param name="cancellation">Checked at every attribute.</param>
    public LayerReader(Compilation compilation, CancellationToken cancellation)
    {
        _compilation = compilation;
        _cancellation = cancellation;
    }

    /// <summary>Positions so far; a layer's source index points into them.</summary>
    public IReadOnlyList<AttributePosition> Positions => _positions;

    /// <summary>What was found wrong.</summary>
    public IReadOnlyList<DiagnosticInfo> Diagnostics => _diagnostics;

    /// <summary>
    /// Whether some attribute does not compile (mostly because it is being typed). The C# compiler says so itself,
    /// and whatever we would conclude from the rest is noise.
    /// </summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The layer attributes of a class, in the order in which they are written.</summary>
    /// <param name="type">The class.</param>
    /// <param name="origin">Whose attributes these are.</param>
    /// <param name="use">Where to report what has no place in this compilation.</param>
    public EquatableArray<LayerSpec> ReadLayers(INamedTypeSymbol type, AttributeOrigin origin, LocationInfo use)
    {
        var layers = new List<LayerSpec>();
        SyntaxNode? part = null;
        bool reportedParts = false;
        foreach (var attribute in type.GetAttributes())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (attribute.AttributeClass is not { } attributeClass)
                continue;
            if (attributeClass.TypeKind == TypeKind.Error)
            {
                // It may have been meant as a layer; without it the list is not the user's.
                IsIncomplete = true;
                continue;
            }

            if (!WellKnownTypes.IsLayer(attributeClass))
                continue;

            var syntax = FindSyntax(attribute);
            var position = syntax is null ? null : Locate(attribute, syntax, origin);
            var place = position?.Whole ?? use;

            // Roslyn lists the parts of a class in the order of the files, which nobody should have to know.
            var declaredOn = syntax?.Parent?.Parent;
            part ??= declaredOn;
            if (declaredOn != part && !reportedParts)
            {
                reportedParts = true;
                Add(DiagnosticIds.LayersOnSeveralParts,
                    $"Layer attributes stand on more than one part of '{type.Name}', so their order is unknown; move them all to one part", place);
            }

            if (!WellKnownTypes.IsBlock(attributeClass) && !WellKnownTypes.IsPrimitive(attributeClass))
            {
                Add(DiagnosticIds.BadArgument,
                    $"'{attributeClass.Name}' is not a layer the compiler knows; derive it from BlockAttribute and give it layer attributes as its body", place);
                continue;
            }

            if (attributeClass.IsAbstract || IsBroken(attribute))
            {
                IsIncomplete = true;
                continue;
            }

            int source = -1;
            if (position is not null)
            {
                source = _positions.Count;
                _positions.Add(position);
            }

            bool isBlock = WellKnownTypes.IsBlock(attributeClass);
            string kind = isBlock ? AddBlock(attributeClass, place) : WellKnownTypes.ShortName(attributeClass);
            layers.Add(new LayerSpec(kind, isBlock, ReadArguments(attribute), source));
        }

        return new EquatableArray<LayerSpec>(layers);
    }

    /// <summary>The [Parameter] attributes of a class.</summary>
    /// <param name="type">The class.</param>
    /// <param name="origin">Whose attributes these are.</param>
    /// <param name="level">0 for the architecture, 1 for its variant, and so on.</param>
    public IEnumerable<ParameterSpec> ReadParameters(INamedTypeSymbol type, AttributeOrigin origin, int level)
    {
        var parameters = new List<ParameterSpec>();
        foreach (var attribute in type.GetAttributes())
        {
            _cancellation.ThrowIfCancellationRequested();
            if (!WellKnownTypes.Is(attribute.AttributeClass, "ParameterAttribute"))
                continue;
            if (IsBroken(attribute) || attribute.ConstructorArguments.Length != 2 || ArgumentReader.Read(attribute.ConstructorArguments[1]) is not { } value)
            {
                IsIncomplete = true;
                continue;
            }

            int source = -1;
            if (Locate(attribute, origin) is { } position)
            {
                source = _positions.Count;
                _positions.Add(position);
            }

            parameters.Add(new ParameterSpec(attribute.ConstructorArguments[0].Value as string ?? string.Empty, value, level, source));
        }

        return parameters;
    }

    /// <summary>The [Budget] of a class, or null.</summary>
    /// <param name="type">The class, in source.</param>
    public BudgetSpec? ReadBudget(INamedTypeSymbol type)
    {
        var attribute = type.GetAttributes().FirstOrDefault(a => WellKnownTypes.Is(a.AttributeClass, "BudgetAttribute"));
        if (attribute is null || Locate(attribute, AttributeOrigin.Own) is not { } position)
            return null;
        if (IsBroken(attribute))
        {
            IsIncomplete = true;
            return null;
        }

        _positions.Add(position);
        long? Limit(string name) => attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value as long?;
        return new BudgetSpec(Limit("MultiplyAdds"), Limit("Parameters"), Limit("ArenaBytes"), Limit("WeightBytes"), _positions.Count - 1);
    }

    /// <summary>Every block that the layers read so far use, directly or through other blocks.</summary>
    public EquatableArray<BlockSpec> ReadBlocks()
    {
        // A queue and a set rather than recursion: a block that contains itself is read once, and the compiler,
        // which knows the path that leads back, reports it.
        var blocks = new List<BlockSpec>();
        while (_pending.Count > 0)
        {
            var (block, use) = _pending.Dequeue();
            blocks.Add(new BlockSpec(
                _blockIds[block],
                WellKnownTypes.ShortName(block),
                ReadParameters(block),
                ReadLayers(block, AttributeOrigin.Block, use)));
        }

        blocks.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
        return new EquatableArray<BlockSpec>(blocks);
    }

    /// <summary>Whether a class carries layer attributes, and the first of them.</summary>
    public static AttributeData? FirstLayer(INamedTypeSymbol type) =>
        type.GetAttributes().FirstOrDefault(a => WellKnownTypes.IsLayer(a.AttributeClass));

    /// <summary>Where an attribute and its arguments are written, or null when that is not in this compilation.</summary>
    public AttributePosition? Locate(AttributeData attribute, AttributeOrigin origin) =>
        FindSyntax(attribute) is { } syntax ? Locate(attribute, syntax, origin) : null;

    /// <summary>Whether something about an attribute does not compile.</summary>
    public bool IsBroken(AttributeData attribute)
    {
        if (attribute.AttributeConstructor is null
            || attribute.ConstructorArguments.Any(a => a.Kind == TypedConstantKind.Error)
            || attribute.NamedArguments.Any(a => a.Value.Kind == TypedConstantKind.Error))
        {
            return true;
        }

        // Roslyn drops a property it does not know; going on without it would show errors that are not there.
        return FindSyntax(attribute)?.ArgumentList is { } list
            && list.Arguments.Count(a => a.NameEquals is not null) != attribute.NamedArguments.Length;
    }

    private static AttributePosition Locate(AttributeData attribute, AttributeSyntax syntax, AttributeOrigin origin)
    {
        var arguments = new List<ArgumentPosition>();
        var parameters = attribute.AttributeConstructor?.Parameters ?? default;
        int index = 0;
        int firstElement = -1;
        foreach (var argument in syntax.ArgumentList?.Arguments ?? default)
        {
            var location = LocationInfo.Of(argument);
            if (argument.NameEquals is { } property)
            {
                arguments.Add(new(property.Name.Identifier.ValueText, location));
                continue;
            }

            if (argument.NameColon is { } parameter)
            {
                arguments.Add(new(parameter.Name.Identifier.ValueText, location));
                index++;
                continue;
            }

            if (!parameters.IsDefaultOrEmpty)
            {
                int last = parameters.Length - 1;
                if (index < last || (index == last && !parameters[last].IsParams))
                {
                    arguments.Add(new(parameters[index].Name, location));
                }
                else if (parameters[last].IsParams)
                {
                    // The array as a whole goes from its first element to its last; each element can be found as well.
                    string name = parameters[last].Name;
                    if (firstElement < 0)
                    {
                        firstElement = arguments.Count;
                        arguments.Add(new(name, location));
                    }
                    else
                    {
                        int start = arguments[firstElement].Location.Span.Start;
                        arguments[firstElement] = new(name,
                            LocationInfo.Of(syntax.SyntaxTree, TextSpan.FromBounds(start, location.Span.End)));
                    }

                    int element = index - last;
                    arguments.Add(new(FormattableString.Invariant($"{name}[{element}]"), location));
                }
            }

            index++;
        }

        return new AttributePosition(LocationInfo.Of(syntax), new EquatableArray<ArgumentPosition>(arguments), origin);
    }

    private EquatableArray<ArgumentSpec> ReadArguments(AttributeData attribute)
    {
        var arguments = new List<ArgumentSpec>();
        var parameters = attribute.AttributeConstructor!.Parameters;
        int count = Math.Min(parameters.Length, attribute.ConstructorArguments.Length);
        for (int i = 0; i < count; i++)
        {
            if (ArgumentReader.Read(attribute.ConstructorArguments[i]) is not { } value)
            {
                IsIncomplete = true;
                continue;
            }

            // Metadata does not tell an omitted optional argument from its default written out, so the two are made
            // the same everywhere: a network must not change when its architecture moves to another assembly.
            var parameter = parameters[i];
            bool omitted = parameter.IsParams
                ? value is { Kind: ArgumentKind.List, Items.Count: 0 }
                : parameter.HasExplicitDefaultValue && value == ArgumentReader.ReadDefault(parameter);
            if (!omitted)
                arguments.Add(new ArgumentSpec(parameter.Name, value));
        }

        foreach (var named in attribute.NamedArguments)
        {
            if (ArgumentReader.Read(named.Value) is not { } value)
                IsIncomplete = true;
            else if (!arguments.Exists(a => a.Name == named.Key))
                arguments.Add(new ArgumentSpec(named.Key, value));
        }

        return new EquatableArray<ArgumentSpec>(arguments);
    }

    private static EquatableArray<BlockParameter> ReadParameters(INamedTypeSymbol block)
    {
        // Whether a constructor is the primary one is not in metadata; the longest is what a body can make most of.
        IMethodSymbol? constructor = null;
        foreach (var candidate in block.InstanceConstructors)
        {
            if (candidate.DeclaredAccessibility != Accessibility.Private
                && (constructor is null || candidate.Parameters.Length > constructor.Parameters.Length))
            {
                constructor = candidate;
            }
        }

        if (constructor is null)
            return default;

        return new EquatableArray<BlockParameter>(constructor.Parameters.Select(parameter => new BlockParameter(
            parameter.Name,
            parameter.HasExplicitDefaultValue ? ArgumentReader.ReadDefault(parameter) : null,
            IsMarked(parameter, "ChannelCountAttribute"),
            IsMarked(parameter, "StageStrideAttribute"),
            IsMarked(parameter, "LayerInputAttribute"))));
    }

    private static bool IsMarked(IParameterSymbol parameter, string attribute) =>
        parameter.GetAttributes().Any(a => WellKnownTypes.Is(a.AttributeClass, attribute));

    private string AddBlock(INamedTypeSymbol type, LocationInfo use)
    {
        type = type.OriginalDefinition;
        if (_blockIds.TryGetValue(type, out string? id))
            return id;

        // Two referenced assemblies may each have a class of this name.
        id = WellKnownTypes.MetadataName(type);
        if (!_takenIds.Add(id))
            _takenIds.Add(id += ", " + type.ContainingAssembly.Identity.GetDisplayName());
        _blockIds.Add(type, id);
        _pending.Enqueue((type, use));
        return id;
    }

    private AttributeSyntax? FindSyntax(AttributeData attribute)
    {
        // In an editor a referenced project's symbols have syntax too, but in trees of another compilation.
        var reference = attribute.ApplicationSyntaxReference;
        return reference is not null && _compilation.ContainsSyntaxTree(reference.SyntaxTree)
            ? reference.GetSyntax(_cancellation) as AttributeSyntax
            : null;
    }

    private void Add(string id, string message, LocationInfo location)
    {
        var diagnostic = new DiagnosticInfo(id, message, location);
        if (!_diagnostics.Contains(diagnostic))
            _diagnostics.Add(diagnostic);
    }
}
