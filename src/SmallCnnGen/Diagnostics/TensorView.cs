using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SmallCnnGen;

/// <summary>Sees a tensor while a network runs. The view is valid only during the call.</summary>
/// <param name="tensor">The tensor.</param>
public delegate void TensorObserver(in TensorView tensor);

/// <summary>
/// A tensor in the arena, in HWC order. Pixels may lie further apart than they have channels, where a tensor is
/// part of a concatenation.
/// </summary>
public readonly ref struct TensorView
{
    /// <summary>Creates a view.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="pitch">Floats from one pixel to the next; at least <paramref name="channels"/>.</param>
    /// <param name="data">The floats, from the first channel of the first pixel.</param>
    public TensorView(string name, int height, int width, int channels, int pitch, ReadOnlySpan<float> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(pitch, channels);
        if (((long)height * width - 1) * pitch + channels > data.Length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Tensor '{name}' has {data.Length} floats; {height}x{width}x{channels} with {pitch} floats from pixel to pixel needs {((long)height * width - 1) * pitch + channels}."), nameof(data));
        }

        Name = name;
        Height = height;
        Width = width;
        Channels = channels;
        Pitch = pitch;
        Data = data;
    }

    /// <summary>Creates a view of a tensor whose channels lie anywhere: a shuffled, split or joined one without memory of its own.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="pitch">Floats from one pixel to the next.</param>
    /// <param name="data">The floats, from the first pixel.</param>
    /// <param name="offsets">Floats from a pixel's start to each of its channels.</param>
    public TensorView(string name, int height, int width, int pitch, ReadOnlySpan<float> data, ReadOnlySpan<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pitch);
        ArgumentOutOfRangeException.ThrowIfZero(offsets.Length, nameof(offsets));
        foreach (var offset in offsets)
        {
            if (offset < 0 || ((long)height * width - 1) * pitch + offset >= data.Length)
                throw new ArgumentOutOfRangeException(nameof(offsets), offset, FormattableString.Invariant($"A channel of tensor '{name}' lies outside its {data.Length} floats."));
        }

        Name = name;
        Height = height;
        Width = width;
        Channels = offsets.Length;
        Pitch = pitch;
        Data = data;
        ChannelOffsets = offsets;
    }

    /// <summary>Name of the layer whose result this is.</summary>
    public string Name { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>Floats from one pixel to the next.</summary>
    public int Pitch { get; }

    /// <summary>The floats, from the first channel of the first pixel; gaps between pixels belong to other tensors.</summary>
    public ReadOnlySpan<float> Data { get; }

    /// <summary>Floats from a pixel's start to each of its channels; empty when they lie side by side.</summary>
    public ReadOnlySpan<int> ChannelOffsets { get; }

    /// <summary>One value.</summary>
    /// <param name="y">Row, from the top.</param>
    /// <param name="x">Column, from the left.</param>
    /// <param name="channel">Channel.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position lies outside the tensor.</exception>
    public float this[int y, int x, int channel]
    {
        get
        {
            if (y < 0 || y >= Height)
                ThrowOutside(nameof(y), y, Height);
            if (x < 0 || x >= Width)
                ThrowOutside(nameof(x), x, Width);
            if (channel < 0 || channel >= Channels)
                ThrowOutside(nameof(channel), channel, Channels);
            return Data[(y * Width + x) * Pitch + (ChannelOffsets.IsEmpty ? channel : ChannelOffsets[channel])];
        }
    }

    /// <summary>Copies the tensor without gaps, in HWC order.</summary>
    /// <param name="hwc">Destination, at least height * width * channels floats.</param>
    public void CopyTo(Span<float> hwc)
    {
        Require(hwc.Length, nameof(hwc));
        if (!ChannelOffsets.IsEmpty)
        {
            for (var pixel = 0; pixel < Height * Width; pixel++)
            {
                for (var channel = 0; channel < Channels; channel++)
                    hwc[pixel * Channels + channel] = Data[pixel * Pitch + ChannelOffsets[channel]];
            }

            return;
        }

        for (var pixel = 0; pixel < Height * Width; pixel++)
            Data.Slice(pixel * Pitch, Channels).CopyTo(hwc[(pixel * Channels)..]);
    }

    /// <summary>Copies the tensor in CHW order, as PyTorch has it.</summary>
    /// <param name="chw">Destination, at least height * width * channels floats.</param>
    public void CopyToChw(Span<float> chw)
    {
        Require(chw.Length, nameof(chw));
        if (!ChannelOffsets.IsEmpty)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                for (var pixel = 0; pixel < Height * Width; pixel++)
                    chw[channel * Height * Width + pixel] = Data[pixel * Pitch + ChannelOffsets[channel]];
            }

            return;
        }

        TensorLayout.Transpose(Data, Height * Width, Channels, Pitch, chw, Height * Width);
    }

    private void Require(int length, string parameter)
    {
        var needed = (long)Height * Width * Channels;
        if (length < needed)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{parameter} has {length} floats; tensor '{Name}' has {needed} = {Height}x{Width}x{Channels}."), parameter);
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowOutside(string parameter, int value, int size) =>
        throw new ArgumentOutOfRangeException(parameter, value, FormattableString.Invariant(
            $"{parameter} must be from 0 to {size - 1}: tensor '{Name}' is {Height}x{Width}x{Channels}."));
}
