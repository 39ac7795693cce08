using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SmallCnnGen.Compiler.Critique;

namespace SmallCnnGen.CodeFixes;

/// <summary>The code a diagnostic is about, and what the diagnostic says about mending it.</summary>
internal sealed class FixTarget
{
    private readonly SemanticModel _model;

    private FixTarget(Diagnostic diagnostic, SyntaxNode node, SemanticModel model)
    {
        Diagnostic = diagnostic;
        Node = node;
        _model = model;
    }

    /// <summary>The diagnostic.</summary>
    public Diagnostic Diagnostic { get; }

    /// <summary>The innermost node with its span.</summary>
    public SyntaxNode Node { get; }

    /// <summary>The layer, [Network] or [Parameter] that the diagnostic is on or in.</summary>
    public AttributeSyntax? Attribute => Node.FirstAncestorOrSelf<AttributeSyntax>();

    /// <summary>Finds the code; null when the document has changed under the diagnostic.</summary>
    public static async Task<FixTarget?> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var span = diagnostic.Location.SourceSpan;
        return root is null || model is null || !root.FullSpan.Contains(span)
            ? null
            : new FixTarget(diagnostic, root.FindNode(span, getInnermostNodeForTie: true), model);
    }

    /// <summary>Whether the diagnostic asks for a kind of change.</summary>
    public bool Wants(string kind) => Property(FixProperties.Fix) == kind;

    /// <summary>A property of the diagnostic, or null.</summary>
    public string? Property(string name) => Diagnostic.Properties.TryGetValue(name, out string? value) ? value : null;

    /// <summary>The argument the diagnostic is on, or names; null when it is not written.</summary>
    public AttributeArgumentSyntax? FindArgument()
    {
        if (Node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } here)
            return here;
        string? name = Property(FixProperties.Argument);
        return Attribute?.ArgumentList?.Arguments.FirstOrDefault(a =>
            string.Equals(a.NameEquals?.Name.Identifier.ValueText ?? a.NameColon?.Name.Identifier.ValueText, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a constant is what the diagnostic says is written there: not an expression, a scaled value or a constant of the user's.</summary>
    public bool IsCurrent(ExpressionSyntax expression)
    {
        if (Property(FixProperties.Current) is not { } current)
            return true;
        bool isWritten = expression is LiteralExpressionSyntax or PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax }
            || _model.GetSymbolInfo(expression).Symbol is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum };
        return isWritten && _model.GetConstantValue(expression) is { HasValue: true, Value: { } value }
            && string.Format(CultureInfo.InvariantCulture, "{0}", value).Trim() == current;
    }

    /// <summary>
    /// How an argument that is not written yet is added: a property's name, or a parameter's with a colon. Null when the
    /// attribute has neither.
    /// </summary>
    public string? NameForAdding(string argument)
    {
        if (Attribute is not { } attribute || _model.GetTypeInfo(attribute).Type is not INamedTypeSymbol type)
            return null;
        for (var current = type; current is not null; current = current.BaseType)
        {
            var property = current.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(p =>
                p.SetMethod is not null && string.Equals(p.Name, argument, StringComparison.OrdinalIgnoreCase));
            if (property is not null)
                return property.Name + " = ";
        }

        var parameter = (_model.GetSymbolInfo(attribute).Symbol as IMethodSymbol)?.Parameters.FirstOrDefault(p => p.Name == argument);
        return parameter is null ? null : parameter.Name + ": ";
    }

    /// <summary>Whether a class is itself an attribute for layers.</summary>
    public bool IsLayer(TypeDeclarationSyntax type)
    {
        for (var current = _model.GetDeclaredSymbol(type)?.BaseType; current is not null; current = current.BaseType)
        {
            if (current is { Name: "LayerAttribute", ContainingNamespace: { Name: "SmallCnnGen", ContainingNamespace.IsGlobalNamespace: true } })
                return true;
        }

        return false;
    }

    /// <summary>A value or attribute as this file has to write it: names of ours in full where they mean something else or nothing.</summary>
    public string Qualify(string code)
    {
        int end = 0;
        while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_'))
            end++;
        if (end == 0 || !char.IsLetter(code[0]) || code is "true" or "false" or "null")
            return code;
        string name = code.Substring(0, end);
        bool isOurs = new[] { name, name + "Attribute" }.Any(candidate =>
            _model.LookupNamespacesAndTypes(Node.SpanStart, name: candidate).Any(s => s is INamedTypeSymbol { ContainingNamespace: { Name: "SmallCnnGen", ContainingNamespace.IsGlobalNamespace: true } }));
        return isOurs ? code : "global::SmallCnnGen." + code;
    }
}
