namespace SmallCnnGen.Compiler.Model;

/// <summary>Ids of everything the compiler can find wrong. Never reused; each has a page in src/docs/rules.</summary>
public static class DiagnosticIds
{
    /// <summary>The class is not partial, is generic, static or abstract, or is nested in one that is not partial.</summary>
    public const string ClassShape = "SCNN1001";

    /// <summary>The project does not allow unsafe code, which kernels need.</summary>
    public const string UnsafeNotAllowed = "SCNN1002";

    /// <summary>An argument is missing, has the wrong type or lies out of range.</summary>
    public const string BadArgument = "SCNN1003";

    /// <summary>From, Add, Concat, ... name a layer that does not exist (or comes later).</summary>
    public const string UnknownName = "SCNN1004";

    /// <summary>Two layers have one name.</summary>
    public const string DuplicateName = "SCNN1005";

    /// <summary>An expression cannot be read or evaluated.</summary>
    public const string BadExpression = "SCNN1006";

    /// <summary>The network has no layer, or no input size.</summary>
    public const string EmptyNetwork = "SCNN1007";

    /// <summary>A block contains itself.</summary>
    public const string RecursiveBlock = "SCNN1008";

    /// <summary>Layer attributes stand on more than one part of a partial class, so their order is unknown.</summary>
    public const string LayersOnSeveralParts = "SCNN1009";

    /// <summary>A class with layer attributes has no [Network].</summary>
    public const string MissingNetwork = "SCNN1010";

    /// <summary>The class already has a member that would be generated.</summary>
    public const string MemberConflict = "SCNN1011";

    /// <summary>The architecture a variant refers to has no [Network] or is itself a variant in a circle.</summary>
    public const string BadArchitecture = "SCNN1012";

    /// <summary>A layer's result is used by nothing.</summary>
    public const string UnusedLayer = "SCNN2001";

    /// <summary>Inputs of a layer do not fit each other.</summary>
    public const string ShapeMismatch = "SCNN2002";

    /// <summary>The window does not fit the map: the output would be empty.</summary>
    public const string EmptyOutput = "SCNN2003";

    /// <summary>Groups do not divide the channels.</summary>
    public const string GroupsDoNotDivide = "SCNN2004";

    /// <summary>A channel index lies outside the map.</summary>
    public const string ChannelOutOfRange = "SCNN2005";

    /// <summary>The network is too large for the addressing or memory of one instance.</summary>
    public const string TooLarge = "SCNN2006";

    /// <summary>Two layers would share one tensor of the weights file with different shapes.</summary>
    public const string TensorConflict = "SCNN2007";

    /// <summary>The compiler itself failed; please report it.</summary>
    public const string Internal = "SCNN9001";
}
