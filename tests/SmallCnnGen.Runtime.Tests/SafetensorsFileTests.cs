using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

public sealed class SafetensorsFileTests
{
    private static string Problem(byte[] file)
    {
        var e = Assert.Throws<WeightsException>(() => SafetensorsFile.Parse(file));
        var problem = Assert.Single(e.Problems);
        Assert.StartsWith("SCNN3006 ", problem);
        Assert.Contains(problem, e.Message);
        Assert.Contains("(memory)", e.Message);

        // the stream path has its own length logic; both must refuse
        foreach (var stream in new Stream[] { new MemoryStream(file), new DripStream(file) })
            Assert.StartsWith("SCNN3006 ", Assert.Single(Assert.Throws<WeightsException>(() => SafetensorsFile.Read(stream)).Problems));
        return problem;
    }

    private static string Problem(string header, int dataBytes) => Problem(TestFile.Raw(header, dataBytes));

    [Fact]
    public void ReadsNamesShapesValuesAndMetadata()
    {
        var data = new byte[12 + 4];
        BitConverter.TryWriteBytes(data.AsSpan(0), 1.5f);
        BitConverter.TryWriteBytes(data.AsSpan(4), -2f);
        BitConverter.TryWriteBytes(data.AsSpan(8), 3f);
        BitConverter.TryWriteBytes(data.AsSpan(12), 7f);
        var bytes = TestFile.Raw("""{"b":{"dtype":"F32","shape":[],"data_offsets":[12,16]},"__metadata__":{"by":"h\u00e4nd","x":""},"a.w":{"shape":[3,1],"data_offsets":[0,12],"dtype":"F32"}}  """, data);
        foreach (var file in new[] { SafetensorsFile.Parse(bytes), SafetensorsFile.Read(new MemoryStream(bytes)), SafetensorsFile.Read(new DripStream(bytes)) })
        {
            Assert.Equal(["b", "a.w"], file.Tensors.Select(t => t.Name));
            Assert.Equal(2, file.Metadata.Count);
            Assert.Equal("händ", file.Metadata["by"]);
            Assert.Equal("", file.Metadata["x"]);
            Assert.True(file.TryGetTensor("a.w", out var a));
            Assert.Equal([3L, 1L], a.Shape.ToArray());
            Assert.Equal("F32", a.DType);
            Assert.Equal(12, a.ByteLength);
            Assert.Equal(new[] { 1.5f, -2f, 3f }, file.ToArray(a));
            Assert.Equal(new[] { 7f }, file.ToArray(file.Tensors[0]));
            Assert.False(file.TryGetTensor("A.w", out _));
        }
    }

    [Fact]
    public void EmptyFileOfNoTensorsIsValid() => Assert.Empty(SafetensorsFile.Parse(TestFile.Raw("{}", 0)).Tensors);

    [Fact]
    public void EmptyTensorsAreValidAnywhere()
    {
        var file = SafetensorsFile.Parse(TestFile.Raw(
            """{"z":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 4));
        Assert.Equal(3, file.Tensors.Count);
    }

    [Fact]
    public void UnknownKeysAreIgnored()
    {
        var file = SafetensorsFile.Parse(TestFile.Raw("""{"a":{"note":{"deep":[1,{"x":2}]},"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4));
        Assert.Single(file.Tensors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void TooShortForTheHeaderLength(int length)
    {
        Assert.Equal($"SCNN3006 the header length is truncated: 8 bytes expected, {length} found", Problem(new byte[length]));
    }

    [Fact]
    public void HeaderLengthBeyondTheFile()
    {
        var file = TestFile.Raw("{}", 0);
        file[0] = 100;
        Assert.Equal("SCNN3006 the header is truncated: 108 bytes expected, 10 found", Problem(file));
    }

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void HeaderLengthBeyondTheLimit(ulong length)
    {
        var file = TestFile.Raw("{}", 0);
        BitConverter.TryWriteBytes(file, length);
        var problem = Problem(file);
        Assert.Contains(length.ToString(), problem);
        Assert.Contains("more than 100000000 are refused", problem);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    public void HeaderLengthBelowTheShortest(ulong length)
    {
        var file = TestFile.Raw("{}", 0);
        BitConverter.TryWriteBytes(file, length);
        Assert.Contains("the shortest, {}, has 2", Problem(file));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}{}""")]
    [InlineData("""{"a" 1}""")]
    [InlineData("""{/* */}""")]
    [InlineData("{\"a\u0001\":1}")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"\udc00","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"__metadata__":{"a":"\ud800x"}}""")]
    [InlineData("""{"a":{"\ud800":1,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void InvalidJson(string header)
    {
        Assert.Contains("the header is not valid JSON near byte ", Problem(header, 4));
    }

    [Fact]
    public void InvalidUtf8InAName()
    {
        var header = Encoding.Latin1.GetBytes("{\"a\u00ff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        Assert.Contains("the header is not valid JSON near byte ", Problem(TestFile.Raw(header, new byte[4])));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" {}")]
    [InlineData("null")]
    public void HeaderMustBeginWithABrace(string header) => Assert.Contains("does not begin with '{'", Problem(header, 0));

    [Fact]
    public void DeepNestingIsRefused()
    {
        var header = "{\"a\":{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}}";
        Assert.Contains("not valid JSON near byte ", Problem(header, 0));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "two tensors are called 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "two tensors are called 'a'")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has two entries 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has two entries 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}}""", "tensor 'a' has two entries 'data_offsets'")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "two __metadata__ entries")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "__metadata__ has two entries 'k'")]
    [InlineData("""{"__metadata__":{"k":1}}""", "__metadata__ entry 'k' is not a string")]
    [InlineData("""{"__metadata__":[]}""", "__metadata__ is not an object of strings")]
    [InlineData("""{"a":[1,2]}""", "tensor 'a' is not described by an object")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has no dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor 'a' has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "tensor 'a' has no data_offsets")]
    [InlineData("""{"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has the unknown dtype 'Q7'")]
    [InlineData("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has the unknown dtype 'f32'")]
    [InlineData("""{"a":{"dtype":5,"shape":[2],"data_offsets":[0,8]}}""", "a dtype that is not a string")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", "a shape that is not an array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":{}}}""", "a data_offsets that is not an array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "entry 0 in shape that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,2.0],"data_offsets":[0,8]}}""", "entry 1 in shape that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,2e0],"data_offsets":[0,8]}}""", "entry 1 in shape that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "entry 0 in shape that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", "entry 0 in shape that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "tensor 'a' has shape [4294967296, 4294967296], whose size overflows 64 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}}""", "whose size overflows 64 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "whose size overflows 64 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-1,7]}}""", "entry 0 in data_offsets that is not an integer from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "tensor 'a' has data_offsets [0]; two numbers are expected")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "more than 2 entries in data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "tensor 'a' has data_offsets [8, 0]: it ends before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "tensor 'a' has shape [3] of F32, which takes 12 bytes, but data_offsets [0, 8] span 8")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", "tensor 'a' has shape [2] of F64, which takes 16 bytes, but data_offsets [0, 8] span 8")]
    [InlineData("""{"a":{"dtype":"F4","shape":[15],"data_offsets":[0,8]}}""", "tensor 'a' has shape [15] of F4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "tensor 'b' begins at data byte 2 and overlaps tensor 'a', which ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "tensor 'b' begins at data byte 0 and overlaps tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'a' begins at data byte 4, but the data before it ends at 0")]
    public void WrongHeader(string header, string fact) => Assert.Contains(fact, Problem(header, 8));

    [Fact]
    public void TooManyDimensions()
    {
        var header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + string.Join(",", Enumerable.Repeat("1", 65)) + "],\"data_offsets\":[0,4]}}";
        Assert.Contains("more than 64 entries in shape", Problem(header, 4));
    }

    [Fact]
    public void TruncatedData()
    {
        const string header = """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""";
        Assert.Equal($"SCNN3006 the data is truncated: {8 + header.Length + 12} bytes expected, {8 + header.Length + 5} found", Problem(header, 5));
    }

    [Fact]
    public void TrailingData()
    {
        const string header = """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""";
        Assert.Equal($"SCNN3006 2 bytes follow the last tensor, which ends at byte {8 + header.Length + 12}", Problem(header, 14));
    }

    [Fact]
    public void HugeClaimsOfATinyFileAllocateNothingLarge()
    {
        var file = TestFile.Raw("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 3);
        var headerClaim = TestFile.Raw("{}", 0);
        BitConverter.TryWriteBytes(headerClaim, 99_999_999UL);
        foreach (var bytes in new[] { file, headerClaim })
        {
            foreach (var read in new Func<SafetensorsFile>[] { () => SafetensorsFile.Parse(bytes), () => SafetensorsFile.Read(new MemoryStream(bytes)), () => SafetensorsFile.Read(new DripStream(bytes)) })
            {
                Assert.Throws<WeightsException>(read);
                var before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Throws<WeightsException>(read);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
            }
        }
    }

    [Fact]
    public void EndlessStreamEnds()
    {
        // a stream that claims a header and then goes on for ever must be left at the first wrong byte
        Assert.Throws<WeightsException>(() => SafetensorsFile.Read(new EndlessStream()));
    }

    [Fact]
    public void NamesInMessagesAreEscapedAndCut()
    {
        var forged = Problem("""{"a\nSCNN3006 all is well":[]}""", 0);
        Assert.Contains("'a\\u000ASCNN3006 all is well'", forged);
        Assert.DoesNotContain('\n', forged);
        var cut = Problem("{\"" + new string('n', 5000) + "\":[]}", 0);
        Assert.True(cut.Length < 300, cut);
        Assert.Contains("nnn...'", cut);
    }

    [Fact]
    public void ConvertsHalfBFloatAndDouble()
    {
        float[] f16 = [0f, 1f, -2f, 65504f, 5.9604645e-8f, 0.33325195f];
        float[] bf16 = [0f, 1f, -2f, 3.3895314e38f, 9.1835e-41f, 0.33398438f];
        double[] f64 = [0.1, -1e-300, 16777217, 3.0];
        var data = new MemoryStream();
        foreach (var v in f16)
            data.Write(BitConverter.GetBytes((Half)v));
        foreach (var v in bf16)
            data.Write(BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)));
        foreach (var v in f64)
            data.Write(BitConverter.GetBytes(v));
        var file = SafetensorsFile.Parse(TestFile.Raw(
            """{"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},"b":{"dtype":"BF16","shape":[6],"data_offsets":[12,24]},"d":{"dtype":"F64","shape":[4],"data_offsets":[24,56]}}""", data.ToArray()));
        Assert.Equal(f16, file.ToArray(file.Tensors[0]));
        Assert.Equal(bf16.Select(v => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(v) & 0xFFFF0000)), file.ToArray(file.Tensors[1]));
        Assert.Equal(1f, file.ToArray(file.Tensors[1])[1]);
        Assert.Equal(new[] { 0.1f, -0f, 16777216f, 3f }, file.ToArray(file.Tensors[2]));
        Assert.All(file.Tensors, t => Assert.True(t.IsFloat));
    }

    [Fact]
    public void EveryHalfAndBFloatConvertsExactly()
    {
        var data = new byte[2 * 65536 * 2];
        for (var i = 0; i < 65536; i++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(2 * i), (ushort)i);
            BitConverter.TryWriteBytes(data.AsSpan(2 * 65536 + 2 * i), (ushort)i);
        }

        var file = SafetensorsFile.Parse(TestFile.Raw("""{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]},"b":{"dtype":"BF16","shape":[65536],"data_offsets":[131072,262144]}}""", data));
        float[] h = file.ToArray(file.Tensors[0]), b = file.ToArray(file.Tensors[1]);
        for (var i = 0; i < 65536; i++)
        {
            Assert.Equal(Formula(i, exponentBits: 5, mantissaBits: 10), h[i]);
            Assert.Equal(Formula(i, exponentBits: 8, mantissaBits: 7), b[i]);
        }

        // the value of an IEEE 754 bit pattern, from the definition
        static double Formula(int bits, int exponentBits, int mantissaBits)
        {
            var sign = bits >> 15 == 0 ? 1.0 : -1.0;
            var mantissa = bits & ((1 << mantissaBits) - 1);
            var exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
            var bias = (1 << (exponentBits - 1)) - 1;
            if (exponent == (1 << exponentBits) - 1)
                return mantissa == 0 ? sign * double.PositiveInfinity : double.NaN;
            return exponent == 0
                ? sign * mantissa * Math.Pow(2, 1 - bias - mantissaBits)
                : sign * (1 + mantissa / Math.Pow(2, mantissaBits)) * Math.Pow(2, exponent - bias);
        }
    }

    [Fact]
    public void IntegersAreNotReadAsFloats()
    {
        var file = SafetensorsFile.Parse(TestFile.Raw("""{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8));
        Assert.False(file.Tensors[0].IsFloat);
        Assert.Equal(8, file.GetBytes(file.Tensors[0]).Length);
        var e = Assert.Throws<WeightsException>(() => file.ToArray(file.Tensors[0]));
        Assert.Equal("SCNN3004 tensor 'n' has dtype I64; F32, F16, BF16 or F64 is needed", Assert.Single(e.Problems));
    }

    [Fact]
    public void TensorsOfAnotherFileAndShortDestinationsAreRefused()
    {
        var a = TestFile.Parse(TestFile.Zeros("x", 3));
        var b = TestFile.Parse(TestFile.Zeros("x", 3));
        Assert.Contains("'x' belongs to another file", Assert.Throws<ArgumentException>(() => a.ToArray(b.Tensors[0])).Message);
        Assert.Contains("destination has 2 floats; tensor 'x' has 3", Assert.Throws<ArgumentException>(() => a.CopyTo(a.Tensors[0], new float[2])).Message);
    }

    [Fact]
    public void PrefixIsTakenOff()
    {
        var file = TestFile.Parse(TestFile.Tensor("module.a", [1], 5f), TestFile.Tensor("b", [1], 6f)).WithoutPrefix("module.");
        Assert.Equal(["a", "b"], file.Tensors.Select(t => t.Name));
        Assert.Equal(new[] { 5f }, file.ToArray(file.Tensors[0]));
        var clash = TestFile.Parse(TestFile.Zeros("module.a", 1), TestFile.Zeros("a", 1));
        Assert.Contains("without the prefix 'module.', two tensors are called 'a'", Assert.Throws<WeightsException>(() => clash.WithoutPrefix("module.")).Message);
    }

    [Fact]
    public void OpenNamesThePath()
    {
        var path = Path.Combine(Path.GetTempPath(), "scnn-" + Guid.NewGuid().ToString("N") + ".safetensors");
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(path));
        File.WriteAllBytes(path, [1, 2, 3]);
        try
        {
            var e = Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path));
            Assert.Contains("'" + path + "'", e.Message);
            File.WriteAllBytes(path, TestFile.Bytes(TestFile.Tensor("t", [2], 1f, 2f)));
            var file = SafetensorsFile.Open(path);
            Assert.Equal(new[] { 1f, 2f }, file.ToArray(file.Tensors[0]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void MessageShowsTwentyProblemsAndKeepsAll()
    {
        var problems = Enumerable.Range(0, 23).Select(i => $"SCNN3001 missing tensor 't{i}'").ToList();
        var e = new WeightsException("Weights file 'f' does not fit network N", problems);
        Assert.Equal(problems, e.Problems);
        Assert.StartsWith("Weights file 'f' does not fit network N: 23 problems.\n  SCNN3001 missing tensor 't0'\n", e.Message);
        Assert.EndsWith("\n  SCNN3001 missing tensor 't19'\n  ... and 3 more", e.Message);
        Assert.Equal("S: 1 problem.\n  P", new WeightsException("S", ["P"]).Message);
    }

    /// <summary>Not seekable, and gives one to three bytes at a time.</summary>
    internal sealed class DripStream(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var n = Math.Min(Math.Min(count, 1 + _position % 3), bytes.Length - _position);
            Array.Copy(bytes, _position, buffer, offset, n);
            _position += n;
            return n;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>A valid beginning without tensors, then zeros for ever.</summary>
    private sealed class EndlessStream : Stream
    {
        private readonly byte[] _first = TestFile.Raw("{}", 0);
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_position > 1_000_000)
                throw new IOException("read on and on");
            for (var i = 0; i < count; i++, _position++)
                buffer[offset + i] = _position < _first.Length ? _first[_position] : (byte)0;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
