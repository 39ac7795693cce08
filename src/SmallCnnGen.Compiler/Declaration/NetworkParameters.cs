using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// Gives a network's parameters their values. A variant's value takes the place of the architecture's, in the order of
/// the architecture, so that what is derived from it follows.
/// </summary>
internal static class NetworkParameters
{
    /// <summary>Fills in the values.</summary>
    /// <param name="parameters">What is written: the architecture's parameters first, then its variants'.</param>
    /// <param name="values">Receives the values; <paramref name="scope"/> must see them.</param>
    /// <param name="scope">The network's scope.</param>
    /// <param name="report">Receives a finding: parameter, id, argument, what is wrong, and its repair.</param>
    /// <returns>Whether every parameter has a value.</returns>
    public static bool Bind(
        EquatableArray<ParameterSpec> parameters,
        Dictionary<string, ParameterValue> values,
        IExpressionVariables scope,
        Action<ParameterSpec, string, string, string, EquatableArray<FindingProperty>> report)
    {
        var declared = new List<string>();
        var written = new Dictionary<string, ParameterSpec>(StringComparer.Ordinal);
        foreach (ParameterSpec parameter in parameters)
        {
            if (written.TryGetValue(parameter.Name, out ParameterSpec? earlier))
            {
                if (earlier.Level == parameter.Level)
                    report(parameter, DiagnosticIds.BadArgument, "name", $"'{parameter.Name}' has a value already; remove one of them.", default);
                else
                    written[parameter.Name] = parameter;
            }
            else if (parameter.Level > 0)
            {
                string known = declared.Count == 0 ? "it has none" : "it has " + string.Join(", ", declared);
                report(parameter, DiagnosticIds.BadArgument, "name", $"the architecture has no parameter '{parameter.Name}' ({known}).{NameSuggestion.For(parameter.Name, declared)}", NameSuggestion.Nearest(parameter.Name, declared) is { } meant ? Repair.SetArgument("name", Emit.Literal.Of(meant), parameter.Name) : default);
            }
            else if (!IsName(parameter.Name))
            {
                report(parameter, DiagnosticIds.BadArgument, "name", $"'{parameter.Name}' is no name; write a letter or '_', then letters, digits and '_'.", default);
            }
            else
            {
                declared.Add(parameter.Name);
                written.Add(parameter.Name, parameter);
            }
        }

        bool all = true;
        foreach (string name in declared)
        {
            ParameterValue? value = Evaluate(written[name], declared, values, scope, report);
            all &= value is not null;

            // A parameter without a value still has a name, so that one mistake is one finding.
            values.Add(name, value ?? new ParameterValue(ArgumentValue.Of(1L), new[] { 1L }, string.Empty));
        }

        return all;
    }

    private static ParameterValue? Evaluate(
        ParameterSpec parameter,
        List<string> declared,
        Dictionary<string, ParameterValue> values,
        IExpressionVariables scope,
        Action<ParameterSpec, string, string, string, EquatableArray<FindingProperty>> report)
    {
        ArgumentValue value = parameter.Value;
        if (value.Kind is ArgumentKind.Integer or ArgumentKind.Boolean or ArgumentKind.Enum)
            return new ParameterValue(value, new[] { value.Integer }, string.Empty);
        if (value.Kind != ArgumentKind.Text)
        {
            report(parameter, DiagnosticIds.BadArgument, "value", $"'{parameter.Name}' = {value} is not a whole number, true, false or a string.", default);
            return null;
        }

        string word = value.Text.Trim();
        if (values.TryGetValue(word, out ParameterValue? other))
            return other;
        try
        {
            long[] numbers = Expression.EvaluateList(value.Text, scope);

            // What is a number counts as one from here on: a layer may have the name of a parameter.
            return new ParameterValue(numbers.Length == 1 ? ArgumentValue.Of(numbers[0]) : value, numbers, string.Empty);
        }
        catch (ExpressionException e)
        {
            bool isLater = declared.Contains(word);
            if (!isLater && word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '#'))
                return new ParameterValue(value, null, e.Message);
            string hint = isLater ? Invariant($"; '{word}' is declared below it, move it up") : string.Empty;
            report(parameter, DiagnosticIds.BadExpression, "value", $"'{parameter.Name}' = {value}: {e.Message}{hint}.", default);
            return null;
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LayerPath.MaxLength
        && (name[0] == '_' || char.IsLetter(name[0]))
        && name.All(c => c == '_' || char.IsLetter(c) || c is >= '0' and <= '9')
        && name is not ("true" or "false");
}
