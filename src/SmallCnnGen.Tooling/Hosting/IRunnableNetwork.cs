namespace SmallCnnGen.Tooling.Hosting;

/// <summary>A generated network behind an interface: classes compiled while the command runs implement it.</summary>
public interface IRunnableNetwork
{
    /// <summary>Bytes of working memory.</summary>
    long ArenaBytes { get; }

    /// <summary>Cost of each layer.</summary>
    NetworkCost Cost { get; }

    /// <summary>Binds weights.</summary>
    /// <param name="safetensors">A safetensors file.</param>
    void Load(byte[] safetensors);

    /// <summary>Runs one image.</summary>
    /// <param name="inputs">Inputs, HWC.</param>
    /// <param name="output">Output, HWC.</param>
    void Run(float[][] inputs, float[] output);

    /// <summary>Runs one image and shows every map; only networks compiled for the profile can.</summary>
    /// <param name="inputs">Inputs, HWC.</param>
    /// <param name="output">Output, HWC.</param>
    /// <param name="observer">Called after each layer.</param>
    void Run(float[][] inputs, float[] output, TensorObserver observer);
}
