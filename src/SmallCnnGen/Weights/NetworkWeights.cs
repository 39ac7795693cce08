using System;
using System.ComponentModel;

namespace SmallCnnGen;

/// <summary>
/// The weights of one network, folded and packed for its kernels. Immutable, so any number of instances on any
/// number of threads can share them.
/// </summary>
public sealed class NetworkWeights
{
    private readonly float[] _array;
    private readonly int _start;
    private readonly int _length;

    internal NetworkWeights(string network, ulong fingerprint, int vectorBits, float[] array, int start, int length)
    {
        Network = network;
        Fingerprint = fingerprint;
        VectorBits = vectorBits;
        _array = array;
        _start = start;
        _length = length;
    }

    /// <summary>Name of the network these weights were packed for.</summary>
    public string Network { get; }

    /// <summary>Fingerprint of that network's packing plan; weights fit an instance only if it is equal.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Vector width in bits of the kernels they were packed for, which run them: 128, 256 or 512.</summary>
    public int VectorBits { get; }

    /// <summary>Bytes of the packed weights.</summary>
    public long PackedBytes => (long)_length * sizeof(float);

    /// <summary>
    /// The packed weights, for generated code. The first element is 64-byte aligned and never moves.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReadOnlySpan<float> Packed => new(_array, _start, _length);
}
