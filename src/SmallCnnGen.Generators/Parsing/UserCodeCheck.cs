using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>
/// What a project writes itself that generated code cannot live with. Said here, at the user's line: the C# compiler would
/// say it inside a generated file.
/// </summary>
internal sealed class UserCodeCheck
{
    /// <summary>What generated code is written in: function pointers are C# 9.</summary>
    private const LanguageVersion LeastLanguage = LanguageVersion.CSharp9;

    private const string Weights = "SmallCnnGen.NetworkWeights";

    /// <summary>Properties of <see cref="NetworkEmitter.Members"/>: C# keeps the names of their accessors for itself.</summary>
    private static readonly string[] Properties = { "Cost", "VectorBits", "Weights" };

    private static readonly HashSet<string> Names = new(
        NetworkEmitter.Members.Concat(Properties.SelectMany(p => new[] { "get_" + p, "set_" + p })), StringComparer.Ordinal);

    private readonly INamedTypeSymbol _type;
    private readonly IReadOnlyList<TypeDeclarationSyntax> _parts;
    private readonly Compilation _compilation;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;
    private readonly List<Problem> _problems = new();
    private readonly List<string> _taken = new();

    private UserCodeCheck(INamedTypeSymbol type, IReadOnlyList<TypeDeclarationSyntax> parts, Compilation compilation, int threads, CancellationToken cancellation)
    {
        _type = type;
        _parts = parts;
        _compilation = compilation;
        _threads = threads;
        _cancellation = cancellation;
    }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>What stubs must not declare again (<see cref="StubSpec.Taken"/>).</summary>
    public IReadOnlyList<string> Taken => _taken;

    /// <summary>Whether stubs mean what they name.</summary>
    public bool AllowsStub { get; private set; } = true;

    /// <summary>What the constructor of a stub has to call.</summary>
    public string Initializer { get; private set; } = string.Empty;

    /// <summary>Whether a stub can have a constructor.</summary>
    public bool CanConstruct { get; private set; } = true;

    /// <summary>Whether a stub's constructor has to say that it sets what is required.</summary>
    public bool SetsRequired { get; private set; }

    /// <summary>Looks at a class before anything is generated into it.</summary>
    /// <param name="type">The class.</param>
    /// <param name="parts">Its parts, that with [Network] first.</param>
    /// <param name="compilation">Its compilation.</param>
    /// <param name="threads">Threads it asks for: with several, the generated constructor has a second parameter.</param>
    /// <param name="cancellation">Checked between the parts of the check.</param>
    public static UserCodeCheck Run(INamedTypeSymbol type, IReadOnlyList<TypeDeclarationSyntax> parts, Compilation compilation, int threads, CancellationToken cancellation)
    {
        var check = new UserCodeCheck(type, parts, compilation, threads, cancellation);
        check.CheckLanguage();
        check.CheckMembers();
        check.CheckConstructors();
        check.CheckBases();
        check.CheckHiddenTypes();
        return check;
    }

    private void CheckLanguage()
    {
        var version = (_parts[0].SyntaxTree.Options as CSharpParseOptions)?.LanguageVersion ?? LeastLanguage;
        if (version < LeastLanguage)
        {
            Stop(DiagnosticIds.LanguageVersion,
                $"Code generated for '{_type.Name}' needs C# 9 or later and the project is compiled as C# {version.ToDisplayString()}; set or remove <LangVersion> in the project file", LocationInfo.Of(_parts[0].Identifier));
        }
    }

    private void CheckMembers()
    {
        if (Names.Contains(_type.Name))
        {
            Stop(DiagnosticIds.MemberConflict,
                $"A member called '{_type.Name}' is generated, and C# lets no member be called as its class; give the class another name", LocationInfo.Of(_parts[0].Identifier));
        }

        foreach (var member in _type.GetMembers())
        {
            // An indexer's name is in its attribute.
            string name = member is IPropertySymbol { IsIndexer: true } ? member.MetadataName : member.Name;
            bool isAccessor = member is IMethodSymbol { AssociatedSymbol: not null };
            if (member.IsImplicitlyDeclared || isAccessor || !Names.Contains(name) || Place(member) is not { } place)
                continue;
            _taken.Add(member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method ? Signature(method) : name);
            Stop(DiagnosticIds.MemberConflict, $"'{_type.Name}' declares '{name}', which is generated; give it another name", place);
        }

        foreach (var member in _type.GetMembers().Where(IsRequired))
        {
            SetsRequired = true;
            if (Place(member) is { } place)
            {
                Stop(DiagnosticIds.Construction,
                    $"'{member.Name}' is required, but Load and CreateRandom make instances of '{_type.Name}' and cannot set it; give it a value of its own", place);
            }
        }
    }

    private void CheckConstructors()
    {
        foreach (var part in _parts)
        {
            // Every other constructor of such a class would have to call this one, and ours cannot know how.
            if (part.ParameterList is { } parameters && part is ClassDeclarationSyntax)
            {
                Stop(DiagnosticIds.MemberConflict,
                    $"'{_type.Name}' has a primary constructor, with which the generated constructor cannot coexist; declare an ordinary one", LocationInfo.Of(parameters));
            }
        }

        foreach (var constructor in _type.InstanceConstructors)
        {
            // No other is ever a stub's: what does not matter here must not make a network be compiled again.
            if (!constructor.IsImplicitlyDeclared && constructor.Parameters.Length is 1 or 2 && Signature(constructor) is var signature && signature.StartsWith($".ctor({Weights}", StringComparison.Ordinal))
                _taken.Add(signature);
            if (constructor.DeclaringSyntaxReferences.Any(r => r.GetSyntax(_cancellation) is TypeDeclarationSyntax { ParameterList: not null }))
                Chain("this", constructor);
            var syntax = constructor.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_cancellation)).OfType<ConstructorDeclarationSyntax>().FirstOrDefault();
            if (constructor.IsImplicitlyDeclared || syntax is null)
                continue;
            if (IsGenerated(constructor))
            {
                Stop(DiagnosticIds.MemberConflict,
                    constructor.Parameters.Length == 1 && _threads > 1
                        ? $"'{_type.Name}' declares a constructor that takes NetworkWeights alone, which would be called instead of the generated one, whose number of threads is optional; remove it"
                        : $"'{_type.Name}' declares a constructor that takes NetworkWeights{(constructor.Parameters.Length > 1 ? " and a number of threads" : string.Empty)}, which is generated; remove it", LocationInfo.Of(syntax.Identifier));
            }
            else if (syntax.Initializer is not { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword })
            {
                // Nothing is wrong with the generated part, and without it the user's own calls of it would be errors too.
                _problems.Add(new(DiagnosticIds.Construction,
                    $"This constructor makes a '{_type.Name}' without weights, which cannot run; let it call the generated one, ': this(weights)'", LocationInfo.Of(syntax.Identifier), Stops: false));
            }
        }
    }

    private bool IsGenerated(IMethodSymbol constructor)
    {
        var parameters = constructor.Parameters;
        return parameters.Length >= 1
            && parameters.All(p => p.RefKind == RefKind.None)
            && IsWeights(parameters[0].Type)
            && (parameters.Length == 1 || (parameters.Length == 2 && _threads > 1 && parameters[1].Type.SpecialType == SpecialType.System_Int32));

        // An error type: the code may be compiled against a library that is not there yet.
        static bool IsWeights(ITypeSymbol type) => type.TypeKind == TypeKind.Error ? type.Name == "NetworkWeights" : type.ToDisplayString() == Weights;
    }

    private void CheckBases()
    {
        if (_type.BaseType is not { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } direct)
            return;
        var place = PlaceOfBase(direct);
        for (var current = direct; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (WellKnownTypes.FindNetwork(current) is not null)
            {
                // Its constructor is generated too, and cannot be looked up yet.
                if (ReferenceEquals(current, direct))
                    Initializer = $" : base(default(global::{Weights}))";
                Stop(DiagnosticIds.MemberConflict,
                    $"'{_type.Name}' derives from the network '{current.Name}' and would have each generated member twice; a variant of a network is declared by [Network(typeof({current.Name}))]", place);
                return;
            }

            foreach (var member in current.GetMembers())
            {
                if (!_compilation.IsSymbolAccessibleWithin(member, _type))
                    continue;
                string name = member is IPropertySymbol { IsIndexer: true } ? member.MetadataName : member.Name;
                if (NetworkEmitter.Members.Contains(name) && !IsOverload(member))
                {
                    // What is abstract cannot be hidden.
                    if (member.IsAbstract)
                        _taken.Add(name);
                    Stop(DiagnosticIds.MemberConflict,
                        $"'{current.Name}' has a member '{name}', which the generated one would hide; give it another name, or let an interface ask for it", place);
                    return;
                }

                if (IsRequired(member))
                {
                    SetsRequired = true;
                    Stop(DiagnosticIds.Construction,
                        $"'{member.Name}' of '{current.Name}' is required, but Load and CreateRandom make instances of '{_type.Name}' and cannot set it", place);
                    return;
                }
            }
        }

        var callable = direct.InstanceConstructors.Where(c => _compilation.IsSymbolAccessibleWithin(c, _type)).ToList();
        var chosen = callable.Where(c => c.Parameters.Length == 0).DefaultIfEmpty().First();
        if (chosen is null)
        {
            var optional = callable.Where(c => c.Parameters.All(p => p.IsOptional || p.IsParams)).ToList();
            chosen = optional.Count == 1 ? optional[0] : null;
        }

        if (chosen is null)
        {
            if (callable.Count > 0)
                Chain("base", callable[0]);
            Stop(DiagnosticIds.Construction,
                $"'{direct.Name}' has no constructor that can be called without arguments, as the generated constructor of '{_type.Name}' does", place);
        }
        else if (chosen.GetAttributes().Any(a => a.AttributeClass?.Name == "SetsRequiredMembersAttribute"))
        {
            SetsRequired = true;
            Stop(DiagnosticIds.Construction,
                $"The constructor of '{direct.Name}' has [SetsRequiredMembers], which the generated constructor of '{_type.Name}' that calls it has not", place);
        }
    }

    /// <summary>Makes a stub's constructor call another one, with nothing in particular for its arguments.</summary>
    private void Chain(string target, IMethodSymbol constructor)
    {
        CanConstruct = constructor.Parameters.All(p => p.RefKind is RefKind.None or RefKind.In && p.Type is { TypeKind: not (TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Error) });
        Initializer = $" : {target}({string.Join(", ", constructor.Parameters.Select(p => $"default({p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})"))})";
    }

    /// <summary>Name and parameters, as stubs are compared by.</summary>
    private static string Signature(IMethodSymbol method)
    {
        string types = string.Join(", ", method.Parameters.Select(TypeOf));
        return method.Name + (method.Arity > 0 ? "`" + method.Arity : string.Empty) + "(" + types + ")";
    }

    /// <summary>Type of a parameter, another word for one that is passed by reference.</summary>
    private static string TypeOf(IParameterSymbol parameter) => (parameter.RefKind == RefKind.None ? string.Empty : "ref ")
        + parameter.Type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    /// <summary>Whether a method of a base class stands beside the generated ones of its name instead of being hidden by one.</summary>
    private static bool IsOverload(ISymbol member)
    {
        if (member is not IMethodSymbol { MethodKind: MethodKind.Ordinary, IsGenericMethod: false } method)
            return member is IMethodSymbol { MethodKind: MethodKind.Ordinary };
        string[] types = method.Parameters.Select(TypeOf).ToArray();
        return !(method.Name switch
        {
            "Run" => types.Length >= 2 && IsRun(types),
            "Load" or "LoadWeights" => types.Length == 1 && types[0] is "string" or "System.IO.Stream" or "System.ReadOnlySpan<byte>" or "SmallCnnGen.SafetensorsFile",
            "CreateRandom" => types.Length == 1 && types[0] == "int",
            "Dispose" => types.Length == 0,
            _ => true,
        });

        static bool IsRun(string[] types)
        {
            int last = types[types.Length - 1] == "SmallCnnGen.TensorObserver" ? types.Length - 2 : types.Length - 1;
            return last >= 1 && types[last] == "System.Span<float>" && types.Take(last).All(t => t == "System.ReadOnlySpan<float>");
        }
    }

    /// <summary>
    /// Aliases keep the user's names out of generated code, except for types with the whole name of the one that is meant.
    /// </summary>
    private void CheckHiddenTypes()
    {
        // Hardly a project has anything of these names.
        if (_compilation.Assembly.GlobalNamespace.GetMembers().All(n => n.Name is not ("System" or "SmallCnnGen")))
            return;
        foreach (string name in Imports.Types)
        {
            _cancellation.ThrowIfCancellationRequested();

            bool isNamespace = name == Imports.Generated || Imports.Types.Any(t => t.StartsWith(name + ".", StringComparison.Ordinal));

            // In the library's own project its types are what is meant. A namespace may not be called as a type that is meant either.
            INamespaceOrTypeSymbol? own = _compilation.Assembly.GetTypeByMetadataName(name) ?? (isNamespace ? null : (INamespaceOrTypeSymbol?)FindNamespace(name));
            if (own is null || Place(own) is not { } place || IsLibrary(name))
                continue;
            AllowsStub &= !StubEmitter.Uses(name);
            Stop(DiagnosticIds.HiddenType, $"'{own.ToDisplayString()}' takes the place of a {(isNamespace ? "namespace" : "type")} that the code generated for '{_type.Name}' uses; give it another name", place);
        }

        bool IsLibrary(string name) => name.StartsWith(WellKnownTypes.Namespace + ".", StringComparison.Ordinal) && _compilation.GetTypesByMetadataName(name).Length == 1
            && _compilation.Assembly.GetTypeByMetadataName(WellKnownTypes.Network) is not null;
    }

    /// <summary>A namespace of this project by its whole name.</summary>
    private INamespaceSymbol? FindNamespace(string name)
    {
        INamespaceSymbol? current = _compilation.Assembly.GlobalNamespace;
        foreach (string part in name.Split('.'))
            current = current?.GetNamespaceMembers().FirstOrDefault(n => n.Name == part);
        return current;
    }

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private LocationInfo PlaceOfBase(INamedTypeSymbol wanted)
    {
        foreach (var part in _parts)
        {
            if (part.BaseList is null)
                continue;
            var model = _compilation.GetSemanticModel(part.SyntaxTree);
            foreach (var written in part.BaseList.Types)
            {
                if (SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(written.Type, _cancellation).Type, wanted))
                    return LocationInfo.Of(written.SyntaxTree, written.Type.Span);
            }
        }

        return LocationInfo.Of(_parts[0].Identifier);
    }

    private static LocationInfo? Place(ISymbol symbol)
    {
        var location = symbol.Locations.FirstOrDefault(l => l.IsInSource);
        return location is null ? null : LocationInfo.Of(location.SourceTree!, location.SourceSpan);
    }

    private void Stop(string id, string message, LocationInfo location) => _problems.Add(new(id, message, location, Stops: true));

    /// <summary>One thing that is wrong.</summary>
    /// <param name="Id">Id.</param>
    /// <param name="Message">What.</param>
    /// <param name="Location">Where.</param>
    /// <param name="Stops">Whether members cannot be generated.</param>
    internal sealed record Problem(string Id, string Message, LocationInfo Location, bool Stops);
}
