namespace SmallCnnGen.Compiler.Model;

/// <summary>Ids of everything the compiler can find wrong. Never reused; each has a page in src/docs/rules.</summary>
public static class DiagnosticIds
{
    /// <summary>Kernels are compiled without optimisation.</summary>
    public const string DebugBuild = "SCNN0003";

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

    /// <summary>The project's C# is older than generated code.</summary>
    public const string LanguageVersion = "SCNN1013";

    /// <summary>The generated constructor cannot make an instance, or one of the user's makes one without weights.</summary>
    public const string Construction = "SCNN1014";

    /// <summary>A type of the project has the full name of one that generated code uses.</summary>
    public const string HiddenType = "SCNN1015";

    /// <summary>Run is given something that is not floats.</summary>
    public const string RunArgument = "SCNN1017";

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

    /// <summary>"3*3" where sizes are wanted, which is 9 and not 3x3.</summary>
    public const string SizeProduct = "SCNN2008";

    /// <summary>A threshold in .editorconfig cannot be read.</summary>
    public const string BadThreshold = "SCNN4000";

    /// <summary>A 1x1 convolution has far more output than input channels, or the reverse.</summary>
    public const string UnequalChannelWidth = "SCNN4001";

    /// <summary>A grouped convolution touches much more memory than a dense one of equal work.</summary>
    public const string TooManyGroups = "SCNN4002";

    /// <summary>A block does little work in many operators or branches.</summary>
    public const string Fragmentation = "SCNN4003";

    /// <summary>Element-wise work moves a large share of all bytes.</summary>
    public const string ElementWiseWork = "SCNN4004";

    /// <summary>Grouped convolutions follow each other and their groups never exchange anything.</summary>
    public const string ChannelsNeverMeet = "SCNN4005";

    /// <summary>The narrow end of an inverted residual has an activation.</summary>
    public const string NonlinearBottleneck = "SCNN4006";

    /// <summary>Fully connected layers on a map hold most parameters.</summary>
    public const string DenseParameters = "SCNN4007";

    /// <summary>A large kernel could be a chain of 3x3 convolutions.</summary>
    public const string LargeKernel = "SCNN4008";

    /// <summary>A square kernel could be a column and a row.</summary>
    public const string SeparableKernel = "SCNN4009";

    /// <summary>The resolution falls too early or by too much at once.</summary>
    public const string UnevenDownsampling = "SCNN4010";

    /// <summary>A map through which everything must pass is much smaller than the one before.</summary>
    public const string RepresentationalBottleneck = "SCNN4011";

    /// <summary>Pooling throws away what a widening convolution computed, or starves the one after it.</summary>
    public const string GridReduction = "SCNN4012";

    /// <summary>Squeeze-and-excitation is too wide, too narrow, or on a large map.</summary>
    public const string SqueezeExcitation = "SCNN4013";

    /// <summary>A costly activation on early, large maps.</summary>
    public const string EarlyHardSwish = "SCNN4014";

    /// <summary>A widening 1x1 convolution before the global pooling.</summary>
    public const string ExpensiveLastStage = "SCNN4015";

    /// <summary>The first convolution takes much of the work.</summary>
    public const string WideFirstLayer = "SCNN4016";

    /// <summary>Width multiplier or resolution below the useful range.</summary>
    public const string MultiplierRange = "SCNN4017";

    /// <summary>Channels are computed that nothing reads.</summary>
    public const string DeadChannels = "SCNN4018";

    /// <summary>A channel count fills its vectors badly.</summary>
    public const string WastedLanes = "SCNN4019";

    /// <summary>The classifier's pixels do not see the whole input.</summary>
    public const string ReceptiveField = "SCNN4020";

    /// <summary>A second squeeze before a 3x3 convolution would save work.</summary>
    public const string TwoStageSqueeze = "SCNN4021";

    /// <summary>The network exceeds its [Budget].</summary>
    public const string BudgetExceeded = "SCNN4022";

    /// <summary>Layers follow each other that are one matrix.</summary>
    public const string LinearChain = "SCNN4023";

    /// <summary>The input's sizes are in another order than height, width, channels.</summary>
    public const string InputOrder = "SCNN4024";

    /// <summary>The compiler itself failed; please report it.</summary>
    public const string Internal = "SCNN9001";

    /// <summary>A rule of the critic failed; please report it.</summary>
    public const string CriticFailed = "SCNN9002";

    /// <summary>Whether a finding of the declaration leaves the network compiled.</summary>
    public static bool IsWarning(string id) => id is UnusedLayer or SizeProduct;
}
