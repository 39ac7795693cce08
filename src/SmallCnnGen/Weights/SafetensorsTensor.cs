using System;

namespace SmallCnnGen;

/// <summary>One tensor of a safetensors file: what the header says about it.</summary>
public sealed class SafetensorsTensor
{
    private readonly long[] _shape;

    internal SafetensorsTensor(string name, string dtype, long[] shape, long elementCount, long begin, long end)
    {
        Name = name;
        DType = dtype;
        _shape = shape;
        ElementCount = elementCount;
        Begin = begin;
        End = end;
    }

    /// <summary>Name, as in PyTorch's state_dict.</summary>
    public string Name { get; }

    /// <summary>Element type as the format spells it: "F32", "F16", "BF16", "F64", "I64", ...</summary>
    public string DType { get; }

    /// <summary>Sizes, slowest-varying first. Empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Product of the shape.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of the data.</summary>
    public long ByteLength => End - Begin;

    /// <summary>Whether the elements can be read as 32-bit floats (F32, F16, BF16 and F64 can).</summary>
    public bool IsFloat => DType is "F32" or "F16" or "BF16" or "F64";

    /// <summary>First byte, counted from the end of the header.</summary>
    internal long Begin { get; }

    /// <summary>One past the last byte, counted from the end of the header.</summary>
    internal long End { get; }

    internal SafetensorsTensor Rename(string name) => new(name, DType, _shape, ElementCount, Begin, End);
}
