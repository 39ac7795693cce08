using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>What is wrong with a declaration is said once: programs that use the network have no errors of their own.</summary>
public sealed class StubTests
{
    private const string Net = "[Network(Height = 8, Width = 9, Channels = 3)] ";

    /// <summary>Every member, as programs use them.</summary>
    private const string Use = """

        static class Use
        {
            const int Size = Net.InputLength + Net.InputHeight * Net.InputWidth * Net.InputChannels;
            static void Main2(NetworkWeights weights, System.IO.Stream stream, System.ReadOnlySpan<byte> bytes, SafetensorsFile file)
            {
                using Net net = Net.Load("x");
                Net[] all = [Net.Load(stream), Net.Load(bytes), Net.Load(file), Net.CreateRandom(), Net.CreateRandom(seed: 3)];
                NetworkWeights[] shared = [Net.LoadWeights("x"), Net.LoadWeights(stream), Net.LoadWeights(bytes), Net.LoadWeights(file), net.Weights];
                var last = new float[Net.OutputLength - 1];
                net.Run(new float[Net.InputLength], new float[Net.OutputLength]);
                System.Console.WriteLine(Net.Cost + "" + net.VectorBits + Net.ArenaBytes + Net.MultiplyAdds / Net.Parameters + Size / Net.InputLength + last + all + shared);
            }
        }
        """;

    /// <summary>With the real compiler, which finds what the parser does not.</summary>
    private static readonly HostOptions Real = new() { Generator = new SmallCnnGenerator() };

    [Theory]
    [InlineData("SCNN1003", Net + "[Conv(0)] sealed partial class Net;")]
    [InlineData("SCNN1003", "[Network(Height = 8, Width = 9, Channels = 3, Threads = -4)] [Conv(4)] sealed partial class Net;")]
    [InlineData("SCNN1004", Net + "[Conv(4, From = \"x\")] sealed partial class Net;")]
    [InlineData("SCNN1006", Net + "[Conv(\"1 +\")] sealed partial class Net;")]
    [InlineData("SCNN1007", "[Network] [Conv(4)] sealed partial class Net;")]
    [InlineData("SCNN1007", Net + "sealed partial class Net;")]
    [InlineData("SCNN1008", Net + "[Twice] sealed partial class Net; [Twice] class TwiceAttribute : BlockAttribute;")]
    [InlineData("SCNN1009", Net + "[Conv(4)] partial class Net; [Conv(4)] partial class Net;")]
    [InlineData("SCNN1012", "[Network(typeof(string))] partial class Net;")]
    [InlineData("SCNN1012", "[Network(typeof(Net))] partial class Net;")]
    [InlineData("SCNN1014", Net + "[Conv(4)] partial class Net { public required int X { get; set; } }")]
    [InlineData("SCNN1014", Net + "[Conv(4)] partial class Net : Base; class Base(string x, int y) { public string X => x + y; }")]
    [InlineData("SCNN1014", Net + "[Conv(4)] partial class Net : Base; class Base { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public Base() { } }")]
    [InlineData("SCNN1011", Net + "[Conv(4)] partial class Net(string path) { public string Path => path; }")]
    [InlineData("SCNN1001", Net + "[Conv(4)] partial record Net;")]
    [InlineData("SCNN1001", Net + "[Conv(4)] partial record Net(int X, in long Y);")]
    [InlineData("SCNN2004", Net + "[Conv(4, Groups = 2)] sealed partial class Net;")]
    [InlineData("SCNN2002", Net + "[Conv(4)] [Add(\"input\")] partial class Net;")]
    [InlineData("SCNN2003", Net + "[Conv(4, Kernel = 99, Padding = 0)] partial class Net;")]
    public void OnlyTheDeclarationsErrorIsShown(string id, string declaration)
    {
        HostResult result = GeneratorHost.Run("using SmallCnnGen;\n" + declaration + Use, Real);
        Assert.True(result.Diagnostics.All(d => d.Id == id || d.Severity < DiagnosticSeverity.Warning), HostResult.Describe(result.Diagnostics));
        Assert.Contains(id, result.Diagnostics.Select(d => d.Id));
    }

    /// <summary>What the C# compiler says of an attribute it does not understand is enough, too.</summary>
    [Theory]
    [InlineData("CS0103", Net + "[Conv(count)] partial class Net;")]
    [InlineData("CS0246", Net + "[Conw(4)] partial class Net;")]
    [InlineData("CS0246", "[Network(typeof(Nett))] partial class Net;")]
    [InlineData("CS0246", "[Network(Heigth = 8)] [Conv(4)] partial class Net;")]
    [InlineData("CS0592", Net + "[Conv(4)] partial struct Net;")]
    public void AttributeThatDoesNotCompile(string id, string declaration)
    {
        HostResult result = GeneratorHost.Run("using SmallCnnGen;\n" + declaration + Use, Real);
        Assert.Equal([id], result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "SCNN1001").Select(d => d.Id).Distinct());
    }

    [Fact]
    public void UnsafeOff_OldLanguage_AndPlaces()
    {
        const string nested = "namespace N.@class { partial struct Outer<T> { partial interface Inner { " + Net + "[Conv(4)] internal sealed partial class @event<U> where U : T { public void Dispose() { } } } } }";
        Assert.Equal(["SCNN1001", "SCNN1001", "SCNN1011"], Errors("using SmallCnnGen;\n" + nested, Real));
        Assert.Equal(["SCNN1002"], Errors("using SmallCnnGen;\n" + Net + "[Conv(4)] partial class Net;" + Use, Real with { AllowUnsafe = false }));
        const string old = "using SmallCnnGen;\n" + Net + "[Conv(4)] partial class Net { } class Use { static float[] M() { using (Net net = Net.Load(\"x\")) { return new float[Net.InputLength + net.VectorBits]; } } }";
        Assert.Equal(["SCNN1013"], Errors(old, Real with { LanguageVersion = LanguageVersion.CSharp7_3, Nullable = false }));
        Assert.Equal(["SCNN1013"], Errors(old, Real with { LanguageVersion = LanguageVersion.CSharp6, Nullable = false }));
    }

    /// <summary>A member of the user's takes the place of the stub, whatever it is; others of its name stay.</summary>
    [Theory]
    [InlineData("public static Net Load(string path) => null!;", "net = Net.Load(new System.IO.MemoryStream());")]
    [InlineData("public static Net Load(string? path) => null!;", "net = Net.LoadWeights(\"x\") is null ? net : Net.Load(\"x\");")]
    [InlineData("public static Net Load(int number) => null!;", "net = Net.Load(3); net = Net.Load(\"x\");")]
    [InlineData("public static T Load<T>(string path) => default!;", "net = Net.Load<Net>(\"x\"); net = Net.Load(\"x\");")]
    [InlineData("public const string Load = \"\";", "net = Net.CreateRandom();")]
    [InlineData("public class Run { }", "net.Dispose();")]
    [InlineData("public int this[int i] => i; public void get_Cost() { }", "net.get_Cost();")]
    [InlineData("[System.Runtime.CompilerServices.IndexerName(\"Weights\")] public int this[int i] => i;", "net.Dispose();")]
    [InlineData("public void set_VectorBits(int x) { }", "net.set_VectorBits(2);")]
    [InlineData("public int Cost() => 3;", "net.Cost();")]
    [InlineData("public Net(NetworkWeights weights) { }", "net = new Net(Net.LoadWeights(\"x\"));")]
    [InlineData("public void Dispose() { }", "net.Dispose();")]
    [InlineData("void System.IDisposable.Dispose() { } void Dispose() { }", "net.VectorBits.ToString();")]
    [InlineData("public void Run(System.ReadOnlySpan<float> input, System.Span<float> output) { } int InputLength = 3; int Mine() => InputLength;", "net.Run(new float[3], new float[3]);")]
    public void MembersOfTheUsers(string member, string use)
    {
        string interfaces = member.Contains("IDisposable") ? " : System.IDisposable" : "";
        string[] errors = Errors("using SmallCnnGen;\n" + Net + "[Conv(4)] partial class Net" + interfaces + " { " + member + " }\nclass Use { void M(Net net) { " + use + " } }", Real);
        Assert.NotEmpty(errors);
        Assert.All(errors, id => Assert.Matches("^SCNN101[14]$", id));
    }

    [Fact]
    public void MembersOfABase_AreHidden_UnlessAbstract()
    {
        const string source = "using SmallCnnGen;\nabstract class Base { public abstract void Run(System.ReadOnlySpan<float> input, System.Span<float> output); public virtual int VectorBits => 1; public static int Load(string x) => 3; }\n"
            + Net + "[Conv(4)] partial class Net : Base { public override void Run(System.ReadOnlySpan<float> input, System.Span<float> output) { } }\n";
        Assert.All(Errors(source + "class Use { Net M() => Net.Load(\"x\"); }", Real), id => Assert.Equal("SCNN1011", id));
    }

    [Fact]
    public void ThreadsTraceAndInputs_AreInTheSignatures()
    {
        const string source = """
            using SmallCnnGen;
            [Network(Height = 8, Width = 9, Channels = 3, Threads = 4, Trace = true)] [Input("mask.1", Height = 8, Width = 9, Channels = 1)] [Input("output", Channels = 1)] [Conv(0)] partial class Net;
            class Use
            {
                void M(NetworkWeights w, TensorObserver observer)
                {
                    var net = new Net(w, threads: 2);
                    net.Run(input: new float[1], mask_1: new float[1], output_: new float[1], output: new float[1]);
                    net.Run(new float[1], new float[1], new float[1], new float[1], observer);
                }
            }
            """;
        Assert.Equal(["SCNN1003"], Errors(source, Real));

        // What the right network has not, calls must not find here either.
        Assert.Equal(["CS1501", "CS1739", "SCNN1003"], Errors(source.Replace("Threads = 4, Trace = true", "Threads = 1"), Real));
    }

    [Theory]
    [InlineData(Net + "[Conv(0)] class Net;")]
    [InlineData(Net + "[Conv(0)] static partial class Net;")]
    [InlineData(Net + "[Conv(0)] file partial class Net;")]
    [InlineData(Net + "[Conv(0)] partial interface Net;")]
    [InlineData("class Outer { " + Net + "[Conv(0)] partial class Net; }")]
    [InlineData(Net + "[Conv(0)] partial class Net; partial struct Net;")]
    [InlineData(Net + "[Conv(4)] partial class Net; namespace System { class IDisposable; }")]
    public void WhereNothingCanBeAdded_NothingIs(string declaration)
    {
        HostResult result = GeneratorHost.Run("using SmallCnnGen;\n" + declaration, Real);
        Assert.NotEmpty(result.GeneratorDiagnostics);
        Assert.Empty(result.GeneratedSources);
    }

    /// <summary>A type of a generated kernel's name is none that stubs use.</summary>
    [Fact]
    public void HiddenType_OfKernels_IsNoHindrance() =>
        Assert.Equal(["SCNN1015"], Errors("using SmallCnnGen;\n" + Net + "[Conv(4)] partial class Net;" + Use + "namespace System { class MathF; }", Real));

    [Fact]
    public void DeclarationsOnly_EmitsNoStubs()
    {
        var options = Real with { BuildProperties = new Dictionary<string, string> { ["SmallCnnGenDeclarationsOnly"] = "true" } };
        HostResult result = GeneratorHost.Run("using SmallCnnGen;\n" + Net + "[Conv(0)] partial class Net;", options);
        Assert.Equal("SCNN1003", Assert.Single(result.Diagnostics).Id);
        Assert.Empty(result.GeneratedSources);
    }

    [Fact]
    public void ReadyToRun_HasTheSameStubs()
    {
        const string source = "using SmallCnnGen;\n" + Net + "[Conv(0)] partial class Net;";
        var options = Real with { BuildProperties = new Dictionary<string, string> { ["_SmallCnnGenReadyToRunBits"] = "256" } };
        Assert.Equal(Text(GeneratorHost.Run(source, Real)), Text(GeneratorHost.Run(source, options)));

        static string Text(HostResult result) => Assert.Single(result.GeneratedSources).SourceText.ToString();
    }

    /// <summary>An error that is suppressed does not make a network: calling it says why there is none.</summary>
    [Fact]
    public void SuppressedError_IsNamedWhenTheNetworkIsUsed()
    {
        HostResult result = GeneratorHost.Run("using SmallCnnGen;\n#pragma warning disable SCNN2004\n" + Net + "[Conv(4, Groups = 2)] public partial class Net;", Real);
        using LoadedAssembly loaded = result.Load();
        Type type = loaded.GetType("Net");
        var failure = Assert.Throws<TargetInvocationException>(() => type.GetMethod("CreateRandom")!.Invoke(null, [0]));
        Assert.Equal("'Net' was not generated because of error SCNN2004; see the messages of the build.", failure.InnerException!.Message);
    }

    /// <summary>Stubs have the members of a network, with their types and parameters.</summary>
    [Fact]
    public void MembersAreThoseOfANetwork()
    {
        const string right = "using SmallCnnGen;\n[Network(Height = 8, Width = 9, Channels = 3, Threads = 2, Trace = true)] [Input(\"m\", Height = 8, Width = 9, Channels = 4)] [Conv(4, From = \"input\")] [Add(\"m\")] public sealed partial class Net;";
        string[] wanted = Members(right), stubs = Members("#pragma warning disable SCNN2004\n" + right.Replace("Conv(4,", "Conv(4, Groups = 2,"));
        Assert.Equal(wanted, stubs);
        Assert.All(NetworkEmitter.Members.Where(m => !m.StartsWith('_')), m => Assert.Contains(stubs, s => s.Contains(" " + m)));

        static string[] Members(string source)
        {
            using LoadedAssembly loaded = GeneratorHost.Run(source, Real).Load();
            Type type = loaded.GetType("Net");
            return type.GetMembers(BindingFlags.Public | BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance)
                .Select(m => m + (m is MethodBase method ? " " + string.Join(", ", method.GetParameters().Select(p => p.Name + p.DefaultValue)) : ""))
                .Concat(type.GetInterfaces().Select(i => i.FullName!))
                .Order(StringComparer.Ordinal).ToArray();
        }
    }

    private static string[] Errors(string source, HostOptions options) =>
        GeneratorHost.Run(source, options).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.Id).Order(StringComparer.Ordinal).ToArray();
}
