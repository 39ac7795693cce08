using System;

namespace SmallCnnGen;

/// <summary>A further input of the network; the first is declared by <see cref="NetworkAttribute"/> and called "input".</summary>
/// <param name="name">Name of the input.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute(string name) : LayerAttribute
{
    /// <summary>Name of the input.</summary>
    public string InputName { get; } = name;

    /// <summary>Height in pixels.</summary>
    public int Height { get; set; } = 1;

    /// <summary>Width in pixels.</summary>
    public int Width { get; set; } = 1;

    /// <summary>Channels.</summary>
    public int Channels { get; set; }
}

/// <summary>Element-wise sum. One name adds it to the layer before; several are summed.</summary>
/// <param name="inputs">Names of the layers to add.</param>
public sealed class AddAttribute(params string[] inputs) : LayerAttribute
{
    /// <summary>Names of the layers to add.</summary>
    public string[] Inputs { get; } = inputs;

    /// <summary>Activation after the sum: a member of <see cref="SmallCnnGen.Activation"/>, or the name of a block's parameter of that type; none unless set.</summary>
    public object Activation { get; set; } = SmallCnnGen.Activation.None;
}

/// <summary>Element-wise product; a 1 x 1 x C input scales the channels of the other (squeeze-and-excitation).</summary>
/// <param name="inputs">Names of the layers to multiply; one name multiplies the layer before.</param>
public sealed class MultiplyAttribute(params string[] inputs) : LayerAttribute
{
    /// <summary>Names of the layers to multiply.</summary>
    public string[] Inputs { get; } = inputs;
}

/// <summary>Puts the channels of several maps one after another. One name goes before the layer before.</summary>
/// <param name="inputs">Names of the layers, in channel order.</param>
public sealed class ConcatAttribute(params string[] inputs) : LayerAttribute
{
    /// <summary>Names of the layers, in channel order.</summary>
    public string[] Inputs { get; } = inputs;
}

/// <summary>Channels start, start + step, ... below end.</summary>
/// <param name="start">First channel: an int or an expression.</param>
/// <param name="end">One past the last channel: an int or an expression.</param>
public sealed class SliceAttribute(object start, object end) : LayerAttribute
{
    /// <summary>First channel.</summary>
    public object Start { get; } = start;

    /// <summary>One past the last channel.</summary>
    public object End { get; } = end;

    /// <summary>Step between channels.</summary>
    public object Step { get; set; } = 1;
}

/// <summary>Channel shuffle (ShuffleNet): out[j * groups + i] = in[i * (C / groups) + j].</summary>
/// <param name="groups">Groups: an int or an expression; must divide the channels.</param>
public sealed class ShuffleAttribute(object groups) : LayerAttribute
{
    /// <summary>Groups.</summary>
    public object Groups { get; } = groups;
}

/// <summary>A fixed choice of channels: out[j] = in[index[j]].</summary>
/// <param name="index">Input channel of each output channel; none when <see cref="Channel"/> gives them.</param>
public sealed class GatherAttribute(params int[] index) : LayerAttribute
{
    /// <summary>Input channel of each output channel.</summary>
    public int[] Index { get; } = index;

    /// <summary>
    /// Instead of a list: an expression for the input channel, evaluated for <c>i</c> = 0, 1, ... up to
    /// <see cref="Count"/> ("(5 * i + 1) % 16").
    /// </summary>
    public string? Channel { get; set; }

    /// <summary>How many output channels <see cref="Channel"/> gives: an int or an expression.</summary>
    public object? Count { get; set; }
}

/// <summary>Zero rows and columns around the map; negative amounts crop.</summary>
/// <param name="pads">Pixels: an int, "vertical x horizontal" or "top, left, bottom, right".</param>
public sealed class PadAttribute(object pads) : LayerAttribute
{
    /// <summary>Pixels on each side.</summary>
    public object Pads { get; } = pads;
}

/// <summary>Zero channels appended up to a count (PyramidNet's shortcuts).</summary>
/// <param name="channels">Channels afterwards: an int or an expression.</param>
public sealed class PadChannelsAttribute(object channels) : LayerAttribute
{
    /// <summary>Channels afterwards.</summary>
    public object Channels { get; } = channels;
}

/// <summary>Enlarges the map by a whole factor.</summary>
/// <param name="scale">Factor: an int or an expression.</param>
public sealed class UpsampleAttribute(object scale) : LayerAttribute
{
    /// <summary>Factor.</summary>
    public object Scale { get; } = scale;

    /// <summary>Interpolation.</summary>
    public UpsampleMode Mode { get; set; } = UpsampleMode.Nearest;

    /// <summary>Bilinear: true maps corner pixels onto corner pixels, false uses half-pixel centres clamped at 0.</summary>
    public bool AlignCorners { get; set; }
}

/// <summary>
/// Local response normalisation across channels (AlexNet):
/// x / (k + alpha / size * sum of squares over size channels centred on it)^beta.
/// </summary>
public sealed class LocalResponseNormAttribute : LayerAttribute
{
    /// <summary>Channels in the window: size / 2 before, (size - 1) / 2 after.</summary>
    public int Size { get; set; } = 5;

    /// <summary>Scale of the sum, divided by the size as Caffe and PyTorch do.</summary>
    public double Alpha { get; set; } = 1e-4;

    /// <summary>Exponent.</summary>
    public double Beta { get; set; } = 0.75;

    /// <summary>Constant under the exponent.</summary>
    public double K { get; set; } = 1;
}

/// <summary>exp(x) / sum of exp(x) over the channels of each pixel, computed after subtracting the maximum.</summary>
public sealed class SoftmaxAttribute : LayerAttribute;

/// <summary>The logarithm of softmax, x - log(sum of exp(x)) over the channels of each pixel: finite where softmax itself is 0.</summary>
public sealed class LogSoftmaxAttribute : LayerAttribute;

/// <summary>H x W x C becomes 1 x 1 x (C H W), in NCHW order as PyTorch's weights expect.</summary>
public sealed class FlattenAttribute : LayerAttribute;
