using System;
using System.Collections.Generic;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// Recursive descent that evaluates while it reads. A branch that is not taken is read with <c>live</c> false: its names
/// are checked, but its arithmetic cannot fail, so that "n == 0 ? 0 : 8 / n" works.
/// </summary>
internal sealed class ExpressionParser
{
    private const string Functions = "min(a, b), max(a, b), ceil(a, b), round8(x)";

    private readonly string _text;
    private readonly IExpressionVariables _variables;
    private int _next;
    private int _depth;

    public ExpressionParser(string text, IExpressionVariables variables)
    {
        _text = text;
        _variables = variables;
        if (text.Length > Expression.MaxLength)
            throw new ExpressionException(Invariant($"the expression has {text.Length} characters and is cut off (at most {Expression.MaxLength} are read)"), Expression.MaxLength + 1);
    }

    public long ParseSingle()
    {
        long value = Conditional(true);
        ExpectEnd();
        return value;
    }

    public long[] ParseList()
    {
        var values = new List<long>();
        do
        {
            values.Add(Conditional(true));
        }
        while (Accept(","));
        ExpectEnd();
        return values.ToArray();
    }

    private long Conditional(bool live)
    {
        Enter();
        long result = Or(live);
        if (Accept("?"))
        {
            bool condition = result != 0;
            long whenTrue = Conditional(live && condition);
            if (!Accept(":"))
                throw Fail("expected ':'" + Found());
            long whenFalse = Conditional(live && !condition);
            result = condition ? whenTrue : whenFalse;
        }

        _depth--;
        return result;
    }

    private long Or(bool live)
    {
        long left = And(live);
        while (Accept("||"))
        {
            long right = And(live && left == 0);
            left = left != 0 || right != 0 ? 1 : 0;
        }

        return left;
    }

    private long And(bool live)
    {
        long left = Equality(live);
        while (Accept("&&"))
        {
            long right = Equality(live && left != 0);
            left = left != 0 && right != 0 ? 1 : 0;
        }

        return left;
    }

    private long Equality(bool live)
    {
        long left = Relation(live);
        while (true)
        {
            if (Accept("=="))
                left = left == Relation(live) ? 1 : 0;
            else if (Accept("!="))
                left = left != Relation(live) ? 1 : 0;
            else
                return left;
        }
    }

    // One comparison only: "a < b < c" means something else in every language that allows it.
    private long Relation(bool live)
    {
        long left = Sum(live);
        if (Accept("<="))
            return left <= Sum(live) ? 1 : 0;
        if (Accept(">="))
            return left >= Sum(live) ? 1 : 0;
        if (Accept("<"))
            return left < Sum(live) ? 1 : 0;
        if (Accept(">"))
            return left > Sum(live) ? 1 : 0;
        return left;
    }

    private long Sum(bool live)
    {
        long left = Product(live);
        while (true)
        {
            int at = SkipSpace();
            if (Accept("+"))
                left = Compute('+', left, Product(live), live, at);
            else if (Accept("-"))
                left = Compute('-', left, Product(live), live, at);
            else
                return left;
        }
    }

    private long Product(bool live)
    {
        long left = Unary(live);
        while (true)
        {
            int at = SkipSpace();
            if (Accept("*"))
                left = Compute('*', left, Unary(live), live, at);
            else if (Accept("/"))
                left = Compute('/', left, Unary(live), live, at);
            else if (Accept("%"))
                left = Compute('%', left, Unary(live), live, at);
            else
                return left;
        }
    }

    private long Unary(bool live)
    {
        int at = SkipSpace();
        if (at < _text.Length && (_text[at] is '-' or '!'))
        {
            Enter();
            _next++;
            long operand = Unary(live);
            _depth--;
            return _text[at] == '!' ? (operand == 0 ? 1 : 0) : Compute('-', 0, operand, live, at);
        }

        return Primary(live);
    }

    private long Primary(bool live)
    {
        int at = SkipSpace();
        if (at >= _text.Length)
            throw Fail(_text.Trim().Length == 0 ? "the expression is empty" : "a value is missing");
        char c = _text[at];
        if (c == '(')
        {
            _next++;
            long value = Conditional(live);
            if (!Accept(")"))
                throw Fail("expected ')'" + Found());
            return value;
        }

        if (IsDigit(c))
            return Number();
        if (IsNameStart(c))
            return NameOrCall(live);
        throw Fail("expected a value" + Found());
    }

    private long Number()
    {
        int at = _next;
        long value = 0;
        while (_next < _text.Length && IsDigit(_text[_next]))
        {
            int digit = _text[_next] - '0';
            if (value > (long.MaxValue - digit) / 10)
                throw new ExpressionException("the number is too large", at + 1);
            value = (value * 10) + digit;
            _next++;
        }

        if (_next < _text.Length && _text[_next] == '.')
            throw Fail("only whole numbers can be used, found '.'");
        return value;
    }

    private long NameOrCall(bool live)
    {
        int at = _next;
        while (_next < _text.Length && (IsNameStart(_text[_next]) || IsDigit(_text[_next])))
            _next++;
        string name = _text.Substring(at, _next - at);
        if (Accept("("))
            return Call(name, live, at);
        if (_variables.TryGet(name, out long value, out string problem))
            return value;
        if (name is "true" or "false")
            return name == "true" ? 1 : 0;
        throw new ExpressionException(problem, at + 1, name);
    }

    private long Call(string name, bool live, int at)
    {
        int expected = name switch
        {
            "min" or "max" or "ceil" => 2,
            "round8" => 1,
            _ => throw new ExpressionException($"unknown function '{name}' (there are {Functions})", at + 1),
        };
        long first = Conditional(live);
        long second = 0;
        if (expected == 2)
        {
            if (!Accept(","))
                throw Fail($"'{name}' takes two values; expected ','" + Found());
            second = Conditional(live);
        }

        if (!Accept(")"))
            throw Fail("expected ')'" + Found());
        return name switch
        {
            "min" => Math.Min(first, second),
            "max" => Math.Max(first, second),
            "ceil" => Compute('c', first, second, live, at),
            _ => Compute('8', first, 0, live, at),
        };
    }

    private static long Compute(char operation, long left, long right, bool live, int at)
    {
        if (!live)
            return 0;
        if (right == 0 && (operation is '/' or '%' or 'c'))
            throw new ExpressionException("division by zero", at + 1);

        try
        {
            return checked(operation switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                '/' => left / right,
                '%' => left % right,
                'c' => CeilingDivide(left, right),
                _ => ChannelRounding.RoundTo8(left),
            });
        }
        catch (OverflowException)
        {
            throw new ExpressionException("the result does not fit 64 bits", at + 1);
        }
    }

    private static long CeilingDivide(long left, long right)
    {
        long quotient = checked(left / right);
        return left % right != 0 && (left < 0) == (right < 0) ? checked(quotient + 1) : quotient;
    }

    private void Enter()
    {
        if (++_depth > Expression.MaxDepth)
            throw Fail(Invariant($"the expression is nested more than {Expression.MaxDepth} deep"));
    }

    private bool Accept(string symbol)
    {
        int at = SkipSpace();
        if (string.CompareOrdinal(_text, at, symbol, 0, symbol.Length) != 0)
            return false;
        _next += symbol.Length;
        return true;
    }

    private void ExpectEnd()
    {
        int at = SkipSpace();
        if (at >= _text.Length)
            return;
        string hint = _text[at] switch
        {
            '=' => "; equality is written '=='",
            '&' => "; 'and' is written '&&'",
            '|' => "; 'or' is written '||'",
            'x' => "; two sizes are written \"3x3\" with plain numbers, or \"a, b\" with expressions",
            ',' => "; one value is expected here",
            _ => string.Empty,
        };
        throw Fail($"unexpected '{Shown(_text[at])}'{hint}");
    }

    private string Found() => _next < _text.Length ? $", found '{Shown(_text[_next])}'" : ", but the text ends";

    // Control characters would break the one line a compiler message has.
    private static string Shown(char c) => char.IsControl(c) || char.IsSurrogate(c) ? Invariant($"\\u{(int)c:X4}") : c.ToString();

    private int SkipSpace()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
            _next++;
        return _next;
    }

    private ExpressionException Fail(string problem) => new(problem, Math.Min(SkipSpace(), _text.Length) + 1);

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsNameStart(char c) => c == '_' || char.IsLetter(c);
}
