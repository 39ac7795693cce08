using System;
using System.Collections.Generic;

namespace SmallCnnGen;

/// <summary>
/// What every generated network with one input can do, for code that is given any of them: a measurement, a batch job, a
/// list of models. A network has its own members of the same names, and its sizes as constants.
/// </summary>
public interface INetwork : IDisposable
{
    /// <summary>Input height in pixels.</summary>
    int InputHeight { get; }

    /// <summary>Input width in pixels.</summary>
    int InputWidth { get; }

    /// <summary>Input channels.</summary>
    int InputChannels { get; }

    /// <summary>Floats of one input: height x width x channels, channels innermost.</summary>
    int InputLength { get; }

    /// <summary>Floats of one output, HWC.</summary>
    int OutputLength { get; }

    /// <summary>Vector width in bits of the kernels that run.</summary>
    int VectorBits { get; }

    /// <summary>The packed weights, to share with further instances.</summary>
    NetworkWeights Weights { get; }

    /// <summary>What each layer costs.</summary>
    NetworkCost Cost { get; }

    /// <summary>The tensors a weights file must have, in the order of the layers.</summary>
    IReadOnlyList<NetworkTensor> Tensors { get; }

    /// <summary>Runs the network on one image. Allocates nothing.</summary>
    /// <param name="input"><see cref="InputLength"/> floats in HWC order.</param>
    /// <param name="output">Receives <see cref="OutputLength"/> floats in HWC order.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or input and output overlap.</exception>
    /// <exception cref="InvalidOperationException">Another thread is running this instance.</exception>
    /// <exception cref="ObjectDisposedException">The instance was disposed of.</exception>
    void Run(ReadOnlySpan<float> input, Span<float> output);
}
