using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using SmallCnnGen.Runtime;
using Xunit;

namespace SmallCnnGen.Runtime.Tests;

/// <summary>What stands in a file, and in arguments, comes out of exceptions quoted, cut, and with nothing hidden in it.</summary>
public sealed class HostileTextTests
{
    // Unicode's own names; written down here so that the test does not ask the helper what is hidden.
    private static readonly char[] Hidden =
    [
        '\0', '\a', '\b', '\t', '\r', '\v', '\f', '\u001b', '\u007f', '\u0085', '\u009b', '\u00a0', '\u00ad', '\u034f', '\u061c', '\u115f',
        '\u180e', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e',
        '\u2060', '\u2066', '\u2067', '\u2068', '\u2069', '\u3000', '\u3164', '\ue000', '\ufe0f', '\ufeff', '\ufff9', '\uffff',
    ];

    [Theory]
    [InlineData("forged line")]
    [InlineData("forged quote")]
    [InlineData("long")]
    [InlineData("beyond 16 bits")]
    [InlineData("hidden")]
    [InlineData("right to left")]
    [InlineData("many lines")]
    public void NamesAreQuotedInEveryMessage(string kind)
    {
        // not the names themselves: they would be in the log of this test
        var name = kind switch
        {
            "forged line" => "x\nSCNN3006 forged",
            "forged quote" => "x'\n  SCNN3001 'forged",
            "long" => new string('n', 100_000),
            "beyond 16 bits" => "😀\U000E0041",
            "hidden" => new string(Hidden),
            "right to left" => new string('\u202e', 5000),
            _ => "a" + new string('\n', 5000),
        };
        var json = JsonSerializer.Serialize(name);
        string Described(string body) => $"{{{json}:{body}}}";
        const string good = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";
        var cut = name[..(char.IsHighSurrogate(name[Math.Min(60, name.Length) - 1]) ? 1 : Math.Min(60, name.Length))];
        var network = cut + ".w";

        string[] headers =
        [
            $"{{{json}:{good},{json}:{good}}}", $"{{\"__metadata__\":{{{json}:1}}}}", $"{{\"__metadata__\":{{{json}:\"\",{json}:\"\"}}}}",
            Described("1"), Described("{}"), Described("""{"dtype":5}"""), Described("""{"dtype":"F32","dtype":"F32"}"""),
            Described($$"""{"dtype":{{json}},"shape":[1],"data_offsets":[0,4]}"""), Described("""{"dtype":"F32","shape":1}"""),
            Described("""{"dtype":"F32","shape":[1.5]}"""), Described("""{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}"""),
            Described("""{"dtype":"F32","shape":[1],"data_offsets":[0]}"""), Described("""{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"""),
            Described("""{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"""), Described("""{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"""),
            Described("""{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}"""),
            $"{{\"a\":{good},{json}:{good}}}", $"{{{json}:{good},\"zz\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}}}",

            // what the parser itself complains of
            "{" + json + ":tru" + name + "}", "{" + name, "{\"" + name + "\":1}", "{\"a\":" + name + "}", $"{{{json}:{good}}}{name}",
        ];
        foreach (var header in headers)
            Clean(Assert.Throws<WeightsException>(() => SafetensorsFile.Parse(TestFile.Raw(header, 4))));

        SafetensorsFile File(params (string Name, string Type)[] tensors)
        {
            var at = 0;
            return SafetensorsFile.Parse(TestFile.Raw("{" + string.Join(",", tensors.Select(t =>
                $"{JsonSerializer.Serialize(t.Name)}:{{\"dtype\":\"{t.Type}\",\"shape\":[1],\"data_offsets\":[{at},{at += 4}]}}")) + "}", Enumerable.Repeat((byte)0xff, at).ToArray()));
        }

        var file = File((name, "F32"));
        Clean(Assert.Throws<ArgumentException>(() => File((name, "F32")).GetBytes(file.Tensors[0])));
        Clean(Assert.Throws<ArgumentException>(() => file.CopyTo(file.Tensors[0], [])));
        var integers = File((name, "I32"));
        Clean(Assert.Throws<WeightsException>(() => integers.ToArray(integers.Tensors[0])));
        Clean(Assert.Throws<WeightsException>(() => File((name + "b", "F32"), ("b", "F32")).WithoutPrefix(name)));

        WeightBinder Binder(SafetensorsFile weights, params string[] expected)
        {
            var binder = new WeightBinder("Net", 1, 64, weights);
            foreach (var e in expected)
                binder.Expect(e, 1);
            return binder;
        }

        // missing, unexpected, nearly right, with a prefix too much or too few, of another shape and type, not finite
        Clean(Assert.Throws<WeightsException>(() => Binder(file, "w").Check()));
        Clean(Assert.Throws<WeightsException>(() => Binder(File((network.ToUpperInvariant(), "F32")), network).Check()));
        Clean(Assert.Throws<WeightsException>(() => Binder(File((cut + ".a", "F32"), (cut + ".b", "F32")), "a", "b").Check()));
        Clean(Assert.Throws<WeightsException>(() => Binder(File(("a", "F32"), ("b", "F32")), cut + ".a", cut + ".b").Check()));
        Clean(Assert.Throws<WeightsException>(() => Binder(file, name).Check()));
        Clean(Assert.Throws<WeightsException>(() => Binder(File((name, "I32")), name).Check()));
        var shaped = new WeightBinder("Net", 1, 64, file);
        shaped.Expect(name, 2, 3);
        Clean(Assert.Throws<WeightsException>(shaped.Check));
        Clean(Assert.Throws<ArgumentException>(() => shaped.Expect(name, 4)));
        Clean(Assert.Throws<WeightsException>(() => shaped.Depthwise(0, name, null, name, 0, 2, 1, 1)));
        Clean(Assert.Throws<ArgumentOutOfRangeException>(() => shaped.Depthwise(1000, name, null, name, 0, 1, 1, 1)));
        Clean(Assert.Throws<WeightsException>(() => Binder(File(("a", "F32")), "a").Depthwise(0, "a", null, name, 0, 1, 1, 1)));

        // writing
        void Refused(params NamedTensor[] tensors) =>
            Clean(Assert.ThrowsAny<ArgumentException>(() => SafetensorsWriter.Write(new MemoryStream(), tensors)));
        Refused(TestFile.Zeros(name, 1), TestFile.Zeros(name, 1));
        Refused(TestFile.Tensor(name, [2], 1f));
        Refused(TestFile.Tensor(name, [-2], 1f));
        Refused(TestFile.Tensor(name, [int.MaxValue, int.MaxValue, int.MaxValue], 1f));
        Refused(new NamedTensor(name, Enumerable.Repeat(1, 65).ToArray(), new float[1]));
        Refused(new NamedTensor(name, null!, new float[1]));
        Refused(TestFile.Zeros(name + "\ud800", 1));

        // the rest of what a user hands over
        Clean(Assert.Throws<PlatformNotSupportedException>(() => VectorTier.Choose("Net", 256, name)));
        if (!name.Contains('\0'))
            Clean(Assert.ThrowsAny<Exception>(() => SafetensorsFile.Open(Path.Combine(Path.GetTempPath(), "scnn-none", name))), exceptFileName: true);
    }

    /// <summary>As a log prints it: every line is ours, nothing on it is hidden, none goes on and on.</summary>
    private static void Clean(Exception e, bool exceptFileName = false)
    {
        var problems = e is WeightsException w ? w.Problems : [];
        foreach (var text in problems.Append(e.Message).Append(exceptFileName ? "" : e.ToString()))
        {
            Assert.False(text.Any(c => c != '\n' && (Hidden.Contains(c) || char.IsControl(c) || char.IsSurrogate(c))), "hidden characters in: " + text[..Math.Min(500, text.Length)]);
            foreach (var line in text.Split('\n'))
            {
                Assert.InRange(line.Length, 0, 4000);
                Assert.DoesNotMatch("^(SCNN3006 forged|  SCNN3001 'forged)", line);
            }
        }

        Assert.All(problems, p => Assert.DoesNotContain('\n', p));
        Assert.DoesNotContain("x'\n", e.Message);
        Assert.InRange(e.Message.Length, 1, 10_000);
    }

    [Fact]
    public void WordsOfOtherAlphabetsStayReadable() =>
        Assert.Contains("'свёртка.重み.é'", Assert.Throws<WeightsException>(() => SafetensorsFile.Parse(TestFile.Raw("""{"свёртка.重み.é":1}""", 0))).Message);

    [Fact]
    public void ALongPathKeepsItsEnd()
    {
        var path = Path.Combine(Path.GetTempPath(), string.Join(Path.DirectorySeparatorChar, Enumerable.Repeat("folder", 60)), "mobilenet.safetensors");
        Assert.Contains("mobilenet.safetensors'", Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(path)).Message);
    }
}
