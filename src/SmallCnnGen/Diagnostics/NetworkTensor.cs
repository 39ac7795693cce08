using System;
using System.Collections.Generic;

namespace SmallCnnGen;

/// <summary>A tensor that a network expects in its weights file.</summary>
/// <param name="name">Its name, as in PyTorch's state_dict.</param>
/// <param name="shape">Its shape, as PyTorch stores it: [out, in / groups, height, width] for a convolution.</param>
public sealed class NetworkTensor(string name, IReadOnlyList<int> shape)
{
    /// <summary>Its name, as in PyTorch's state_dict ("stem.conv.weight").</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Its shape, as PyTorch stores it.</summary>
    public IReadOnlyList<int> Shape { get; } = shape ?? throw new ArgumentNullException(nameof(shape));

    /// <summary>Elements.</summary>
    public long Length
    {
        get
        {
            long length = 1;
            foreach (var size in Shape)
                length *= size;
            return length;
        }
    }

    /// <summary>"stem.conv.weight [32, 3, 3, 3]".</summary>
    public override string ToString() => Name + " [" + string.Join(", ", Shape) + "]";
}
