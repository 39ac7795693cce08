using System;
using System.Linq;
using SmallCnnGen.Zoo.Tests.Costs;
using Xunit;

namespace SmallCnnGen.Zoo.Tests.Findings;

/// <summary>The critic's verdicts on the papers' networks: checked in, and in agreement with what the papers say of each other.</summary>
public sealed class FindingsTableTests
{
    /// <summary>FINDINGS.md is up to date; SCNN_ACCEPT=1 writes it, except on a build server.</summary>
    [Fact]
    public void Findings_AreUpToDate() => AcceptedFile.Check("FINDINGS.md", FindingsTable.Write());

    /// <summary>What the papers say of the networks is what the critic says of them, also by rules that are off by default.</summary>
    [Theory]
    [InlineData(typeof(ShuffleNetV1), "SCNN4001", true)]
    [InlineData(typeof(ShuffleNetV1), "SCNN4002", true)]
    [InlineData(typeof(ShuffleNetV1), "SCNN4005", false)]
    [InlineData(typeof(ShuffleNetV1G8), "SCNN4002", true)]
    [InlineData(typeof(ShuffleNetV1G1), "SCNN4002", false)]
    [InlineData(typeof(MobileNetV2), "SCNN4001", true)]
    [InlineData(typeof(MobileNetV2), "SCNN4004", true)]
    [InlineData(typeof(MobileNetV2), "SCNN4006", false)]
    [InlineData(typeof(MobileNetV2), "SCNN4015", true)]
    [InlineData(typeof(MobileNetV3Large), "SCNN4015", false)]
    [InlineData(typeof(MobileNetV3Large), "SCNN4014", false)]
    [InlineData(typeof(GoogLeNet), "SCNN4003", true)]
    [InlineData(typeof(GoogLeNet), "SCNN4008", true)]
    [InlineData(typeof(InceptionV3), "SCNN4003", true)]
    [InlineData(typeof(NasNetAMobile), "SCNN4003", true)]
    [InlineData(typeof(PnasNet5Mobile), "SCNN4003", true)]
    [InlineData(typeof(Vgg16), "SCNN4007", true)]
    public void Verdict_IsThePapers(Type network, string rule, bool told) =>
        Assert.Equal(told, FindingsTable.Of(network, allRules: true).Any(f => f.RuleId == rule));

    /// <summary>Good designs are left alone; of ShuffleNet V2 only the last stage is said, which came after it.</summary>
    [Theory]
    [InlineData(typeof(ShuffleNetV2), "SCNN4015")]
    [InlineData(typeof(ShuffleNetV2W050), "SCNN4015")]
    [InlineData(typeof(SqueezeNet1_0), "SCNN4016 SCNN4020")]
    [InlineData(typeof(SqueezeNet1_1), "")]
    [InlineData(typeof(MobileNetV1), "")]
    [InlineData(typeof(ResNet18), "")]
    public void GoodDesigns_AreNearlyClean(Type network, string rules) =>
        Assert.Equal(rules, string.Join(" ", FindingsTable.Of(network).Select(f => f.RuleId).Distinct()));
}
