using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>Files that are no files, files that change, and headers that describe very much of nothing.</summary>
public sealed class SafetensorsLimitTests
{
    [Fact]
    public void AMillionEmptyTensorsAreRefusedWithLittleWork()
    {
        var header = new StringBuilder("{", 70_000_000);
        for (var i = 0; i < 1_000_000; i++)
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        var file = TestFile.Raw(header.Append('}').ToString(), 0);
        Assert.Contains("more than 100000 tensors", Refused(file));

        // a tensor's entry is an object, a shape, a name and its places in two tables: some 300 bytes
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64_000_000);
    }

    [Fact]
    public void AsManyTensorsAsTheLimitAreRead()
    {
        var header = "{" + string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"));
        Assert.Equal(100_000, SafetensorsFile.Parse(TestFile.Raw(header + "}", 0)).Tensors.Count);
        Assert.Contains("more than 100000 tensors", Refused(TestFile.Raw(header + ",\"x\":1}", 0)));
        var entries = string.Join(",", Enumerable.Range(0, 100_001).Select(i => $"\"{i}\":\"\""));
        Assert.Contains("__metadata__ has more than 100000 entries", Refused(TestFile.Raw($"{{\"__metadata__\":{{{entries}}}}}", 0)));
    }

    [Theory]
    [InlineData("[4611686018427387904,4611686018427387904,0]")]
    [InlineData("[0,4611686018427387904,4611686018427387904]")]
    [InlineData("[4611686018427387904,0,4611686018427387904]")]
    public void AShapeOverflowsWhereverItsZeroStands(string shape)
    {
        foreach (var type in new[] { "F32", "U8", "F4" })
            Assert.Contains("whose size overflows 64 bits", Refused(TestFile.Raw($"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[0,0]}}}}", 0)));
    }

    [Fact]
    public void TheWriterTreatsZerosTheSame()
    {
        const int most = int.MaxValue;
        foreach (var shape in new int[][] { [0, most, most, most], [most, most, most, 0], [most, 0, most, most] })
        {
            var e = Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(new MemoryStream(), [new NamedTensor("a", shape, default)]));
            Assert.Contains("overflows 64 bits", e.Message);
        }

        SafetensorsWriter.Write(new MemoryStream(), [new NamedTensor("a", [0, most, most], default), new NamedTensor("b", [most, most, 0], default)]);
    }

    [Fact]
    public void AFolderIsNamedAsSuch()
    {
        using var folder = new Folder();
        Assert.Contains($"'{folder.Path}' is not valid safetensors: 1 problem.\n  SCNN3006 it is a folder; name the .safetensors file in it", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(folder.Path)).Message);
    }

    [Fact]
    public void AnEmptyFileSaysSo()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "w.safetensors");
        File.WriteAllBytes(path, []);
        Assert.Contains("it has 0 bytes", Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public async Task PipesAndDevicesAreRefusedWithoutOpeningThem()
    {
        // there is nothing of the kind in a folder of Windows
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new Folder();
        var pipe = Path.Combine(folder.Path, "pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
            made.WaitForExit();
        var link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(link, pipe);
        foreach (var path in new[] { pipe, link, "/dev/zero", "/dev/null" })
        {
            // nobody writes to the pipe: opening it would wait for ever
            var open = Task.Run(() => Assert.Throws<WeightsException>(() => SafetensorsFile.Open(path)));
            Assert.True(await Task.WhenAny(open, Task.Delay(TimeSpan.FromMinutes(1))) == open, path + " was waited for");
            var e = await open;
            Assert.Contains($"'{path}'", e.Message);
            Assert.Contains("use SafetensorsFile.Read with a stream", Assert.Single(e.Problems));
        }
    }

    [Fact]
    public void LinksToFilesAreFollowed()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "w.safetensors");
        SafetensorsWriter.Save(path, [TestFile.Tensor("a", [1], 1f)]);
        var link = Path.Combine(folder.Path, "link");
        try
        {
            File.CreateSymbolicLink(link, path);
            File.CreateSymbolicLink(link + "2", link);
            File.CreateSymbolicLink(link + "3", "nowhere");
        }
        catch (IOException) when (OperatingSystem.IsWindows())
        {
            // Windows lets only some users make links
            return;
        }

        Assert.Single(SafetensorsFile.Open(link + "2").Tensors);
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(link + "3"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(70)]
    public void AFileThatShrinksMeanwhileIsTruncated(int left)
    {
        var file = TestFile.Bytes(TestFile.Tensor("a", [4], 1, 2, 3, 4));
        var problem = Assert.Single(Assert.Throws<WeightsException>(() => SafetensorsFile.Read(new ShrinkingStream(file, left))).Problems);
        Assert.Contains("is truncated", problem);
    }

    [Fact]
    public void NullsAreNamedAndLeaveNoFile()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "w.safetensors");
        var good = TestFile.Tensor("a", [1], 1f);
        void Refused(string parameter, Action save) => Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(save).ParamName);
        Refused("path", () => SafetensorsWriter.Save(null!, [good]));
        Refused("tensors", () => SafetensorsWriter.Save(path, null!));
        Refused("stream", () => SafetensorsWriter.Write(null!, [good]));
        Refused("tensors", () => SafetensorsWriter.Write(new MemoryStream(), null!));
        Refused("tensors", () => SafetensorsWriter.Save(path, [good, null!]));
        Refused("tensors", () => SafetensorsWriter.Save(path, [good, new NamedTensor(null!, [1], new float[1])]));
        Refused("tensors", () => SafetensorsWriter.Save(path, [good, new NamedTensor("b", null!, new float[1])]));
        Refused("metadata", () => SafetensorsWriter.Save(path, [good], new Dictionary<string, string> { ["k"] = null! }));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        // the target cannot be replaced: what was there stays, and nothing lies beside it
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Save(path, [good]));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Throws<DirectoryNotFoundException>(() => SafetensorsWriter.Save(Path.Combine(folder.Path, "none", "w"), [good]));
    }

    [Fact]
    public void TheWriterRefusesWhatTheReaderWould()
    {
        var shape = Enumerable.Repeat(1, 65).ToArray();
        Assert.Contains("65 dimensions", Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(new MemoryStream(), [new NamedTensor("a", shape, new float[1])])).Message);
        var many = Enumerable.Range(0, 100_001).Select(i => new NamedTensor("t", [0], default)).ToArray();
        Assert.Contains("at most 100000 tensors", Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(new MemoryStream(), many)).Message);
    }

    private static string Refused(byte[] file) => Assert.Single(Assert.Throws<WeightsException>(() => SafetensorsFile.Parse(file)).Problems);

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("scnn-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>Says it is as long as it was, and ends earlier.</summary>
    private sealed class ShrinkingStream(byte[] bytes, int left) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, (int)Math.Min(count, Math.Max(0, left - Position)));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, left - Position))]);
    }
}
