using System.Threading.Tasks;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>Fixes of what a correct network could do better (SCNN4xxx), where they must not be, and several at once.</summary>
public sealed class DesignFixTests
{
    private const string Net = "[Network(Height = 28, Width = 28, Channels = 64)]\n";
    private const string Class = "public sealed partial class Net;\n";

    [Fact]
    public Task Shuffle_GoesBeforeTheLayer() => FixTest.VerifyAsync(
        "SCNN4005",
        Net + "[Conv(64, Groups = 4)]\n[Conv(64, Groups = 4)]\n[Conv(64, Groups = 4)] // third\n" + Class,
        "Insert [Shuffle(4)] before",
        Net + "[Conv(64, Groups = 4)]\n[Conv(64, Groups = 4)]\n[Shuffle(4)]\n[Conv(64, Groups = 4)] // third\n" + Class);

    [Fact]
    public Task RepeatedLayer_GetsNoShuffle() => FixTest.VerifyNoneAsync("SCNN4005", Net + "[Conv(64, Groups = 4, Repeat = 4)]\n" + Class);

    [Fact]
    public Task Names_AreWrittenInFull_WhereTheNamespaceIsNotUsed() => FixTest.VerifyAsync(
        "SCNN4006",
        Bare("Activation = SmallCnnGen.Activation.ReLU"),
        "Set Activation to Activation.None",
        Bare("Activation = global::SmallCnnGen.Activation.None"),
        usings: string.Empty);

    [Fact]
    public Task Chain_KeepsNameInputStrideAndActivation() => FixTest.VerifyAsync(
        "SCNN4008",
        Net + "[Conv(64, Kernel = 1, Name = \"a\")]\n[Conv(64, Kernel = 1, Name = \"b\")]\n[Conv(64, Kernel = 5, Stride = 2, Activation = Activation.HardSwish, From = \"a\", Name = \"c\")]\n[Conv(64, Stride = 2, From = \"b\")]\n[Add(\"c\")]\n" + Class,
        "Replace by [Conv(64, Kernel = 3, Stride = 2, Activation = Activation.HardSwish, From = \"a\")] [Conv(64, Kernel = 3, Activation = Activation.HardSwish, Name = \"c\")]",
        Net + "[Conv(64, Kernel = 1, Name = \"a\")]\n[Conv(64, Kernel = 1, Name = \"b\")]\n[Conv(64, Kernel = 3, Stride = 2, Activation = Activation.HardSwish, From = \"a\")]\n[Conv(64, Kernel = 3, Activation = Activation.HardSwish, Name = \"c\")]\n[Conv(64, Stride = 2, From = \"b\")]\n[Add(\"c\")]\n" + Class);

    [Fact]
    public Task WidthThatASumNeeds_IsNotChanged() => FixTest.VerifyNoneAsync(
        "SCNN4019", Net + "[Conv(18, Name = \"a\")]\n[Conv(18)]\n[Add(\"a\")]\n" + Class);

    [Fact]
    public Task Widths_AllAtOnce_ButThoseThatASumNeeds() => FixTest.VerifyAllAsync(
        "SCNN4019",
        Net + "[Conv(18)]\n[Conv(18, Name = \"a\")]\n[Conv(18)]\n[Add(\"a\")]\n[Conv(10)]\n[Conv(16)]\n" + Class,
        Net + "[Conv(16)]\n[Conv(18, Name = \"a\")]\n[Conv(18)]\n[Add(\"a\")]\n[Conv(8)]\n[Conv(16)]\n" + Class);

    [Fact]
    public Task PoolThatWouldChangeSharedWeights_IsNotInserted() => FixTest.VerifyNoneAsync(
        "SCNN4007",
        Net + "[Conv(64, Name = \"m\")]\n[Dense(10, Name = \"a\", Module = \"head\")]\n[Dense(10, From = \"m\", Module = \"head\")]\n[Add(\"a\")]\n" + Class);

    private static string Bare(string activation) =>
        "[SmallCnnGen.Network(Height = 28, Width = 28, Channels = 32)]\n[SmallCnnGen.Conv(192, Kernel = 1)]\n[SmallCnnGen.DepthwiseConv]\n[SmallCnnGen.Conv(32, Kernel = 1, " + activation + ")]\n" + Class;
}
