using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;

namespace SmallCnnGen.Testing.Kit;

/// <summary>
/// Writes a safetensors file of rule-made tensors into memory. Written from the format's description and not with the
/// library under test, so that a mistake there cannot cancel out.
/// </summary>
public static class SafetensorsImage
{
    /// <summary>Header length (8 bytes, little-endian), JSON header padded with spaces to 8 bytes, data.</summary>
    /// <param name="tensors">Tensors, written in this order.</param>
    /// <param name="gain">The model's gain.</param>
    public static byte[] Make(IReadOnlyList<KitTensor> tensors, double gain)
    {
        var offsets = new long[tensors.Count + 1];
        for (int i = 0; i < tensors.Count; i++)
            offsets[i + 1] = offsets[i] + (tensors[i].Length * sizeof(float));

        byte[] header = Header(tensors, offsets);
        long total = 8 + header.Length + offsets[^1];
        if (total > Array.MaxLength)
            throw new NotSupportedException($"the weights take {total:N0} bytes, more than one array holds");
        var image = new byte[total];
        BinaryPrimitives.WriteInt64LittleEndian(image, header.Length);
        header.CopyTo(image, 8);

        var work = new List<(KitTensor Tensor, long Start, long Offset)>();
        for (int i = 0; i < tensors.Count; i++)
        {
            for (long start = 0; start < tensors[i].Length; start += TensorRule.ChunkSize)
                work.Add((tensors[i], start, 8 + header.Length + offsets[i] + (start * sizeof(float))));
        }

        Parallel.ForEach(work, item =>
        {
            int count = (int)Math.Min(TensorRule.ChunkSize, item.Tensor.Length - item.Start);
            Span<float> values = MemoryMarshal.Cast<byte, float>(image.AsSpan((int)item.Offset, count * sizeof(float)));
            TensorRule.Fill(item.Tensor, gain, item.Start, values);
        });
        return image;
    }

    private static byte[] Header(IReadOnlyList<KitTensor> tensors, long[] offsets)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            for (int i = 0; i < tensors.Count; i++)
            {
                json.WriteStartObject(tensors[i].Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int d in tensors[i].Shape)
                    json.WriteNumberValue(d);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offsets[i]);
                json.WriteNumberValue(offsets[i + 1]);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }
}
