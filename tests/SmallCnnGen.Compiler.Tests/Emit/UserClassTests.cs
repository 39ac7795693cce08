using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Emit;

/// <summary>
/// Whatever a user declares in a network's class, in its bases or as its name either compiles, without a warning in
/// generated files, or is one of our errors at the user's own line.
/// </summary>
public sealed class UserClassTests
{
    private const string Network = "[global::SmallCnnGen.Network(Height = 3, Width = 3, Channels = 3, VectorBits = 256)] [global::SmallCnnGen.Conv(4)]";
    private const string Threaded = "[global::SmallCnnGen.Network(Height = 3, Width = 3, Channels = 3, VectorBits = 256, Threads = 2, Trace = true)] [global::SmallCnnGen.Conv(4)]";

    /// <summary>Kinds of member; explicit implementations of interfaces are no members by their name.</summary>
    private static readonly string[] Kinds =
    [
        "public int {0};", "public static int {0};", "public const int {0} = 1;", "public int {0} {{ get; set; }}", "public static int {0} => 1;",
        "public void {0}() {{ }}", "public static int {0}<T>(T x) => 1;", "public event global::System.Action? {0};",
        "public event global::System.Action {0} {{ add {{ }} remove {{ }} }}", "public class {0} {{ }}", "public struct {0} {{ }}", "public enum {0} {{ A }}",
        "public interface {0} {{ }}", "public delegate void {0}();", "public record {0}(int X);",
        "[global::System.Runtime.CompilerServices.IndexerName(\"{0}\")] public int this[int i] => i;",
    ];

    private static readonly string[] Accessors = ["get_Cost", "set_Cost", "get_VectorBits", "set_VectorBits", "get_Weights", "set_Weights"];

    /// <summary>Names of what is generated outside the class, and of what used to be in it.</summary>
    private static readonly string[] Free = ["Kernels", "CostTable", "Fingerprint", "WeightFloats", "Pack", "Execute", "Declare", "Share", "Vectors256", "Network", "_instance", "Name", "Value"];

    [Fact]
    public void Every_member_is_listed()
    {
        HostResult result = Run($"{Threaded} public partial class Net {{ }}");
        INamedTypeSymbol net = result.EnsureClean().OutputCompilation.GetTypeByMetadataName("Net")!;

        // What is the interface's alone has a name that no member of the user's can have.
        string[] members = net.GetMembers().Where(m => m is not IMethodSymbol { MethodKind: not MethodKind.Ordinary } && !m.Name.Contains('.', StringComparison.Ordinal)).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(NetworkEmitter.Members.Order(StringComparer.Ordinal), members);
    }

    /// <summary>Every kind of member by every name: refused, at the member, when generated code has it.</summary>
    [Fact]
    public void Members()
    {
        var cases = new List<(string Declaration, string? Id)>();
        foreach (string kind in Kinds)
        {
            // An indexer has its name in an attribute, and stands where "this" is.
            bool isIndexer = kind.Contains("IndexerName", StringComparison.Ordinal);
            string marked = isIndexer ? kind.Replace("this", "{{|SCNN1011:this|}}", StringComparison.Ordinal) : kind.Replace("{0}", "{{|SCNN1011:{0}|}}", StringComparison.Ordinal);
            cases.AddRange(NetworkEmitter.Members.Concat(Accessors).Select(name => ($"{Network} public partial class NET {{ {Fill(marked, name)} }}", (string?)"SCNN1011")));
            cases.Add(($"{Network} public partial class NET {{ {string.Join(" ", (isIndexer ? Free[..1] : Free).Select(name => Fill(kind, name)))} }}", null));
        }

        cases.AddRange(NetworkEmitter.Members.Select(name => ($"public interface I_NET {{ void {name}(); }} {Network} public partial class NET : I_NET {{ void I_NET.{name}() {{ }} }}", (string?)null)));
        Verify(cases);
    }

    /// <summary>The same, inherited. What is private to the base, or an overload, is no concern of the class.</summary>
    [Fact]
    public void Inherited_members()
    {
        var cases = new List<(string Declaration, string? Id)>();
        foreach (string kind in Kinds.Where(k => !k.Contains("<T>", StringComparison.Ordinal) && !k.Contains("void {0}()", StringComparison.Ordinal)))
        {
            cases.AddRange(NetworkEmitter.Members.Select(name => ($"public class Base_NET {{ {Fill(kind, name)} }} {Network} public partial class NET : {{|SCNN1011:Base_NET|}} {{ }}", (string?)"SCNN1011")));
            int most = kind.Contains("IndexerName", StringComparison.Ordinal) ? 1 : int.MaxValue;
            IEnumerable<string> unseen = NetworkEmitter.Members.Take(most).Select(name => Fill(kind.Replace("public ", "private ", StringComparison.Ordinal), name))
                .Concat(Free.Take(most - 1).Select(name => Fill(kind, name)));
            cases.Add(($"public class Base_NET {{ {string.Join(" ", unseen)} }} {Network} public partial class NET : Base_NET {{ }}", null));
        }

        foreach (string hidden in new[]
        {
            "public virtual void Dispose() { }", "public static void Dispose() { }", "protected abstract void Dispose();",
            "public void Run(global::System.ReadOnlySpan<float> a, global::System.Span<float> b) { }", "public static int Load(string path) => 0;",
            "public abstract void Run(global::System.ReadOnlySpan<float> a, global::System.Span<float> b, global::SmallCnnGen.TensorObserver c);",
            "internal static int LoadWeights(global::System.IO.Stream s) => 0;", "public static int CreateRandom(int seed) => 0;",
            "public static int Load(global::System.ReadOnlySpan<byte> b) => 0;", "public static int Load(global::SmallCnnGen.SafetensorsFile f) => 0;",
        })
        {
            cases.Add(($"public abstract class Base_NET {{ {hidden} }} public abstract class Middle_NET : Base_NET {{ }} {Threaded} public partial class NET : {{|SCNN1011:Middle_NET|}}, global::System.IDisposable {{ }}", "SCNN1011"));
        }

        foreach (string beside in new[]
        {
            "protected virtual void Dispose(bool all) { }", "public void Run() { }", "public void Run(global::System.Span<float> b) { }", "public void Run(float[] a, float[] b) { }",
            "public static int Load(byte[] b) => 0;", "public static int LoadWeights(ref string s) => 0;", "public static int CreateRandom() => 0;", "public void Run<T>(T a, T b) { }",
        })
        {
            cases.Add(($"public class Base_NET {{ {beside} }} {Threaded} public partial class NET : Base_NET {{ }}", null));
        }

        cases.Add(($"public partial class NET : {{|SCNN1011:Other_NET|}} {{ }} {Network} partial class NET {{ }} {Network} public partial class Other_NET {{ }}", "SCNN1011"));
        Verify(cases);
    }

    [Fact]
    public void Constructors_and_required_members()
    {
        Verify(
        [
            ($"{Network} public partial class NET {{ public {{|SCNN1014:NET|}}() {{ }} }}", "SCNN1014"),
            ($"{Network} public partial class NET {{ public {{|SCNN1014:NET|}}(int x) : base() {{ }} public NET(string s) : this(1) {{ }} }}", "SCNN1014"),
            ($"{Network} public partial class NET {{ public NET(string path) : this(LoadWeights(path)) {{ }} static NET() {{ }} ~NET() {{ }} }}", null),
            ($"{Network} public partial class NET {{ public {{|SCNN1011:NET|}}(global::SmallCnnGen.NetworkWeights weights) {{ }} }}", "SCNN1011"),
            ($"{Network} public partial class NET {{ public class NetworkWeights {{ }} public NET(NetworkWeights weights) : this(LoadWeights(\"\")) {{ }} }}", null),
            ($"{Threaded} public partial class NET {{ public {{|SCNN1011:NET|}}(global::SmallCnnGen.NetworkWeights weights, int threads) {{ }} }}", "SCNN1011"),
            ($"{Network} public partial class NET {{ public NET(global::SmallCnnGen.NetworkWeights weights, int threads) : this(weights) {{ }} }}", null),
            ($"{Threaded} public partial class NET {{ public NET(global::SmallCnnGen.NetworkWeights weights, bool quick = false) : this(weights, threads: 1) {{ }} }}", null),
            ($"{Network} public partial class NET {{ public NET(in global::SmallCnnGen.NetworkWeights weights, long x = 0, params object[] more) : this(weights) {{ }} public NET(object o) : this((global::SmallCnnGen.NetworkWeights)o) {{ }} }}", null),
            ($"{Network} public partial class NET{{|SCNN1011:(int x)|}} {{ public int X => x; }}", "SCNN1011"),
            ($"{Network} public partial class NET {{ public required int {{|SCNN1014:Size|}} {{ get; set; }} public required string {{|SCNN1014:Label|}}; }}", "SCNN1014"),
            ($"public class Base_NET {{ public required int Size {{ get; set; }} }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET {{ public Base_NET(int x) {{ }} }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET(int x) {{ public int X => x; }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET {{ public Base_NET(int x = 1) {{ }} public Base_NET(string s = \"\") {{ }} }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET {{ private Base_NET() {{ }} protected Base_NET(string s) {{ }} }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET {{ [global::System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public Base_NET() {{ }} }} {Network} public partial class NET : {{|SCNN1014:Base_NET|}} {{ }}", "SCNN1014"),
            ($"public class Base_NET {{ protected Base_NET(int x = 1, params int[] y) {{ }} }} {Network} public partial class NET : Base_NET {{ }}", null),
            ($"public class Base_NET {{ [global::System.Obsolete] public Base_NET() {{ }} }} {Network} [global::System.Obsolete] public partial class NET : Base_NET {{ }}", null),
            ($"public class Base_NET<T> {{ public T? X; }} {Network} public partial class NET : Base_NET<int> {{ public string Text {{ get; set; }} public static NET operator +(NET a, NET b) => a; public static implicit operator NET(string s) => Load(s); }}", null),
        ]);
    }

    /// <summary>What a class may be called: members of it cannot be called the same.</summary>
    [Fact]
    public void Names_of_the_class()
    {
        var cases = new List<(string Declaration, string? Id)>();
        cases.AddRange(NetworkEmitter.Members.Concat(Accessors).Select((name, i) => ($"namespace M{i} {{ {Network} public partial class {{|SCNN1011:{name}|}} {{ }} }}", (string?)"SCNN1011")));
        string[] words = SyntaxFacts.GetKeywordKinds().Concat(SyntaxFacts.GetContextualKeywordKinds()).Select(SyntaxFacts.GetText).Where(w => w.All(c => c is (>= 'a' and <= 'z') or '_')).ToArray();
        foreach (string name in Free.Concat(words.Select(w => "@" + w)).Concat(["@_", "@nint", "@dynamic", "@nuint", "System", "SmallCnnGen", "Math", "Fma", "Vector256", "Generated"]))
        {
            cases.Add(($"namespace C{cases.Count} {{ {Network} public partial class {name} {{ }} }}", null));
            if (cases.Count % 10 == 0)
                cases.Add(($"namespace C{cases.Count} {{ public partial struct {name} {{ {Network} public partial class NET {{ }} }} }}", null));
        }

        // Not escaped, C# warns of these at the user's line, and of some it says more.
        foreach (string name in new[] { "nint", "var", "dynamic", "unmanaged", "notnull", "scoped", "required", "file", "field", "record", "_", "async", "lower" })
            cases.Add(($"namespace C{cases.Count} {{ {Network} public partial class {name} {{ }} }}", "own"));
        cases.Add(($"namespace @namespace.@nint.@var {{ {Network} public partial class NET {{ }} }}", null));

        // Names of generated namespaces and files that are alike.
        cases.Add(($"namespace A.B_C {{ {Network} public partial class D {{ }} }} namespace A_B.C {{ {Network} public partial class D {{ }} }} namespace A.B {{ {Network} public partial class C_D {{ }} {Network} public partial class C_1D {{ }} }}", null));
        cases.Add(($"namespace Deep {{ {Network} public partial class Net {{ {Network} public partial class Vectors256 {{ }} {Network} public partial class Network {{ {Network} public partial class Kernels {{ }} }} }} }}", null));
        Verify(cases);
    }

    [Theory]
    [InlineData("public partial {|SCNN1001:struct|} Net { }")]
    [InlineData("public partial record {|SCNN1001:struct|} Net { }")]
    [InlineData("public readonly partial {|SCNN1001:struct|} Net { }")]
    [InlineData("public partial {|SCNN1001:interface|} Net { }")]
    public void Other_types_are_refused(string declaration)
    {
        (string text, int start) = Unmark(Network + " " + declaration);
        HostResult result = Run(text);
        Assert.Empty(InGenerated(result));
        Diagnostic problem = Assert.Single(result.GeneratorDiagnostics);
        Assert.Equal("SCNN1001", problem.Id);
        Assert.True(problem.Location.SourceSpan.Start == start || text[problem.Location.SourceSpan.Start..].StartsWith("record", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp6, true)]
    [InlineData(LanguageVersion.CSharp7_3, true)]
    [InlineData(LanguageVersion.CSharp8, true)]
    [InlineData(LanguageVersion.CSharp9, false)]
    [InlineData(LanguageVersion.CSharp10, false)]
    [InlineData(LanguageVersion.CSharp11, false)]
    [InlineData(LanguageVersion.CSharp12, false)]
    [InlineData(LanguageVersion.Preview, false)]
    public void Language_versions(LanguageVersion version, bool isRefused)
    {
        const string source = "public partial class Net { public static int Mine() { return 1; } }";
        HostResult result = GeneratorHost.Run(Threaded + source, new HostOptions { LanguageVersion = version, Nullable = false });
        if (!isRefused)
        {
            result.EnsureClean();
            Assert.NotEmpty(result.GeneratedSources);
            return;
        }

        Diagnostic problem = Assert.Single(result.Diagnostics);
        Assert.Equal("SCNN1013", problem.Id);
        Assert.Equal("Net", Text(problem));

        // Stubs only, which the old compiler understands.
        Assert.Contains("The declaration is wrong", Assert.Single(result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
        Assert.Empty(InGenerated(result));
    }

    /// <summary>C# takes such a type before the framework's, and no alias helps.</summary>
    [Fact]
    public void Types_of_the_whole_name_that_is_meant()
    {
        foreach (IGrouping<bool, string> group in Imports.Types.GroupBy(t => Imports.Types.Any(o => o.StartsWith(t + ".", StringComparison.Ordinal))))
        {
            // Namespaces one at a time: a project cannot have both a type and a namespace of one name.
            foreach (string[] names in group.Key ? group.Select(n => new[] { n }) : [group.ToArray()])
            {
                string planted = string.Concat(names.Select(n =>
                {
                    int dot = n.LastIndexOf('.');
                    string type = n[(dot + 1)..].Replace("`1", "<T>", StringComparison.Ordinal);
                    return dot < 0 ? $"class {type} {{ }}\n" : $"namespace {n[..dot]} {{ class {type} {{ }} }}\n";
                }));
                CSharpCompilation compilation = GeneratorHost.CreateCompilation([("Planted.cs", planted), ("Net.cs", Network + " public partial class Net { }")]);
                GeneratorDriver driver = CSharpGeneratorDriver.Create([new Generators.SmallCnnGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)compilation.SyntaxTrees.First().Options)
                    .RunGenerators(compilation);
                Diagnostic[] found = driver.GetRunResult().Diagnostics.ToArray();
                if (found.Length == 0 && names[0] is "System" or "SmallCnnGen")
                    continue; // Then the attribute itself is not found, and the user's line says so.
                Assert.All(found, d => Assert.Equal("SCNN1015", d.Id));
                Assert.Equal(names.Select(n => n.Split('.', '`') is var p && p[^1] == "1" ? p[^2] : p[^1]).Order(StringComparer.Ordinal), found.Select(Text).Order(StringComparer.Ordinal));
                Assert.All(driver.GetRunResult().GeneratedTrees, t => Assert.Contains("The declaration is wrong", t.ToString(), StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("System.Math")]
    [InlineData("SmallCnnGen.Runtime.Guard")]
    public void Namespaces_called_as_a_type_that_is_meant(string name)
    {
        HostResult result = GeneratorHost.Run([("Planted.cs", $"namespace {name} {{ class X {{ }} }}"), ("Net.cs", Network + " public partial class Net { }")]);
        Assert.Equal("SCNN1015", Assert.Single(result.GeneratorDiagnostics).Id);
        Assert.Empty(InGenerated(result));
    }

    /// <summary>Compiles all cases at once, each in a class of its own.</summary>
    private static void Verify(IEnumerable<(string Declaration, string? Id)> cases)
    {
        var sources = new List<(string Path, string Text)>();
        var expected = new List<(string Path, int Start, string Id)>();
        var own = new HashSet<string>();
        foreach ((string declaration, string? id) in cases)
        {
            string path = $"Case{sources.Count}.cs", text = declaration.Replace("NET", $"Net{sources.Count}", StringComparison.Ordinal);
            for (int at = text.IndexOf("{|", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{|", StringComparison.Ordinal))
            {
                int colon = text.IndexOf(':', at), end = text.IndexOf("|}", colon, StringComparison.Ordinal);
                expected.Add((path, at, text[(at + 2)..colon]));
                text = text[..at] + text[(colon + 1)..end] + text[(end + 2)..];
            }

            if (id == "own")
                own.Add(path);
            sources.Add((path, text));
        }

        HostResult result = GeneratorHost.Run(sources);
        var problems = InGenerated(result).ToList();
        problems.AddRange(result.Diagnostics.Where(d => !d.Id.StartsWith("SCNN", StringComparison.Ordinal) && d.Severity == DiagnosticSeverity.Error
            && d.Location.SourceTree is { } tree && !own.Contains(tree.FilePath) && !expected.Any(e => e.Path == tree.FilePath)));
        Assert.True(problems.Count == 0, $"{problems.Count} problems\n" + HostResult.Describe(problems.Take(5)));
        var found = result.GeneratorDiagnostics.Select(d => (Path: d.Location.GetLineSpan().Path, d.Location.SourceSpan.Start, d.Id)).ToHashSet();
        Assert.True(found.SetEquals(expected), string.Join("\n", found.Except(expected).Take(5).Select(f => $"unexpected {f} in {Source(f.Path)}").Concat(expected.Except(found).Take(5).Select(f => $"missing {f} in {Source(f.Path)}"))));
        int refused = expected.Select(e => e.Path).Distinct().Count();
        Assert.True(result.GeneratedSources.Count(s => !s.HintName.Contains("-Vectors", StringComparison.Ordinal)) >= sources.Count - refused);

        string Source(string path) => sources.First(s => s.Path == path).Text;
    }

    private static string Fill(string kind, string name) => kind.Replace("{0}", name, StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

    private static (string Text, int Start) Unmark(string marked)
    {
        int at = marked.IndexOf("{|", StringComparison.Ordinal), colon = marked.IndexOf(':', at), end = marked.IndexOf("|}", colon, StringComparison.Ordinal);
        return (marked[..at] + marked[(colon + 1)..end] + marked[(end + 2)..], at);
    }

    private static string Text(Diagnostic d) => d.Location.SourceTree!.GetText().ToString(d.Location.SourceSpan);

    private static IEnumerable<Diagnostic> InGenerated(HostResult result) =>
        result.Diagnostics.Where(d => d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);

    private static HostResult Run(string source) => GeneratorHost.Run(source);
}
