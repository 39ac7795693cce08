using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>One descriptor for every id of <see cref="DiagnosticIds"/>.</summary>
/// <remarks>The message format is the message: it is written once, by whoever makes the finding.</remarks>
public static class DiagnosticDescriptors
{
    private const string Build = "SmallCnnGen.Build";
    private const string Declaration = "SmallCnnGen.Declaration";
    private const string Shape = "SmallCnnGen.Shape";
    private const string InternalCategory = "SmallCnnGen.Internal";

    /// <summary>Format of every descriptor.</summary>
    internal const string Message = "{0}";

    /// <summary>Where the rules' pages are.</summary>
    internal const string Rules = "https://github.com/smallcnngen/smallcnngen/blob/main/src/docs/rules/";

    /// <summary>SCNN0003: kernels are compiled without optimisation.</summary>
    public static readonly DiagnosticDescriptor DebugBuild = new(
        DiagnosticIds.DebugBuild, "Kernels are compiled without optimisation", Message, Build, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "A Debug build leaves kernels as slow as the rest of the program: right for stepping through it, wrong for measuring.",
        Rules + DiagnosticIds.DebugBuild + ".md");

    /// <summary>SCNN1001: a network must be a plain partial class.</summary>
    public static readonly DiagnosticDescriptor ClassShape = new(
        DiagnosticIds.ClassShape, "A network must be a plain partial class", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The other part of the class is generated: it must be partial (and so must every class around it), and not generic, static, abstract, file-local, a record or a struct.",
        Rules + DiagnosticIds.ClassShape + ".md");

    /// <summary>SCNN1002: unsafe code must be allowed.</summary>
    public static readonly DiagnosticDescriptor UnsafeNotAllowed = new(
        DiagnosticIds.UnsafeNotAllowed, "Unsafe code must be allowed", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Kernels read weights and activations through pointers, so the project must set AllowUnsafeBlocks.",
        Rules + DiagnosticIds.UnsafeNotAllowed + ".md");

    /// <summary>SCNN1003: wrong argument.</summary>
    public static readonly DiagnosticDescriptor BadArgument = new(
        DiagnosticIds.BadArgument, "Wrong argument", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "An argument of a layer or of [Network] is missing, has the wrong type or lies out of range.",
        Rules + DiagnosticIds.BadArgument + ".md");

    /// <summary>SCNN1004: no layer has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownName = new(
        DiagnosticIds.UnknownName, "No layer has this name", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "From, Add, Concat and the like name layers above them in the same list.",
        Rules + DiagnosticIds.UnknownName + ".md");

    /// <summary>SCNN1005: two layers have one name.</summary>
    public static readonly DiagnosticDescriptor DuplicateName = new(
        DiagnosticIds.DuplicateName, "Two layers have one name", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The name of a layer identifies it in From and in the weights file.",
        Rules + DiagnosticIds.DuplicateName + ".md");

    /// <summary>SCNN1006: expression cannot be evaluated.</summary>
    public static readonly DiagnosticDescriptor BadExpression = new(
        DiagnosticIds.BadExpression, "Expression cannot be evaluated", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Expressions are integer arithmetic and conditions over the parameters of the block they stand in.",
        Rules + DiagnosticIds.BadExpression + ".md");

    /// <summary>SCNN1007: the network has no layer or no input size.</summary>
    public static readonly DiagnosticDescriptor EmptyNetwork = new(
        DiagnosticIds.EmptyNetwork, "The network has no layer or no input size", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A network needs at least one layer and a height, width and channel count.",
        Rules + DiagnosticIds.EmptyNetwork + ".md");

    /// <summary>SCNN1008: a block contains itself.</summary>
    public static readonly DiagnosticDescriptor RecursiveBlock = new(
        DiagnosticIds.RecursiveBlock, "A block contains itself", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The body of a block is put in its place, which never ends when it contains the block again.",
        Rules + DiagnosticIds.RecursiveBlock + ".md");

    /// <summary>SCNN1009: layer attributes stand on several parts.</summary>
    public static readonly DiagnosticDescriptor LayersOnSeveralParts = new(
        DiagnosticIds.LayersOnSeveralParts, "Layer attributes stand on several parts", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The order of the layers is the order of the attributes, and there is none between the parts of a class.",
        Rules + DiagnosticIds.LayersOnSeveralParts + ".md");

    /// <summary>SCNN1010: layer attributes without [Network].</summary>
    public static readonly DiagnosticDescriptor MissingNetwork = new(
        DiagnosticIds.MissingNetwork, "Layer attributes without [Network]", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Layer attributes mean nothing on a class that is neither a network nor a block.",
        Rules + DiagnosticIds.MissingNetwork + ".md");

    /// <summary>SCNN1011: the class declares a member that is generated.</summary>
    public static readonly DiagnosticDescriptor MemberConflict = new(
        DiagnosticIds.MemberConflict, "The class declares a member that is generated", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Run, Load, the constants and the constructor are generated; the class cannot declare its own.",
        Rules + DiagnosticIds.MemberConflict + ".md");

    /// <summary>SCNN1012: the architecture cannot be used.</summary>
    public static readonly DiagnosticDescriptor BadArchitecture = new(
        DiagnosticIds.BadArchitecture, "The architecture cannot be used", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The class a variant names must have [Network] and must not lead back to the variant.",
        Rules + DiagnosticIds.BadArchitecture + ".md");

    /// <summary>SCNN1013: the language version is too low.</summary>
    public static readonly DiagnosticDescriptor LanguageVersion = new(
        DiagnosticIds.LanguageVersion, "C# 9 or later is needed", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Generated code is written in C# 9.",
        Rules + DiagnosticIds.LanguageVersion + ".md");

    /// <summary>SCNN1014: instances cannot be made.</summary>
    public static readonly DiagnosticDescriptor Construction = new(
        DiagnosticIds.Construction, "An instance cannot be made or has no weights", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Every constructor must lead to the generated one, and that one must be able to make an instance by itself.",
        Rules + DiagnosticIds.Construction + ".md");

    /// <summary>SCNN1015: a type hides one that generated code uses.</summary>
    public static readonly DiagnosticDescriptor HiddenType = new(
        DiagnosticIds.HiddenType, "A type of the project hides one that generated code uses", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "C# prefers a type of the project to one of the same full name in a reference.",
        Rules + DiagnosticIds.HiddenType + ".md");

    /// <summary>SCNN1017: Run is given something that is not floats.</summary>
    public static readonly DiagnosticDescriptor RunArgument = new(
        DiagnosticIds.RunArgument, "Run reads and writes spans of floats", Message, Declaration, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A picture of bytes or doubles, or one of several dimensions, has to be made floats in a row first.",
        Rules + DiagnosticIds.RunArgument + ".md");

    /// <summary>SCNN2001: the result of a layer is not used.</summary>
    public static readonly DiagnosticDescriptor UnusedLayer = new(
        DiagnosticIds.UnusedLayer, "The result of a layer is not used", Message, Shape, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "A layer that leads to no output costs nothing, because it is left out, but was hardly meant so.",
        Rules + DiagnosticIds.UnusedLayer + ".md");

    /// <summary>SCNN2002: inputs do not fit each other.</summary>
    public static readonly DiagnosticDescriptor ShapeMismatch = new(
        DiagnosticIds.ShapeMismatch, "Inputs do not fit each other", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Sums, products and concatenations need inputs of agreeing height, width and (but for concatenation) channels.",
        Rules + DiagnosticIds.ShapeMismatch + ".md");

    /// <summary>SCNN2003: the output would be empty.</summary>
    public static readonly DiagnosticDescriptor EmptyOutput = new(
        DiagnosticIds.EmptyOutput, "The output would be empty", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The window, with its dilation, is larger than the padded map.",
        Rules + DiagnosticIds.EmptyOutput + ".md");

    /// <summary>SCNN2004: groups do not divide the channels.</summary>
    public static readonly DiagnosticDescriptor GroupsDoNotDivide = new(
        DiagnosticIds.GroupsDoNotDivide, "Groups do not divide the channels", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Each group of a convolution or shuffle has the same number of channels.",
        Rules + DiagnosticIds.GroupsDoNotDivide + ".md");

    /// <summary>SCNN2005: channel out of range.</summary>
    public static readonly DiagnosticDescriptor ChannelOutOfRange = new(
        DiagnosticIds.ChannelOutOfRange, "Channel out of range", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Slices and gathers can only take channels that the map has.",
        Rules + DiagnosticIds.ChannelOutOfRange + ".md");

    /// <summary>SCNN2006: the network is too large.</summary>
    public static readonly DiagnosticDescriptor TooLarge = new(
        DiagnosticIds.TooLarge, "The network is too large", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Offsets into weights and activations are 32-bit, and one instance must fit into memory.",
        Rules + DiagnosticIds.TooLarge + ".md");

    /// <summary>SCNN2007: two layers share a tensor with different shapes.</summary>
    public static readonly DiagnosticDescriptor TensorConflict = new(
        DiagnosticIds.TensorConflict, "Two layers share a tensor with different shapes", Message, Shape, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Layers with the same path in the weights file use the same tensors, which can have one shape only.",
        Rules + DiagnosticIds.TensorConflict + ".md");

    /// <summary>SCNN2008: a product where sizes may be meant.</summary>
    public static readonly DiagnosticDescriptor SizeProduct = new(
        DiagnosticIds.SizeProduct, "A product where two sizes may be meant", Message, Shape, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Text where a number may stand is an expression: \"3*3\" is 9, a window of 9x9.",
        Rules + DiagnosticIds.SizeProduct + ".md");

    /// <summary>SCNN9001: SmallCnnGen failed.</summary>
    public static readonly DiagnosticDescriptor Internal = new(
        DiagnosticIds.Internal, "SmallCnnGen failed", Message, InternalCategory, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "This is a bug in SmallCnnGen; please report it with the declaration.",
        Rules + DiagnosticIds.Internal + ".md");

    /// <summary>SCNN9002: the design critic failed.</summary>
    public static readonly DiagnosticDescriptor CriticFailed = new(
        DiagnosticIds.CriticFailed, "The design critic failed", Message, InternalCategory, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "This is a bug in SmallCnnGen, though not in the generated code; please report it with the declaration.",
        Rules + DiagnosticIds.CriticFailed + ".md");

    /// <summary>All of them, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = ImmutableArray.Create(
        DebugBuild,
        ClassShape,
        UnsafeNotAllowed,
        BadArgument,
        UnknownName,
        DuplicateName,
        BadExpression,
        EmptyNetwork,
        RecursiveBlock,
        LayersOnSeveralParts,
        MissingNetwork,
        MemberConflict,
        BadArchitecture,
        LanguageVersion,
        Construction,
        HiddenType,
        RunArgument,
        UnusedLayer,
        ShapeMismatch,
        EmptyOutput,
        GroupsDoNotDivide,
        ChannelOutOfRange,
        TooLarge,
        TensorConflict,
        SizeProduct,
        Internal,
        CriticFailed,
        DesignDescriptors.BadThreshold,
        DesignDescriptors.BudgetExceeded).AddRange(DesignDescriptors.All);

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = Index();

    /// <summary>The descriptor of an id; the internal error's when there is none, because the compiler made one up.</summary>
    public static DiagnosticDescriptor Find(string id) =>
        ById.TryGetValue(id, out var descriptor) ? descriptor : Internal;

    private static Dictionary<string, DiagnosticDescriptor> Index()
    {
        var index = new Dictionary<string, DiagnosticDescriptor>(System.StringComparer.Ordinal);
        foreach (var descriptor in All)
            index.Add(descriptor.Id, descriptor);
        return index;
    }
}
