using System.Threading.Tasks;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>Fixes of errors in declarations (SCNN1xxx).</summary>
public sealed class DeclarationFixTests
{
    private const string Net = "[Network(Height = 8, Width = 8, Channels = 3)]\n";
    private const string Class = "public sealed partial class Net;\n";

    [Theory]
    [InlineData("public sealed class Net;", "public sealed partial class Net;")]
    [InlineData("class Net { }", "partial class Net { }")]
    [InlineData("/* c */ internal class Net { }", "/* c */ internal partial class Net { }")]
    public Task NotPartial(string before, string after) =>
        FixTest.VerifyAsync("SCNN1001", Net + "[Conv(4)]\n" + before, "Make 'Net' partial", Net + "[Conv(4)]\n" + after);

    [Fact]
    public Task NotPartial_InAClassThatIsNotEither_AllAtOnce() => FixTest.VerifyAllAsync(
        "SCNN1001",
        "public class Outer { struct Inner { " + Net + "[Conv(4)] class Net; } }",
        "public partial class Outer { partial struct Inner { " + Net + "[Conv(4)] partial class Net; } }");

    [Theory]
    [InlineData("static partial class Net { }", "static", "partial class Net { }")]
    [InlineData("public abstract partial class Net { }", "abstract", "public partial class Net { }")]
    [InlineData("file partial class Net { }", "file", "partial class Net { }")]
    public Task ModifierThatMustNotBe(string before, string modifier, string after) =>
        FixTest.VerifyAsync("SCNN1001", Net + "[Conv(4)]\n" + before, $"Remove '{modifier}'", Net + "[Conv(4)]\n" + after);

    [Theory]
    [InlineData("public abstract partial class Net { public abstract void Show(); }")]
    [InlineData("public partial record Net;")]
    [InlineData("public partial class Net<T>;")]
    public Task ShapeThatNoWordMends(string declaration) => FixTest.VerifyNoneAsync("SCNN1001", Net + "[Conv(4)]\n" + declaration);

    [Theory]
    [InlineData("[Conv(0)]", "Set channels to 1", "[Conv(1)]")]
    [InlineData("[Conv(4, Kernel = 3, Repeat = 5000)]", "Set Repeat to 1000", "[Conv(4, Kernel = 3, Repeat = 1000)]")]
    [InlineData("[Conv(4, Stride = -1)]", "Set Stride to 1", "[Conv(4, Stride = 1)]")]
    [InlineData("[Conv(4, Epsilon = 0.1, BatchNorm = false)]", "Remove 'Epsilon = 0.1'", "[Conv(4, BatchNorm = false)]")]
    [InlineData("[Conv(4, Alpha = 0.1)]", "Remove 'Alpha = 0.1'", "[Conv(4)]")]
    [InlineData("[MaxPool(Kernel = 3, Padding = 3)]", "Set Padding to 1", "[MaxPool(Kernel = 3, Padding = 1)]")]
    [InlineData("[ConvTranspose(4, Stride = 2, OutputPadding = 2)]", "Set OutputPadding to 1", "[ConvTranspose(4, Stride = 2, OutputPadding = 1)]")]
    [InlineData("[PadChannels(2)]", "Set channels to 3", "[PadChannels(3)]")]
    [InlineData("[Conv(4, Padding = \"samee\")]", "Set Padding to \"same\"", "[Conv(4, Padding = \"same\")]")]
    [InlineData("[Conv(4, Activation = \"swish\")]", "Set Activation to Activation.SiLU", "[Conv(4, Activation = Activation.SiLU)]")]
    [InlineData("[Upsample(\"2x2\")]", "Set scale to 2", "[Upsample(2)]")]
    [InlineData("[Conv(4, Kernel = new[] { 3, 1 })]", "Set Kernel to \"3x1\"", "[Conv(4, Kernel = \"3x1\")]")]
    public Task BadArgument(string before, string title, string after) =>
        FixTest.VerifyAsync("SCNN1003", Net + before + "\n" + Class, title, Net + after + "\n" + Class);

    [Fact]
    public Task SizesInBrackets() => FixTest.VerifyAsync(
        "SCNN1006", Net + "[Conv(4, Kernel = \"(3, 1)\")]\n" + Class, "Set Kernel to \"3x1\"", Net + "[Conv(4, Kernel = \"3x1\")]\n" + Class);

    [Fact]
    public Task ProductOfSizes() => FixTest.VerifyAsync(
        "SCNN2008", Net + "[Conv(4, Kernel = \"3*3\")]\n" + Class, "Set Kernel to \"3x3\"", Net + "[Conv(4, Kernel = \"3x3\")]\n" + Class);

    [Theory]
    [InlineData("VectorBits = 300", "Set VectorBits to 256", "VectorBits = 256")]
    [InlineData("VectorBits = 1024", "Set VectorBits to 512", "VectorBits = 512")]
    [InlineData("ChannelDivisor = 0", "Set ChannelDivisor to 8", "ChannelDivisor = 8")]
    [InlineData("WidthMultiplier = -2", "Set WidthMultiplier to 1", "WidthMultiplier = 1")]
    [InlineData("ResolutionMultiplier = 20", "Set ResolutionMultiplier to 16", "ResolutionMultiplier = 16")]
    public Task BadOption(string before, string title, string after) => FixTest.VerifyAsync(
        "SCNN1003",
        $"[Network(Height = 8, Width = 8, Channels = 3, {before})]\n[Conv(4)]\n" + Class,
        title,
        $"[Network(Height = 8, Width = 8, Channels = 3, {after})]\n[Conv(4)]\n" + Class);

    [Fact]
    public Task BadArgument_ThatComesFromAConstant_IsNotOverwritten() => FixTest.VerifyNoneAsync(
        "SCNN1003", "[Network(Height = 8, Width = 8, Channels = 3)] [Conv(Net.Zero)] public sealed partial class Net { public const int Zero = 0; }");

    [Fact]
    public Task SeveralBadArguments_InOneLayer_AllAtOnce() => FixTest.VerifyAllAsync(
        "SCNN1003",
        Net + "[Conv(0, Stride = 0), Conv(4, Kernel = 0)] // kept\n" + Class,
        Net + "[Conv(1, Stride = 1), Conv(4, Kernel = 1)] // kept\n" + Class);

    [Fact]
    public Task UselessArguments_InOneLayer_AllAtOnce() => FixTest.VerifyAllAsync(
        "SCNN1003",
        Net + "[Conv(4, Alpha = 0.1, BatchNorm = false, Epsilon = 0.1, BatchNormModule = \"x\", Bias = true)]\n" + Class,
        Net + "[Conv(4, BatchNorm = false, Bias = true)]\n" + Class);

    [Fact]
    public Task UnknownParameterOfAnArchitecture() => FixTest.VerifyAsync(
        "SCNN1003",
        Net + "[Parameter(\"width\", 4)]\n[Conv(\"width\")]\n" + Class + "[Network(typeof(Net))]\n[Parameter(\"widht\", 8)]\npublic sealed partial class Wide;\n",
        "Set name to \"width\"",
        Net + "[Parameter(\"width\", 4)]\n[Conv(\"width\")]\n" + Class + "[Network(typeof(Net))]\n[Parameter(\"width\", 8)]\npublic sealed partial class Wide;\n");

    [Theory]
    [InlineData("[Conv(3, Name = \"left\")] [Conv(3)] [Add(\"lft\")]", "Change 'lft' to 'left'", "[Conv(3, Name = \"left\")] [Conv(3)] [Add(\"left\")]")]
    [InlineData("[Conv(3, From = \"inptu\")]", "Change 'inptu' to 'input'", "[Conv(3, From = \"input\")]")]
    [InlineData("[Conv(3, Name = \"b.right\")] [Concat(\"input\", \"b.rigt\", \"b.right\")]", "Change 'b.rigt' to 'b.right'", "[Conv(3, Name = \"b.right\")] [Concat(\"input\", \"b.right\", \"b.right\")]")]
    [InlineData("[Conv(3, Name = \"right\")] [Concat(\"right, rigt , input\")]", "Change 'rigt' to 'right'", "[Conv(3, Name = \"right\")] [Concat(\"right, right , input\")]")]
    public Task UnknownName(string before, string title, string after) =>
        FixTest.VerifyAsync("SCNN1004", Net + before + "\n" + Class, title, Net + after + "\n" + Class);

    [Fact]
    public Task UnknownName_LikeNoOther() => FixTest.VerifyNoneAsync("SCNN1004", Net + "[Conv(3, Name = \"a\")] [Add(\"somethingelse\")]\n" + Class);

    [Fact]
    public Task UnknownName_InABlock_AllAtOnce() => FixTest.VerifyAllAsync(
        "SCNN1004",
        "[Conv(3, Name = \"left\")]\n[Conv(3, From = \"inputs\")]\n[Add(\"lft\")]\npublic sealed class PairAttribute : BlockAttribute;\n" + Net + "[Pair]\n" + Class,
        "[Conv(3, Name = \"left\")]\n[Conv(3, From = \"input\")]\n[Add(\"left\")]\npublic sealed class PairAttribute : BlockAttribute;\n" + Net + "[Pair]\n" + Class);

    [Theory]
    [InlineData("stem", "stem2")]
    [InlineData("stem1", "stem2")]
    [InlineData("layer1.9", "layer1.10")]
    public Task DuplicateName(string name, string next) => FixTest.VerifyAsync(
        "SCNN1005",
        Net + $"[Conv(4, Name = \"{name}\")]\n[Conv(4, Name = \"{name}\")]\n" + Class,
        $"Set Name to \"{next}\"",
        Net + $"[Conv(4, Name = \"{name}\")]\n[Conv(4, Name = \"{next}\")]\n" + Class);

    [Fact]
    public Task DuplicateNames_AllAtOnce_AvoidEachOtherAndNamesFurtherDown() => FixTest.VerifyAllAsync(
        "SCNN1005",
        Net + "[Conv(4, Name = \"a\")]\n[Conv(4, Name = \"a\")]\n[Conv(4, Name = \"a\")]\n[Conv(4, Name = \"a2\")]\n" + Class,
        Net + "[Conv(4, Name = \"a\")]\n[Conv(4, Name = \"a3\")]\n[Conv(4, Name = \"a4\")]\n[Conv(4, Name = \"a2\")]\n" + Class);

    [Fact]
    public Task NameOfAParameter_InAnExpression() => FixTest.VerifyAsync(
        "SCNN1006",
        "[Conv(\"in * expnd\")]\npublic sealed class WideAttribute(int expand) : BlockAttribute { public int Expand => expand; }\n" + Net + "[Wide(2)]\n" + Class,
        "Change 'expnd' to 'expand'",
        "[Conv(\"in * expand\")]\npublic sealed class WideAttribute(int expand) : BlockAttribute { public int Expand => expand; }\n" + Net + "[Wide(2)]\n" + Class);

    [Theory]
    [InlineData("[Network(Height = 8, Channels = 3)]", "Set Width to 8", "[Network(Height = 8, Channels = 3, Width = 8)]")]
    [InlineData("[Network(Height = 8, Width = 8)]", "Set Channels to 3", "[Network(Height = 8, Width = 8, Channels = 3)]")]
    [InlineData("[Network(Height = 8, Width = -8, Channels = 3)]", "Set Width to 8", "[Network(Height = 8, Width = 8, Channels = 3)]")]
    public Task MissingSize(string before, string title, string after) =>
        FixTest.VerifyAsync("SCNN1007", before + "\n[Conv(4)]\n" + Class, title, after + "\n[Conv(4)]\n" + Class);

    [Theory]
    [InlineData("[Network]")]
    [InlineData("[Network()]")]
    public Task MissingSizes_AllAtOnce(string before) =>
        FixTest.VerifyAllAsync("SCNN1007", before + "\n[Conv(4)]\n" + Class, "[Network(Height = 224, Width = 224, Channels = 3)]\n[Conv(4)]\n" + Class);

    [Fact]
    public Task NoLayers_AreNotInvented() => FixTest.VerifyNoneAsync("SCNN1007", Net + Class);

    [Theory]
    [InlineData("[Conv(4)]\n[Dense(10)]\npublic sealed class Net;", "[Network(Height = 224, Width = 224, Channels = 3)]\n[Conv(4)]\n[Dense(10)]\npublic sealed partial class Net;")]
    [InlineData("/// <summary>Mine.</summary>\n[Conv(4), Dense(10)]\npartial class Net;", "/// <summary>Mine.</summary>\n[Network(Height = 224, Width = 224, Channels = 3), Conv(4), Dense(10)]\npartial class Net;")]
    public Task MissingNetwork(string before, string after) =>
        FixTest.VerifyAsync("SCNN1010", before, "Add [Network(Height = 224, Width = 224, Channels = 3)]", after);

    [Fact]
    public Task LayersOnALayer_MakeABlock() => FixTest.VerifyAsync(
        "SCNN1010",
        "[Conv(4)]\npublic sealed class TwiceAttribute : LayerAttribute;",
        "Derive 'TwiceAttribute' from BlockAttribute",
        "[Conv(4)]\npublic sealed class TwiceAttribute : BlockAttribute;");
}
