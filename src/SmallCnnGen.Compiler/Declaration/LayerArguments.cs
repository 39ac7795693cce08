using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// Reads the arguments of one layer attribute: types, defaults, ranges and expressions. A bad argument becomes a finding
/// and reads as its default, so that all of a layer's mistakes show in one build.
/// </summary>
internal sealed class LayerArguments
{
    private readonly LayerKind _kind;
    private readonly Dictionary<string, ArgumentValue> _written = new(StringComparer.Ordinal);
    private readonly ExpansionScope _scope;
    private readonly string _label;
    private readonly Action<string, string, string?, EquatableArray<FindingProperty>> _report;

    /// <summary>Prepares to read.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kind">Its arguments' rules.</param>
    /// <param name="scope">The scope it is written in.</param>
    /// <param name="label">What messages call it ("Layer 'stem'").</param>
    /// <param name="report">Receives id, message, argument and repair of each finding.</param>
    public LayerArguments(LayerSpec layer, LayerKind kind, ExpansionScope scope, string label, Action<string, string, string?, EquatableArray<FindingProperty>> report)
    {
        _kind = kind;
        _scope = scope;
        _label = label;
        _report = report;
        foreach (ArgumentSpec argument in layer.Arguments)
            _written[argument.Name] = argument.Value;
    }

    /// <summary>Whether a finding was made.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Reports a finding about an argument.</summary>
    public void Fail(string id, string? argument, string problem, EquatableArray<FindingProperty> repair = default)
    {
        HasErrors = true;
        _report(id, $"{_label}: {problem}", argument, repair);
    }

    /// <summary>Warns of an argument, which still means what it says.</summary>
    private void Warn(string id, string argument, string problem, EquatableArray<FindingProperty> repair) =>
        _report(id, $"{_label}: {problem}", argument, repair);

    /// <summary>Whether an argument was written, other than as null.</summary>
    public bool IsWritten(string name) => _written.TryGetValue(name, out ArgumentValue? value) && value.Kind != ArgumentKind.Null;

    /// <summary>The written value, or null.</summary>
    public ArgumentValue? Written(string name) => _written.TryGetValue(name, out ArgumentValue? value) ? value : null;

    /// <summary>
    /// Takes a block's settable properties for the parameters they hold: [SeparableConv(64, Stride = 2)] says what
    /// [SeparableConv(64, stride: 2)] says. As in C#, the property is set last and wins.
    /// </summary>
    /// <param name="parameters">The block's parameters.</param>
    public void TakeProperties(IReadOnlyCollection<string> parameters)
    {
        foreach (string name in _written.Keys.ToArray())
        {
            string parameter = char.ToLowerInvariant(name[0]) + name.Substring(1);
            if (parameter == name || _kind.Find(name) is not null || !parameters.Contains(parameter))
                continue;
            _written[parameter] = _written[name];
            _written.Remove(name);
        }
    }

    /// <summary>Reports arguments that the layer does not have.</summary>
    /// <param name="attribute">Name of the attribute, for messages.</param>
    /// <param name="parameters">Names allowed besides the kind's.</param>
    public void RefuseUnknown(string attribute, IReadOnlyCollection<string> parameters)
    {
        foreach (string name in _written.Keys)
        {
            if (_kind.Find(name) is not null || parameters.Contains(name))
                continue;
            string[] known = parameters.Concat(_kind.Arguments.Select(a => a.Name)).ToArray();
            Fail(
                DiagnosticIds.BadArgument,
                name,
                $"[{attribute}] has no argument '{name}'.{NameSuggestion.For(name, known)} It has {string.Join(", ", known)}.");
        }
    }

    /// <summary>Reports an argument that was written although another one makes it meaningless.</summary>
    public void RefuseUseless(string name, string reason)
    {
        if (IsWritten(name) && !(_written[name].Kind == ArgumentKind.Real && double.IsNaN(_written[name].Real)))
            Fail(DiagnosticIds.BadArgument, name, $"{name} = {_written[name]} has no effect because {reason}; leave it out.", Repair.RemoveArgument(name));
    }

    /// <summary>An integer.</summary>
    public int Int(string name) => (int)Long(name);

    /// <summary>An integer that may leave 32 bits if its rule says so.</summary>
    public long Long(string name)
    {
        long[]? numbers = Numbers(name, most: 1);
        if (numbers is null)
            return Fallback(name);
        if (numbers.Length != 1)
        {
            FailSizes(name, numbers);
            return Fallback(name);
        }

        return InRange(name, numbers[0]) ? numbers[0] : Fallback(name);
    }

    /// <summary>A vertical and a horizontal amount.</summary>
    public Pair Pair(string name)
    {
        long[]? numbers = Numbers(name, most: 2);
        if (numbers is not null && numbers.Length > 2)
        {
            Fail(DiagnosticIds.BadArgument, name, Invariant($"{name} = {Shown(name)} is {numbers.Length} values; use one, or two as in \"1x7\" (height x width)."));
            numbers = null;
        }

        if (numbers is null || !numbers.All(n => InRange(name, n)))
        {
            int fallback = Fallback(name);
            return new Pair(fallback, fallback);
        }

        return new Pair((int)numbers[0], (int)numbers[numbers.Length - 1]);
    }

    /// <summary>Amounts on four sides.</summary>
    public Sides Sides(string name)
    {
        long[]? numbers = Numbers(name, most: 4);
        if (numbers is not null && !(numbers.Length is 1 or 2 or 4))
        {
            Fail(
                DiagnosticIds.BadArgument,
                name,
                Invariant($"{name} = {Shown(name)} is {numbers.Length} values; use one, two (vertical, horizontal) or four (top, left, bottom, right)."));
            return default;
        }

        if (numbers is null || !numbers.All(n => InRange(name, n)))
            return default;
        int At(int index) => (int)numbers[index % numbers.Length];
        return new Sides(At(0), At(1), At(2), At(3));
    }

    /// <summary>A padding: amounts or one of the words "half", "same" and "valid".</summary>
    /// <param name="name">Argument.</param>
    /// <param name="allowSame">Whether "same" has a meaning for the layer.</param>
    public PaddingChoice Padding(string name, bool allowSame)
    {
        ArgumentValue value = Substitute(Value(name));
        string? text = value.Kind == ArgumentKind.Text ? value.Text.Trim() : null;
        if (text is null || !PaddingWords.IsWord(text) || (PaddingWords.Read(text) != text && IsNumberHere(name, text)))
            return new PaddingChoice(PaddingMode.Fixed, Sides(name));
        switch (PaddingWords.Read(text))
        {
            case "half":
                return new PaddingChoice(PaddingMode.Half, default);
            case "valid":
                return default;
            case "same" when allowSame:
                return new PaddingChoice(PaddingMode.Same, default);
            case "same":
                Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} has no meaning for a transposed convolution; use \"half\", \"valid\" or amounts.");
                return default;
            default:
                FailPadding(name, value, text, allowSame);
                return default;
        }
    }

    private void FailPadding(string name, ArgumentValue value, string word, bool allowSame)
    {
        string? meant = PaddingWords.Nearest(word, _scope.Variables);
        string suggestion = meant is null ? string.Empty : $" Did you mean '{meant}'?";
        string same = allowSame ? "\"same\" (TensorFlow's: the map keeps ceil(size / stride)), " : string.Empty;
        Fail(
            DiagnosticIds.BadArgument,
            name,
            $"{name} = {value} is no padding{PaddingWords.Reason(word, _kind.Name == "MaxPool")}.{suggestion} Use \"half\" (half the window on every side), {same}\"valid\" (none), or pixels, as in 1 or \"0, 1, 1, 0\".",
            meant is null || !IsWrittenAs(name, value) ? default : Repair.SetArgument(name, Literal.Of(meant), value.Text));
    }

    /// <summary>Whether a word is one that expressions know here, or was one where a block's parameter got it.</summary>
    private bool IsNumberHere(string name, string word) =>
        _scope.TryGet(word, out _, out _)
        || (Value(name) is { Kind: ArgumentKind.Text } written && _scope.Parameters.TryGetValue(written.Text.Trim(), out ParameterValue? parameter) && parameter.Numbers is not null);

    /// <summary>Whether a value is written at this argument, and not the one of a block's parameter.</summary>
    private bool IsWrittenAs(string name, ArgumentValue value) => value == Written(name);

    /// <summary>true or false.</summary>
    public bool Bool(string name)
    {
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Boolean)
            return value.Integer != 0;
        if (value.Kind == ArgumentKind.Text && IsTruth(Substitute(value).Text) is { } truth)
            return truth;
        if (value.Kind == ArgumentKind.Text)
            return Numbers(name, most: 1) is { Length: 1 } numbers && numbers[0] != 0;
        Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not true or false.");
        return false;
    }

    /// <summary>true, false, or null for "auto".</summary>
    public bool? AutoBool(string name)
    {
        ArgumentValue value = Substitute(Value(name));
        if (value.Kind == ArgumentKind.Text && string.Equals(value.Text.Trim(), "auto", StringComparison.OrdinalIgnoreCase))
            return null;
        if (value.Kind is ArgumentKind.Boolean or ArgumentKind.Text)
            return Bool(name);
        Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not \"auto\", true or false.");
        return false;
    }

    // Python writes them with a capital.
    private bool? IsTruth(string text) =>
        _scope.TryGet(text.Trim(), out _, out _) ? null
        : string.Equals(text.Trim(), "true", StringComparison.OrdinalIgnoreCase) ? true
        : string.Equals(text.Trim(), "false", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    /// <summary>The value of an enum whose members are numbered from 0, or of a block's parameter of its type.</summary>
    public int Enum(string name, string type)
    {
        ArgumentRule rule = Rule(name);
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Text && _scope.Parameters.TryGetValue(value.Text.Trim(), out ParameterValue? parameter))
            value = parameter.Raw;
        bool isNumber = value.Kind == ArgumentKind.Integer || (value.Kind == ArgumentKind.Enum && IsOurs(value.Text, type));
        if (isNumber && value.Integer >= rule.Min && value.Integer <= rule.Max)
            return (int)value.Integer;
        if (value.Kind == ArgumentKind.Text && type == nameof(Activation))
            FailActivation(name, value);
        else if (value.Kind != ArgumentKind.Null)
            Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is no member of {type}; use one of its names, as in {type}.{DefaultMember(type)}.");
        return 0;
    }

    /// <summary>A function is named by a text: the name of a parameter misspelt, or what another framework calls it.</summary>
    private void FailActivation(string name, ArgumentValue value)
    {
        string? parameter = NameSuggestion.Nearest(value.Text.Trim(), _scope.Parameters.Keys);
        Activation? function = ActivationWords.Find(value.Text);
        string problem = $"{name} = {value} is no member of Activation";
        if (function is null && parameter is not null)
            Fail(DiagnosticIds.BadArgument, name, $"{problem}, and no parameter either. Did you mean '{parameter}'?", IsWrittenAs(name, value) ? Repair.ReplaceWord(name, value.Text.Trim(), parameter) : default);
        else if (function is { } meant)
            Fail(DiagnosticIds.BadArgument, name, $"{problem}; write Activation.{meant}, without quotation marks.", IsWrittenAs(name, value) ? Repair.SetArgument(name, "Activation." + meant, value.Text) : default);
        else
            Fail(DiagnosticIds.BadArgument, name, $"{problem}.{ActivationWords.Instead(value.Text)} There are {ActivationWords.All}.");
    }

    // The compiler's own copy of an enum, which specifications made in code have, lies in a namespace below.
    private static bool IsOurs(string fullName, string type) =>
        fullName.StartsWith("SmallCnnGen.", StringComparison.Ordinal) && fullName.EndsWith("." + type, StringComparison.Ordinal);

    private static string DefaultMember(string type) => type == nameof(Activation) ? nameof(Activation.ReLU) : nameof(UpsampleMode.Nearest);

    /// <summary>A finite number in a range.</summary>
    public double Real(string name, double min, double max)
    {
        ArgumentValue value = Value(name);
        double number = value.Kind is ArgumentKind.Real or ArgumentKind.Integer ? value.Real : double.NaN;
        if (number >= min && number <= max)
            return number;
        Fail(DiagnosticIds.BadArgument, name, Invariant($"{name} = {value} is out of range; use a number from {min:R} to {max:R}."));
        return Rule(name).Default?.Real ?? 0;
    }

    /// <summary>A string, or null when there is none.</summary>
    public string? Text(string name)
    {
        ArgumentValue value = Substitute(Value(name));
        switch (value.Kind)
        {
            case ArgumentKind.Text:
                return value.Text;
            case ArgumentKind.Null:
                return null;
            default:
                Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not a string.");
                return null;
        }
    }

    /// <summary>Names: strings, each of which may hold several separated by commas.</summary>
    public IReadOnlyList<string> Names(string name)
    {
        var names = new List<string>();
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Null)
            return names;
        foreach (ArgumentValue item in value.Kind == ArgumentKind.List ? value.Items : new EquatableArray<ArgumentValue>(value))
        {
            ArgumentValue text = Substitute(item);
            if (text.Kind != ArgumentKind.Text)
            {
                Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} holds {text}, which is not the name of a layer.");
                return names;
            }

            foreach (string part in text.Text.Split(','))
            {
                if (part.Trim().Length == 0)
                {
                    Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} has an empty name; write the name of a layer, or \"input\".");
                    return names;
                }

                names.Add(part.Trim());
            }
        }

        return names;
    }

    /// <summary>The name of one layer that a value gives, or null after a finding.</summary>
    /// <param name="argument">Name of the argument, for findings.</param>
    /// <param name="value">Its value.</param>
    public string? NameOf(string argument, ArgumentValue value)
    {
        ArgumentValue text = Substitute(value);
        if (text.Kind == ArgumentKind.Text)
            return text.Text.Trim();
        Fail(DiagnosticIds.BadArgument, argument, $"{argument} = {value} is not the name of a layer.");
        return null;
    }

    /// <summary>The values an expression takes for i = 0, 1, ... below a count, or null after a finding.</summary>
    public IReadOnlyList<long>? Series(string name, long count)
    {
        ArgumentValue value = Substitute(Value(name));
        if (value.Kind != ArgumentKind.Text)
        {
            Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not an expression; write one over i in a string.");
            return null;
        }

        var values = new long[count];
        try
        {
            for (long i = 0; i < count; i++)
                values[i] = Expression.Evaluate(value.Text, new SeriesVariables(_scope, i));
        }
        catch (ExpressionException e)
        {
            FailExpression(name, value, e);
            return null;
        }

        return values;
    }

    /// <summary>A list of integers.</summary>
    public IReadOnlyList<long> Integers(string name)
    {
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Null)
            return Array.Empty<long>();
        EquatableArray<ArgumentValue> items = value.Kind == ArgumentKind.List ? value.Items : new EquatableArray<ArgumentValue>(value);
        foreach (ArgumentValue item in items)
        {
            if (item.Kind != ArgumentKind.Integer)
            {
                Fail(DiagnosticIds.BadArgument, name, $"{name} holds {item}, which is not a whole number.");
                return Array.Empty<long>();
            }
        }

        if (items.Count == 0)
            Fail(DiagnosticIds.BadArgument, name, $"{name} is empty; list at least one channel.");
        return items.Select(i => i.Integer).ToArray();
    }

    /// <summary>A condition; true when there is none.</summary>
    public bool Condition(string name)
    {
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Null)
            return true;
        if (value.Kind == ArgumentKind.Boolean)
            return value.Integer != 0;

        // A condition that cannot be read counts as true, so that names declared by the layer are known.
        if (value.Kind == ArgumentKind.Text)
            return Numbers(name, most: 1) is not { } numbers || numbers.Length != 1 || numbers[0] != 0;
        Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not a condition; write one as a string, such as \"stride == 1\".");
        return true;
    }

    /// <summary>What a block's parameter gets from an argument written in this scope.</summary>
    public ParameterValue Bind(ArgumentValue value)
    {
        switch (value.Kind)
        {
            case ArgumentKind.Integer or ArgumentKind.Boolean or ArgumentKind.Enum:
                return new ParameterValue(value, new[] { value.Integer }, string.Empty);
            case ArgumentKind.Text when _scope.Parameters.TryGetValue(value.Text.Trim(), out ParameterValue? outer):
                return outer;
            case ArgumentKind.Text:
                try
                {
                    return new ParameterValue(value, Expression.EvaluateList(value.Text, _scope), string.Empty);
                }
                catch (ExpressionException e)
                {
                    // Not an error yet: the parameter may be meant as a string ("half", a name).
                    return new ParameterValue(value, null, e.Message);
                }

            default:
                return new ParameterValue(value, null, $"{value} is not a whole number");
        }
    }

    private ArgumentRule Rule(string name) =>
        _kind.Find(name) ?? throw new InvalidOperationException($"[{_kind.Name}] has no rule for '{name}'");

    /// <summary>The written value or the default; Null only where that is allowed, or after a finding.</summary>
    private ArgumentValue Value(string name)
    {
        ArgumentRule rule = Rule(name);
        bool written = _written.TryGetValue(name, out ArgumentValue? value);
        if (written && value!.Kind != ArgumentKind.Null)
            return value;
        if (rule.Default is null)
        {
            Fail(DiagnosticIds.BadArgument, written ? name : null, $"[{_kind.Name}] needs a value for '{name}'.");
            return ArgumentValue.Null;
        }

        if (written && rule.Default.Kind != ArgumentKind.Null)
            Fail(DiagnosticIds.BadArgument, name, $"{name} must not be null; leave it out for its default {rule.Default}.", Repair.RemoveArgument(name));
        return rule.Default;
    }

    /// <summary>A string that is exactly a parameter's name stands for that parameter's string.</summary>
    private ArgumentValue Substitute(ArgumentValue value) =>
        value.Kind == ArgumentKind.Text
        && _scope.Parameters.TryGetValue(value.Text.Trim(), out ParameterValue? parameter)
        && parameter.Raw.Kind == ArgumentKind.Text
            ? parameter.Raw
            : value;

    private int Fallback(string name)
    {
        ArgumentRule rule = Rule(name);
        return rule.Default is { Kind: ArgumentKind.Integer } value ? (int)value.Integer : (int)Math.Max(rule.Min, 1);
    }

    private bool InRange(string name, long value)
    {
        ArgumentRule rule = Rule(name);
        if ((value >= rule.Min && value <= rule.Max) || rule.Max <= rule.Min)
            return true;
        string written = Shown(name);
        string shown = written == value.ToString(CultureInfo.InvariantCulture)
            ? Invariant($"{name} = {value}")
            : Invariant($"{name} = {written} gives {value}, which");
        Fail(DiagnosticIds.BadArgument, name, Invariant($"{shown} is out of range; use {rule.Min} to {rule.Max}."), Repair.SetArgument(name, Math.Max(rule.Min, Math.Min(rule.Max, value)), value));
        return false;
    }

    private void FailExpression(string name, ArgumentValue value, ExpressionException problem)
    {
        string? meant = problem.UnknownName is { } unknown ? NameSuggestion.Nearest(unknown, _scope.Variables) : null;
        Fail(
            DiagnosticIds.BadExpression,
            name,
            $"{name} = {value}: {problem.Message}.",
            meant is null ? default : Repair.ReplaceWord(name, problem.UnknownName!, meant));
    }

    private string Shown(string name) => (Written(name) ?? Rule(name).Default ?? ArgumentValue.Null).ToString();

    /// <summary>Two sizes, or more, where one number is wanted.</summary>
    private void FailSizes(string name, long[] sizes)
    {
        bool isOne = sizes.All(s => s == sizes[0]);
        string problem = Invariant($"{name} = {Shown(name)} is {sizes.Length} values; use one");
        if (isOne)
            problem += Invariant($": {sizes[0]}");
        else if (_kind.Name == "Upsample" && sizes.Length == 2)
            problem += Invariant($", because [Upsample] enlarges both sides alike, by 1 to {Rule(name).Max}; [ConvTranspose(channels, Kernel = \"{SizeText.Write(sizes)}\", Stride = \"{SizeText.Write(sizes)}\")] enlarges them differently, with learned weights");
        string? current = Written(name) is { Kind: ArgumentKind.Text } written && !_scope.Parameters.ContainsKey(written.Text.Trim()) ? written.Text : null;
        Fail(DiagnosticIds.BadArgument, name, problem + ".", isOne && current is not null ? Repair.SetArgument(name, Literal.Of(sizes[0]), current) : default);
    }

    /// <summary>The integers of an argument, or null after a finding.</summary>
    /// <param name="name">Argument.</param>
    /// <param name="most">How many it may be: 1, or the 2 or 4 of sizes, which may also be written "1x7".</param>
    private long[]? Numbers(string name, int most)
    {
        ArgumentValue value = Value(name);
        if (value.Kind == ArgumentKind.Integer)
            return new[] { value.Integer };
        if (value.Kind == ArgumentKind.Text)
        {
            string text = value.Text;
            if (_scope.Parameters.TryGetValue(text.Trim(), out ParameterValue? parameter))
            {
                if (parameter.Numbers is null && (parameter.Raw.Kind != ArgumentKind.Text || most == 1 || SizeText.ReadTwo(parameter.Raw.Text) is null))
                {
                    Fail(DiagnosticIds.BadExpression, name, $"{name} = {value}: the parameter was given {parameter.Raw}, which is not a number here ({parameter.Problem}).");
                    return null;
                }

                if (parameter.Raw.Kind == ArgumentKind.Text)
                    text = parameter.Raw.Text;
                if (parameter.Numbers is not null)
                {
                    CheckProduct(name, text, most);
                    return parameter.Numbers.ToArray();
                }
            }

            if (SizeText.ReadTwo(text) is { } sizes)
            {
                if (most > 1)
                    return sizes;
                FailSizes(name, sizes);
                return null;
            }

            try
            {
                long[] numbers = Expression.EvaluateList(text, _scope);
                CheckProduct(name, text, most);
                return numbers;
            }
            catch (ExpressionException e)
            {
                if (most > 1 && SizeText.Meant(text) is { } meant && IsListOf(meant, most))
                    FailText(DiagnosticIds.BadExpression, name, meant, value.Text);
                else
                    FailExpression(name, value, e);
                return null;
            }
        }

        if (value.Kind == ArgumentKind.List && most > 1 && value.Items.Count >= 1 && value.Items.Count <= most && value.Items.All(i => i.Kind == ArgumentKind.Integer))
        {
            FailText(DiagnosticIds.BadArgument, name, SizeText.Write(value.Items.Select(i => i.Integer).ToArray()), null);
            return null;
        }

        // Null here is a missing argument, which was reported when it was looked up.
        if (value.Kind != ArgumentKind.Null)
            Fail(DiagnosticIds.BadArgument, name, $"{name} = {value} is not a whole number; write a number, or an expression in a string.");
        return null;
    }

    /// <summary>Whether a text holds at most so many numbers that can be evaluated here.</summary>
    private bool IsListOf(string text, int most)
    {
        if (SizeText.ReadTwo(text) is not null)
            return true;
        try
        {
            return Expression.EvaluateList(text, _scope).Length <= most;
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    private void FailText(string id, string name, string meant, string? current)
    {
        bool isOne = long.TryParse(meant, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        string suggested = isOne ? meant : Literal.Of(meant);
        string order = meant.Count(c => c == ',') == 3 ? " (top, left, bottom, right)" : isOne ? string.Empty : " (height, then width)";
        Fail(id, name, $"{name} = {Shown(name)}: write {suggested}{order}.", Repair.SetArgument(name, suggested, current));
    }

    /// <summary>Two numbers with a star between, where sizes are wanted: "3*3" is 9 and was hardly meant so.</summary>
    private void CheckProduct(string name, string text, int most)
    {
        bool isScale = _kind.Name == "Upsample" && name == "scale";
        if ((most == 1 && !isScale) || SizeText.ReadProduct(text) is not { } factors)
            return;
        string sizes = SizeText.Write(factors);
        string suggested = isScale ? Literal.Of(factors[0]) : Literal.Of(sizes);
        long product = factors[0] * factors[1];
        Warn(
            DiagnosticIds.SizeProduct,
            name,
            Invariant($"{name} = {Shown(name)} is the product, {product}, in both directions; if {sizes} is meant, write {suggested}, else {product}."),
            isScale && factors[0] != factors[1] ? default : Repair.SetArgument(name, suggested, text));
    }
}
