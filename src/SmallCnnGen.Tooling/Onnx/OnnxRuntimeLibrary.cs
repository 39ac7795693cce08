using System;
using System.IO;
using System.Runtime.InteropServices;

namespace SmallCnnGen.Tooling.Onnx;

/// <summary>
/// ONNX Runtime's native library, through its C interface: one table of functions whose places are fixed for ever.
/// Nothing of it is referred to at build time; the user says where it lies.
/// </summary>
public sealed unsafe class OnnxRuntimeLibrary : IDisposable
{
    /// <summary>Environment variable with the path of the native library.</summary>
    public const string Variable = "ONNXRUNTIME_LIB";

    /// <summary>What to do when there is none.</summary>
    public const string Instructions =
        "ONNX Runtime's native library is in the npm package onnxruntime-node: run 'npm install onnxruntime-node@1.30.0' in a folder of your choice and set "
        + Variable + " to FOLDER/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1";

    // The version of the interface asked for; any library from 1.14 on has it.
    private const uint ApiVersion = 14;

    private const int IndexGetErrorMessage = 2, IndexCreateEnv = 3, IndexReleaseEnv = 92, IndexReleaseStatus = 93;
    private const int LogErrors = 3;

    private readonly IntPtr* _api;
    private IntPtr _environment;

    private OnnxRuntimeLibrary(IntPtr* api, string version)
    {
        _api = api;
        Version = version;
        fixed (byte* id = "SmallCnnGen\0"u8)
        {
            IntPtr environment;
            Check(((delegate* unmanaged[Cdecl]<int, byte*, IntPtr*, IntPtr>)Function(IndexCreateEnv))(LogErrors, id, &environment));
            _environment = environment;
        }
    }

    /// <summary>Version of the library ("1.30.0").</summary>
    public string Version { get; }

    /// <summary>The environment all sessions share.</summary>
    internal IntPtr Environment => _environment != IntPtr.Zero ? _environment : throw new ObjectDisposedException(nameof(OnnxRuntimeLibrary));

    /// <summary>Loads the library that the environment variable names.</summary>
    /// <param name="problem">Why there is none and what to do about it; empty on success.</param>
    public static OnnxRuntimeLibrary? TryLoad(out string problem)
    {
        string? path = System.Environment.GetEnvironmentVariable(Variable);
        problem = string.IsNullOrEmpty(path) ? Variable + " is not set. " + Instructions
            : File.Exists(path) ? string.Empty
            : $"{Variable} names '{path}', where there is no file. " + Instructions;
        if (problem.Length > 0)
            return null;
        try
        {
            return Load(path!);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or NotSupportedException)
        {
            problem = $"'{path}' ({Variable}) could not be used: {e.Message} " + Instructions;
            return null;
        }
    }

    /// <summary>Loads the library from a path.</summary>
    /// <param name="path">libonnxruntime.so.1, onnxruntime.dll, ...</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library.</exception>
    /// <exception cref="NotSupportedException">It is too old.</exception>
    public static OnnxRuntimeLibrary Load(string path)
    {
        IntPtr handle = NativeLibrary.Load(path);

        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); };
        var entry = (delegate* unmanaged[Cdecl]<IntPtr*>)NativeLibrary.GetExport(handle, "OrtGetApiBase");
        IntPtr* functions = entry();
        var getApi = (delegate* unmanaged[Cdecl]<uint, IntPtr*>)functions[0];
        var getVersion = (delegate* unmanaged[Cdecl]<IntPtr>)functions[1];
        string version = Marshal.PtrToStringUTF8(getVersion()) ?? string.Empty;
        IntPtr* api = getApi(ApiVersion);
        if (api is null)
            throw new NotSupportedException($"ONNX Runtime {version} is too old; 1.{ApiVersion} or later is needed.");
        return new OnnxRuntimeLibrary(api, version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_environment == IntPtr.Zero)
            return;
        ((delegate* unmanaged[Cdecl]<IntPtr, void>)Function(IndexReleaseEnv))(_environment);
        // The library itself stays loaded: it may have threads that still run its code.
        _environment = IntPtr.Zero;
    }

    /// <summary>A function of the table.</summary>
    internal IntPtr Function(int index) => _api[index];

    /// <summary>Throws what a call reported.</summary>
    internal void Check(IntPtr status)
    {
        if (status == IntPtr.Zero)
            return;
        IntPtr text = ((delegate* unmanaged[Cdecl]<IntPtr, IntPtr>)Function(IndexGetErrorMessage))(status);
        string message = Marshal.PtrToStringUTF8(text) ?? "no message";
        ((delegate* unmanaged[Cdecl]<IntPtr, void>)Function(IndexReleaseStatus))(status);
        throw new InvalidOperationException("ONNX Runtime: " + message);
    }
}
