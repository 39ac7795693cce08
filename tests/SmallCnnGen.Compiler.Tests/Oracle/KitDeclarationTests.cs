using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Testing.Kit;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Oracle;

/// <summary>The text made from kit graphs is C# that the attributes accept.</summary>
public class KitDeclarationTests
{
    [KitFact]
    public void Every_case_is_valid_csharp()
    {
        var names = new HashSet<string>();
        SyntaxTree[] trees = Kit.Ops().Concat(Kit.Models().Select(KitCase.ReadModel)).Select(kit =>
        {
            Assert.True(names.Add(KitSpec.ClassName(kit)), kit.Id);
            return CSharpSyntaxTree.ParseText(KitDeclaration.Write(KitSpec.Make(kit)), path: kit.Id);
        }).ToArray();
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Declarations",
            trees,
            framework.Where(p => Path.GetFileName(p) != "SmallCnnGen.Compiler.dll").Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Take(10).Select(d => d.ToString()));
    }

    [KitFact]
    public void A_declaration_reads_as_a_user_would_write_it()
    {
        KitCase kit = Kit.Ops().Single(o => o.Id == "dw_bn_prelu");
        Assert.Equal(
            """
            using SmallCnnGen;

            namespace SmallCnnGen.KitNetworks;

            [Network(Height = 5, Width = 5, Channels = 6, VectorBits = 256, Trace = true)]
            [Conv(6, Kernel = "3x3", Stride = "1x1", Padding = "1, 1, 1, 1", Dilation = "1x1", Groups = 6, BatchNorm = false, Bias = false, Activation = Activation.None, From = "input", Name = "conv_0", Module = "dw_bn_prelu.c")]
            [BatchNorm(Epsilon = 1E-05, From = "conv_0", Name = "batch_norm_1", Module = "dw_bn_prelu.bn")]
            [Activate(Activation.PReLU, From = "batch_norm_1", Name = "prelu_2", Module = "dw_bn_prelu.a")]
            public sealed partial class Op_dw_bn_prelu;

            """,
            KitDeclaration.Write(KitSpec.Make(kit)));
    }
}
