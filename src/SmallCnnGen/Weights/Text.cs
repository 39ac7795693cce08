using System;
using System.Globalization;
using System.Text;

namespace SmallCnnGen;

/// <summary>How messages write names, shapes and counts: one way, invariant culture.</summary>
internal static class Text
{
    /// <summary>A name in quotes, as <see cref="Printable"/> writes what stands in files.</summary>
    public static string Quote(string name) => Printable.Quote(name);

    public static string Shape(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < shape.Length; i++)
        {
            if (i == 8)
            {
                text.Append(", ...");
                break;
            }

            text.Append(i == 0 ? "" : ", ").Append(shape[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Count(long value, string noun) => Number(value) + " " + noun + (value == 1 ? "" : "s");

    /// <summary>Elements of a shape; false where the product of its sizes other than 0 exceeds 64 bits, wherever a 0 stands.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long elements)
    {
        elements = 1;
        var empty = false;
        foreach (var size in shape)
        {
            if (size == 0)
            {
                empty = true;
                continue;
            }

            if (elements > long.MaxValue / size)
                return false;
            elements *= size;
        }

        if (empty)
            elements = 0;
        return true;
    }
}
