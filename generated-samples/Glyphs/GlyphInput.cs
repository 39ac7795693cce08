using System;
using System.Collections.Generic;

namespace Glyphs;

/// <summary>Turns a picture into what the networks were trained on: 32x32 grey values from -1 to 1.</summary>
internal static class GlyphInput
{
    /// <summary>Makes the input.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="input">Receives 32x32 floats.</param>
    /// <returns>What was done to the picture, for people; empty if nothing.</returns>
    public static string Fill(GreyImage image, Span<float> input)
    {
        const int size = GlyphClasses.Size;
        var steps = new List<string>();
        if (image.Converted)
            steps.Add("made 8-bit grey (luma, transparent parts white)");
        if (image.Width == size && image.Height == size)
        {
            for (int i = 0; i < input.Length; i++)
                input[i] = Normalise(image.Pixels[i]);
            return string.Join(", ", steps);
        }

        GreyImage square = image.Width == image.Height ? image : PadToSquare(image);
        if (square != image)
            steps.Add(FormattableString.Invariant($"{image.Width}x{image.Height} padded to {square.Width}x{square.Height} with the grey of its border"));
        steps.Add(FormattableString.Invariant($"{square.Width}x{square.Height} resized to {size}x{size} ({(square.Width > size ? "area mean" : "bilinear")})"));

        // The same weights for rows and columns: each target pixel is a weighted sum of a run of source pixels.
        (int First, float[] Weights)[] runs = Runs(square.Width, size);
        var rows = new float[size * square.Width];
        for (int y = 0; y < size; y++)
        {
            (int first, float[] weights) = runs[y];
            for (int k = 0; k < weights.Length; k++)
            {
                for (int x = 0; x < square.Width; x++)
                    rows[(y * square.Width) + x] += weights[k] * square.Pixels[((first + k) * square.Width) + x];
            }
        }

        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                (int first, float[] weights) = runs[x];
                float sum = 0;
                for (int k = 0; k < weights.Length; k++)
                    sum += weights[k] * rows[(y * square.Width) + first + k];
                input[(y * size) + x] = Normalise(sum);
            }
        }

        return string.Join(", ", steps);
    }

    private static float Normalise(float grey) => ((grey / 255f) - 0.5f) / 0.5f;

    private static GreyImage PadToSquare(GreyImage image)
    {
        int side = Math.Max(image.Width, image.Height);
        int left = (side - image.Width) / 2, top = (side - image.Height) / 2;
        if ((long)side * side > GreyImage.MaxPixels)
            throw new PictureException(FormattableString.Invariant($"{image.Width}x{image.Height} pixels are too long a strip; cut the character out"));
        var pixels = new byte[side * side];
        Array.Fill(pixels, BorderGrey(image));
        for (int y = 0; y < image.Height; y++)
            image.Pixels.AsSpan(y * image.Width, image.Width).CopyTo(pixels.AsSpan(((y + top) * side) + left));
        return image with { Width = side, Height = side, Pixels = pixels };
    }

    /// <summary>Mean of the outermost pixels: most likely the background.</summary>
    private static byte BorderGrey(GreyImage image)
    {
        long sum = 0, count = 0;
        for (int y = 0; y < image.Height; y++)
        {
            int step = y == 0 || y == image.Height - 1 ? 1 : Math.Max(1, image.Width - 1);
            for (int x = 0; x < image.Width; x += step)
            {
                sum += image.Pixels[(y * image.Width) + x];
                count++;
            }
        }

        return (byte)((sum + (count / 2)) / count);
    }

    /// <summary>
    /// For every target pixel the source pixels it is made of: when shrinking those it covers, by the covered part;
    /// when enlarging the two whose centres lie around its own.
    /// </summary>
    private static (int First, float[] Weights)[] Runs(int source, int target)
    {
        double scale = (double)source / target;
        var runs = new (int, float[])[target];
        for (int i = 0; i < target; i++)
        {
            if (source > target)
            {
                double begin = i * scale, end = Math.Min(source, (i + 1) * scale);
                int first = (int)begin, last = Math.Min(source, (int)Math.Ceiling(end));
                var weights = new float[last - first];
                for (int k = 0; k < weights.Length; k++)
                    weights[k] = (float)((Math.Min(end, first + k + 1) - Math.Max(begin, first + k)) / scale);
                runs[i] = (first, weights);
            }
            else
            {
                double centre = Math.Clamp(((i + 0.5) * scale) - 0.5, 0, source - 1);
                int first = Math.Min((int)centre, Math.Max(0, source - 2));
                float part = (float)(centre - first);
                runs[i] = (first, source == 1 ? [1] : [1 - part, part]);
            }
        }

        return runs;
    }
}
