using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>Damaged files end in <see cref="WeightsException"/> or are valid; nothing else, and without large allocations.</summary>
public sealed class SafetensorsFuzzTests
{
    private const long MostBytes = 256 * 1024;

    private static byte[] Sample()
    {
        const string header = """{"__metadata__":{"k":"v\u00e9"},"conv.weight":{"dtype":"F32","shape":[2,1,3],"data_offsets":[0,24]},"conv.bias":{"dtype":"F16","shape":[2],"data_offsets":[24,28]},"n":{"dtype":"I64","shape":[],"data_offsets":[28,36]}} """;
        var data = new byte[36];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)(i * 7);
        return TestFile.Raw(header, data);
    }

    /// <summary>True when it parsed.</summary>
    private static bool Survives(byte[] bytes, bool stream)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = true;
        try
        {
            var file = stream ? SafetensorsFile.Read(new MemoryStream(bytes)) : SafetensorsFile.Parse(bytes);

            // what parsed must also be readable
            foreach (var tensor in file.Tensors)
            {
                Assert.Equal(tensor.ByteLength, file.GetBytes(tensor).Length);
                if (tensor.IsFloat)
                    file.ToArray(tensor);
            }
        }
        catch (WeightsException e)
        {
            Assert.StartsWith("SCNN3006 ", Assert.Single(e.Problems));
            parsed = false;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return parsed;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryPrefixIsRefused(bool stream)
    {
        var sample = Sample();
        Assert.True(Survives(sample, stream));
        for (var length = 0; length < sample.Length; length++)
            Assert.False(Survives(sample[..length], stream), $"a prefix of {length} bytes was accepted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryByteOfTheHeaderChangedToEveryValue(bool stream)
    {
        var sample = Sample();
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(sample);
        Survives(sample, stream);
        int refused = 0, accepted = 0;
        for (var i = 0; i < header; i++)
        {
            // all single-bit flips, the complement, and characters that mean something to JSON
            foreach (var value in Enumerable.Range(0, 8).Select(b => (byte)(sample[i] ^ (1 << b)))
                         .Concat(new byte[] { unchecked((byte)~sample[i]), (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)'\\', (byte)',', (byte)'9', (byte)'-', (byte)'e', 0, 0xFF }))
            {
                var damaged = (byte[])sample.Clone();
                damaged[i] = value;
                if (Survives(damaged, stream))
                    accepted++;
                else
                    refused++;
            }
        }

        // changes within names and metadata are harmless, those elsewhere are not: both kinds must have been seen
        Assert.True(refused > 1000 && accepted > 100, $"{refused} refused, {accepted} accepted");
    }

    [Fact]
    public void RandomSplices()
    {
        var sample = Sample();
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = sample.ToList();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(8, bytes.Count);
                var length = Math.Min(random.Next(1, 12), bytes.Count - at);
                switch (random.Next(3))
                {
                    case 0:
                        bytes.RemoveRange(at, Math.Min(length, bytes.Count - 9));
                        break;
                    case 1:
                        bytes.InsertRange(at, bytes.GetRange(at, length));
                        break;
                    default:
                        bytes.InsertRange(random.Next(8, bytes.Count), bytes.GetRange(at, length));
                        break;
                }
            }

            Survives([.. bytes], stream: false);
        }
    }
}
