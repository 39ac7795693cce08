using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Testing.Zoo;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Zoo.Tests.Findings;

/// <summary>Writes FINDINGS.md: what the critic tells each network of the Zoo.</summary>
internal static class FindingsTable
{
    /// <summary>What is told about a network with the default thresholds.</summary>
    public static IReadOnlyList<CritiqueFinding> Of(Type network, bool allRules = false) =>
        Critic.Run(ReflectionSpecReader.Read(network), new CritiqueSettings { AllRules = allRules });

    /// <summary>The whole file.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Head);
        List<(string Family, List<Type> Networks)> lists = ZooModels.Lists().Select(l => (l.Family, l.Networks.Distinct().ToList())).ToList();
        Dictionary<Type, IReadOnlyList<CritiqueFinding>> all = lists.SelectMany(l => l.Networks).ToDictionary(n => n, n => Of(n, allRules: true));

        text.Append("## Rules\n\n| rule | title | default | networks told, or would be | of |\n| --- | --- | --- | ---: | ---: |\n");
        foreach (RuleDescriptor rule in Critic.Rules.Select(r => r.Descriptor))
        {
            int told = all.Values.Count(f => f.Any(x => x.RuleId == rule.Id));
            text.Append(CultureInfo.InvariantCulture, $"| [{rule.Id}](../docs/rules/{rule.Id}.md) | {rule.Title} | {(rule.IsEnabledByDefault ? "on" : "off")} | {told} | {all.Count} |\n");
        }

        foreach ((string family, List<Type> networks) in lists)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {family}\n\n| network | rule | layers | worst | where |\n| --- | --- | ---: | ---: | --- |\n");
            foreach (Type network in networks)
            {
                string name = network.Name;
                CritiqueFinding[] findings = all[network].Where(f => f.Rule.IsEnabledByDefault).ToArray();
                if (findings.Length == 0)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | clean | | | |\n");
                foreach (IGrouping<string, CritiqueFinding> rule in findings.GroupBy(f => f.RuleId))
                {
                    CritiqueFinding worst = rule.MaxBy(f => f.Measure)!;
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {rule.Key} | {rule.Sum(f => f.Count)} | {Short(worst.Measure)} | {worst.Layer} |\n");
                    name = string.Empty;
                }
            }
        }

        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Short(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private const string Head = """
        # What the critic tells the networks of the Zoo

        Generated from the declarations and the critic's default thresholds, for 256-bit vectors; a test fails when it is
        stale. To write it again: `SCNN_ACCEPT=1 dotnet test tests/SmallCnnGen.Zoo.Tests --filter FindingsTableTests`.

        "layers" is how many layers of the expanded network have the fault, "worst" the largest case in the rule's own measure
        (SCNN4001 and 4002: memory accesses over the best; 4003: branches times kernels; 4004, 4007, 4012, 4015, 4016: a share;
        4008: multiply-adds saved; 4010: the stride; 4013: bytes moved, or how far the ratio is off; 4014: values;
        4018: multiply-adds wasted; 4019: the layer's share times its waste; 4020: side of the input over receptive field).
        A variant is judged here as a network of its own; in an editor it is not told again what its architecture is told.
        Rules that are off by default are counted in the first table only.

        ## Reviewed against the papers

        Read line by line when the defaults were set, and held by FindingsTableTests:

        * G1, G3 and G4 (SCNN4001, 4003, 4004) are off by default: following them gains nothing on our kernels
          ([measured](../docs/guidelines.md)). Switched on, they agree with the papers as follows.
        * ShuffleNet V1 goes against G1 and G2 (Ma 2018, section 2.5, of its bottlenecks and group convolutions): told both.
          Without groups (ShuffleNetV1G1) it is told G1 only.
        * MobileNetV2 goes against G1 (its inverted residuals) and G4 (depthwise convolutions on expanded maps): told both,
          G1 once for each row of its table. MobileNetV3, MnasNet and EfficientNet are the same design.
        * Inception, NASNet and PNASNet go against G3: told, each cell once, and NASNet and PNASNet of element-wise work too
          (ReLU and separable convolutions in turns, which leaves a third of the bytes to activations that nothing can take up).
        * ShuffleNet V2 is nearly clean: its last 1x1 convolution before the pooling is MobileNetV3's discovery of a year later.
        * SqueezeNet is told nothing about its own devices (squeezes, 3x3 to 1x1, late downsampling). Of version 1.0 it is said
          that 96 filters of 7x7 are a fifth of its work, which its authors changed in version 1.1; that one is clean.
        * MobileNetV2 and MnasNet are told of the last stage that MobileNetV3 redesigned; MobileNetV3 is not.
        * GoogLeNet is told to factorise its 5x5 convolution, as Inception v2 did. AlexNet and VGG are told of their fully
          connected layers and AlexNet of its stride of 4, as by everyone since.
        * CondenseNet's classifier reads half of the last layer's channels: found by following channels, not by a pattern.

        ## Debatable

        * G1 of inverted residuals (SCNN4001): the expansion is what makes MobileNetV2 accurate. The memory accesses are a fact;
          that a balanced width is as accurate is not claimed.
        * G2 of CondenseNet and of interleaved group convolutions (CLCNet): groups are what these papers are about.
        * Widening next to a pooling (SCNN4012) in VGG, AlexNet, TinyDarknet and stems: Inception's advice, on plain networks.
        * The receptive field (SCNN4020) of SqueezeNet 1.0 and TinyDarknet: both work. The rule is a hint.
        * G3 (SCNN4003): the paper's measurements are a GPU's; on one CPU thread there is little to gain.
        * Element-wise work (SCNN4004) near the threshold of 35 %: MobileNetV1 lies on both sides of it, depending on width.


        """;
}
