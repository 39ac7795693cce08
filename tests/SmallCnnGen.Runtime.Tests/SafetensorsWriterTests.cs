using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public void RoundTripKeepsEverything()
    {
        var random = new Random(1);
        NamedTensor[] tensors =
        [
            TestFile.Tensor("z.weight", [4, 3, 1, 2], random), TestFile.Tensor("ä \"quoted\" \\ \n 😀", [1], float.NaN),
            TestFile.Tensor("scalar", [], -0f), TestFile.Tensor("empty", [0, 7]), TestFile.Tensor("a", [2], float.PositiveInfinity, float.Epsilon),
        ];
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["ключ"] = "<&'+>" };
        var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        var file = SafetensorsFile.Parse(stream.ToArray());
        Assert.Equal(tensors.Select(t => t.Name), file.Tensors.Select(t => t.Name));
        Assert.Equal(metadata, file.Metadata);
        foreach (var (written, read) in tensors.Zip(file.Tensors))
        {
            Assert.Equal("F32", read.DType);
            Assert.Equal(written.Shape.Select(s => (long)s), read.Shape.ToArray());
            Assert.Equal(written.Data.ToArray().Select(BitConverter.SingleToInt32Bits), file.ToArray(read).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void BytesAreTheFormatsAndAligned()
    {
        var bytes = TestFile.Bytes(TestFile.Tensor("a", [1], 1f));
        var header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.Equal(TestFile.Raw(header, [0, 0, 0x80, 0x3F]), bytes);
        Assert.Equal(0, (bytes.Length - 4) % 8);
    }

    [Fact]
    public void WrongTensorsAreRefusedBeforeAnythingIsWritten()
    {
        void Refused(string fact, params NamedTensor[] tensors)
        {
            var stream = new MemoryStream();
            Assert.Contains(fact, Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(stream, tensors)).Message);
            Assert.Equal(0, stream.Length);
        }

        Refused("Two tensors are called 'a'", TestFile.Zeros("a", 1), TestFile.Zeros("a", 2));
        Refused("cannot be called '__metadata__'", TestFile.Zeros("__metadata__", 1));
        Refused("'a' has shape [2, 3], 6 elements, but 5 values", TestFile.Tensor("a", [2, 3], 1, 2, 3, 4, 5));
        Refused("'a' has the negative size -1", TestFile.Tensor("a", [-1, -1], 1));
        Refused("overflows 64 bits", TestFile.Tensor("a", [int.MaxValue, int.MaxValue, int.MaxValue], 1));
        Refused("is not valid Unicode", TestFile.Zeros("a\ud800", 1));
    }

    [Fact]
    public void SaveReplacesAtomicallyAndLeavesNothingBehind()
    {
        var folder = Directory.CreateTempSubdirectory("scnn-");
        try
        {
            var path = Path.Combine(folder.FullName, "w.safetensors");
            SafetensorsWriter.Save(path, [TestFile.Tensor("a", [1], 1f)]);
            SafetensorsWriter.Save(path, [TestFile.Tensor("a", [1], 2f)]);

            // a failing save must keep the old file and remove its temporary one
            Assert.Throws<ArgumentException>(() => SafetensorsWriter.Save(path, [TestFile.Tensor("a", [2], 3f)]));
            var file = SafetensorsFile.Open(path);
            Assert.Equal(new[] { 2f }, file.ToArray(file.Tensors[0]));
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
