using System;
using System.IO;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Tooling.Onnx;
using Xunit;

namespace SmallCnnGen.Tooling.Tests;

/// <summary>A test that needs ONNX Runtime and the reference kit, and says so where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute()
    {
        string? path = Environment.GetEnvironmentVariable(OnnxRuntimeLibrary.Variable);
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
            Skip = OnnxRuntimeLibrary.Variable + " does not name ONNX Runtime's native library. " + OnnxRuntimeLibrary.Instructions;
        else
            Skip = KitCase.Absence(AppContext.BaseDirectory, out _);
    }
}
