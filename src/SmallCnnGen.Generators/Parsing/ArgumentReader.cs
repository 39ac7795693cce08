using System.Collections.Generic;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Generators.Parsing;

/// <summary>Turns attribute arguments into values without Roslyn in them.</summary>
internal static class ArgumentReader
{
    /// <summary>The value of an argument, or null when it does not compile.</summary>
    public static ArgumentValue? Read(TypedConstant constant)
    {
        switch (constant.Kind)
        {
            case TypedConstantKind.Error:
                return null;

            case TypedConstantKind.Array:
                if (constant.IsNull)
                    return ArgumentValue.Null;
                var items = new List<ArgumentValue>(constant.Values.Length);
                foreach (var element in constant.Values)
                {
                    if (Read(element) is not { } item)
                        return null;
                    items.Add(item);
                }

                return ArgumentValue.Of(new EquatableArray<ArgumentValue>(items));

            case TypedConstantKind.Type:
                if (constant.Value is not ITypeSymbol type)
                    return ArgumentValue.Null;
                return type.TypeKind == TypeKind.Error
                    ? null
                    : Other("typeof(" + type.ToDisplayString() + ")");

            case TypedConstantKind.Enum:
                return OfType(FromObject(constant.Value), constant.Type);

            default:
                return FromObject(constant.Value);
        }
    }

    /// <summary>The default value of a parameter that has one.</summary>
    public static ArgumentValue ReadDefault(IParameterSymbol parameter) => OfType(FromObject(parameter.ExplicitDefaultValue), parameter.Type);

    // Roslyn boxes an enum's member as its underlying integer.
    private static ArgumentValue OfType(ArgumentValue value, ITypeSymbol? type) =>
        value.Kind == ArgumentKind.Integer && type is { TypeKind: TypeKind.Enum } ? ArgumentValue.Of(value.Integer, type.ToDisplayString()) : value;

    private static ArgumentValue FromObject(object? value) => value switch
    {
        null => ArgumentValue.Null,
        bool b => ArgumentValue.Of(b),
        string s => ArgumentValue.Of(s),
        sbyte n => ArgumentValue.Of((long)n),
        byte n => ArgumentValue.Of((long)n),
        short n => ArgumentValue.Of((long)n),
        ushort n => ArgumentValue.Of((long)n),
        int n => ArgumentValue.Of((long)n),
        uint n => ArgumentValue.Of((long)n),
        long n => ArgumentValue.Of(n),
        ulong n and <= long.MaxValue => ArgumentValue.Of((long)n),

        // No size or count is that large; the message will show it as written.
        ulong n => Other(n.ToString(CultureInfo.InvariantCulture)),
        float n => ArgumentValue.Of((double)n),
        double n => ArgumentValue.Of(n),
        char c => Other(SymbolDisplay.FormatLiteral(c, quote: true)),
        decimal n => Other(n.ToString(CultureInfo.InvariantCulture) + "m"),
        _ => Other(value.GetType().Name),
    };

    private static ArgumentValue Other(string text) => new(ArgumentKind.Other, Text: text);
}
