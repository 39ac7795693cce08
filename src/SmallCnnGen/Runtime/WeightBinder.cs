using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SmallCnnGen.Runtime;

/// <summary>
/// Binds the tensors of a file to a network by name, folds batch normalisation and packs everything in the order
/// the kernels read it. Generated code declares what it expects, calls <see cref="Check"/>, packs, and calls
/// <see cref="Finish"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe partial class WeightBinder
{
    /// <summary>Keeps rows of the transposition scratch off each other's cache sets.</summary>
    private const int RowPadding = 16;

    private readonly string _network;
    private readonly ulong _fingerprint;
    private readonly int _packedFloats;
    private readonly int _vectorBits;
    private readonly SafetensorsFile _file;

    private readonly List<(string Name, long[] Shape)> _expected = [];
    private readonly Dictionary<string, int> _expectedIndex = new(StringComparer.Ordinal);
    private readonly List<(int Offset, int Length, string What)> _regions = [];
    private readonly List<string> _foldingProblems = [];
    private readonly HashSet<string> _badNorms = new(StringComparer.Ordinal);

    private float[]? _array;
    private int _start;
    private bool _finished;
    private double[] _scale = [];
    private double[] _shift = [];
    private float[] _rows = [];

    /// <summary>Begins to bind a file to a network.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="fingerprint">Fingerprint of its packing plan.</param>
    /// <param name="packedFloats">Floats of the packed weights.</param>
    /// <param name="file">The file.</param>
    /// <param name="vectorBits">Vector width of the kernels they are packed for.</param>
    public WeightBinder(string network, ulong fingerprint, int packedFloats, SafetensorsFile file, int vectorBits = 256)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(packedFloats);
        _network = network;
        _fingerprint = fingerprint;
        _packedFloats = packedFloats;
        _vectorBits = vectorBits;
        _file = file;
    }

    /// <summary>
    /// Makes a file with everything a network declares: weights uniform with He's variance 2 / fan-in, batch normalisation
    /// the identity, biases zero. For measuring a design before it is trained; it predicts nothing.
    /// </summary>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="declare">Declares the tensors.</param>
    public static SafetensorsFile RandomFile(int seed, Action<WeightBinder> declare)
    {
        ArgumentNullException.ThrowIfNull(declare);
        var binder = new WeightBinder("random", 0, 0, EmptyFile());
        declare(binder);
        var random = new Random(seed);
        var tensors = new List<NamedTensor>();
        foreach (var (name, shape) in binder._expected)
        {
            long length = 1, fan = 1;
            for (var i = 0; i < shape.Length; i++)
            {
                length *= shape[i];
                fan *= i > 0 ? shape[i] : 1;
            }

            var data = new float[length];
            if (shape.Length > 1)
            {
                var limit = Math.Sqrt(6.0 / fan);
                for (long i = 0; i < length; i++)
                    data[i] = (float)(((2 * random.NextDouble()) - 1) * limit);
            }
            else if (name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal))
            {
                Array.Fill(data, 1f);
            }

            tensors.Add(new NamedTensor(name, Array.ConvertAll(shape, d => (int)d), data));
        }

        using var stream = new System.IO.MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return SafetensorsFile.Parse(stream.ToArray());
    }

    /// <summary>Everything a network declares, in order.</summary>
    /// <param name="declare">Declares the tensors.</param>
    public static IReadOnlyList<NetworkTensor> List(Action<WeightBinder> declare)
    {
        ArgumentNullException.ThrowIfNull(declare);
        var binder = new WeightBinder("list", 0, 0, EmptyFile());
        declare(binder);
        var tensors = new NetworkTensor[binder._expected.Count];
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = new NetworkTensor(binder._expected[i].Name, Array.AsReadOnly(Array.ConvertAll(binder._expected[i].Shape, d => (int)d)));
        return Array.AsReadOnly(tensors);
    }

    private static SafetensorsFile EmptyFile()
    {
        using var empty = new System.IO.MemoryStream();
        SafetensorsWriter.Write(empty, []);
        return SafetensorsFile.Parse(empty.ToArray());
    }

    /// <summary>Declares a tensor the network needs. Layers that share a tensor may declare it again with the same shape.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Its shape.</param>
    public void Expect(string name, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        var sizes = new long[shape.Length];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i];
        if (_expectedIndex.TryGetValue(name, out var index))
        {
            if (!_expected[index].Shape.AsSpan().SequenceEqual(sizes))
                throw new ArgumentException($"Tensor {Text.Quote(name)} was declared as {Text.Shape(_expected[index].Shape)} and again as {Text.Shape(sizes)}.", nameof(shape));
            return;
        }

        _expectedIndex.Add(name, _expected.Count);
        _expected.Add((name, sizes));
    }

    /// <summary>Compares the file with what was declared.</summary>
    /// <exception cref="WeightsException">Something does not fit; it lists everything that does not.</exception>
    public void Check()
    {
        var missing = new List<string>();
        foreach (var (name, _) in _expected)
        {
            if (!_file.TryGetTensor(name, out _))
                missing.Add(name);
        }

        var unexpected = new List<SafetensorsTensor>();
        foreach (var tensor in _file.Tensors)
        {
            if (!_expectedIndex.ContainsKey(tensor.Name) && !IsBatchCounter(tensor.Name))
                unexpected.Add(tensor);
        }

        var diagnosis = new WeightsDiagnosis(_expected, missing, unexpected);
        var problems = new List<string>();
        foreach (var (name, shape) in _expected)
        {
            if (_file.TryGetTensor(name, out var tensor))
                CheckTensor(tensor, shape, diagnosis, problems);
            else
                problems.Add($"{WeightsProblem.Missing} missing tensor {Text.Quote(name)} {Text.Shape(shape)}{diagnosis.Suggestion(name)}");
        }

        foreach (var tensor in unexpected)
            problems.Add($"{WeightsProblem.Unexpected} unexpected tensor {Text.Quote(tensor.Name)} {Text.Shape(tensor.Shape)}");
        if (problems.Count == 0)
            return;
        var causes = diagnosis.Causes();
        throw Fail(problems, causes.Count == 0 ? null : string.Join("\nHint: ", causes));
    }

    /// <summary>Floats <see cref="Conv"/> writes.</summary>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inPerGroup">Input channels of one group.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="merge">Groups merged into one block-diagonal super group.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a panel.</param>
    /// <param name="paired">Whether the last vector of a panel holds half a vector of channels twice.</param>
    public static long ConvSize(
        int outChannels, int inPerGroup, int kernelHeight, int kernelWidth, int groups, int merge, int lanes, int vectors, bool paired = false)
    {
        RequireConv(outChannels, inPerGroup, kernelHeight, kernelWidth, groups, merge, lanes, vectors);
        if (paired && (lanes % 2 != 0 || vectors < 2))
            throw new ArgumentException($"A vector of {lanes} lanes among {vectors} cannot be shared by two pixels.", nameof(paired));
        var superOut = outChannels / groups * merge;
        var panel = checked((long)lanes * vectors);
        var panelChannels = panel - (paired ? lanes / 2 : 0);
        var panels = (superOut + panelChannels - 1) / panelChannels;
        return checked(groups / merge * panels * (1 + (long)kernelHeight * kernelWidth * inPerGroup * merge) * panel);
    }

    /// <summary>Floats <see cref="Depthwise"/> writes.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    public static long DepthwiseSize(int channels, int kernelHeight, int kernelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelWidth);
        return checked(channels * (1 + (long)kernelHeight * kernelWidth));
    }

    /// <summary>Floats <see cref="ConvTranspose"/> writes.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outPerGroup">Output channels of one group.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    /// <param name="groups">Groups.</param>
    public static long ConvTransposeSize(int inChannels, int outPerGroup, int kernelHeight, int kernelWidth, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outPerGroup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inChannels % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {inChannels} input channels.", nameof(groups));
        return checked((long)groups * outPerGroup + (long)inChannels * outPerGroup * ((long)kernelHeight * kernelWidth));
    }

    /// <summary>
    /// Packs a convolution or dense layer in panels of <paramref name="lanes"/> * <paramref name="vectors"/> output
    /// channels: for each super group and panel the biases, then for each row, column and input channel of the window
    /// the weights of the panel. The last panel, and the last vector of a panel, overlap earlier channels instead of
    /// reaching beyond the last one. A paired vector, which serves two pixels, holds half a vector of channels twice.
    /// </summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="weight">Tensor [outChannels, inPerGroup, kernelHeight, kernelWidth].</param>
    /// <param name="bias">Bias tensor, or null.</param>
    /// <param name="norm">Path of the batch normalisation to fold, or null.</param>
    /// <param name="epsilon">Its epsilon.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inPerGroup">Input channels of one group.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="merge">Groups merged into one block-diagonal super group.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a panel.</param>
    /// <param name="paired">Whether the last vector of a panel holds half a vector of channels twice.</param>
    public void Conv(
        int offset, string weight, string? bias, string? norm, double epsilon, int outChannels, int inPerGroup,
        int kernelHeight, int kernelWidth, int groups, int merge, int lanes, int vectors, bool paired = false)
    {
        var size = ConvSize(outChannels, inPerGroup, kernelHeight, kernelWidth, groups, merge, lanes, vectors, paired);
        var packed = Region(offset, size, weight, norm);
        var taps = kernelHeight * kernelWidth;
        var rowLength = checked(inPerGroup * taps);
        var weights = Floats(weight, (long)outChannels * rowLength);
        Fold(bias, norm, epsilon, outChannels);

        var outPerGroup = outChannels / groups;
        var superIn = merge * inPerGroup;
        var superOut = merge * outPerGroup;
        var panelWidth = lanes * vectors;
        var half = lanes / 2;
        var panelChannels = panelWidth - (paired ? half : 0);
        var panels = (superOut + panelChannels - 1) / panelChannels;
        var panelFloats = (1 + taps * superIn) * panelWidth;

        var pitch = rowLength + RowPadding;
        if ((long)pitch * panelWidth > _rows.Length)
            _rows = GC.AllocateUninitializedArray<float>(checked(pitch * panelWidth));

        for (var super = 0; super < groups / merge; super++)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                var target = packed.Slice((super * panels + panel) * panelFloats, panelFloats);
                var first = Math.Min(panel * panelChannels, Math.Max(0, superOut - panelChannels));
                for (var column = 0; column < panelWidth; column++)
                {
                    var channel = super * superOut + Channel(column);
                    target[column] = (float)_shift[channel];
                    FloatConversion.Scale(weights.Slice(channel * rowLength, rowLength), _scale[channel], _rows.AsSpan(column * pitch, rowLength));
                }

                var body = target[panelWidth..];
                if (merge == 1)
                {
                    TransposePanel(_rows, pitch, panelWidth, superIn, taps, body);
                    continue;
                }

                // only the input channels of a column's own group have weights; the rest of its column is zero
                body.Clear();
                for (var column = 0; column < panelWidth; column++)
                {
                    var firstInput = Channel(column) / outPerGroup * inPerGroup;
                    for (var tap = 0; tap < taps; tap++)
                    {
                        for (var input = 0; input < inPerGroup; input++)
                            body[(tap * superIn + firstInput + input) * panelWidth + column] = _rows[column * pitch + input * taps + tap];
                    }
                }

                int Channel(int column) => paired && column >= panelWidth - lanes
                    ? Math.Min(first + panelWidth - lanes, superOut - half) + column % half
                    : Math.Min(first + column / lanes * lanes, superOut - lanes) + column % lanes;
            }
        }
    }

    /// <summary>Packs a depthwise convolution: the biases, then for each tap the weights of all channels.</summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="weight">Tensor [channels, 1, kernelHeight, kernelWidth].</param>
    /// <param name="bias">Bias tensor, or null.</param>
    /// <param name="norm">Path of the batch normalisation to fold, or null.</param>
    /// <param name="epsilon">Its epsilon.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    /// <param name="order">Channel of the tensors at each packed position; empty for their own order.</param>
    public void Depthwise(
        int offset, string weight, string? bias, string? norm, double epsilon, int channels, int kernelHeight, int kernelWidth,
        ReadOnlySpan<int> order = default)
    {
        if (!order.IsEmpty && order.Length != channels)
            throw new ArgumentException($"The order names {order.Length} of {channels} channels.", nameof(order));
        var packed = Region(offset, DepthwiseSize(channels, kernelHeight, kernelWidth), weight, norm);
        var taps = kernelHeight * kernelWidth;
        var weights = Floats(weight, (long)channels * taps);
        Fold(bias, norm, epsilon, channels);
        for (var position = 0; position < channels; position++)
        {
            var channel = order.IsEmpty ? position : order[position];
            packed[position] = (float)_shift[channel];
            var scale = _scale[channel];
            for (var tap = 0; tap < taps; tap++)
                packed[(1 + tap) * channels + position] = (float)(weights[channel * taps + tap] * scale);
        }
    }

    /// <summary>
    /// Packs a transposed convolution: the biases, then for each group, row and column of the window and input
    /// channel the weights of the group's output channels.
    /// </summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="weight">Tensor [inChannels, outPerGroup, kernelHeight, kernelWidth].</param>
    /// <param name="bias">Bias tensor, or null.</param>
    /// <param name="norm">Path of the batch normalisation to fold, or null.</param>
    /// <param name="epsilon">Its epsilon.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outPerGroup">Output channels of one group.</param>
    /// <param name="kernelHeight">Height of the window.</param>
    /// <param name="kernelWidth">Width of the window.</param>
    /// <param name="groups">Groups.</param>
    public void ConvTranspose(
        int offset, string weight, string? bias, string? norm, double epsilon, int inChannels, int outPerGroup,
        int kernelHeight, int kernelWidth, int groups)
    {
        var size = ConvTransposeSize(inChannels, outPerGroup, kernelHeight, kernelWidth, groups);
        var packed = Region(offset, size, weight, norm);
        var taps = kernelHeight * kernelWidth;
        var outChannels = groups * outPerGroup;
        var inPerGroup = inChannels / groups;
        var weights = Floats(weight, (long)inChannels * outPerGroup * taps);
        Fold(bias, norm, epsilon, outChannels);
        for (var channel = 0; channel < outChannels; channel++)
            packed[channel] = (float)_shift[channel];

        var position = outChannels;
        for (var group = 0; group < groups; group++)
        {
            var scale = _scale.AsSpan(group * outPerGroup, outPerGroup);
            for (var tap = 0; tap < taps; tap++)
            {
                for (var input = group * inPerGroup; input < (group + 1) * inPerGroup; input++)
                {
                    var row = weights.Slice(input * outPerGroup * taps, outPerGroup * taps);
                    for (var output = 0; output < scale.Length; output++)
                        packed[position++] = (float)(row[output * taps + tap] * scale[output]);
                }
            }
        }
    }

    /// <summary>Packs a batch normalisation that was not folded: scales, then shifts.</summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="norm">Path of the batch normalisation.</param>
    /// <param name="epsilon">Its epsilon.</param>
    /// <param name="channels">Channels.</param>
    public void Affine(int offset, string norm, double epsilon, int channels)
    {
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        var packed = Region(offset, 2L * channels, norm, norm);
        Fold(null, norm, epsilon, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            packed[channel] = (float)_scale[channel];
            packed[channels + channel] = (float)_shift[channel];
        }
    }

    /// <summary>Packs a vector of one value a channel; a tensor of one element is repeated.</summary>
    /// <param name="offset">Where in the packed weights, in floats.</param>
    /// <param name="tensor">Name of the tensor.</param>
    /// <param name="channels">Channels.</param>
    public void Vector(int offset, string tensor, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        var packed = Region(offset, channels, tensor, null);
        var values = Find(tensor).ElementCount == 1 ? Floats(tensor, 1) : Floats(tensor, channels);
        if (values.Length == 1)
            packed.Fill(values[0]);
        else
            values.CopyTo(packed);
    }

    /// <summary>Hands over the packed weights; nothing can be packed after it.</summary>
    /// <exception cref="WeightsException">Folding met a variance that is not positive, or a value too large for a float.</exception>
    public NetworkWeights Finish()
    {
        var all = Packed();
        foreach (var (offset, length, what) in _regions)
        {
            if (FloatConversion.IndexOfNotFinite(all.Slice(offset, length)) >= 0)
                _foldingProblems.Add($"{WeightsProblem.NotFinite} {what} gives a value that does not fit a 32-bit float");
        }

        if (_foldingProblems.Count > 0)
            throw Fail(_foldingProblems, hint: null);
        _finished = true;
        return new NetworkWeights(_network, _fingerprint, _vectorBits, _array!, _start, _packedFloats);
    }

    /// <summary>panel[(tap * inputs + input) * columns + column] = rows[column * pitch + input * taps + tap].</summary>
    // weights are loaded once, so the first call must already be fast
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposePanel(float[] rows, int pitch, int columns, int inputs, int taps, Span<float> panel)
    {
        // the loop below has no bounds checks: these two lines are
        _ = panel[..checked(taps * inputs * columns)];
        _ = rows.AsSpan(0, checked((columns - 1) * pitch + inputs * taps));
        fixed (float* from = rows)
        fixed (float* to = panel)
        {
            var target = to;
            for (var tap = 0; tap < taps; tap++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    var source = from + (nint)input * taps + tap;
                    var column = 0;
                    for (; column <= columns - 4; column += 4)
                    {
                        target[0] = source[0];
                        target[1] = source[pitch];
                        target[2] = source[2 * (nint)pitch];
                        target[3] = source[3 * (nint)pitch];
                        target += 4;
                        source += 4 * (nint)pitch;
                    }

                    for (; column < columns; column++)
                    {
                        *target++ = *source;
                        source += pitch;
                    }
                }
            }
        }
    }

    private static void RequireConv(
        int outChannels, int inPerGroup, int kernelHeight, int kernelWidth, int groups, int merge, int lanes, int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inPerGroup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(merge);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vectors);
        if (outChannels % groups != 0)
            throw new ArgumentException($"{groups} groups do not divide {outChannels} output channels.", nameof(groups));
        if (groups % merge != 0)
            throw new ArgumentException($"Merging {merge} at a time does not divide {groups} groups.", nameof(merge));
        if (lanes > outChannels / groups * merge)
            throw new ArgumentException($"{lanes} lanes are more than the {outChannels / groups * merge} output channels of a super group.", nameof(lanes));
    }

    private static bool IsBatchCounter(string name) =>
        name == "num_batches_tracked" || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private void CheckTensor(SafetensorsTensor tensor, long[] shape, WeightsDiagnosis diagnosis, List<string> problems)
    {
        if (!tensor.IsFloat)
            problems.Add(SafetensorsFile.WrongDType(tensor));
        if (!tensor.Shape.SequenceEqual(shape))
        {
            problems.Add($"{WeightsProblem.WrongShape} tensor {Text.Quote(tensor.Name)} has shape {Text.Shape(tensor.Shape)}; {_network} expects {Text.Shape(shape)}{ShapeHint(tensor.Shape, shape)}{diagnosis.DenseHint(tensor.Name, tensor.Shape, shape)}");
            return;
        }

        if (!tensor.IsFloat)
            return;
        var values = _file.Floats(tensor);
        var index = FloatConversion.IndexOfNotFinite(values);
        if (index < 0)
            return;
        var value = values[index];

        // F64 may hold numbers that are finite there and nowhere else
        var held = tensor.DType == "F64" && float.IsInfinity(value) && double.IsFinite(DoubleAt(tensor, index))
            ? string.Create(CultureInfo.InvariantCulture, $"{DoubleAt(tensor, index):R}, too large for a 32-bit float,")
            : value.ToString(CultureInfo.InvariantCulture);
        problems.Add($"{WeightsProblem.NotFinite} tensor {Text.Quote(tensor.Name)} holds {held} at index {Text.Number(index)} {Text.Shape(Position(index, shape))}");
    }

    private double DoubleAt(SafetensorsTensor tensor, int index) =>
        System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(_file.GetBytes(tensor)[(8 * index)..]);

    private static long[] Position(int index, long[] shape)
    {
        var position = new long[shape.Length];
        long rest = index;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            position[i] = rest % shape[i];
            rest /= shape[i];
        }

        return position;
    }

    private static string ShapeHint(ReadOnlySpan<long> actual, long[] expected)
    {
        if (actual.Length == 4 && expected.Length == 4 && actual[0] == expected[2] && actual[1] == expected[3] && actual[2] == expected[1] && actual[3] == expected[0])
            return " (this looks like TensorFlow's [height, width, in, out]; transpose it)";
        if (actual.Length == 4 && expected.Length == 4 && actual[0] == expected[0] && actual[1] == expected[2] && actual[2] == expected[3] && actual[3] == expected[1])
            return " (this looks like [out, height, width, in]; PyTorch's order is [out, in, height, width])";
        return WithoutOnes(actual).AsSpan().SequenceEqual(WithoutOnes(expected)) ? " (same elements in the same order; reshape it)" : "";
    }

    private static long[] WithoutOnes(ReadOnlySpan<long> shape)
    {
        var sizes = new List<long>(shape.Length);
        foreach (var size in shape)
        {
            if (size != 1)
                sizes.Add(size);
        }

        return sizes.ToArray();
    }

    /// <summary>
    /// Scale and shift of each channel into <see cref="_scale"/> and <see cref="_shift"/>, in double: with
    /// s = gamma / sqrt(var + epsilon), y = s * (x + bias - mean) + beta.
    /// </summary>
    private void Fold(string? bias, string? norm, double epsilon, int channels)
    {
        if (_scale.Length < channels)
        {
            _scale = new double[channels];
            _shift = new double[channels];
        }

        var biases = bias is null ? default : Floats(bias, channels);
        if (norm is null)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                _scale[channel] = 1;
                _shift[channel] = bias is null ? 0 : biases[channel];
            }

            return;
        }

        var gamma = Floats(norm + ".weight", channels);
        var beta = Floats(norm + ".bias", channels);
        var mean = Floats(norm + ".running_mean", channels);
        var variance = Floats(norm + ".running_var", channels);
        for (var channel = 0; channel < channels; channel++)
        {
            var sum = variance[channel] + epsilon;
            if (!(sum > 0))
            {
                if (_badNorms.Add(norm))
                {
                    _foldingProblems.Add(FormattableString.Invariant(
                        $"{WeightsProblem.BadVariance} tensor {Text.Quote(norm + ".running_var")} holds {variance[channel]} at index {channel}; running variance + epsilon ({epsilon}) must be positive"));
                }

                sum = 1;
            }

            var scale = gamma[channel] / Math.Sqrt(sum);
            _scale[channel] = scale;
            _shift[channel] = beta[channel] + ((bias is null ? 0.0 : biases[channel]) - mean[channel]) * scale;
        }
    }

    private Span<float> Region(int offset, long size, string tensor, string? norm)
    {
        var packed = Packed();
        if (offset < 0 || offset + size > packed.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, FormattableString.Invariant(
                $"Packing {Text.Quote(tensor)} takes {size} floats; the packed weights of {_network} have {packed.Length}."));
        }

        _regions.Add((offset, (int)size, norm is null
            ? $"packing {Text.Quote(tensor)}"
            : $"folding batch normalisation {Text.Quote(norm)} into {Text.Quote(tensor)}"));
        return packed.Slice(offset, (int)size);
    }

    private Span<float> Packed()
    {
        if (_finished)
            throw new InvalidOperationException($"The weights of {_network} are finished; they no longer change.");

        // not before it is needed: a file that fails the check costs nothing
        _array ??= AlignedFloats.Allocate(_packedFloats, out _start);
        return new Span<float>(_array, _start, _packedFloats);
    }

    private SafetensorsTensor Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _file.TryGetTensor(name, out var tensor)
            ? tensor
            : throw Fail([$"{WeightsProblem.Missing} missing tensor {Text.Quote(name)}"], hint: null);
    }

    private ReadOnlySpan<float> Floats(string name, long count)
    {
        var tensor = Find(name);
        if (tensor.ElementCount != count)
        {
            throw Fail([FormattableString.Invariant(
                $"{WeightsProblem.WrongShape} tensor {Text.Quote(name)} has shape {Text.Shape(tensor.Shape)}, {tensor.ElementCount} elements; {_network} packs {count}")], hint: null);
        }

        return tensor.IsFloat ? _file.Floats(tensor) : throw Fail([SafetensorsFile.WrongDType(tensor)], hint: null);
    }

    private WeightsException Fail(IReadOnlyList<string> problems, string? hint) =>
        new($"Weights file {_file.Source} does not fit network {_network}", problems, hint);
}
