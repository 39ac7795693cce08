using System.Linq;
using System.Threading.Tasks;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.CodeFixes.Tests;

/// <summary>Before, title, after: what every test of a fix says.</summary>
internal static class FixTest
{
    private const string Usings = "using SmallCnnGen;\n";

    /// <summary>The only fix offered for an id, applied: the text must be just this, and compile with the generator without errors.</summary>
    public static async Task VerifyAsync(string id, string before, string title, string after, string usings = Usings)
    {
        using var host = new CodeFixHost(usings + before);
        var fix = Assert.Single(await host.OffersAsync(), o => o.Diagnostic.Id == id);
        Assert.Equal(title, fix.Title);
        await host.ApplyAsync(fix);
        Assert.Equal(usings + after, host.Text);
        AssertSound(host);
    }

    /// <summary>Every fix for an id at once.</summary>
    public static async Task VerifyAllAsync(string id, string before, string after)
    {
        using var host = new CodeFixHost(Usings + before);
        var fix = (await host.OffersAsync()).First(o => o.Diagnostic.Id == id);
        await host.ApplyToAllAsync(fix);
        Assert.Equal(Usings + after, host.Text);
        AssertSound(host);
    }

    /// <summary>Nothing is offered for an id, though it is reported.</summary>
    public static async Task VerifyNoneAsync(string id, string source)
    {
        using var host = new CodeFixHost(Usings + source);
        Assert.DoesNotContain(await host.OffersAsync(), o => o.Diagnostic.Id == id);
        bool isReported = GeneratorHost.Run(Usings + source).Diagnostics.Any(d => d.Id == id) || (await host.DiagnosticsAsync()).Any(d => d.Id == id);
        Assert.True(isReported, id + " is not reported");
    }

    private static void AssertSound(CodeFixHost host)
    {
        var problems = host.Problems();
        Assert.True(problems.Count == 0, HostResult.Describe(problems));
    }
}
