using System;
using System.IO;
using System.Reflection;

namespace SmallCnnGen.Zoo.Tests;

/// <summary>A compiled network, reached by its type, so that one test covers all of them.</summary>
internal static class ZooNetwork
{
    private delegate void RunMethod(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>A public constant.</summary>
    public static long Constant(Type network, string name) =>
        Convert.ToInt64(network.GetField(name, BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue(), null);

    /// <summary>Loads weights and runs one image.</summary>
    public static float[] Run(Type network, byte[] safetensors, float[] input)
    {
        using var stream = new MemoryStream(safetensors);
        using var instance = (IDisposable)network.GetMethod("Load", [typeof(Stream)])!.Invoke(null, [stream])!;
        var output = new float[Constant(network, "OutputLength")];
        network.GetMethod("Run", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<RunMethod>(instance)(input, output);
        return output;
    }
}
