using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.CodeFixes;

/// <summary>Gives a class with layers its [Network], or an attribute class with layers the base class of blocks.</summary>
internal sealed class AddNetworkPlanner : IFixPlanner
{
    private const string Network = "Network(Height = 224, Width = 224, Channels = 3)";

    /// <inheritdoc/>
    public PlannedFix? Plan(FixTarget target)
    {
        if (target.Diagnostic.Id != DiagnosticIds.MissingNetwork || target.Node is not TypeDeclarationSyntax type || type.AttributeLists.Count == 0)
            return null;
        var layerBase = type.BaseList?.Types.FirstOrDefault(t => t.Type is SimpleNameSyntax { Identifier.ValueText: "LayerAttribute" }
            or QualifiedNameSyntax { Right.Identifier.ValueText: "LayerAttribute" });
        if (layerBase is not null)
            return new PlannedFix($"Derive '{type.Identifier.ValueText}' from BlockAttribute", editor => editor.Change(layerBase.Type.Span, target.Qualify("BlockAttribute")));
        if (target.IsLayer(type))
            return null;
        var first = type.AttributeLists[0].Attributes[0];
        return new PlannedFix($"Add [{Network}]", editor =>
        {
            editor.InsertBefore(first, target.Qualify(Network));
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                MakePartialPlanner.MakePartial(editor, type);
        });
    }
}
