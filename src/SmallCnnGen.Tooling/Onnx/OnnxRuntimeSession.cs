using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>
/// A model in ONNX Runtime on the CPU: all graph optimisations, sequential execution, inputs and output allocated once, so
/// that a run copies nothing.
/// </summary>
public sealed unsafe class OnnxRuntimeSession : IDisposable
{
    private const int IndexCreateSessionFromArray = 8, IndexRun = 9, IndexCreateSessionOptions = 10, IndexSetSessionExecutionMode = 13;
    private const int IndexSetGraphOptimizationLevel = 23, IndexSetIntraOpThreads = 24, IndexSetInterOpThreads = 25;
    private const int IndexCreateTensorWithData = 49, IndexCreateCpuMemoryInfo = 69;
    private const int IndexReleaseMemoryInfo = 94, IndexReleaseSession = 95, IndexReleaseValue = 96, IndexReleaseSessionOptions = 100;
    private const int Sequential = 0, AllOptimisations = 99, ArenaAllocator = 1, DefaultMemory = 0, ElementFloat = 1;
    private const nuint Alignment = 64;

    private readonly OnnxRuntimeLibrary _library;
    private readonly int[] _lengths;
    private readonly int _inputs;

    // Inputs first, the output last.
    private readonly IntPtr* _names;
    private readonly IntPtr* _values;
    private readonly IntPtr* _data;
    private readonly delegate* unmanaged[Cdecl]<IntPtr, IntPtr, IntPtr*, IntPtr*, nuint, IntPtr*, nuint, IntPtr*, IntPtr> _run;
    private IntPtr _options;
    private IntPtr _memory;
    private IntPtr _session;
    private bool _disposed;

    /// <summary>Loads a model.</summary>
    /// <param name="library">The library; must outlive the session.</param>
    /// <param name="model">The ONNX file.</param>
    /// <param name="signature">Its inputs and output.</param>
    /// <param name="threads">Threads within one operator.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime refuses; the message is its own.</exception>
    public OnnxRuntimeSession(OnnxRuntimeLibrary library, ReadOnlySpan<byte> model, OnnxSignature signature, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(signature);
        _library = library;
        _inputs = signature.Inputs.Count;
        OnnxValue[] all = [.. signature.Inputs, signature.Output];
        _lengths = all.Select(v => checked((int)v.Length)).ToArray();
        _names = Table(all.Length);
        _values = Table(all.Length);
        _data = Table(all.Length);
        _run = (delegate* unmanaged[Cdecl]<IntPtr, IntPtr, IntPtr*, IntPtr*, nuint, IntPtr*, nuint, IntPtr*, IntPtr>)library.Function(IndexRun);
        try
        {
            CreateSession(model, threads);
            for (int i = 0; i < all.Length; i++)
                CreateValue(i, all[i]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The output, NCHW.</summary>
    public ReadOnlySpan<float> Output => new((void*)Living(_data[_inputs]), _lengths[_inputs]);

    /// <summary>An input to fill, NCHW.</summary>
    /// <param name="index">0 for the first.</param>
    public Span<float> Input(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_inputs, nameof(index));
        return new((void*)Living(_data[index]), _lengths[index]);
    }

    /// <summary>Runs the model.</summary>
    public void Run() => _library.Check(_run(Living(_session), IntPtr.Zero, _names, _values, (nuint)_inputs, _names + _inputs, 1, _values + _inputs));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        for (int i = 0; i <= _inputs; i++)
        {
            Release(IndexReleaseValue, _values[i]);
            NativeMemory.AlignedFree((void*)_data[i]);
            Marshal.FreeCoTaskMem(_names[i]);
        }

        NativeMemory.Free(_names);
        NativeMemory.Free(_values);
        NativeMemory.Free(_data);
        Release(IndexReleaseSession, _session);
        Release(IndexReleaseSessionOptions, _options);
        Release(IndexReleaseMemoryInfo, _memory);
    }

    private static IntPtr* Table(int count) => (IntPtr*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(IntPtr));

    private void CreateSession(ReadOnlySpan<byte> model, int threads)
    {
        IntPtr created;
        _library.Check(((delegate* unmanaged[Cdecl]<IntPtr*, IntPtr>)_library.Function(IndexCreateSessionOptions))(&created));
        _options = created;
        Set(IndexSetSessionExecutionMode, Sequential);
        Set(IndexSetGraphOptimizationLevel, AllOptimisations);
        Set(IndexSetIntraOpThreads, threads);
        Set(IndexSetInterOpThreads, 1);
        fixed (byte* bytes = model)
        {
            _library.Check(((delegate* unmanaged[Cdecl]<IntPtr, void*, nuint, IntPtr, IntPtr*, IntPtr>)_library.Function(IndexCreateSessionFromArray))(
                _library.Environment, bytes, (nuint)model.Length, _options, &created));
        }

        _session = created;
        _library.Check(((delegate* unmanaged[Cdecl]<int, int, IntPtr*, IntPtr>)_library.Function(IndexCreateCpuMemoryInfo))(ArenaAllocator, DefaultMemory, &created));
        _memory = created;
    }

    private void Set(int index, int value) => _library.Check(((delegate* unmanaged[Cdecl]<IntPtr, int, IntPtr>)_library.Function(index))(_options, value));

    private void CreateValue(int index, OnnxValue value)
    {
        nuint bytes = (nuint)_lengths[index] * sizeof(float);
        _data[index] = (IntPtr)NativeMemory.AlignedAlloc(bytes, Alignment);

        // NaN where nothing was written yet: an output the model forgets cannot pass for one.
        new Span<float>((void*)_data[index], _lengths[index]).Fill(float.NaN);
        _names[index] = Marshal.StringToCoTaskMemUTF8(value.Name);
        long[] shape = value.Shape.Select(d => (long)d).ToArray();
        fixed (long* dimensions = shape)
        {
            IntPtr created;
            _library.Check(((delegate* unmanaged[Cdecl]<IntPtr, void*, nuint, long*, nuint, int, IntPtr*, IntPtr>)_library.Function(IndexCreateTensorWithData))(
                _memory, (void*)_data[index], bytes, dimensions, (nuint)shape.Length, ElementFloat, &created));
            _values[index] = created;
        }
    }

    private void Release(int index, IntPtr what)
    {
        if (what != IntPtr.Zero)
            ((delegate* unmanaged[Cdecl]<IntPtr, void>)_library.Function(index))(what);
    }

    private IntPtr Living(IntPtr pointer) => !_disposed ? pointer : throw new ObjectDisposedException(nameof(OnnxRuntimeSession));
}
