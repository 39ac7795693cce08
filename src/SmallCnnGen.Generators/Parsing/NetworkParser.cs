using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Diagnostics;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>
/// Reads one [Network] class: symbols in, specification, positions and diagnostics out. It says what is written and
/// checks what only Roslyn can see; what the words mean is the compiler's business.
/// </summary>
internal sealed class NetworkParser
{
    private static readonly SymbolDisplayFormat NamespaceFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private readonly INamedTypeSymbol _type;
    private readonly TypeDeclarationSyntax _declaration;
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly LayerReader _reader;
    private readonly List<DiagnosticInfo> _diagnostics = new();
    private bool _canEmit = true;
    private bool _canRead = true;
    private bool _canStub = true;

    private NetworkParser(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation, CancellationToken cancellation)
    {
        _type = type;
        _declaration = declaration;
        _compilation = compilation;
        _cancellation = cancellation;
        _reader = new LayerReader(compilation, cancellation);
    }

    /// <summary>Parses the class an attribute [Network] stands on.</summary>
    /// <returns>Null for a second part of a class that is parsed already.</returns>
    public static ParsedNetwork? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || context.TargetNode is not TypeDeclarationSyntax declaration)
            return null;
        return Parse(type, declaration, context.SemanticModel.Compilation, isGenerated: false, cancellation);
    }

    /// <summary>Parses the class an attribute [Network] stands on, for an analyzer.</summary>
    /// <returns>Null when there is no [Network] in source.</returns>
    public static ParsedNetwork? Parse(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        var attribute = WellKnownTypes.FindNetwork(type)?.ApplicationSyntaxReference?.GetSyntax(cancellation);
        return attribute?.Parent?.Parent is TypeDeclarationSyntax declaration
            ? Parse(type, declaration, compilation, isGenerated: true, cancellation)
            : null;
    }

    /// <param name="type">The class.</param>
    /// <param name="declaration">The part with [Network].</param>
    /// <param name="compilation">Its compilation.</param>
    /// <param name="isGenerated">Whether the generator has run, so that the class has the members it generates.</param>
    /// <param name="cancellation">Checked at every attribute.</param>
    private static ParsedNetwork? Parse(
        INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation, bool isGenerated, CancellationToken cancellation)
    {
        // [Network] on two parts is an error of its own (CS0579), but both parts arrive here and would add
        // the same files twice.
        var network = WellKnownTypes.FindNetwork(type);
        if (network?.ApplicationSyntaxReference is not { } reference
            || reference.SyntaxTree != declaration.SyntaxTree
            || !declaration.Span.Contains(reference.Span))
        {
            return null;
        }

        try
        {
            return new NetworkParser(type, declaration, compilation, cancellation).Parse(network, isGenerated);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An exception would take down every other network of the project with CS8785.
            var whole = LocationInfo.Of(reference.SyntaxTree, reference.Span);
            return new ParsedNetwork(
                type.ToDisplayString(NamespaceFormat),
                null,
                false,
                null,
                new DeclarationPositions(new AttributePosition(whole, default, AttributeOrigin.Own), default),
                new EquatableArray<DiagnosticInfo>(new DiagnosticInfo(DiagnosticIds.Internal, InternalError.Describe(exception), whole)));
        }
    }

    private ParsedNetwork Parse(AttributeData network, bool isGenerated)
    {
        var position = _reader.Locate(network, AttributeOrigin.Own)!;
        CheckClass();
        if (_compilation.Options is not CSharpCompilationOptions { AllowUnsafe: true })
        {
            Refuse(DiagnosticIds.UnsafeNotAllowed,
                $"The kernels of '{_type.Name}' use pointers; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file (a reference to the package SmallCnnGen itself sets it where the project does not say)", position.Whole);
        }

        var chain = ResolveArchitecture(network, position);
        var options = chain is null ? null : ReadOptions(chain);
        var user = isGenerated ? null : CheckUserCode(options?.Threads ?? 1);
        EquatableArray<LayerSpec> layers = default;
        EquatableArray<BlockSpec> blocks = default;
        EquatableArray<ParameterSpec> parameters = default;
        if (chain is not null)
        {
            var architecture = chain[chain.Count - 1].Type;
            bool isVariant = chain.Count > 1;
            if (isVariant && LayerReader.FirstLayer(_type) is { } extra)
            {
                _canRead = false;
                Report(DiagnosticIds.BadArgument,
                    $"'{_type.Name}' is a variant of '{architecture.Name}' and takes its layers; remove the layer attributes here, or the typeof(...) in [Network]",
                    _reader.Locate(extra, AttributeOrigin.Own)?.Whole ?? position.Whole);
            }

            layers = _reader.ReadLayers(
                architecture,
                isVariant ? AttributeOrigin.Architecture : AttributeOrigin.Own,
                isVariant ? position.Find("architecture") : position.Whole);
            blocks = _reader.ReadBlocks();
            parameters = new EquatableArray<ParameterSpec>(Enumerable.Range(0, chain.Count).SelectMany(level =>
                _reader.ReadParameters(
                    chain[chain.Count - 1 - level].Type,
                    level == chain.Count - 1 ? AttributeOrigin.Own : AttributeOrigin.Architecture,
                    level)));
        }

        var budget = _reader.ReadBudget(_type);
        _diagnostics.AddRange(_reader.Diagnostics);
        var containing = ContainingTypes();
        string typeName = Escape(_type.Name);
        string space = _type.ContainingNamespace.IsGlobalNamespace ? string.Empty : _type.ContainingNamespace.ToDisplayString(NamespaceFormat);

        // What was read wrongly is not worth compiling; a class of the wrong shape is, to show all errors at once.
        NetworkSpec? spec = null;
        if (chain is not null && _canRead && !_reader.IsIncomplete && _reader.Diagnostics.Count == 0)
        {
            spec = new NetworkSpec(
                space,
                containing,
                typeName,
                SyntaxFacts.GetText(_type.DeclaredAccessibility) + (_type.IsSealed ? " sealed" : string.Empty),
                options!,
                layers,
                blocks,
                parameters,
                budget);
        }

        return new ParsedNetwork(
            _type.ToDisplayString(NamespaceFormat),
            spec,
            _canEmit,
            user is null ? null : ReadStub(user, network, chain, options, space),
            new DeclarationPositions(position, new EquatableArray<AttributePosition>(_reader.Positions)),
            new EquatableArray<DiagnosticInfo>(_diagnostics));
    }

    /// <summary>The class must be one to which a plain second part can be added.</summary>
    private void CheckClass()
    {
        string name = _type.Name;
        if (!_declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            _canStub = false;
            Refuse(DiagnosticIds.ClassShape,
                $"'{name}' must be partial: its members are generated into another part", LocationInfo.Of(_declaration.Identifier));
        }

        foreach (var part in Parts(_type))
        {
            if (part is RecordDeclarationSyntax)
                Refuse(DiagnosticIds.ClassShape, $"'{name}' must be a class, not a record: networks do not compare by value", LocationInfo.Of(part.Keyword));
            if (part is StructDeclarationSyntax or InterfaceDeclarationSyntax)
                Refuse(DiagnosticIds.ClassShape, $"'{name}' must be a class: it owns the memory of its activations", LocationInfo.Of(part.Keyword));
            if (part.TypeParameterList is { } parameters)
                RefuseShape($"'{name}' must not be generic: kernels are compiled for one network", LocationInfo.Of(parameters));
            foreach (var modifier in part.Modifiers)
            {
                string? reason = modifier.Kind() switch
                {
                    SyntaxKind.StaticKeyword => "must not be static: an instance holds the weights and the arena",
                    SyntaxKind.AbstractKeyword => "must not be abstract: the generated Load creates an instance",
                    SyntaxKind.FileKeyword => "must not be file-local: its other part is in a generated file",
                    _ => null,
                };
                if (reason is null)
                    continue;
                _canStub &= modifier.IsKind(SyntaxKind.AbstractKeyword);
                Refuse(DiagnosticIds.ClassShape, $"'{name}' {reason}", LocationInfo.Of(modifier));
            }
        }

        for (SyntaxNode? node = _declaration.Parent; node is not null; node = node.Parent)
        {
            if (node is not TypeDeclarationSyntax outer)
                continue;
            string outerName = outer.Identifier.ValueText;
            if (!outer.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                _canStub = false;
                Refuse(DiagnosticIds.ClassShape,
                    $"'{outerName}' must be partial, because it contains the network '{name}'", LocationInfo.Of(outer.Identifier));
            }

            if (outer.TypeParameterList is { } parameters)
                RefuseShape($"'{outerName}' must not be generic, because it contains the network '{name}'", LocationInfo.Of(parameters));
            foreach (var modifier in outer.Modifiers)
            {
                if (!modifier.IsKind(SyntaxKind.FileKeyword))
                    continue;
                _canStub = false;
                Refuse(DiagnosticIds.ClassShape, $"'{outerName}' must not be file-local, because it contains the network '{name}'", LocationInfo.Of(modifier));
            }
        }
    }

    /// <summary>What else the user wrote must leave room for what is generated.</summary>
    private UserCodeCheck CheckUserCode(int threads)
    {
        var parts = Parts(_type).OrderBy(p => p == _declaration ? 0 : 1).ToList();
        var check = UserCodeCheck.Run(_type, parts, _compilation, threads, _cancellation);
        foreach (var problem in check.Problems)
        {
            _canEmit &= !problem.Stops;
            Report(problem.Id, problem.Message, problem.Location);
        }

        return check;
    }

    /// <summary>What can be said of the generated members if there will be none, or null when nothing can be added to the class.</summary>
    private StubSpec? ReadStub(
        UserCodeCheck user, AttributeData network, List<(INamedTypeSymbol Type, AttributeData Network)>? chain, NetworkOptions? options, string space)
    {
        if (!_canStub || !user.AllowsStub || _type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return null;

        // A class and a struct of one name are two symbols, and their files would have one name.
        if (TypesAround(_type).Append(_type).Any(t => ((INamespaceOrTypeSymbol)t.ContainingSymbol).GetTypeMembers(t.Name, t.Arity).Length > 1))
            return null;
        var architecture = chain is null ? _type : chain[chain.Count - 1].Type;
        var inputs = architecture.GetAttributes()
            .Where(a => WellKnownTypes.Is(a.AttributeClass, "InputAttribute"))
            .Select(a => a.ConstructorArguments.Length > 0 && a.ConstructorArguments[0].Value is string name ? name : string.Empty);
        string own = _type.ToDisplayString(NamespaceFormat);
        return new StubSpec(
            own.Replace('<', '{').Replace('>', '}'),
            space,
            new EquatableArray<string>(TypesAround(_type).Append(_type).Select(Declaration)),
            Escape(_type.Name),
            "global::" + own,
            options ?? ReadOptions(new List<(INamedTypeSymbol, AttributeData)> { (_type, network) }),
            IsSettled: options is not null,
            new EquatableArray<string>(inputs),
            new EquatableArray<string>(user.Taken),
            user.Initializer,
            user.CanConstruct,
            user.SetsRequired,
            _diagnostics.Count > 0 ? _diagnostics[0].Id : null);
    }

    /// <summary>The classes from this one to the one that has the layers, or null when there is no way.</summary>
    private List<(INamedTypeSymbol Type, AttributeData Network)>? ResolveArchitecture(AttributeData network, AttributePosition position)
    {
        var chain = new List<(INamedTypeSymbol Type, AttributeData Network)> { (_type, network) };
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            var last = chain[chain.Count - 1].Network;
            if (_reader.IsBroken(last))
                return null;
            if (last.ConstructorArguments.Length == 0)
                return chain;

            var argument = last.ConstructorArguments[0];
            if (argument.Value is ITypeSymbol { TypeKind: TypeKind.Error })
                return null;

            string? problem = null;
            var target = (argument.Value as INamedTypeSymbol)?.OriginalDefinition;
            var targetNetwork = target is null ? null : WellKnownTypes.FindNetwork(target);
            if (target is null)
                problem = $"'{chain[chain.Count - 1].Type.Name}' names no class as its architecture";
            else if (chain.Exists(c => SymbolEqualityComparer.Default.Equals(c.Type, target)))
                problem = $"'{_type.Name}' is a variant of itself: " + string.Join(" -> ", chain.Select(c => c.Type.Name)) + " -> " + target.Name;
            else if (targetNetwork is null)
                problem = $"'{target.Name}' has no [Network] and so is no architecture; add [Network] to it";

            if (problem is not null)
            {
                Report(DiagnosticIds.BadArchitecture, problem, position.Find("architecture"));
                return null;
            }

            chain.Add((target!, targetNetwork!));
        }
    }

    /// <summary>The architecture's arguments with the variants' laid over them.</summary>
    private NetworkOptions ReadOptions(List<(INamedTypeSymbol Type, AttributeData Network)> chain)
    {
        // Zero stands for "not set": the build property decides.
        var options = new NetworkOptions(0, 0, 0, VectorBits: 0);
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            foreach (var argument in chain[i].Network.NamedArguments)
            {
                options = (argument.Key, argument.Value.Value) switch
                {
                    ("Height", int n) => options with { Height = n },
                    ("Width", int n) => options with { Width = n },
                    ("Channels", int n) => options with { Channels = n },
                    ("WidthMultiplier", double x) => options with { WidthMultiplier = x },
                    ("ChannelDivisor", int n) => options with { ChannelDivisor = n },
                    ("ResolutionMultiplier", double x) => options with { ResolutionMultiplier = x },
                    ("VectorBits", int n) => options with { VectorBits = n },
                    ("SmallArena", bool b) => options with { Strips = b ? StripUse.SmallArena : StripUse.WhereFaster },
                    ("Threads", int n) => options with { Threads = n },
                    ("Trace", bool b) => options with { Trace = b },
                    ("Winograd", bool b) => options with { Winograd = b ? WinogradUse.WhereFaster : WinogradUse.Never },
                    _ => options,
                };
            }
        }

        return options;
    }

    private EquatableArray<string> ContainingTypes() => new(TypesAround(_type).Select(Declaration));

    /// <summary>The types a type is nested in, from the outside in.</summary>
    private static IEnumerable<INamedTypeSymbol> TypesAround(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? TypesAround(outer).Append(outer) : Enumerable.Empty<INamedTypeSymbol>();

    /// <summary>The head of a further part of a type.</summary>
    private static string Declaration(INamedTypeSymbol type)
    {
        string keyword = (type.TypeKind, type.IsRecord) switch
        {
            (TypeKind.Struct, true) => "record struct",
            (TypeKind.Struct, false) => "struct",
            (TypeKind.Interface, _) => "interface",
            (_, true) => "record",
            _ => "class",
        };
        string parameters = type.TypeParameters.Length == 0 ? string.Empty : "<" + string.Join(", ", type.TypeParameters.Select(p => Escape(p.Name))) + ">";
        return "partial " + keyword + " " + Escape(type.Name) + parameters;
    }

    private IEnumerable<TypeDeclarationSyntax> Parts(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_cancellation)).OfType<TypeDeclarationSyntax>();

    /// <summary>
    /// An identifier that is one in every version of C#: keywords have lower-case letters only, and later versions may add
    /// some, of which the compiler warns where such a name is not escaped.
    /// </summary>
    private static string Escape(string name) => name.All(c => c is (>= 'a' and <= 'z') or '_') ? "@" + name : name;

    /// <summary>Reports what keeps members from being generated, though not the layers from being checked.</summary>
    private void Refuse(string id, string message, LocationInfo location)
    {
        _canEmit = false;
        Report(id, message, location);
    }

    /// <summary>As <see cref="Refuse"/>, for generic classes, whose name does not identify them.</summary>
    private void RefuseShape(string message, LocationInfo location)
    {
        _canRead = false;
        Refuse(DiagnosticIds.ClassShape, message, location);
    }

    private void Report(string id, string message, LocationInfo location) =>
        _diagnostics.Add(new DiagnosticInfo(id, message, location));
}
