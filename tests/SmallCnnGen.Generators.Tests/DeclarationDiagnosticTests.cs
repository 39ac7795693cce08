using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Generators.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Generators.Tests;

/// <summary>Each of the parser's and analyzers' errors, on exactly the wrong thing.</summary>
public sealed class DeclarationDiagnosticTests
{
    /// <summary>With the real compiler, which finds what the parser does not.</summary>
    private static readonly HostOptions s_compiled = new() { Generator = new SmallCnnGenerator() };

    private const string Net = "[Network(Height = 8, Width = 9, Channels = 3)] ";

    [Fact]
    public void CorrectNetwork_HasNoDiagnostics() => Markup.Verify(Net + "[Conv(4)] public sealed partial class Net;").EnsureClean();

    [Theory]
    [InlineData("class {|SCNN1001:Net|} { }")]
    [InlineData("partial class Net{|SCNN1001:<T, U>|} { }")]
    [InlineData("{|SCNN1001:static|} partial class Net { }")]
    [InlineData("public {|SCNN1001:abstract|} partial class Net { }")]
    [InlineData("{|SCNN1001:file|} partial class Net { }")]
    [InlineData("partial {|SCNN1001:record|} Net { }")]
    [InlineData("partial {|SCNN1001:struct|} Net { }")]
    [InlineData("partial {|SCNN1001:interface|} Net { }")]
    [InlineData("partial {|SCNN1001:record|} class Net(int X) { }")]
    [InlineData("{|SCNN1001:static|} class {|SCNN1001:Net|}{|SCNN1001:<T>|} { }")]
    public void ClassOfTheWrongShape(string declaration) => Markup.Verify(Net + "[Conv(4)] " + declaration);

    [Fact]
    public void ContainingClassOfTheWrongShape() => Markup.Verify($$"""
        class {|SCNN1001:Outer|} { partial class Middle { struct {|SCNN1001:Inner|} { {{Net}} partial class Net; } } }
        partial class Generic{|SCNN1001:<T>|} { {{Net}} partial class Net; }
        {|SCNN1001:file|} partial class Local { {{Net}} partial class Net; }
        """);

    [Fact]
    public void ModifierOnAnotherPart_IsFoundThere() => Markup.Verify(
    [
        ("A.cs", Net + "partial class Net;"),
        ("B.cs", "{|SCNN1001:static|} partial class Net;"),
    ]);

    [Fact]
    public void AliasedAttributes_AreSeen() => Markup.Verify("""
        using Cnn = SmallCnnGen.NetworkAttribute;
        using C = SmallCnnGen.ConvAttribute;
        [Cnn(Height = 8, Width = 8, Channels = 3)] [C(4)] class {|SCNN1001:Net|};
        """);

    [Fact]
    public void UnsafeOff()
    {
        var result = Markup.Verify("[{|SCNN1002:Network(Height = 8, Width = 9, Channels = 3)|}] [Conv(4)] partial class Net;", new HostOptions { AllowUnsafe = false });
        Assert.Contains("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>", Assert.Single(result.GeneratorDiagnostics).GetMessage());
    }

    [Fact]
    public void LayerDerivedFromLayerAttribute() => Markup.Verify("""
        sealed class OddAttribute(int x) : LayerAttribute { public int X => x; }
        sealed class Odd2Attribute : PoolLayerAttribute;
        [{|SCNN1003:Odd(3)|}] sealed class FineAttribute : BlockAttribute;
        [Network(Height = 8, Width = 8, Channels = 3)]
        [Conv(4)]
        [{|SCNN1003:Odd(1, Name = "x")|}]
        [Fine, {|SCNN1003:Odd2|}]
        partial class Net;
        """);

    [Fact]
    public void LayerDerivedFromLayerAttribute_InABodyFromMetadata_IsReportedAtItsUse()
    {
        var reference = GeneratorHost.CompileReference("Lib", """
            using SmallCnnGen;
            namespace Lib
            {
                public sealed class OddAttribute : LayerAttribute;
                [Odd] public sealed class BadAttribute : BlockAttribute;
                [Conv(1), Bad] public sealed class WorseAttribute : BlockAttribute;
                [Network(Height = 8, Width = 8, Channels = 3)] [Worse] public partial class Arch;
            }
            """);
        var options = new HostOptions { References = [reference] };
        Markup.Verify("[Network(Height = 8, Width = 8, Channels = 3)] [Conv(2)] [{|SCNN1003:Lib.Worse(Name = \"w\")|}] partial class Net;", options);
        Markup.Verify("[Network({|SCNN1003:typeof(Lib.Arch)|}, Height = 3)] partial class Net;", options);
    }

    [Fact]
    public void LayersOnSeveralParts() => Markup.Verify(
    [
        ("A.cs", Net + "[Conv(4)] partial class Net;"),
        ("B.cs", "[{|SCNN1009:Conv(5)|}] [Dense(3)] partial class Net;"),
        ("C.cs", "[Dense(3)] partial class Net;"),
        ("D.cs", "[Dense(3)] partial class BAttribute : BlockAttribute;"),
        ("E.cs", "[{|SCNN1009:Dense(3)|}] partial class BAttribute : BlockAttribute;"),
        ("F.cs", Net + "[B] partial class M;"),
    ]);

    [Fact]
    public void LayersOnAPartWithoutNetwork_AreFine()
    {
        var result = Markup.Verify([("A.cs", Net + "partial class Net;"), ("B.cs", "[Conv(4), Dense(5)] partial class Net;")]);
        Assert.Equal(2, Parsed.SpecOf(result).Layers.Count);
    }

    [Theory]
    [InlineData("void {|SCNN1011:Run|}(int x) { }")]
    [InlineData("class {|SCNN1011:Weights|} { }")]
    [InlineData("int {|SCNN1011:Cost|} => 3; void Other() { }")]
    [InlineData("const int A = 1, {|SCNN1011:ArenaBytes|} = 4;")]
    [InlineData("static void {|SCNN1011:Load|}() { } static void {|SCNN1011:Load|}(int x) { }")]
    [InlineData("public void {|SCNN1011:Dispose|}() { }")]
    [InlineData("{|SCNN1011:Net|}(SmallCnnGen.NetworkWeights weights) { }")]
    [InlineData("class NetworkWeights; {|SCNN1014:Net|}(NetworkWeights weights) { }")]
    [InlineData("Net(SmallCnnGen.NetworkWeights weights, int x) : this(weights) { }")]
    [InlineData("{|SCNN1014:Net|}() { }")]
    [InlineData("Net() : this(LoadWeights(\"\")) { } ~Net() { } void run() { } int Height;")]
    [InlineData("class {|SCNN1011:VectorBits|} { } int {|SCNN1011:_networkInstance|}; int Kernels, Vectors256, _instance;")]
    [InlineData("public required int {|SCNN1014:Size|} { get; set; }")]
    [InlineData("event System.Action {|SCNN1011:InputLength|};")]
    public void MemberThatIsGenerated(string member) => Markup.Verify(Net + "[Conv(4)] partial class Net { " + member + " }");

    [Fact]
    public void MemberOnAnotherPart_IsFoundThere() => Markup.Verify(
        [("A.cs", Net + "partial class Net;"), ("B.cs", "partial class Net { void {|SCNN1011:LoadWeights|}() { } }")]);

    [Fact]
    public void PrimaryConstructor_IsRefused() => Markup.Verify(Net + "partial class Net{|SCNN1011:(int x)|} { int X => x; }");

    [Fact]
    public void BlockThatContainsItself() => Markup.Verify("""
        [{|SCNN1008:Tower(1)|}] [Conv(32)] sealed class TowerAttribute(int depth) : BlockAttribute;
        [Pong] sealed class PingAttribute : BlockAttribute;
        [{|SCNN1008:Ping|}] sealed class PongAttribute : BlockAttribute;
        [Network(Height = 8, Width = 9, Channels = 3)] [Tower(4)] partial class Net;
        [Network(Height = 8, Width = 9, Channels = 3)] [Conv(4)] [Ping] partial class Other;
        """, s_compiled);

    [Theory]
    [InlineData("[Network({|SCNN2006:Height = 65536|}, Width = 65536, Channels = 1)] [Conv(4)]")]
    [InlineData("[Network({|SCNN2006:Height = 40000|}, Width = 1, Channels = 1, ResolutionMultiplier = 16)] [Conv(4)]")]
    [InlineData("[Network(Height = 4096, Width = 4096, Channels = 16)] [{|SCNN2006:Conv(65536)|}]")]
    [InlineData("[Network(Height = 256, Width = 256, Channels = 16)] [{|SCNN2006:Dense(65536)|}]")]
    [InlineData("[Network(Height = 1, Width = 1, Channels = 65536)] [DepthwiseConv({|SCNN2006:Multiplier = 65536|})]")]
    [InlineData("[Network(Height = 4096, Width = 4096, Channels = 1)] [ConvTranspose(1, Kernel = 255, {|SCNN2006:Stride = 255|})]")]
    [InlineData("[Network(Height = 8, Width = 8, Channels = 1)] [Towers(Repeat = 21)]", "[{|SCNN2006:Activate(Activation.ReLU, Repeat = 1000)|}]")]
    public void NetworkThatIsTooLarge(string declaration, string body = "[Activate(Activation.ReLU, Repeat = 1000)]") => Markup.Verify(
        declaration + " partial class Net; " + body + " sealed class TowersAttribute : BlockAttribute;", s_compiled);

    [Fact]
    public void TensorOfTwoShapes() => Markup.Verify(
        Net + "[Conv(4, Module = \"m\")] [Conv(5, {|SCNN2007:Module = \"m\"|})] partial class Net;", s_compiled);

    [Fact]
    public void LayersWithoutNetwork() => Markup.Verify("""
        [Conv(4)] partial class {|SCNN1010:Net|};
        class Plain;
        [Conv(4)] sealed class BlockyAttribute : BlockAttribute;
        [Blocky] class Outer { [Dense(4)] [Dense(4)] class {|SCNN1010:Inner|}; }
        [Dense(1)] sealed class {|SCNN1010:HalfAttribute|} : LayerAttribute;
        """.Replace("class Outer", "class {|SCNN1010:Outer|}"));

    [Fact]
    public void LayersWithoutNetwork_OnOnePart_AreReportedThere() => Markup.Verify(
        [("A.cs", "partial class Net;"), ("B.cs", "[Conv(4)] partial class {|SCNN1010:Net|};")]);

    [Fact]
    public void GeneratedCode_IsNotAnalyzed() => Markup.Verify([("A.g.cs", "[Conv(4)] class Net;")]);

    [Fact]
    public void Errors_CanBeSeenTogether() => Markup.Verify("""
        [{|SCNN1002:Network|}] [{|SCNN1003:Odd|}] class {|SCNN1001:Net|} { void {|SCNN1011:Run|}() { } }
        class OddAttribute : LayerAttribute;
        """, new HostOptions { AllowUnsafe = false });

    [Fact]
    public void OldestLanguageVersion_Works() => Markup.Verify(
        Net + "[Conv(4)] partial class Net { }", new HostOptions { LanguageVersion = LanguageVersion.CSharp9, Nullable = false }).EnsureClean();
}
