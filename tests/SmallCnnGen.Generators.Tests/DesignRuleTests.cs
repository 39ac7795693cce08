using System.Linq;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Each rule of the critic: what it hits and where, what it leaves alone, and both sides of its thresholds.</summary>
public sealed class DesignRuleTests
{
    private const string Map = "[Network(Height = 28, Width = 28, Channels = 64)] ";
    private const string Picture = "[Network(Height = 112, Width = 112, Channels = 3)] ";
    private const string Net = " partial class Net;";

    // 1.21 and 1.19 times the bound.
    [Theory]
    [InlineData(Map + "[Conv({|SCNN4001:240|}, Kernel = 1)]")]
    [InlineData(Map + "[Conv(224, Kernel = 1)]")]
    [InlineData(Map + "[Conv({|SCNN4001:8|}, Kernel = 1)]")]
    [InlineData(Map + "[Conv({|SCNN4001:512|}, Kernel = 1, Groups = 2)]")]
    [InlineData(Map + "[Conv(512)]")] // no 1x1
    [InlineData(Map + "[GlobalAveragePool] [Conv(512, Kernel = 1, BatchNorm = false)]")] // one pixel
    [InlineData(Map + "[Conv(512, Kernel = 1, Stride = 2)]")] // reads a quarter of the pixels
    [InlineData(Map + "[Conv(16, Kernel = 1)] [Conv(64)] [Conv(16, Kernel = 1)] [Conv(64)]")] // squeezes for a 3x3
    [InlineData(Map + "[Fire(16, 64)]")]
    [InlineData(Map + "[Conv(64, Kernel = 1)] [Conv(64)] [Conv(256, Kernel = 1)]")] // ResNet's bottleneck
    [InlineData(Map + "[{|SCNN4001:InvertedResidual(64)|}]")] // once, at the block, whose expansion is an expression
    [InlineData(Map + "[InvertedResidual(64, expand: 2)]")]
    public void UnequalChannelWidth(string network) => Markup.VerifyDesign("SCNN4001", network + " [DepthwiseConv] [Conv(8)]" + Net);

    [Fact]
    public void UnequalChannelWidth_OfClasses_IsNoFault() =>
        Markup.VerifyDesign("SCNN4001", Map + "[Conv(512, Kernel = 1)] [GlobalAveragePool] [Softmax]" + Net);

    // 1.40 and 1.97 times the dense alternative.
    [Theory]
    [InlineData("[Conv(256, Kernel = 1, Groups = 2)]")]
    [InlineData("[Conv(256, Kernel = 1, {|SCNN4002:Groups = 4|})]")]
    [InlineData("[DepthwiseConv]")]
    [InlineData("[Conv(64, Groups = 64)]")] // depthwise by another name
    public void TooManyGroups(string layer) => Markup.VerifyDesign("SCNN4002", Map + layer + Net);

    [Theory]
    [InlineData("""[{|SCNN4003:Conv(16, Name = "a")|}, Conv(16, From = "input", Name = "b"), Conv(16, From = "input", Name = "c"), Conv(16, From = "input", Name = "d"), Concat("a", "b", "c", "d")]""")]
    [InlineData("""[Conv(16, Name = "a"), Conv(16, From = "input", Name = "b"), Conv(16, From = "input", Name = "c"), Concat("a", "b", "c")]""")]
    [InlineData("""[Conv(160, Name = "a"), Conv(160, From = "input", Name = "b"), Conv(160, From = "input", Name = "c"), Conv(160, From = "input", Name = "d"), Concat("a", "b", "c", "d")]""")] // 72M each
    [InlineData("""[Slice(0, 16, Name = "a"), Slice(16, 32, From = "input", Name = "b"), Slice(32, 48, From = "input", Name = "c"), Slice(48, 64, From = "input", Name = "d"), Concat("d", "c", "b", "a"), Conv(8)]""")] // no kernels
    public void Fragmentation(string layers) => Markup.VerifyDesign("SCNN4003", Map + layers + Net);

    [Fact]
    public void Fragmentation_OfABlock_IsAtItsUse() => Markup.VerifyDesign("SCNN4003", """
        [Conv("c", Name = "a"), Conv("c", From = "input", Name = "b"), Conv("c", From = "input", Name = "d"), Conv("c", From = "input", Name = "e"), Concat("a", "b", "d", "e")]
        sealed class WideAttribute(int c) : BlockAttribute { public int C => c; }
        [Network(Height = 28, Width = 28, Channels = 64)] [{|SCNN4003:Wide(16, Repeat = 2)|}] [Wide(160)] partial class Net;
        """);

    // Of 416 maps' channels 192 are moved by depthwise convolutions: with weights 45.97 %.
    [Theory]
    [InlineData("0.459", true)]
    [InlineData("0.460", false)]
    public void ElementWiseWork(string threshold, bool hit)
    {
        string network = hit ? "{|SCNN4004:Network(Height = 56, Width = 56, Channels = 32)|}" : "Network(Height = 56, Width = 56, Channels = 32)";
        Markup.VerifyDesign(
            "SCNN4004",
            $"[{network}] [DepthwiseConv] [Conv(64, Kernel = 1)] [DepthwiseConv] [Conv(64, Kernel = 1)]" + Net,
            new HostOptions { EditorConfig = $"[*.cs]\nsmallcnngen.SCNN4004.max_share = {threshold}\n" });
    }

    [Theory]
    [InlineData("""[Conv(64, Name = "a")] [Conv(64)] [Add("a")] [Conv(64)]""")] // sum, activations and normalisation are fused
    [InlineData("[ShuffleUnitV2(64, Repeat = 4)] [Conv(64)]")]
    public void ElementWiseWork_ThatIsFused_IsFree(string layers) => Markup.VerifyDesign("SCNN4004", Map + layers + Net);

    [Theory]
    [InlineData("[Conv(64, Groups = 4, Repeat = 2)]")]
    [InlineData("[{|SCNN4005:Conv(64, Groups = 4, Repeat = 3)|}]")]
    [InlineData("[Conv(64, Groups = 4)] [DepthwiseConv] [Conv(64, Groups = 4)] [{|SCNN4005:Conv(64, Groups = 4)|}]")]
    [InlineData("[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Conv(64, Kernel = 1)] [Conv(64, Groups = 4)]")]
    [InlineData("[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Shuffle(4)] [Conv(64, Groups = 4)]")]
    [InlineData("""[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Gather(Channel = "(17 * i) % 64", Count = 64)] [Conv(64, Groups = 4)]""")]
    [InlineData("[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Shuffle(4)] [Shuffle(16)] [{|SCNN4005:Conv(64, Groups = 4)|}]")] // two shuffles that cancel out
    [InlineData("[Conv(64, Groups = 4)] [Conv(64, Groups = 4)] [Conv(64, Groups = 2)]")] // two groups meet
    [InlineData("[Conv(64, Groups = 2)] [Conv(64, Groups = 2)] [{|SCNN4005:Conv(64, Groups = 4)|}]")]
    [InlineData("""[Conv(64, Groups = 4, Name = "a")] [Conv(64, Groups = 4)] [Add("a")] [{|SCNN4005:Conv(64, Groups = 4)|}]""")] // through a shortcut too
    [InlineData("""[Conv(64, Groups = 4, Name = "a")] [Conv(64, Groups = 4, Name = "b")] [Shuffle(4)] [Add("b")] [Conv(64, Groups = 4)]""")]
    public void ChannelsNeverMeet(string layers) => Markup.VerifyDesign("SCNN4005", Map + layers + Net);

    [Theory]
    [InlineData("[Conv(128, Kernel = 1)] [DepthwiseConv] [{|SCNN4006:Conv(64, Kernel = 1)|}]")] // the default, not written
    [InlineData("[Conv(128, Kernel = 1)] [DepthwiseConv] [Conv(64, Kernel = 1, {|SCNN4006:Activation = Activation.ReLU6|})]")]
    [InlineData("[Conv(128, Kernel = 1)] [DepthwiseConv] [Conv(65, Kernel = 1)]")]
    [InlineData("[Conv(128, Kernel = 1)] [DepthwiseConv] [Conv(64, Kernel = 1, Activation = Activation.None)]")]
    [InlineData("[Conv(16, Kernel = 1)] [Conv(64)]")]
    [InlineData("[InvertedResidual(64)]")]
    public void NonlinearBottleneck(string layers) => Markup.VerifyDesign("SCNN4006", Map + layers + Net);

    // 2050 and 1025 parameters beside 1856.
    [Theory]
    [InlineData("[{|SCNN4007:Dense(2)|}]")]
    [InlineData("[Dense(1)]")]
    [InlineData("[GlobalAveragePool] [Dense(1000)]")]
    public void DenseParameters(string layer) =>
        Markup.VerifyDesign("SCNN4007", "[Network(Height = 8, Width = 8, Channels = 3)] [Conv(64, Stride = 2)] " + layer + Net);

    [Theory]
    [InlineData(Map + "[Conv(64, {|SCNN4008:Kernel = 5|})]")]
    [InlineData(Map + "[Conv(64, {|SCNN4008:Kernel = 7|})]")]
    [InlineData(Map + "[Conv(64, Kernel = 3)]")]
    [InlineData(Map + "[Conv(64, Kernel = 4)]")]
    [InlineData(Map + """[Conv(64, Kernel = "1x7")]""")]
    [InlineData(Map + "[Conv(64, Kernel = 5, Dilation = 2)]")]
    [InlineData(Map + "[DepthwiseConv(Kernel = 5)]")]
    [InlineData(Picture + "[Conv(64, Kernel = 7, Stride = 2)]")] // three input channels
    public void LargeKernel(string network) => Markup.VerifyDesign("SCNN4008", network + Net);

    [Theory]
    [InlineData(20, "[Conv(64, {|SCNN4009:Kernel = 3|})]")]
    [InlineData(21, "[Conv(64, Kernel = 3)]")]
    [InlineData(12, "[Conv(64, {|SCNN4009:Kernel = 3|})]")]
    [InlineData(11, "[Conv(64, Kernel = 3)]")]
    [InlineData(14, "[Conv(64, Kernel = 1)]")]
    public void SeparableKernel(int size, string layer) => Markup.VerifyDesign(
        "SCNN4009",
        $"[Network(Height = {size}, Width = {size}, Channels = 64)] {layer}{Net}");

    [Fact]
    public void RulesThatAreOff_SayNothing()
    {
        Markup.VerifyDesignAsConfigured("SCNN4009", "[Network(Height = 14, Width = 14, Channels = 64)] [Conv(64)]" + Net);
        Markup.VerifyDesignAsConfigured("SCNN4021", Map + "[Conv(32, Kernel = 1)] [Conv(64)]" + Net);
        Markup.VerifyDesignAsConfigured("SCNN4001", Map + "[Conv(512, Kernel = 1)] [DepthwiseConv] [Conv(8)]" + Net);
        Markup.VerifyDesignAsConfigured("SCNN4003", Map + """[Conv(16, Name = "a"), Conv(16, From = "input", Name = "b"), Conv(16, From = "input", Name = "c"), Conv(16, From = "input", Name = "d"), Concat("a", "b", "c", "d")]""" + Net);
        Markup.VerifyDesignAsConfigured("SCNN4004", "[Network(Height = 56, Width = 56, Channels = 32)] [DepthwiseConv] [Conv(64, Kernel = 1)] [DepthwiseConv] [Conv(64, Kernel = 1)]" + Net);
    }

    [Theory]
    [InlineData("[Conv(32, {|SCNN4010:Stride = 4|})]")]
    [InlineData("[Conv(32, Stride = 3)]")]
    [InlineData("[MaxPool(Kernel = 4, {|SCNN4010:Stride = 4|})] [Conv(32)]")]
    [InlineData("[Conv(32, Stride = 2)] [AveragePool(Kernel = 56, Stride = 56)]")]
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, {|SCNN4010:Stride = 2|})] [Conv(8, Repeat = 9)]")] // 2 of 12
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8)] [Conv(8, Stride = 2)] [Conv(8, Repeat = 8)]")] // 3 of 12
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Repeat = 9)] [Upsample(8)]")]
    public void UnevenDownsampling(string layers) => Markup.VerifyDesign("SCNN4010", Picture + layers + Net);

    [Theory]
    [InlineData("[Conv({|SCNN4011:7|}, Kernel = 1)] [Conv(64)] [Conv(64)]")]
    [InlineData("[Conv(8, Kernel = 1)] [Conv(64)] [Conv(64)]")]
    [InlineData("""[Conv(64, Name = "a")] [Conv(4, Kernel = 1)] [Conv(64)] [Add("a")] [Conv(64)]""")] // a shortcut goes past
    [InlineData("[Conv(64)] [Conv(2, Kernel = 1)]")] // the result
    [InlineData("[Conv(64)] [GlobalAveragePool] [Dense(10)]")]
    public void RepresentationalBottleneck(string layers) => Markup.VerifyDesign("SCNN4011", Map + layers + Net);

    [Theory]
    [InlineData("[{|SCNN4012:Conv(96)|}] [MaxPool(Kernel = 2, Stride = 2)]")]
    [InlineData("[Conv(95)] [MaxPool(Kernel = 2, Stride = 2)]")]
    [InlineData("[MaxPool(Kernel = 2, Stride = 2)] [{|SCNN4012:Conv(96)|}]")]
    [InlineData("[MaxPool(Kernel = 2, Stride = 2)] [Conv(95)]")]
    [InlineData("[Conv(96)] [MaxPool(Kernel = 3, Stride = 1)]")]
    [InlineData("[Conv(96, Stride = 2)]")]
    public void GridReduction(string layers) => Markup.VerifyDesign("SCNN4012", Map + layers + Net);

    [Theory]
    [InlineData(4, "{|SCNN4013:33|}", "Multiply(\"map\")")]
    [InlineData(4, "32", "Multiply(\"map\")")]
    [InlineData(4, "2", "Multiply(\"map\")")]
    [InlineData(4, "{|SCNN4013:1|}", "Multiply(\"map\")")]
    [InlineData(2, "16", "{|SCNN4013:Multiply(\"map\")|}")]
    public void SqueezeExcitation(int stride, string squeeze, string scale) => Markup.VerifyDesign("SCNN4013",
        $"{Picture}[Conv(64, Stride = {stride}, Name = \"map\")] [GlobalAveragePool] [Conv({squeeze}, Kernel = 1, BatchNorm = false)] [Conv(64, Kernel = 1, BatchNorm = false, Activation = Activation.Sigmoid)] [{scale}]{Net}");

    [Theory]
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, Stride = 2, {|SCNN4014:Activation = Activation.HardSwish|})] [Conv(8, Stride = 2, Activation = Activation.HardSwish)]")]
    [InlineData("[Conv(8, Stride = 2, Activation = Activation.HardSwish)]")] // the first layer
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, {|SCNN4014:Activation = Activation.SiLU|})]")]
    [InlineData("[Conv(8, Stride = 2)] [Conv(8)]")]
    [InlineData("""[MaxPool(Kernel = 2, Stride = 2, Name = "p")] [Activate({|SCNN4014:Activation.HardSwish|})] [Concat("p")]""")]
    public void EarlyHardSwish(string layers) => Markup.VerifyDesign("SCNN4014", Picture + layers + Net);

    [Theory]
    [InlineData("[{|SCNN4015:Conv(128, Kernel = 1)|}] [GlobalAveragePool]")]
    [InlineData("[{|SCNN4015:Conv(128, Kernel = 1)|}] [AveragePool(Kernel = 28)]")]
    [InlineData("[Conv(127, Kernel = 1)] [GlobalAveragePool]")]
    [InlineData("[Conv(128)] [GlobalAveragePool]")]
    [InlineData("[Conv(128, Kernel = 1)] [MaxPool(Kernel = 2, Stride = 2)]")]
    public void ExpensiveLastStage(string layers) => Markup.VerifyDesign("SCNN4015", Map + layers + Net);

    [Theory]
    [InlineData(Picture + "[Conv({|SCNN4016:33|}, Stride = 2)] [Conv(8, Stride = 2)]")]
    [InlineData(Picture + "[Conv(32, Stride = 2)] [Conv(8, Stride = 2)]")]
    [InlineData(Picture + "[Conv(33, Stride = 2)] [Conv(64, Repeat = 2)]")] // under a tenth of the work
    [InlineData(Map + "[Conv(64)]")] // features, no picture
    public void WideFirstLayer(string network) => Markup.VerifyDesign("SCNN4016", network + Net);

    [Theory]
    [InlineData("Height = 112, Width = 112, Channels = 3, WidthMultiplier = 0.25")]
    [InlineData("Height = 112, Width = 112, Channels = 3, {|SCNN4017:WidthMultiplier = 0.24|}")]
    [InlineData("{|SCNN4017:Height = 95|}, Width = 95, Channels = 3")]
    [InlineData("Height = 96, Width = 96, Channels = 3")]
    [InlineData("Height = 190, Width = 190, Channels = 3, {|SCNN4017:ResolutionMultiplier = 0.5|}")]
    public void MultiplierRange(string options) =>
        Markup.VerifyDesign("SCNN4017", $"[Network({options})] [Conv(32, Stride = 2)] [Conv(32, Stride = 2)] [Conv(32, Stride = 2)] [Conv(32, Stride = 2)] [Conv(32, Stride = 2)]" + Net);

    [Theory]
    [InlineData("[Conv({|SCNN4018:64|})] [Slice(0, 63)] [Conv(8)]")]
    [InlineData("[Conv(64)] [Slice(0, 64)] [Conv(8)]")]
    [InlineData("[Conv({|SCNN4018:64|})] [DepthwiseConv] [Shuffle(4)] [Slice(1, 64)]")] // through a depthwise convolution, which has no argument for it
    [InlineData("[Conv(64)] [Conv(64)] [Slice(1, 64)]", true)]
    [InlineData("""[Conv(64, Name = "a")] [Slice(0, 32, Name = "b")] [Slice(32, 64, From = "a")] [Concat("b")]""")]
    [InlineData("""[Conv(64, Name = "a")] [Slice(0, 32)] [Conv(64)] [Add("a")]""")] // all are read by the sum
    public void DeadChannels(string layers, bool onlyTheSecond = false)
    {
        if (onlyTheSecond)
            layers = layers.Replace("[Conv(64)] [Conv(64)]", "[Conv(64)] [Conv({|SCNN4018:64|})]");
        else if (layers.Contains("[DepthwiseConv]"))
            layers = layers.Replace("[DepthwiseConv]", "[{|SCNN4018:DepthwiseConv|}]");
        Markup.VerifyDesign("SCNN4018", Map + layers + Net);
    }

    [Theory]
    [InlineData(256, "[Conv({|SCNN4019:18|})]")] // 18 of 24
    [InlineData(256, "[Conv(20)]")] // 20 of 24
    [InlineData(128, "[Conv(18)]")] // 18 of 20
    [InlineData(512, "[Conv({|SCNN4019:18|})]")] // 18 of 24: two pixels share the second vector
    [InlineData(512, "[Conv(24)]")]
    [InlineData(512, "[Conv(40)]")]
    [InlineData(256, "[Conv({|SCNN4019:3|})]")] // one at a time
    [InlineData(256, "[Conv({|SCNN4019:128|}, Groups = 32)]")] // 4 in a group, 2 groups merged
    [InlineData(256, "[Conv(128, Groups = 16)]")]
    [InlineData(256, "[DepthwiseConv]")]
    public void WastedLanes(int bits, string layer) =>
        Markup.VerifyDesign("SCNN4019", $"[Network(Height = 28, Width = 28, Channels = 64, VectorBits = {bits})] {layer} [DepthwiseConv] [Conv(8)]{Net}");

    [Fact]
    public void WastedLanes_OfClasses_AreNoFault() =>
        Markup.VerifyDesign("SCNN4019", Map + "[GlobalAveragePool] [Dense(10)] [Softmax]" + Net);

    [Fact]
    public void WastedLanes_OfScaledChannels_AreTheDivisors() => Markup.VerifyDesign(
        "SCNN4019",
        "[Network(Height = 28, Width = 28, Channels = 64, WidthMultiplier = 0.5, {|SCNN4019:ChannelDivisor = 2|})] [Conv(36)] [Conv(8)]" + Net);

    [Theory]
    [InlineData("[Conv(8, Stride = 2, Repeat = 1)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [GlobalAveragePool]")] // 63 of 64
    [InlineData("[Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [Conv(8, Stride = 2)] [{|SCNN4020:GlobalAveragePool|}]")] // 31
    [InlineData("[Conv(8, Stride = 2)] [Dense(10)]")] // reads all of the map
    [InlineData("""[Conv(8, Stride = 2, Name = "map")] [GlobalAveragePool] [Conv(8, Kernel = 1, BatchNorm = false)] [Multiply("map")]""")] // squeeze-and-excitation
    public void ReceptiveField(string layers) => Markup.VerifyDesign("SCNN4020", "[Network(Height = 64, Width = 64, Channels = 3)] " + layers + Net);

    [Theory]
    [InlineData("[Conv(32, Kernel = 1)] [{|SCNN4021:Conv(64)|}]")]
    [InlineData("[Conv(31, Kernel = 1)] [Conv(64)]")]
    [InlineData("[Conv(64, Kernel = 1)] [Conv(64)]")]
    [InlineData("[Conv(48, Kernel = 1)] [Conv(32, Kernel = 1)] [Conv(64)]")]
    public void TwoStageSqueeze(string layers) =>
        Markup.VerifyDesign("SCNN4021", Map + layers + Net, new HostOptions { EditorConfig = "[*.cs]\ndotnet_diagnostic.SCNN4021.severity = suggestion\n" });

    // 28x28 to 128 to 10: 101632 weights for a matrix of 7840. Through 8 units: 6352, a matrix of low rank.
    [Theory]
    [InlineData("[{|SCNN4023:Dense(128)|}] [Dense(10)]")]
    [InlineData("[{|SCNN4023:Dense(128)|}] [{|SCNN4023:Dense(64)|}] [Dense(10)]")]
    [InlineData("[Dense(128, {|SCNN4023:Activation = Activation.None|})] [Dense(10)]")]
    [InlineData("[Dense(128, Activation = Activation.ReLU)] [Dense(64, Activation = Activation.ReLU)] [Dense(10)]")]
    [InlineData("[Dense(128)] [Activate(Activation.Tanh)] [Dense(10)]")]
    [InlineData("[Dense(8)] [Dense(784)]")]
    [InlineData("[{|SCNN4023:Dense(128)|}] [BatchNorm] [Dense(10)]")] // folded: still a matrix
    [InlineData("""[Dense(128, Name = "a")] [Dense(10, Name = "b")] [Dense(10, From = "a")] [Add("b")]""")] // read twice
    [InlineData("""[GlobalAveragePool] [{|SCNN4023:Conv(64, Kernel = 1, Activation = Activation.None)|}] [Dense(10)]""")]
    [InlineData("[Conv(16, Kernel = 1, Activation = Activation.None)] [Conv(72, Kernel = 1)]")] // on a map, as MobileNetV3's bottlenecks
    [InlineData("[Dense(128)] [Softmax] [Dense(10)]")]
    public void LinearChain(string layers) => Markup.VerifyDesign(
        "SCNN4023",
        "[Network(Height = 28, Width = 28, Channels = 1)] " + layers.Replace("{|SCNN4023:Conv(64, Kernel = 1, Activation = Activation.None)|}", "Conv(64, Kernel = 1, {|SCNN4023:Activation = Activation.None|})") + Net);

    [Theory]
    [InlineData("{|SCNN4024:Height = 3|}, Width = 224, Channels = 224")]
    [InlineData("{|SCNN4024:Height = 3|}, Width = 480, Channels = 640")]
    [InlineData("{|SCNN4024:Height = 1|}, Width = 28, Channels = 28")]
    [InlineData("{|SCNN4024:Height = 4|}, Width = 64, Channels = 64")]
    [InlineData("Height = 224, Width = 224, Channels = 3")]
    [InlineData("Height = 1, Width = 1000, Channels = 64")] // a signal
    [InlineData("Height = 1, Width = 49, Channels = 40")]
    [InlineData("Height = 3, Width = 100, Channels = 16")] // too long for a picture
    [InlineData("Height = 3, Width = 3, Channels = 512")]
    [InlineData("Height = 8, Width = 64, Channels = 64")]
    public void InputOrder(string sizes) => Markup.VerifyDesign("SCNN4024", $"[Network({sizes})] [Conv(8)]" + Net);

    [Fact]
    public void InputOrder_SaysWhatToWrite_AndLooksAtEveryInput()
    {
        var diagnostics = Markup.VerifyDesign("SCNN4024", "[{|SCNN4024:Network(Height = 224, Width = 224, Channels = 3)|}] [Input(\"x\", Height = 3, Width = 96, Channels = 96)] [GlobalAveragePool(From = \"x\", Name = \"g\")] [GlobalAveragePool(From = \"input\")] [Concat(\"g\")]" + Net);
        Assert.Contains("the input 'x' is 3 pixels high and has 96 channels", diagnostics.Single(d => d.Id == "SCNN4024").GetMessage());
        Assert.Contains("write Height = 96, Width = 96, Channels = 3", diagnostics.Single(d => d.Id == "SCNN4024").GetMessage());
    }
}
