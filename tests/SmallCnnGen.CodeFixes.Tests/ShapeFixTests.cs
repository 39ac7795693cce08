using System.Linq;
using System.Threading.Tasks;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>Fixes of shapes that do not fit (SCNN2xxx).</summary>
public sealed class ShapeFixTests
{
    private const string Net = "[Network(Height = 8, Width = 6, Channels = 12)]\n";
    private const string Class = "public sealed partial class Net;\n";

    [Theory]
    [InlineData("[Conv(4, Name = \"lost\")] // and its comment\n[Conv(4, From = \"input\")]\n", "[Conv(4, Name = \"lost\")]", "[Conv(4, From = \"input\")]\n")]
    [InlineData("[Conv(4)] [Conv(4, From = \"input\")]\n", "[Conv(4)]", "[Conv(4, From = \"input\")]\n")]
    [InlineData("[Conv(4), Conv(4, From = \"input\")]\n", "[Conv(4)]", "[Conv(4, From = \"input\")]\n")]
    [InlineData("[Conv(4, Name = \"a\"), Conv(4, Repeat = 3), Conv(4, From = \"a\")]\n", "[Conv(4, Repeat = 3)]", "[Conv(4, Name = \"a\"), Conv(4, From = \"a\")]\n")]
    [InlineData("[SeparableConv(8)]\n[Conv(4, From = \"input\")]\n", "[SeparableConv(8)]", "[Conv(4, From = \"input\")]\n")]
    [InlineData("[Input(\"mask\", Channels = 1)]\n[Conv(4)]\n", "[Input(\"mask\", Channels = 1)]", "[Conv(4)]\n")]
    public Task UnusedLayer(string before, string layer, string after) =>
        FixTest.VerifyAsync("SCNN2001", Net + before + Class, "Remove " + layer, Net + after + Class);

    /// <summary>Neither "fix all" nor "dotnet format" takes layers away, whatever severity a project gives the rule.</summary>
    [Fact]
    public async Task UnusedLayers_NeverGoTogether()
    {
        const string source = "using SmallCnnGen;\n" + Net + "[Conv(1, Name = \"a\"), Conv(2, From = \"input\", Name = \"b\"), Conv(3, From = \"input\", Name = \"c\"), Conv(4, From = \"input\")]\n" + Class;
        using var host = new CodeFixHost(source, new HostOptions { EditorConfig = "[*.cs]\ndotnet_diagnostic.SCNN2001.severity = error\n" });
        OfferedFix[] offers = (await host.OffersAsync()).Where(o => o.Diagnostic.Id == "SCNN2001").ToArray();
        Assert.Equal(3, offers.Length);
        Assert.All(offers, o => Assert.Null(o.Provider.GetFixAllProvider()));
        await host.FormatAsync();
        Assert.Equal(source, host.Text);
    }

    [Fact]
    public Task CopyThatIsRead_KeepsItsLayer() =>
        FixTest.VerifyNoneAsync("SCNN2001", Net + "[Conv(4, Name = \"a\", Repeat = 3)] [Conv(4, From = \"a.0\")]\n" + Class);

    [Fact]
    public Task LayerOfABlock_ThatAnotherUseReads_Stays() => FixTest.VerifyNoneAsync(
        "SCNN2001",
        "[Conv(4, Name = \"a\")] [Conv(4, From = \"input\", When = \"plain\")] [Add(\"a\", When = \"!plain\")] class OddAttribute(bool plain) : BlockAttribute { public bool Plain => plain; }\n"
        + Net + "[Conv(4)] [Odd(true)] [Odd(false)]\n" + Class);

    [Theory]
    [InlineData("[MaxPool(Kernel = 7, Stride = 1)]", "Set Kernel to \"7x6\"", "[MaxPool(Kernel = \"7x6\", Stride = 1)]")]
    [InlineData("[AveragePool(Kernel = 9)]", "Set Kernel to \"8x6\"", "[AveragePool(Kernel = \"8x6\")]")]
    [InlineData("[AveragePool(Kernel = \"9x2\")]", "Set Kernel to \"8x2\"", "[AveragePool(Kernel = \"8x2\")]")]
    [InlineData("[Conv(4, Padding = 0, Dilation = 5)]", "Set Kernel to 2", "[Conv(4, Padding = 0, Dilation = 5, Kernel = 2)]")]
    [InlineData("[GlobalAveragePool] [MaxPool]", "Set Kernel to 1", "[GlobalAveragePool] [MaxPool(Kernel = 1)]")]
    public Task WindowTooLarge(string before, string title, string after) =>
        FixTest.VerifyAsync("SCNN2003", Net + before + "\n" + Class, title, Net + after + "\n" + Class);

    [Theory]
    [InlineData("[Conv(8, Groups = 3)]", "Set Groups to 2", "[Conv(8, Groups = 2)]")]
    [InlineData("[Conv(16, Groups = 5)]", "Set Groups to 4", "[Conv(16, Groups = 4)]")]
    [InlineData("[Conv(16, Groups = 100)]", "Set Groups to 4", "[Conv(16, Groups = 4)]")]
    [InlineData("[Shuffle(5)]", "Set groups to 4", "[Shuffle(4)]")]
    [InlineData("[ConvTranspose(6, Groups = 4)]", "Set Groups to 3", "[ConvTranspose(6, Groups = 3)]")]
    public Task GroupsThatDoNotDivide(string before, string title, string after) =>
        FixTest.VerifyAsync("SCNN2004", Net + before + "\n" + Class, title, Net + after + "\n" + Class);

    [Fact]
    public Task GroupsThatDoNotDivide_AllAtOnce() => FixTest.VerifyAllAsync(
        "SCNN2004",
        Net + "[Conv(8, Groups = 3)]\n" + Class + "[Network(Height = 8, Width = 8, Channels = 8)]\n[Conv(8, Groups = 7, Kernel = 1)]\npartial class Other;\n",
        Net + "[Conv(8, Groups = 2)]\n" + Class + "[Network(Height = 8, Width = 8, Channels = 8)]\n[Conv(8, Groups = 8, Kernel = 1)]\npartial class Other;\n");

    [Theory]
    [InlineData("[Conv(\"in + 1\", Groups = \"in / 2\")] class OddAttribute : BlockAttribute;\n[Network(Height = 8, Width = 6, Channels = 12)]\n[Odd]\n")]
    [InlineData("[Network(Height = 8, Width = 6, Channels = 12)]\n[Conv(8, Groups = Net.G)]\n")]
    public Task GroupsFromElsewhere_AreNotOverwritten(string layers) =>
        FixTest.VerifyNoneAsync("SCNN2004", layers + "public sealed partial class Net { public const int G = 5; }\n");

    [Fact]
    public Task SliceBeyondTheChannels() =>
        FixTest.VerifyAsync("SCNN2005", Net + "[Slice(6, 13)]\n" + Class, "Set end to 12", Net + "[Slice(6, 12)]\n" + Class);

    [Fact]
    public Task SharedTensors_GetNamesOfTheirOwn() => FixTest.VerifyAsync(
        "SCNN2007",
        Net + "[Conv(4, Module = \"head\")]\n[Conv(8, Module = \"head\")]\n" + Class,
        "Set Module to \"head2\"",
        Net + "[Conv(4, Module = \"head\")]\n[Conv(8, Module = \"head2\")]\n" + Class);
}
