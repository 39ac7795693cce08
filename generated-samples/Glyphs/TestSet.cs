using System;
using System.IO;

namespace Glyphs;

/// <summary>The pictures of data/test with the characters they show, ready for the networks.</summary>
internal sealed class TestSet
{
    private TestSet(string[] files, char[] labels, float[][] inputs)
    {
        Files = files;
        Labels = labels;
        Inputs = inputs;
    }

    /// <summary>File names.</summary>
    public string[] Files { get; }

    /// <summary>The character in each.</summary>
    public char[] Labels { get; }

    /// <summary>32x32 floats each.</summary>
    public float[][] Inputs { get; }

    /// <summary>Reads labels.csv (file,label,font) and the pictures it lists.</summary>
    /// <param name="folder">The folder data/test.</param>
    public static TestSet Load(string folder)
    {
        string[] lines = File.ReadAllLines(Path.Combine(folder, "labels.csv"));
        int count = lines.Length - 1;
        var set = new TestSet(new string[count], new char[count], new float[count][]);
        for (int i = 0; i < count; i++)
        {
            string[] cells = lines[i + 1].Split(',');
            set.Files[i] = cells[0];
            set.Labels[i] = cells[1][0];
            set.Inputs[i] = new float[GlyphMobileNetV2.InputLength];
            GlyphInput.Fill(GreyImage.Read(Path.Combine(folder, cells[0])), set.Inputs[i]);
        }

        return set;
    }
}
