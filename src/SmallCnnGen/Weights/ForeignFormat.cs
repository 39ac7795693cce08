using System;
using System.Buffers.Binary;

namespace SmallCnnGen;

/// <summary>Other formats that weights come in, by their first eight bytes, and what to do with each.</summary>
internal static class ForeignFormat
{
    private const string FromPyTorch =
        "In Python: from safetensors.torch import save_file; sd = torch.load(path, weights_only=True); save_file({k: v.contiguous() for k, v in sd.items()}, \"net.safetensors\"), "
        + "where sd is the state_dict (of a whole model: model.state_dict(); of a training checkpoint often sd[\"model\"] or sd[\"state_dict\"])";

    /// <summary>What a file is and how to make a safetensors file of it, or null for one that may be safetensors.</summary>
    /// <param name="first">Its first eight bytes, as the length of the header that they would be.</param>
    public static string? Describe(ulong first)
    {
        // A length that a header may have (up to 100 MB) is never taken for another format's bytes.
        if (first <= uint.MaxValue)
            return null;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, first);
        if (bytes.StartsWith("PK\u0003\u0004"u8))
            return "it is a zip archive, as torch.save writes .pt and .pth files (and numpy .npz). " + FromPyTorch;

        // protocol 2 to 5; older files of torch.save begin with protocol 2 and a long integer
        if (bytes[0] == 0x80 && bytes[1] is >= 2 and <= 5)
            return "it is a pickle, as older versions of torch.save wrote .pt and .pth files. " + FromPyTorch;
        if (bytes.SequenceEqual((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10]))
            return "it is HDF5, as Keras writes .h5 files. In Python: safetensors.numpy.save_file({w.path: w.numpy() for w in model.weights}, \"net.safetensors\"); its layouts differ from PyTorch's";
        if (bytes[4..].SequenceEqual("TFL3"u8))
            return "it is a TFLite model, not a file of weights";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            return "it is one numpy array. In Python: safetensors.numpy.save_file({name: numpy.load(path)}, \"net.safetensors\")";
        if (bytes.StartsWith("GGUF"u8))
            return "it is GGUF, not safetensors";

        // field 1, the version of the format, then field 2, who made it, or 7, the graph
        if (bytes[0] == 0x08 && bytes[1] is >= 1 and <= 20 && bytes[2] is (0x12 or 0x3A))
            return "it is an ONNX model. In Python: safetensors.numpy.save_file({t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}, \"net.safetensors\")";
        return null;
    }
}
