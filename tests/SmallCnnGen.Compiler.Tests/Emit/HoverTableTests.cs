using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Tooling;
using SmallCnnGen.Zoo;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Emit;

/// <summary>The table in the summary of a network's class, which editors show.</summary>
public sealed class HoverTableTests
{
    private const int MostLines = 24;

    [Fact]
    public void SmallNetwork_ShowsEveryLayer()
    {
        string[] table = Table(Emit(new SpecBuilder(28, 28, 1)
            .Layer("Conv", ("channels", 16), ("Stride", 2), ("Name", "stem"))
            .Layer("GlobalAveragePool")
            .Layer("Dense", ("units", 10))
            .Build()));

        Assert.Equal(
            [
                "layer  op               output    multiply-adds    share  params",
                "stem   conv 3x3 s2      14x14x16         28.2 k   99.4 %     176",
                "1      global_avg_pool  1x1x16                0    0.0 %       0",
                "2      dense            1x1x10              160    0.6 %     170",
                "total  3 layers         1x1x10           28.4 k  100.0 %     346",
            ],
            table);
    }

    [Theory]
    [InlineData(typeof(MobileNetV2))]
    [InlineData(typeof(GoogLeNet))]
    [InlineData(typeof(DenseNet121))]
    [InlineData(typeof(NasNetAMobile))]
    public void LargeNetwork_CountsBlocksAsOne(Type network)
    {
        string[] table = Table(Emit(ReflectionSpecReader.Read(network)));

        Assert.InRange(table.Length, 5, MostLines);
        Assert.All(table, line => Assert.InRange(line.Length, 1, 110));
        Assert.StartsWith("total", table[^1]);
    }

    [Fact]
    public void Documentation_IsValid_AndItsReferencesLeadSomewhere()
    {
        var result = GeneratorHost.Run("""
            using SmallCnnGen;
            namespace Shop
            {
                public partial class Outer
                {
                    [Network(Height = 8, Width = 8, Channels = 3)]
                    [Conv(4, Name = "stem")]
                    public sealed partial class Net;
                }
            }
            """).EnsureClean();
        var checkedAgain = result.OutputCompilation.RemoveAllSyntaxTrees().AddSyntaxTrees(result.OutputCompilation.SyntaxTrees.Select(t =>
            t.WithRootAndOptions(t.GetRoot(), ((CSharpParseOptions)t.Options).WithDocumentationMode(DocumentationMode.Diagnose))));

        // Members without documentation (CS1591) are the user's.
        Assert.DoesNotContain(checkedAgain.GetDiagnostics(), d => d.Id.StartsWith("CS15", StringComparison.Ordinal) && d.Id != "CS1591");
        string summary = checkedAgain.GetTypeByMetadataName("Shop.Outer+Net")!.GetDocumentationCommentXml()!;
        Assert.Contains("<code>", summary);
        Assert.Contains("stem", summary);
        string cost = checkedAgain.GetTypeByMetadataName("Shop.Outer+Net")!.GetMembers("Cost").Single().GetDocumentationCommentXml()!;
        Assert.Contains("<inheritdoc cref=\"T:Shop.Outer.Net\" path=\"/summary/code\"", cost);
    }

    private static string Emit(Model.NetworkSpec spec) => NetworkCompiler.Compile(spec).Files[0].Text;

    private static string[] Table(string text)
    {
        string[] lines = text.Split('\n').Select(l => l.Trim()).ToArray();
        int start = Array.IndexOf(lines, "/// <code>"), end = Array.IndexOf(lines, "/// </code>");
        return lines[(start + 1)..end].Select(l => l[4..]).ToArray();
    }
}
