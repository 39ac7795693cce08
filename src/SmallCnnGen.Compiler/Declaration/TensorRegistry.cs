using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>The tensors of the weights file that layers ask for. One tensor may serve several layers if its shape is one.</summary>
internal sealed class TensorRegistry
{
    private readonly Dictionary<string, (long[] Shape, string Layer)> _tensors = new(StringComparer.Ordinal);

    /// <summary>Asks for a tensor.</summary>
    /// <exception cref="FindingException">Another layer asked for it with another shape, or it is too large.</exception>
    public void Require(string tensor, string layer, int source, params long[] shape)
    {
        double elements = shape.Aggregate(1.0, (product, size) => product * size);
        if (elements > ShapeRule.MaxElements)
        {
            throw new FindingException(new Finding(
                DiagnosticIds.TooLarge,
                FormattableString.Invariant($"Layer '{layer}': tensor '{tensor}' would be {Show(shape)}, {elements:0} elements; at most {ShapeRule.MaxElements} are supported."),
                source));
        }

        if (!_tensors.TryGetValue(tensor, out (long[] Shape, string Layer) known))
        {
            _tensors.Add(tensor, (shape, layer));
        }
        else if (!known.Shape.SequenceEqual(shape))
        {
            throw new FindingException(new Finding(
                DiagnosticIds.TensorConflict,
                $"Layer '{layer}': tensor '{tensor}' would be {Show(shape)}, but layer '{known.Layer}' uses it as {Show(known.Shape)}; give one of them another Name or Module.",
                source,
                "Module"));
        }
    }

    private static string Show(long[] shape) => "[" + string.Join(", ", shape.Select(s => s.ToString(System.Globalization.CultureInfo.InvariantCulture))) + "]";
}
