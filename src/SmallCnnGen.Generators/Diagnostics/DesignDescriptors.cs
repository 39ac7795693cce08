using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>The critic's rules. Each descriptor repeats its rule's as constants, which release tracking can read; a test compares them.</summary>
public static class DesignDescriptors
{
    private const string Category = RuleDescriptor.Category;
    private const string Message = DiagnosticDescriptors.Message;
    private const string Rules = DiagnosticDescriptors.Rules;

    /// <summary>SCNN4000: a threshold cannot be read.</summary>
    public static readonly DiagnosticDescriptor BadThreshold = new(
        DiagnosticIds.BadThreshold, "A threshold cannot be read", Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Thresholds of rules are numbers of 0 or more; where one is not, its default is used.",
        Rules + DiagnosticIds.BadThreshold + ".md");

    /// <summary>ShuffleNet V2's G1: equal channel width minimises memory access cost.</summary>
    public static readonly DiagnosticDescriptor UnequalChannelWidth = new(
        DiagnosticIds.UnequalChannelWidth, Compiler.Critique.Rules.UnequalChannelWidth.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: false,
        "ShuffleNet V2's G1: equal channel width minimises memory access cost.",
        Rules + DiagnosticIds.UnequalChannelWidth + ".md");

    /// <summary>ShuffleNet V2's G2: excessive group convolution increases memory access cost.</summary>
    public static readonly DiagnosticDescriptor TooManyGroups = new(
        DiagnosticIds.TooManyGroups, Compiler.Critique.Rules.TooManyGroups.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "ShuffleNet V2's G2: excessive group convolution increases memory access cost.",
        Rules + DiagnosticIds.TooManyGroups + ".md");

    /// <summary>ShuffleNet V2's G3: network fragmentation reduces the degree of parallelism.</summary>
    public static readonly DiagnosticDescriptor Fragmentation = new(
        DiagnosticIds.Fragmentation, Compiler.Critique.Rules.Fragmentation.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: false,
        "ShuffleNet V2's G3: network fragmentation reduces the degree of parallelism.",
        Rules + DiagnosticIds.Fragmentation + ".md");

    /// <summary>ShuffleNet V2's G4: element-wise operations are non-negligible.</summary>
    public static readonly DiagnosticDescriptor ElementWiseWork = new(
        DiagnosticIds.ElementWiseWork, Compiler.Critique.Rules.ElementWiseWork.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: false,
        "ShuffleNet V2's G4: element-wise operations are non-negligible.",
        Rules + DiagnosticIds.ElementWiseWork + ".md");

    /// <summary>Without a shuffle between them, the groups of stacked grouped convolutions never exchange anything.</summary>
    public static readonly DiagnosticDescriptor ChannelsNeverMeet = new(
        DiagnosticIds.ChannelsNeverMeet, Compiler.Critique.Rules.ChannelsNeverMeet.Title, Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Without a shuffle between them, the groups of stacked grouped convolutions never exchange anything.",
        Rules + DiagnosticIds.ChannelsNeverMeet + ".md");

    /// <summary>MobileNetV2's linear bottlenecks: an activation on few channels destroys information.</summary>
    public static readonly DiagnosticDescriptor NonlinearBottleneck = new(
        DiagnosticIds.NonlinearBottleneck, Compiler.Critique.Rules.NonlinearBottleneck.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "MobileNetV2's linear bottlenecks: an activation on few channels destroys information.",
        Rules + DiagnosticIds.NonlinearBottleneck + ".md");

    /// <summary>A fully connected layer on a map has a weight for every pixel; global pooling needs none.</summary>
    public static readonly DiagnosticDescriptor DenseParameters = new(
        DiagnosticIds.DenseParameters, Compiler.Critique.Rules.DenseParameters.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "A fully connected layer on a map has a weight for every pixel; global pooling needs none.",
        Rules + DiagnosticIds.DenseParameters + ".md");

    /// <summary>Two 3x3 convolutions see what a 5x5 sees, with fewer weights and multiply-adds.</summary>
    public static readonly DiagnosticDescriptor LargeKernel = new(
        DiagnosticIds.LargeKernel, Compiler.Critique.Rules.LargeKernel.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Two 3x3 convolutions see what a 5x5 sees, with fewer weights and multiply-adds.",
        Rules + DiagnosticIds.LargeKernel + ".md");

    /// <summary>A 1xK and a Kx1 convolution see what a KxK sees, with 2/K of the work.</summary>
    public static readonly DiagnosticDescriptor SeparableKernel = new(
        DiagnosticIds.SeparableKernel, Compiler.Critique.Rules.SeparableKernel.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: false,
        "A 1xK and a Kx1 convolution see what a KxK sees, with 2/K of the work.",
        Rules + DiagnosticIds.SeparableKernel + ".md");

    /// <summary>Resolution that is lost early or in one large step cannot be used by the layers behind it.</summary>
    public static readonly DiagnosticDescriptor UnevenDownsampling = new(
        DiagnosticIds.UnevenDownsampling, Compiler.Critique.Rules.UnevenDownsampling.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Resolution that is lost early or in one large step cannot be used by the layers behind it.",
        Rules + DiagnosticIds.UnevenDownsampling + ".md");

    /// <summary>What a narrow map cannot carry is lost to all layers behind it.</summary>
    public static readonly DiagnosticDescriptor RepresentationalBottleneck = new(
        DiagnosticIds.RepresentationalBottleneck, Compiler.Critique.Rules.RepresentationalBottleneck.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "What a narrow map cannot carry is lost to all layers behind it.",
        Rules + DiagnosticIds.RepresentationalBottleneck + ".md");

    /// <summary>Widen and halve the map at once, with a strided convolution and a pooling side by side.</summary>
    public static readonly DiagnosticDescriptor GridReduction = new(
        DiagnosticIds.GridReduction, Compiler.Critique.Rules.GridReduction.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Widen and halve the map at once, with a strided convolution and a pooling side by side.",
        Rules + DiagnosticIds.GridReduction + ".md");

    /// <summary>Squeeze-and-excitation pays with a reduction of 4 to 16 and on small maps.</summary>
    public static readonly DiagnosticDescriptor SqueezeExcitation = new(
        DiagnosticIds.SqueezeExcitation, Compiler.Critique.Rules.SqueezeExcitation.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Squeeze-and-excitation pays with a reduction of 4 to 16 and on small maps.",
        Rules + DiagnosticIds.SqueezeExcitation + ".md");

    /// <summary>MobileNetV3 uses h-swish only where maps are small.</summary>
    public static readonly DiagnosticDescriptor EarlyHardSwish = new(
        DiagnosticIds.EarlyHardSwish, Compiler.Critique.Rules.EarlyHardSwish.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "MobileNetV3 uses h-swish only where maps are small.",
        Rules + DiagnosticIds.EarlyHardSwish + ".md");

    /// <summary>MobileNetV3 computes the last wide features behind the global pooling, on one pixel instead of all.</summary>
    public static readonly DiagnosticDescriptor ExpensiveLastStage = new(
        DiagnosticIds.ExpensiveLastStage, Compiler.Critique.Rules.ExpensiveLastStage.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "MobileNetV3 computes the last wide features behind the global pooling, on one pixel instead of all.",
        Rules + DiagnosticIds.ExpensiveLastStage + ".md");

    /// <summary>The first convolution works on the largest map; few channels serve it.</summary>
    public static readonly DiagnosticDescriptor WideFirstLayer = new(
        DiagnosticIds.WideFirstLayer, Compiler.Critique.Rules.WideFirstLayer.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "The first convolution works on the largest map; few channels serve it.",
        Rules + DiagnosticIds.WideFirstLayer + ".md");

    /// <summary>The papers use width multipliers from 0.25 and resolutions from 96 pixels.</summary>
    public static readonly DiagnosticDescriptor MultiplierRange = new(
        DiagnosticIds.MultiplierRange, Compiler.Critique.Rules.MultiplierRange.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "The papers use width multipliers from 0.25 and resolutions from 96 pixels.",
        Rules + DiagnosticIds.MultiplierRange + ".md");

    /// <summary>Channels that no path leads from to the output are computed for nothing.</summary>
    public static readonly DiagnosticDescriptor DeadChannels = new(
        DiagnosticIds.DeadChannels, Compiler.Critique.Rules.DeadChannels.Title, Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Channels that no path leads from to the output are computed for nothing.",
        Rules + DiagnosticIds.DeadChannels + ".md");

    /// <summary>Kernels compute whole vectors of channels; a count that does not fill them wastes work.</summary>
    public static readonly DiagnosticDescriptor WastedLanes = new(
        DiagnosticIds.WastedLanes, Compiler.Critique.Rules.WastedLanes.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Kernels compute whole vectors of channels; a count that does not fill them wastes work.",
        Rules + DiagnosticIds.WastedLanes + ".md");

    /// <summary>Pixels that see a part of the input only cannot judge all of it.</summary>
    public static readonly DiagnosticDescriptor ReceptiveField = new(
        DiagnosticIds.ReceptiveField, Compiler.Critique.Rules.ReceptiveField.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "Pixels that see a part of the input only cannot judge all of it.",
        Rules + DiagnosticIds.ReceptiveField + ".md");

    /// <summary>SqueezeNext narrows twice before its large kernels.</summary>
    public static readonly DiagnosticDescriptor TwoStageSqueeze = new(
        DiagnosticIds.TwoStageSqueeze, Compiler.Critique.Rules.TwoStageSqueeze.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: false,
        "SqueezeNext narrows twice before its large kernels.",
        Rules + DiagnosticIds.TwoStageSqueeze + ".md");

    /// <summary>Two matrices with nothing between them are one.</summary>
    public static readonly DiagnosticDescriptor LinearChain = new(
        DiagnosticIds.LinearChain, Compiler.Critique.Rules.LinearChain.Title, Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Two matrices with nothing between them are one.",
        Rules + DiagnosticIds.LinearChain + ".md");

    /// <summary>The sizes of a PyTorch tensor, read as height, width, channels.</summary>
    public static readonly DiagnosticDescriptor InputOrder = new(
        DiagnosticIds.InputOrder, Compiler.Critique.Rules.InputOrder.Title, Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The sizes of a PyTorch tensor, read as height, width, channels.",
        Rules + DiagnosticIds.InputOrder + ".md");

    /// <summary>SCNN4022: the network exceeds its budget.</summary>
    public static readonly DiagnosticDescriptor BudgetExceeded = new(
        DiagnosticIds.BudgetExceeded, "The network exceeds its budget", Message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A network may not need more than its [Budget] allows.",
        Rules + DiagnosticIds.BudgetExceeded + ".md",
        WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The rules, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = ImmutableArray.Create(
        UnequalChannelWidth,
        TooManyGroups,
        Fragmentation,
        ElementWiseWork,
        ChannelsNeverMeet,
        NonlinearBottleneck,
        DenseParameters,
        LargeKernel,
        SeparableKernel,
        UnevenDownsampling,
        RepresentationalBottleneck,
        GridReduction,
        SqueezeExcitation,
        EarlyHardSwish,
        ExpensiveLastStage,
        WideFirstLayer,
        MultiplierRange,
        DeadChannels,
        WastedLanes,
        ReceptiveField,
        TwoStageSqueeze,
        LinearChain,
        InputOrder);
}
