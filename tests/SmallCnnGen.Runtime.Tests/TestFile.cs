using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>Builds safetensors bytes by hand, so that the reader is not tested against our own writer only.</summary>
internal static class TestFile
{
    public static byte[] Raw(string header, int dataBytes) => Raw(header, new byte[dataBytes]);

    public static byte[] Raw(string header, byte[] data) => Raw(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Raw(byte[] header, byte[] data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        data.CopyTo(file, 8 + header.Length);
        return file;
    }

    public static byte[] Bytes(params NamedTensor[] tensors)
    {
        var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }

    public static SafetensorsFile Parse(params NamedTensor[] tensors) => SafetensorsFile.Parse(Bytes(tensors));

    public static NamedTensor Tensor(string name, int[] shape, Random random) =>
        new(name, shape, Values(shape.Aggregate(1, (a, b) => a * b), random));

    public static NamedTensor Tensor(string name, int[] shape, params float[] values) => new(name, shape, values);

    /// <summary>Zeros of a shape.</summary>
    public static NamedTensor Zeros(string name, params int[] shape) => new(name, shape, new float[shape.Aggregate(1, (a, b) => a * b)]);

    public static float[] Values(int count, Random random)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 4 - 2);
        return values;
    }

    public static IEnumerable<NamedTensor> Norm(string name, int channels, Random random)
    {
        yield return Tensor(name + ".weight", [channels], random);
        yield return Tensor(name + ".bias", [channels], random);
        yield return Tensor(name + ".running_mean", [channels], random);
        yield return new NamedTensor(name + ".running_var", [channels], Values(channels, random).Select(v => v * v + 0.01f).ToArray());
    }
}
