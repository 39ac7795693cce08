using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>An input or output of an ONNX model: 32-bit floats.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Shape">Dimensions: NCHW with N = 1, or [1, C] after a fully connected layer.</param>
public sealed record OnnxValue(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Elements.</summary>
    public long Length => Shape.Aggregate(1L, (n, d) => n * d);
}

/// <summary>What goes into an exported model and what comes out.</summary>
/// <param name="Inputs">Inputs in the network's order.</param>
/// <param name="Output">The output.</param>
public sealed record OnnxSignature(IReadOnlyList<OnnxValue> Inputs, OnnxValue Output);
