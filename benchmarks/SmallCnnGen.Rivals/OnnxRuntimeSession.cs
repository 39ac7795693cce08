using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using SmallCnnGen.Tooling.Onnx;

namespace SmallCnnGen.Rivals;

/// <summary>
/// A model in ONNX Runtime on the CPU: all graph optimisations, sequential execution, inputs and output allocated once, so
/// that a run copies nothing.
/// </summary>
public sealed class OnnxRuntimeSession : IDisposable
{
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _inputs;
    private readonly OrtValue[] _outputs;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="signature">Its inputs and output.</param>
    /// <param name="threads">Threads within one operator.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses; the message is its own.</exception>
    public OnnxRuntimeSession(byte[] model, OnnxSignature signature, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(signature);
        _options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        _session = new InferenceSession(model, _options);
        _inputNames = signature.Inputs.Select(i => i.Name).ToArray();
        _outputNames = [signature.Output.Name];
        _inputs = signature.Inputs.Select(Allocate).ToArray();
        _outputs = [Allocate(signature.Output)];
    }

    /// <summary>Version of ONNX Runtime ("1.31.1").</summary>
    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>The output, NCHW.</summary>
    public ReadOnlySpan<float> Output => _outputs[0].GetTensorDataAsSpan<float>();

    /// <summary>An input to fill, NCHW.</summary>
    /// <param name="index">0 for the first.</param>
    public Span<float> Input(int index) => _inputs[index].GetTensorMutableDataAsSpan<float>();

    /// <summary>Runs the model.</summary>
    public void Run() => _session.Run(_run, _inputNames, _inputs, _outputNames, _outputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrtValue value in _inputs.Concat(_outputs))
            value.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private static OrtValue Allocate(OnnxValue value)
    {
        OrtValue allocated = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, value.Shape.Select(d => (long)d).ToArray());

        // NaN where nothing was written yet: an output the model forgets cannot pass for one.
        allocated.GetTensorMutableDataAsSpan<float>().Fill(float.NaN);
        return allocated;
    }
}
