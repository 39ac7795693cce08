using System;
using System.IO;
using System.Linq;
using Glyphs;
using Xunit;

namespace SmallCnnGen.EndToEnd.Tests;

/// <summary>The sample's program as a user meets it.</summary>
public sealed class SampleProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("glyphs").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void WithoutArguments_ItPrintsAccuracyLatencyAllocationAndCost()
    {
        (int exit, string output, string error) = Run();

        Assert.Equal((0, string.Empty), (exit, error));
        Assert.Contains("correct    356 of 360 (98.89 %)", output, StringComparison.Ordinal);
        Assert.Contains("correct    353 of 360 (98.06 %)", output, StringComparison.Ordinal);

        // That the number is 0 is RunTests' business.
        Assert.Equal(2, output.Split(" bytes per run").Length - 1);
        Assert.Contains("GlyphMobileNetV2: 3.103 M multiply-adds", output, StringComparison.Ordinal);
        Assert.Contains("GlyphShuffleNetV2: 5.169 M multiply-adds", output, StringComparison.Ordinal);
    }

    [Fact]
    public void APicture_GetsTheFiveBestOfBothNetworks()
    {
        (int exit, string output, string error) = Run(Path.Combine(GlyphData.Folder, "test", "A_Roboto-Italic_0.png"));

        Assert.Equal((0, string.Empty), (exit, error));
        string[] lines = output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("  GlyphMobileNetV2   A  ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  GlyphShuffleNetV2  A  ", lines[2], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.Equal(5, line.Count(c => c == '%')));
    }

    [Theory]
    [InlineData("mobilenet", "GlyphMobileNetV2")]
    [InlineData("shufflenet", "GlyphShuffleNetV2")]
    public void OneNetwork_CanBeChosen(string name, string type)
    {
        (int exit, string output, _) = Run("--network", name, Path.Combine(GlyphData.Folder, "test", GlyphData.Set.Files[0]));

        Assert.Equal(0, exit);
        Assert.Equal(2, output.TrimEnd().ReplaceLineEndings("\n").Split('\n').Length);
        Assert.Contains(type, output, StringComparison.Ordinal);
    }

    [Fact]
    public void UnreadableFiles_AreNamedInOneLineEach_AndTheOthersClassified()
    {
        string good = Path.Combine(GlyphData.Folder, "test", GlyphData.Set.Files[0]);
        string jpeg = Path.Combine(_folder, "photo.jpg"), cut = Path.Combine(_folder, "cut.png"), missing = Path.Combine(_folder, "no.png");
        File.WriteAllBytes(jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0]);
        File.WriteAllBytes(cut, File.ReadAllBytes(good)[..400]);

        (int exit, string output, string error) = Run(missing, jpeg, _folder, cut, good);

        Assert.Equal(1, exit);
        string[] errors = error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(4, errors.Length);
        Assert.Equal($"error: {missing}: there is no such file; check the path (it is relative to the current folder)", errors[0]);
        Assert.Equal($"error: {jpeg}: this is a JPEG; convert it to PNG: magick picture.jpeg picture.png", errors[1]);
        Assert.Equal($"error: {_folder}: this is a folder; name the pictures in it", errors[2]);
        Assert.StartsWith($"error: {cut}: the picture is damaged", errors[3], StringComparison.Ordinal);
        Assert.Contains("GlyphMobileNetV2", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown option --what", "--what")]
    [InlineData("--network needs a name", "--network")]
    [InlineData("unknown network 'vgg'", "--network=vgg")]
    public void AWrongCommandLine_SaysWhatIsWrong(string message, params string[] arguments)
    {
        (int exit, string output, string error) = Run(arguments);

        Assert.Equal((2, string.Empty), (exit, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_IsNoError()
    {
        (int exit, string output, string error) = Run("--help");

        Assert.Equal((0, string.Empty), (exit, error));
        Assert.Contains("--network mobilenet|shufflenet", output, StringComparison.Ordinal);
    }

    private static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exit = Program.Run(arguments, output, error, plain: true);
        return (exit, output.ToString(), error.ToString());
    }
}
