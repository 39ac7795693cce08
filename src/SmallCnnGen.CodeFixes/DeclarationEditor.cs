using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallCnnGen.CodeFixes;

/// <summary>
/// Gathers changes to the attributes of one document and makes them at once. Changes are text, so that comments and the
/// user's line breaks stay; several in one attribute or one pair of brackets are put together here.
/// </summary>
internal sealed class DeclarationEditor(SourceText text)
{
    private readonly HashSet<AttributeSyntax> _removed = new();
    private readonly Dictionary<AttributeSyntax, string[]> _replaced = new();
    private readonly Dictionary<AttributeSyntax, List<string>> _inserted = new();
    private readonly Dictionary<AttributeSyntax, HashSet<AttributeArgumentSyntax>> _removedArguments = new();
    private readonly Dictionary<AttributeSyntax, List<string>> _addedArguments = new();
    private readonly List<TextChange> _changes = new();

    /// <summary>Any other change of text.</summary>
    public void Change(TextSpan span, string newText) => _changes.Add(new TextChange(span, newText));

    /// <summary>Takes a layer away.</summary>
    public void Remove(AttributeSyntax attribute) => _removed.Add(attribute);

    /// <summary>Puts layers in the place of one.</summary>
    public void Replace(AttributeSyntax attribute, string[] layers) => _replaced[attribute] = layers;

    /// <summary>Inserts a layer before one.</summary>
    public void InsertBefore(AttributeSyntax attribute, string layer) => AddTo(_inserted, attribute, layer);

    /// <summary>Adds an argument ("Stride = 2" or "stride: 2").</summary>
    public void AddArgument(AttributeSyntax attribute, string argument) => AddTo(_addedArguments, attribute, argument);

    /// <summary>Takes an argument away.</summary>
    public void RemoveArgument(AttributeArgumentSyntax argument)
    {
        var attribute = (AttributeSyntax)argument.Parent!.Parent!;
        if (!_removedArguments.TryGetValue(attribute, out var arguments))
            _removedArguments.Add(attribute, arguments = new HashSet<AttributeArgumentSyntax>());
        arguments.Add(argument);
    }

    /// <summary>The document's text with all changes.</summary>
    public SourceText GetChangedText()
    {
        var whole = new List<TextChange>();
        foreach (var list in _removed.Select(a => (AttributeListSyntax)a.Parent!).Distinct())
            RemoveFrom(list, whole);
        foreach (var entry in _replaced)
        {
            if (!_removed.Contains(entry.Key))
                whole.Add(new TextChange(entry.Key.Span, string.Join(Separator(entry.Key), entry.Value)));
        }

        // What lies in an attribute that goes is of no interest any more.
        var parts = new List<TextChange>(_changes);
        foreach (var attribute in _removedArguments.Keys.Concat(_addedArguments.Keys).Distinct())
            ChangeArguments(attribute, parts);
        parts.RemoveAll(p => whole.Exists(w => w.Span.Contains(p.Span)));

        foreach (var entry in _inserted)
        {
            if (!_removed.Contains(entry.Key))
                parts.Add(new TextChange(new TextSpan(entry.Key.SpanStart, 0), string.Concat(entry.Value.Distinct().Select(layer => layer + Separator(entry.Key)))));
        }

        return text.WithChanges(WithoutOverlaps(whole.Concat(parts)));
    }

    private static void AddTo(Dictionary<AttributeSyntax, List<string>> lists, AttributeSyntax attribute, string item)
    {
        if (!lists.TryGetValue(attribute, out var list))
            lists.Add(attribute, list = new List<string>());
        list.Add(item);
    }

    /// <summary>Two diagnostics may ask for one change, or for two that contradict each other: the first is made.</summary>
    private static List<TextChange> WithoutOverlaps(IEnumerable<TextChange> changes)
    {
        var kept = new List<TextChange>();
        foreach (var change in changes.OrderBy(c => c.Span.Start).ThenBy(c => c.Span.End))
        {
            bool isTaken = kept.Count > 0 && (change.Span.Start < kept[kept.Count - 1].Span.End || (change.Span == kept[kept.Count - 1].Span && change.NewText == kept[kept.Count - 1].NewText));
            if (!isTaken)
                kept.Add(change);
        }

        return kept;
    }

    /// <summary>What stands between two layers where this one stands: a comma within brackets, else brackets and a line break.</summary>
    private string Separator(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        if (list.Attributes.Count > 1)
            return ", ";
        var line = text.Lines.GetLineFromPosition(list.SpanStart);
        string indent = text.ToString(TextSpan.FromBounds(line.Start, list.SpanStart));
        if (!string.IsNullOrWhiteSpace(indent))
            return "] [";
        string lineBreak = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        return "]" + (lineBreak.Length > 0 ? lineBreak : "\n") + indent + "[";
    }

    private void RemoveFrom(AttributeListSyntax list, List<TextChange> changes)
    {
        var attributes = list.Attributes;
        if (attributes.All(_removed.Contains))
        {
            changes.Add(new TextChange(WholeList(list), string.Empty));
            return;
        }

        foreach (var (first, last) in Runs(attributes.Count, i => _removed.Contains(attributes[i])))
            changes.Add(new TextChange(RunSpan(attributes, first, last), string.Empty));
    }

    /// <summary>Brackets with their line if there is nothing else on it but a comment, else with the space after them.</summary>
    private TextSpan WholeList(AttributeListSyntax list)
    {
        var first = text.Lines.GetLineFromPosition(list.SpanStart);
        var last = text.Lines.GetLineFromPosition(list.Span.End);
        string before = text.ToString(TextSpan.FromBounds(first.Start, list.SpanStart));
        string after = text.ToString(TextSpan.FromBounds(list.Span.End, last.End)).Trim();
        if (string.IsNullOrWhiteSpace(before) && (after.Length == 0 || after.StartsWith("//", StringComparison.Ordinal)))
            return TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak);
        int end = list.Span.End;
        while (end < last.End && char.IsWhiteSpace(text[end]))
            end++;
        return TextSpan.FromBounds(list.SpanStart, end);
    }

    private void ChangeArguments(AttributeSyntax attribute, List<TextChange> changes)
    {
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var removed = _removedArguments.TryGetValue(attribute, out var gone) ? gone : new HashSet<AttributeArgumentSyntax>();
        var added = _addedArguments.TryGetValue(attribute, out var more) ? more.Distinct().ToArray() : Array.Empty<string>();
        if (attribute.ArgumentList is null)
        {
            changes.Add(new TextChange(new TextSpan(attribute.Name.Span.End, 0), "(" + string.Join(", ", added) + ")"));
            return;
        }

        if (arguments.Count > 0 && removed.Count == arguments.Count)
        {
            changes.Add(added.Length == 0
                ? new TextChange(attribute.ArgumentList.Span, string.Empty)
                : new TextChange(arguments.Span, string.Join(", ", added)));
            return;
        }

        foreach (var (first, last) in Runs(arguments.Count, i => removed.Contains(arguments[i])))
            changes.Add(new TextChange(RunSpan(arguments, first, last), string.Empty));

        // Parameters stand before properties.
        string[] parameters = added.Where(a => a.Contains(": ")).ToArray();
        string[] properties = added.Where(a => !a.Contains(": ")).ToArray();
        int positional = arguments.Count(a => a.NameEquals is null);
        if (parameters.Length > 0 && positional < arguments.Count)
        {
            changes.Add(new TextChange(new TextSpan(arguments[positional].SpanStart, 0), string.Join(", ", parameters) + ", "));
            parameters = Array.Empty<string>();
        }

        string[] rest = parameters.Concat(properties).ToArray();
        if (rest.Length > 0)
        {
            int at = arguments.Count > 0 ? arguments.Last().Span.End : attribute.ArgumentList.OpenParenToken.Span.End;
            changes.Add(new TextChange(new TextSpan(at, 0), (arguments.Count > 0 ? ", " : string.Empty) + string.Join(", ", rest)));
        }
    }

    /// <summary>Neighbouring items that go, as first and last index.</summary>
    private static IEnumerable<(int First, int Last)> Runs(int count, Func<int, bool> goes)
    {
        for (int i = 0; i < count; i++)
        {
            if (!goes(i))
                continue;
            int first = i;
            while (i + 1 < count && goes(i + 1))
                i++;
            yield return (first, i);
        }
    }

    /// <summary>A run with the comma before it, or after it at the start. Something must remain.</summary>
    private static TextSpan RunSpan<T>(SeparatedSyntaxList<T> items, int first, int last)
        where T : SyntaxNode => first > 0
            ? TextSpan.FromBounds(items[first - 1].Span.End, items[last].Span.End)
            : TextSpan.FromBounds(items[0].SpanStart, items[last + 1].SpanStart);
}
