namespace SmallCnnGen;

/// <summary>What windowed pooling shares.</summary>
public abstract class PoolLayerAttribute : LayerAttribute
{
    /// <summary>Window size: an int for a square, or "height x width".</summary>
    public object Kernel { get; set; } = 2;

    /// <summary>Step of the window; the window size unless set.</summary>
    public object? Stride { get; set; }

    /// <summary>Padding in pixels: an int, "vertical x horizontal", "top, left, bottom, right", "half", "same" (TensorFlow's) or "valid"; 0 unless set.</summary>
    public object Padding { get; set; } = 0;

    /// <summary>True rounds the output size up: ceil((n + 2p - k) / s) + 1, minus one if the last window would start beyond n + p.</summary>
    public bool CeilMode { get; set; }
}

/// <summary>Maximum over windows; padding counts as minus infinity.</summary>
public sealed class MaxPoolAttribute : PoolLayerAttribute;

/// <summary>Mean over windows.</summary>
public sealed class AveragePoolAttribute : PoolLayerAttribute
{
    /// <summary>
    /// True (PyTorch's default) divides by the window clipped to the padded area, false by the real pixels in it. Unless set,
    /// <c>Padding = "same"</c> means false: TensorFlow's padding is not counted (tf.nn, notes on padding: in pools the padded values are ignored).
    /// True written beside "same" is obeyed, and is what neither framework does.
    /// </summary>
    public bool CountIncludePad { get; set; } = true;
}

/// <summary>Mean over each channel: H x W x C becomes 1 x 1 x C.</summary>
public sealed class GlobalAveragePoolAttribute : LayerAttribute;

/// <summary>Maximum over each channel: H x W x C becomes 1 x 1 x C.</summary>
public sealed class GlobalMaxPoolAttribute : LayerAttribute;

/// <summary>Mean over windows [floor(i n / o), ceil((i + 1) n / o)), so that the output has a given size.</summary>
/// <param name="size">Output size: an int or "height x width".</param>
public sealed class AdaptiveAveragePoolAttribute(object size) : LayerAttribute
{
    /// <summary>Output size.</summary>
    public object Size { get; } = size;
}

/// <summary>Maximum over windows [floor(i n / o), ceil((i + 1) n / o)), so that the output has a given size.</summary>
/// <param name="size">Output size: an int or "height x width".</param>
public sealed class AdaptiveMaxPoolAttribute(object size) : LayerAttribute
{
    /// <summary>Output size.</summary>
    public object Size { get; } = size;
}

/// <summary>
/// Puts each value of a pooled map back where the named max-pooling layer found its maximum (the first one in
/// row-major window order), zeros elsewhere (ENet).
/// </summary>
/// <param name="pool">Name of the max-pooling layer.</param>
public sealed class MaxUnpoolAttribute(string pool) : LayerAttribute
{
    /// <summary>Name of the max-pooling layer.</summary>
    public string Pool { get; } = pool;
}
