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
        DiagnosticIds.UnequalChannelWidth, Compiler.Critique.Rules.UnequalChannelWidth.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "ShuffleNet V2's G1: equal channel width minimises memory access cost.",
        Rules + DiagnosticIds.UnequalChannelWidth + ".md");

    /// <summary>ShuffleNet V2's G2: excessive group convolution increases memory access cost.</summary>
    public static readonly DiagnosticDescriptor TooManyGroups = new(
        DiagnosticIds.TooManyGroups, Compiler.Critique.Rules.TooManyGroups.Title, Message, Category, DiagnosticSeverity.Info, isEnabledByDefault: true,
        "ShuffleNet V2's G2: excessive group convolution increases memory access cost.",
        Rules + DiagnosticIds.TooManyGroups + ".md");

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

    /// <summary>Channels that no path leads from to the output are computed for nothing.</summary>
    public static readonly DiagnosticDescriptor DeadChannels = new(
        DiagnosticIds.DeadChannels, Compiler.Critique.Rules.DeadChannels.Title, Message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Channels that no path leads from to the output are computed for nothing.",
        Rules + DiagnosticIds.DeadChannels + ".md");

    /// <summary>The rules, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = ImmutableArray.Create(
        UnequalChannelWidth,
        TooManyGroups,
        ChannelsNeverMeet,
        NonlinearBottleneck,
        DeadChannels);
}
