using System;
using System.Collections.Generic;
using SmallCnnGen.Compiler.Declaration;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

public class ExpressionTests
{
    private sealed class Variables(params (string Name, long Value)[] values) : IExpressionVariables
    {
        public bool TryGet(string name, out long value, out string problem)
        {
            foreach ((string known, long number) in values)
            {
                if (known == name)
                {
                    value = number;
                    problem = string.Empty;
                    return true;
                }
            }

            value = 0;
            problem = $"unknown name '{name}'";
            return false;
        }
    }

    private static readonly Variables Known = new(("in", 24), ("expand", 6), ("stride", 2), ("zero", 0), ("x", 5));

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 42 ", 42)]
    [InlineData("in*expand", 144)]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 - 3 - 2", 5)]
    [InlineData("7 / 2", 3)]
    [InlineData("-7 / 2", -3)]
    [InlineData("7 % 4", 3)]
    [InlineData("2 * -3", -6)]
    [InlineData("--3", 3)]
    [InlineData("!0", 1)]
    [InlineData("!!7", 1)]
    [InlineData("1 < 2", 1)]
    [InlineData("2 <= 1", 0)]
    [InlineData("2 >= 2", 1)]
    [InlineData("3 > 4", 0)]
    [InlineData("stride == 2 && in != 16", 1)]
    [InlineData("stride == 1 || in == 16", 0)]
    [InlineData("1 == 1 == 1", 1)]
    [InlineData("1 || 0 && 0", 1)]
    [InlineData("stride == 1 ? 8 : 16", 16)]
    [InlineData("1 ? 2 : 0 ? 3 : 4", 2)]
    [InlineData("0 ? 2 : 0 ? 3 : 4", 4)]
    [InlineData("min(3, in)", 3)]
    [InlineData("max(3, in)", 24)]
    [InlineData("ceil(7, 2)", 4)]
    [InlineData("ceil(8, 2)", 4)]
    [InlineData("ceil(-7, 2)", -3)]
    [InlineData("ceil(-7, -2)", 4)]
    [InlineData("ceil(0, 3)", 0)]
    [InlineData("round8(1)", 8)]
    [InlineData("round8(11)", 16)]
    [InlineData("round8(12)", 16)]
    [InlineData("round8(17)", 16)]
    [InlineData("round8(19)", 24)]
    [InlineData("round8(100)", 104)]
    [InlineData("true + true", 2)]
    [InlineData("false", 0)]
    [InlineData("max(min(1, 2), (3))", 3)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Evaluate_GivesTheValue(string text, long expected) => Assert.Equal(expected, Expression.Evaluate(text, Known));

    // The MobileNet V2 reference: max(8, int(v + 4) // 8 * 8), plus 8 when below 0.9 v.
    [Fact]
    public void Round8_AgreesWithTheReferenceRule()
    {
        for (long v = 1; v < 3000; v++)
        {
            long expected = Math.Max(8, (v + 4) / 8 * 8);
            if (expected < 0.9 * v)
                expected += 8;
            Assert.Equal(expected, Expression.Evaluate($"round8({v})", Known));
        }
    }

    [Theory]
    [InlineData("zero != 0 ? 8 / zero : 1", 1)]
    [InlineData("zero == 0 || 8 / zero == 1", 1)]
    [InlineData("zero != 0 && 8 % zero == 1", 0)]
    [InlineData("1 ? 2 : 9223372036854775807 + 1", 2)]
    public void Evaluate_DoesNotComputeTheBranchNotTaken(string text, long expected) => Assert.Equal(expected, Expression.Evaluate(text, Known));

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("   ", 4, "empty")]
    [InlineData("1 +", 4, "missing")]
    [InlineData("in * expnad", 6, "unknown name 'expnad'")]
    [InlineData("0 ? expnad : 1", 5, "unknown name 'expnad'")]
    [InlineData("1 = 1", 3, "'=='")]
    [InlineData("1 & 1", 3, "'&&'")]
    [InlineData("(1", 3, "')'")]
    [InlineData("1)", 2, "unexpected ')'")]
    [InlineData("3x3", 2, "3x3")]
    [InlineData("1.5", 2, "whole numbers")]
    [InlineData("1 < 2 < 3", 7, "unexpected '<'")]
    [InlineData("8 / zero", 3, "division by zero")]
    [InlineData("8 % (1 - 1)", 3, "division by zero")]
    [InlineData("ceil(1, zero)", 1, "division by zero")]
    [InlineData("9223372036854775808", 1, "too large")]
    [InlineData("9223372036854775807 + 1", 21, "64 bits")]
    [InlineData("(0 - 9223372036854775807 - 1) / -1", 31, "64 bits")]
    [InlineData("round8(9223372036854775807)", 1, "64 bits")]
    [InlineData("sqrt(4)", 1, "unknown function 'sqrt'")]
    [InlineData("min(4)", 6, "takes two values")]
    [InlineData("round8(4, 5)", 9, "')'")]
    [InlineData("1 ? 2", 6, "':'")]
    [InlineData("1, 2", 2, "one value")]
    [InlineData("\u0001", 1, "\\u0001")]
    public void Evaluate_PointsAtTheMistake(string text, int position, string message)
    {
        var e = Assert.Throws<ExpressionException>(() => Expression.Evaluate(text, Known));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(position, e.Position);
        Assert.EndsWith($" at character {position}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateList_SplitsAtTopLevelCommasOnly() =>
        Assert.Equal([1, 7, 24], Expression.EvaluateList("1, min(7, 8), in", Known));

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("!")]
    [InlineData("1?")]
    [InlineData("1?1:")]
    [InlineData("min(")]
    [InlineData("1+")]
    [InlineData("1,")]
    public void DeepOrLongText_IsRefusedNotCrashed(string part)
    {
        foreach (int count in new[] { 10, 60, 70, 600, 1900, 1_000_000 })
        {
            string text = string.Concat(System.Linq.Enumerable.Repeat(part, count));
            Assert.Throws<ExpressionException>(() => Expression.EvaluateList(text, Known));
        }
    }

    [Fact]
    public void LongFlatExpression_IsFine() =>
        Assert.Equal(900, Expression.Evaluate("1" + string.Concat(System.Linq.Enumerable.Repeat("+1", 899)), Known));

    [Fact]
    public void RandomText_NeverThrowsAnythingElse()
    {
        string[] parts = ["1", "0", "24", "in", "x", "zero", "nope", "+", "-", "*", "/", "%", "(", ")", ",", "?", ":", "==", "!=", "<", ">=", "&&", "||", "!", "min(", "ceil(", "round8(", " ", ".", "\0", "\ud800", "9223372036854775807", "é", "\"", "&"];
        var random = new Random(20240607);
        int valid = 0;
        for (int i = 0; i < 200_000; i++)
        {
            var text = new List<string>();
            for (int n = random.Next(12); n >= 0; n--)
                text.Add(parts[random.Next(parts.Length)]);
            string joined = string.Concat(text);
            try
            {
                Expression.EvaluateList(joined, Known);
                valid++;
            }
            catch (ExpressionException e)
            {
                Assert.InRange(e.Position, 1, joined.Length + 1);
            }
        }

        Assert.InRange(valid, 1000, 200_000);
    }

    // Random trees printed with all parentheses, evaluated beside the parser: precedence cannot hide here, nor can values.
    [Fact]
    public void RandomTrees_HaveTheirValue()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            (string text, long value) = Tree(random, 4);
            Assert.Equal(value, Expression.Evaluate(text, Known));
        }
    }

    private static (string Text, long Value) Tree(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            long number = random.Next(100);
            return random.Next(3) == 0 ? ("in", 24) : ($"{number}", number);
        }

        (string a, long x) = Tree(random, depth - 1);
        (string b, long y) = Tree(random, depth - 1);
        switch (random.Next(9))
        {
            case 0: return ($"({a}) + ({b})", x + y);
            case 1: return ($"({a}) - ({b})", x - y);
            case 2: return ($"({a}) * ({b})", x * y);
            case 3: return y == 0 ? (a, x) : ($"({a}) / ({b})", x / y);
            case 4: return ($"({a}) < ({b}) ? ({a}) : ({b})", x < y ? x : y);
            case 5: return ($"max({a}, {b})", Math.Max(x, y));
            case 6: return ($"({a}) == ({b})", x == y ? 1 : 0);
            case 7: return ($"({a}) && ({b})", x != 0 && y != 0 ? 1 : 0);
            default: return ($"-({a})", -x);
        }
    }
}
