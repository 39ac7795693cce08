using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SmallCnnGen.Testing.Kit;

/// <summary>What the kit says of a tensor inside a model.</summary>
/// <param name="Name">Layer.</param>
/// <param name="Shape">NCHW shape.</param>
/// <param name="L2">Euclidean norm.</param>
/// <param name="Sum">Sum.</param>
/// <param name="First">First elements in NCHW order.</param>
public sealed record KitIntermediate(string Name, int[] Shape, double L2, double Sum, double[] First);

/// <summary>One model or op case: a graph, and what it must give.</summary>
public sealed class KitCase
{
    /// <summary>Model name or op case id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it is a model (else an op case).</summary>
    public required bool IsModel { get; init; }

    /// <summary>Inputs in order, PyTorch shapes.</summary>
    public required KitTensor[] Inputs { get; init; }

    /// <summary>Tensors of the weights file in order.</summary>
    public required KitTensor[] Parameters { get; init; }

    /// <summary>Gain of the weights.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Layers in execution order.</summary>
    public required KitLayer[] Layers { get; init; }

    /// <summary>Name of the layer whose result is the output.</summary>
    public required string Output { get; init; }

    /// <summary>PyTorch shape of the output.</summary>
    public required int[] OutputShape { get; init; }

    /// <summary>Expected values, NCHW: elements <see cref="Start"/>, <see cref="Start"/> + <see cref="Step"/>, ...</summary>
    public required float[] Expected { get; init; }

    /// <summary>First expected element.</summary>
    public int Start { get; init; }

    /// <summary>Distance between expected elements; 1 when all are given.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Largest difference allowed; the file's <c>suggested_atol</c>, or derived for op cases.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Largest magnitude of the output.</summary>
    public required double MaxAbs { get; init; }

    /// <summary>Models: index of the largest output, NCHW, or -1.</summary>
    public int ArgMax { get; init; } = -1;

    /// <summary>Models: by how much the largest output exceeds the second.</summary>
    public double Top2Margin { get; init; }

    /// <summary>Models: Euclidean norm of the output, or NaN.</summary>
    public double L2 { get; init; } = double.NaN;

    /// <summary>Models: tensors inside that survive fusion.</summary>
    public KitIntermediate[] Intermediates { get; init; } = [];

    /// <summary>Models: learnable elements, or -1.</summary>
    public long TotalParameters { get; init; } = -1;

    /// <summary>Models: multiply-adds, or -1.</summary>
    public long TotalMultiplyAdds { get; init; } = -1;

    /// <summary>Models: the checksum over all tensors.</summary>
    public ulong ParametersChecksum { get; init; }

    /// <summary>Images in the batch: op cases with several are run image by image.</summary>
    public int Batch => Inputs[0].Shape[0];

    /// <summary>Reads models/NAME.json.</summary>
    public static KitCase ReadModel(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement json = document.RootElement;
        JsonElement expected = json.GetProperty("expected");
        bool sampled = expected.TryGetProperty("samples", out JsonElement samples);

        // Layers keep their elements, so they need a copy that outlives the document.
        return new KitCase
        {
            Id = json.GetProperty("name").GetString()!,
            IsModel = true,
            Inputs = json.GetProperty("input").ValueKind == JsonValueKind.Array ? Tensors(json.GetProperty("input")) : [Tensor(json.GetProperty("input"))],
            Parameters = Tensors(json.GetProperty("params")),
            Gain = json.GetProperty("gain").GetDouble(),
            Layers = json.GetProperty("layers").EnumerateArray().Select(l => new KitLayer(l.Clone())).ToArray(),
            Output = json.GetProperty("output").GetString()!,
            OutputShape = Integers(expected.GetProperty("shape")),
            Expected = Floats(sampled ? samples.GetProperty("data") : expected.GetProperty("logits")),
            Start = sampled ? samples.GetProperty("start").GetInt32() : 0,
            Step = sampled ? samples.GetProperty("step").GetInt32() : 1,
            Tolerance = expected.GetProperty("suggested_atol").GetDouble(),
            MaxAbs = Math.Max(Math.Abs(expected.GetProperty("min").GetDouble()), Math.Abs(expected.GetProperty("max").GetDouble())),
            ArgMax = expected.GetProperty("argmax").GetInt32(),
            Top2Margin = expected.GetProperty("top2_margin").GetDouble(),
            L2 = expected.GetProperty("l2").GetDouble(),
            Intermediates = json.GetProperty("intermediates").EnumerateArray().Select(i => new KitIntermediate(
                i.GetProperty("tensor").GetString()!,
                Integers(i.GetProperty("shape")),
                i.GetProperty("l2").GetDouble(),
                i.GetProperty("sum").GetDouble(),
                i.GetProperty("first8").EnumerateArray().Select(v => v.GetDouble()).ToArray())).ToArray(),
            TotalParameters = json.GetProperty("total_params").GetInt64(),
            TotalMultiplyAdds = json.GetProperty("total_madds").GetInt64(),
            ParametersChecksum = ulong.Parse(json.GetProperty("params_checksum").ToString(), CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Reads ops.json.</summary>
    /// <param name="path">File.</param>
    /// <param name="unreadable">Told of cases that cannot be read, by id; without it, they throw.</param>
    public static KitCase[] ReadOps(string path, Action<string, Exception>? unreadable = null)
    {
        using FileStream stream = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(stream);
        var cases = new List<KitCase>();
        foreach (JsonElement json in document.RootElement.EnumerateArray())
        {
            try
            {
                cases.Add(ReadOp(json));
            }
            catch (Exception e) when (unreadable is not null)
            {
                unreadable(json.TryGetProperty("id", out JsonElement id) ? id.ToString() : "?", e);
            }
        }

        return cases.ToArray();
    }

    private static KitCase ReadOp(JsonElement json)
    {
        JsonElement output = json.GetProperty("output");
        double difference = output.GetProperty("max_abs_fp32_vs_fp64").GetDouble(), maxAbs = output.GetProperty("max_abs").GetDouble();
        return new KitCase
        {
            Id = json.GetProperty("id").GetString()!,
            IsModel = false,
            Inputs = Tensors(json.GetProperty("inputs")),
            Parameters = Tensors(json.GetProperty("params")),
            Layers = json.GetProperty("layers").EnumerateArray().Select(l => new KitLayer(l.Clone())).ToArray(),
            Output = output.GetProperty("tensor").GetString()!,
            OutputShape = Integers(output.GetProperty("shape")),
            Expected = Floats(output.GetProperty("data")),
            Tolerance = OpTolerance(difference, maxAbs),
            MaxAbs = maxAbs,
        };
    }

    /// <summary>
    /// Tolerance of an op case, the rule the kit uses for its models: 20 x what another float32 implementation was off
    /// (the order of a sum changes its rounding by a small factor, not by 20), and at least 2e-6 of the largest output
    /// (about 34 units of 2^-24: short sums happen to round to nothing in one implementation and to a few units in another).
    /// </summary>
    public static double OpTolerance(double maxDifference, double maxAbs) => Math.Max(20 * maxDifference, 2e-6 * maxAbs);

    /// <summary>
    /// Whether the tolerance would catch one wrong channel. Of n channels that contribute alike, one moves the largest
    /// output by about 1 / n of it; 1e-3 leaves room for a thousand.
    /// </summary>
    public bool ToleranceIsSharp => MaxAbs == 0 || Tolerance < 1e-3 * MaxAbs;

    /// <summary>All models of a kit folder by file name, then all op cases. Parts that are absent are left out.</summary>
    public static (string[] ModelFiles, string? OpsFile) Find(string kit)
    {
        string models = Path.Combine(kit, "models"), ops = Path.Combine(kit, "ops.json");
        string[] files = Directory.Exists(models)
            ? Directory.GetFiles(models, "*.json").Where(f => Path.GetFileName(f) != "index.json").Order(StringComparer.Ordinal).ToArray()
            : [];
        return (files, File.Exists(ops) ? ops : null);
    }

    /// <summary>Environment variable that names the kit's folder, instead of looking for it.</summary>
    public const string Variable = "SCNN_KIT";

    /// <summary>
    /// The kit that SCNN_KIT names, or the one next to the repository or one of its parents ("shared/reference"), or null.
    /// </summary>
    /// <param name="start">Folder to start from.</param>
    public static string? Locate(string start) => Absence(start, out string folder) is null ? folder : null;

    /// <summary>Why there is no kit, for tests that are skipped without it, or null where there is one.</summary>
    /// <param name="start">Folder to start from.</param>
    /// <param name="kit">The kit's folder.</param>
    public static string? Absence(string start, out string kit) => Absence(start, Environment.GetEnvironmentVariable(Variable), out kit);

    /// <summary>As above, with what the environment says.</summary>
    /// <param name="start">Folder to start from.</param>
    /// <param name="named">The value of SCNN_KIT.</param>
    /// <param name="kit">The kit's folder.</param>
    public static string? Absence(string start, string? named, out string kit)
    {
        kit = string.Empty;
        if (!string.IsNullOrEmpty(named))
        {
            kit = named;
            return Lack(named) is { } lack ? $"{Variable} names no reference kit: {lack}" : null;
        }

        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            kit = Path.Combine(folder.FullName, "shared", "reference");
            if (Directory.Exists(kit))
                return Lack(kit) is { } lack ? "the reference kit is incomplete: " + lack : null;
        }

        return $"there is no reference kit: no folder above {start} contains shared/reference, and {Variable} names none";
    }

    /// <summary>What a folder lacks to be the kit: a loop over the cases of an empty one would find nothing wrong.</summary>
    private static string? Lack(string folder)
    {
        (string[] models, string? ops) = Find(folder);
        return !Directory.Exists(folder) ? $"there is no folder '{folder}'"
            : ops is null ? $"'{folder}' has no ops.json"
            : models.Length == 0 ? $"'{folder}' has no models/*.json"
            : null;
    }

    /// <summary>[N, C, H, W] or [N, C] as height, width, channels.</summary>
    public static (int Height, int Width, int Channels) ImageShape(int[] shape) => shape.Length switch
    {
        4 => (shape[2], shape[3], shape[1]),
        2 => (1, 1, shape[1]),
        _ => throw new NotSupportedException($"a tensor of rank {shape.Length}"),
    };

    /// <summary>One image of an NCHW batch, in HWC order.</summary>
    public static float[] ToHwc(ReadOnlySpan<float> batch, int[] shape, int image)
    {
        (int h, int w, int c) = ImageShape(shape);
        ReadOnlySpan<float> source = batch.Slice(image * h * w * c, h * w * c);
        var result = new float[source.Length];
        for (int k = 0; k < c; k++)
        {
            for (int p = 0; p < h * w; p++)
                result[(p * c) + k] = source[(k * h * w) + p];
        }

        return result;
    }

    /// <summary>Puts one HWC image into an NCHW batch.</summary>
    public static void FromHwc<T>(ReadOnlySpan<T> hwc, int[] shape, int image, Span<T> batch)
    {
        (int h, int w, int c) = ImageShape(shape);
        Span<T> target = batch.Slice(image * h * w * c, h * w * c);
        for (int k = 0; k < c; k++)
        {
            for (int p = 0; p < h * w; p++)
                target[(k * h * w) + p] = hwc[(p * c) + k];
        }
    }

    private static KitTensor Tensor(JsonElement json) =>
        new(json.GetProperty("name").GetString()!, Integers(json.GetProperty("shape")), json.GetProperty("kind").GetString()!);

    private static KitTensor[] Tensors(JsonElement json) => json.EnumerateArray().Select(Tensor).ToArray();

    private static int[] Integers(JsonElement json) => json.EnumerateArray().Select(i => i.GetInt32()).ToArray();

    private static float[] Floats(JsonElement json) => MemoryMarshal.Cast<byte, float>(json.GetBytesFromBase64()).ToArray();
}
