using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>Errors that an analyzer says again, because editors offer fixes only for what analyzers say.</summary>
public sealed class RepeatedErrorTests
{
    private const string Wrong = "using SmallCnnGen;\n[Network(Height = 8, Width = 8, Channels = 12)]\n[Conv(8, Groups = 5)]\nsealed partial class Net;\n";

    [Fact]
    public async Task AreHidden_AndAtTheGeneratorsPlace()
    {
        using var host = new CodeFixHost(Wrong);
        Diagnostic shown = Assert.Single(GeneratorHost.Run(Wrong).GeneratorDiagnostics);
        Diagnostic repeated = Assert.Single(await host.DiagnosticsAsync());

        Assert.Equal((shown.Id, shown.GetMessage(), shown.Location.SourceSpan), (repeated.Id, repeated.GetMessage(), repeated.Location.SourceSpan));
        Assert.Equal(DiagnosticSeverity.Error, shown.Severity);
        Assert.Equal(DiagnosticSeverity.Hidden, repeated.Severity);
        Assert.Equal(shown.Properties.OrderBy(p => p.Key), repeated.Properties.OrderBy(p => p.Key));
    }

    [Fact]
    public async Task WithoutAFix_AreNotRepeated()
    {
        using var host = new CodeFixHost(Wrong.Replace("Conv(8, Groups = 5)", "Conv(8, Name = \"a\"), Conv(12, From = \"input\"), Add(\"a\")"));
        Assert.NotEmpty(host.Problems());
        Assert.Empty(await host.DiagnosticsAsync());
    }

    [Fact]
    public async Task PragmaSilencesBoth()
    {
        string silenced = Wrong.Replace("[Conv(8, Groups = 5)]", "#pragma warning disable SCNN2004\n[Conv(8, Groups = 5)]");
        using var host = new CodeFixHost(silenced);
        Assert.DoesNotContain(await host.DiagnosticsAsync(), d => !d.IsSuppressed);
    }
}
