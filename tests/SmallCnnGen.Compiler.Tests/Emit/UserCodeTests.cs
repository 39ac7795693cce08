using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Emit;

/// <summary>Generated code among whatever else users have in their projects.</summary>
public class UserCodeTests
{
    private const string Layers = """
        [SmallCnnGen.Network(Height = 6, Width = 6, Channels = 3, Trace = true)]
        [SmallCnnGen.Conv(8, Name = "a")]
        [SmallCnnGen.DepthwiseConv(Activation = SmallCnnGen.Activation.SiLU)]
        [SmallCnnGen.MaxPool]
        [SmallCnnGen.LocalResponseNorm]
        [SmallCnnGen.Flatten]
        [SmallCnnGen.Dense(5)]
        [SmallCnnGen.Softmax]
        """;

    [Theory]
    [InlineData("keyword as a name", "namespace N { LAYERS public partial class @class { } }", "N.class")]
    [InlineData("keywords as namespaces", "namespace @namespace.@event { LAYERS public partial class Net { } }", "namespace.event.Net")]
    [InlineData("global namespace", "LAYERS public partial class Net { }", "Net")]
    [InlineData("internal", "namespace N { LAYERS internal sealed partial class Net { } }", "N.Net")]
    [InlineData("nested, private", "namespace N { public static partial class Outer { public partial struct @struct { LAYERS private partial class Net { } } } }", "N.Outer+struct+Net")]
    [InlineData("in an interface and a record", "namespace N { public partial interface I { public partial record R { LAYERS public partial class Net { } } } }", "N.I+R+Net")]
    [InlineData("contextual keywords", "namespace N { LAYERS public partial class @record { } }", "N.record")]
    [InlineData("letters of another script", "namespace Сеть { LAYERS public partial class Größe { } }", "Сеть.Größe")]
    public void The_class_may_be_called_and_stand(string what, string source, string type)
    {
        HostResult result = Run(source);
        Assert.True(result.Diagnostics.IsEmpty, what + "\n" + HostResult.Describe(result.Diagnostics));
        using LoadedAssembly loaded = result.Load();
        Assert.Equal(6 * 6 * 3, loaded.GetType(type).GetField("InputLength")!.GetRawConstantValue());
    }

    [Fact]
    public void A_file_local_class_is_refused_with_a_reason()
    {
        HostResult result = Run("namespace N { LAYERS file partial class Net { } }");
        Assert.Contains(result.GeneratorDiagnostics, d => d.GetMessage().Contains("file-local", StringComparison.Ordinal));
    }

    /// <summary>Names at the edge of what the expander lets through, in every place that takes one.</summary>
    [Theory]
    [InlineData("Ünïcode/名前:1#2+3-4.5")]
    [InlineData("class")]
    [InlineData("x")]
    [InlineData("output")]
    [InlineData("Guard")]
    [InlineData("Execute")]
    [InlineData("InputLength")]
    [InlineData("_networkInstance")]
    public void Layers_and_inputs_may_be_called(string name)
    {
        HostResult result = Run($$"""
            [SmallCnnGen.Network(Height = 4, Width = 4, Channels = 3, Trace = true)]
            [SmallCnnGen.Input("{{name}}", Height = 4, Width = 4, Channels = 3)]
            [SmallCnnGen.Add("input", "{{name}}", Name = "{{name}}_sum")]
            [SmallCnnGen.Conv(4, Name = "{{name}}_conv", Module = "m.{{name}}")]
            public partial class Net { }
            """);
        Assert.True(result.Diagnostics.IsEmpty, HostResult.Describe(result.Diagnostics));
    }

    [Theory]
    [InlineData("a\\\" + evil() + \\\"")]
    [InlineData("*/ evil(); /*")]
    [InlineData("a\\nevil();")]
    [InlineData("a\\u2028evil();")]
    [InlineData("a\\u0085evil();")]
    [InlineData("<see cref=x/>")]
    [InlineData("\\ud83d")]
    public void A_hostile_name_is_refused_or_harmless(string name)
    {
        foreach (string argument in new[] { "Name", "Module" })
        {
            HostResult result = Run($$"""
                [SmallCnnGen.Network(Height = 4, Width = 4, Channels = 3)]
                [SmallCnnGen.Conv(4, {{argument}} = "{{name}}")]
                public partial class Net { }
                """);

            // No C# error may come from generated text: either nothing was generated, or it compiles.
            Assert.All(result.Diagnostics, d => Assert.StartsWith("SCNN", d.Id, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_longest_name_is_no_problem()
    {
        string name = new('ä', 100);
        HostResult result = Run($$"""
            [SmallCnnGen.Network(Height = 4, Width = 4, Channels = 3)]
            [SmallCnnGen.Conv(4, Name = "{{name}}", Module = "{{name}}")]
            public partial class Net { }
            """);
        Assert.True(result.Diagnostics.IsEmpty, HostResult.Describe(result.Diagnostics));
    }

    /// <summary>Documentation comments are XML that the compiler checks when a project publishes its documentation.</summary>
    [Fact]
    public void Documentation_comments_are_well_formed()
    {
        HostResult result = Run("namespace N { /// <summary>A network.</summary>\nLAYERS public partial class Net { } }");
        var trees = result.OutputCompilation.SyntaxTrees.Select(t => Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(
            t.GetText(), ((Microsoft.CodeAnalysis.CSharp.CSharpParseOptions)t.Options).WithDocumentationMode(DocumentationMode.Diagnose), t.FilePath));
        Diagnostic[] wrong = result.OutputCompilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ToArray();
        Assert.True(wrong.Length == 0, HostResult.Describe(wrong));
    }

    /// <summary>A depthwise tile whose columns see nothing but padding.</summary>
    [Fact]
    public void Columns_of_padding_alone_give_no_warning()
    {
        HostResult result = Run("""
            [SmallCnnGen.Network(Height = 5, Width = 5, Channels = 8)]
            [SmallCnnGen.DepthwiseConv(Kernel = 1, Padding = "0, 4, 0, 0")]
            public partial class Net { }
            """);
        Assert.True(result.Diagnostics.IsEmpty, HostResult.Describe(result.Diagnostics.Take(2)));
    }

    private static HostResult Run(string source) => GeneratorHost.Run(source.Replace("LAYERS", Layers, StringComparison.Ordinal), new HostOptions { Nullable = true });
}
