using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>[Budget] with the real compiler: its figures are those of the generated constants.</summary>
public sealed class BudgetTests
{
    private const string Net = "[Network(Height = 28, Width = 28, Channels = 64)] [Conv(64, Name = \"large\")] [Conv(8, Kernel = 1, Name = \"small\")] [GlobalAveragePool] [Dense(10)] partial class Net;";
    private static readonly HostOptions Real = new() { Generator = new SmallCnnGenerator() };

    // 28 * 28 * (64 * 64 * 9 + 64 * 8) + 8 * 10; weights, batch normalisation's two a channel, the classifier with its bias.
    private const long MultiplyAdds = (784 * ((64 * 64 * 9) + (64 * 8))) + 80;
    private const long Parameters = (64 * 64 * 9) + 128 + (64 * 8) + 16 + 90;

    [Fact]
    public void BudgetThatIsKept_IsSilent()
    {
        Markup.Verify($"[Budget(MultiplyAdds = {MultiplyAdds}, Parameters = {Parameters})] {Net}", Real).EnsureClean();
        Markup.Verify("[Budget] " + Net, Real).EnsureClean();
    }

    [Fact]
    public void EveryFigure_IsReportedOnItsArgument_WithTheTopContributors()
    {
        var result = Markup.Verify($$"""[Budget({|SCNN4022:MultiplyAdds = {{MultiplyAdds - 1}}|}, {|SCNN4022:Parameters = {{Parameters - 1}}|}, {|SCNN4022:ArenaBytes = 1|}, {|SCNN4022:WeightBytes = 1000|})] {{Net}}""", Real);

        Assert.All(result.GeneratorDiagnostics, d => Assert.Equal(DiagnosticSeverity.Error, d.Severity));
        string[] messages = result.GeneratorDiagnostics.Select(d => d.GetMessage()).ToArray();
        Assert.Contains($"Network 'Net' needs {MultiplyAdds} multiply-adds, 0 % more than its budget of {MultiplyAdds - 1}. Most are in 'large' {784 * 64 * 64 * 9}, 'small' {784 * 64 * 8}, '3' 80.", messages);
        Assert.Contains(messages, m => m.Contains($"needs {Parameters} parameters") && m.Contains("'large' 36992"));
        Assert.Contains(messages, m => m.Contains("bytes of arena") && m.Contains("'large' 200704"));
        Assert.Contains(messages, m => m.Contains("bytes of packed weights") && m.Contains("'large'"));

        // The class still has its members, so that the budget is the only error.
        Assert.NotEmpty(result.GeneratedSources);
    }

    [Fact]
    public void ArenaAndWeights_AreThoseOfTheConstants()
    {
        using var loaded = GeneratorHost.Run("using SmallCnnGen;\n" + Net.Replace("partial", "public partial"), Real).EnsureClean().Load();
        var type = loaded.GetType("Net");
        int arena = (int)type.GetField("ArenaBytes")!.GetRawConstantValue()!;
        long weights = ((NetworkCost)type.GetProperty("Cost")!.GetValue(null)!).WeightBytes;

        Markup.Verify($"[Budget(ArenaBytes = {arena}, WeightBytes = {weights})] {Net}", Real).EnsureClean();
        Markup.Verify($$"""[Budget({|SCNN4022:ArenaBytes = {{arena - 1}}|}, {|SCNN4022:WeightBytes = {{weights - 1}}|})] {{Net}}""", Real);
    }

    [Fact]
    public void Budget_BindsItsOwnClassOnly() => Markup.Verify($$"""
        [Budget({|SCNN4022:MultiplyAdds = 1|})] {{Net}}
        [Network(typeof(Net), Height = 14, Width = 14)] partial class Variant;
        [Network(typeof(Net), Height = 14, Width = 14), Budget({|SCNN4022:Parameters = 1|})] partial class Variant2;
        """, Real);

    [Theory]
    [InlineData("{|SCNN1003:MultiplyAdds = 0|}")]
    [InlineData("{|SCNN1003:ArenaBytes = -5|}, {|SCNN1003:Parameters = long.MinValue|}")]
    public void BudgetOfNothing_IsAnError(string arguments) => Markup.Verify($"[Budget({arguments})] {Net}", Real);

    [Fact]
    public void Budget_CannotBeSuppressed() => Markup.Verify($$"""
        #pragma warning disable SCNN4022
        [Budget({|SCNN4022:MultiplyAdds = 1|})] {{Net}}
        """, Real);

    [Fact]
    public void BudgetOfALibraryOfDeclarations_IsCheckedToo() => Markup.Verify(
        "[Budget({|SCNN4022:MultiplyAdds = 1|})] " + Net,
        Real with { BuildProperties = new System.Collections.Generic.Dictionary<string, string> { ["SmallCnnGenDeclarationsOnly"] = "true" } });
}
