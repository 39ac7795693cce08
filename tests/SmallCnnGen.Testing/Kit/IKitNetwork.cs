using System;

namespace SmallCnnGen.Testing.Kit;

/// <summary>A generated network behind an interface, for tests that load it at run time.</summary>
public interface IKitNetwork : IDisposable
{
    /// <summary>Elements of the first input.</summary>
    int InputLength { get; }

    /// <summary>Elements of the output.</summary>
    int OutputLength { get; }

    /// <summary>Bytes of working memory.</summary>
    long ArenaBytes { get; }

    /// <summary>Multiply-adds of one run.</summary>
    long MultiplyAdds { get; }

    /// <summary>Learnable elements.</summary>
    long Parameters { get; }

    /// <summary>Binds weights.</summary>
    void Load(byte[] safetensors);

    /// <summary>Runs one image.</summary>
    void Run(float[][] inputs, float[] output);

    /// <summary>Runs one image and shows those tensors that are wanted by name: name, height, width, channels, HWC values.</summary>
    void Run(float[][] inputs, float[] output, Predicate<string> wanted, Action<string, int, int, int, float[]> observer);
}
