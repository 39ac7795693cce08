using System;

namespace Glyphs;

/// <summary>What the networks' 36 outputs mean, and how a picture becomes their input.</summary>
internal static class GlyphClasses
{
    /// <summary>The characters, in the order of the outputs.</summary>
    public const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Height and width of the networks' input.</summary>
    public const int Size = 32;

    /// <summary>Index of the largest logit.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }

    /// <summary>Turns logits into probabilities. The largest is subtracted first, so that no exponential overflows.</summary>
    public static double[] Softmax(ReadOnlySpan<float> logits)
    {
        double largest = logits[Best(logits)], sum = 0;
        var probabilities = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
            sum += probabilities[i] = Math.Exp(logits[i] - largest);
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] /= sum;
        return probabilities;
    }
}
