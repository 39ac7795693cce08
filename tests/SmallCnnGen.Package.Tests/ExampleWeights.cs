using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace SmallCnnGen.Package.Tests;

/// <summary>Writes a weights file for a program whose network the tests do not know.</summary>
/// <remarks>
/// The program itself says which tensors it misses, with names and shapes; it gets them until it misses none. So the
/// README may change its example freely, and the message is tested where a newcomer meets it first.
/// </remarks>
internal static partial class ExampleWeights
{
    /// <summary>Runs a program until it has its weights.</summary>
    /// <param name="path">The weights file it loads.</param>
    /// <param name="run">Runs it.</param>
    /// <returns>The last run.</returns>
    public static Finished Complete(string path, Func<Finished> run)
    {
        var tensors = new List<NamedTensor>();
        while (true)
        {
            SafetensorsWriter.Save(path, tensors);
            Finished finished = run();
            Match[] missing = Missing().Matches(finished.Text).ToArray();
            if (missing.Length == 0)
                return finished;
            foreach (Match match in missing)
            {
                int[] shape = match.Groups["shape"].Value.Split(", ").Select(size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray();
                tensors.Add(new NamedTensor(match.Groups["name"].Value, shape, Values(tensors.Count, shape)));
            }
        }
    }

    /// <summary>The file an example loads.</summary>
    public static string FileName(string example)
    {
        Match match = Load().Match(example);
        return match.Success ? match.Groups["file"].Value : throw new InvalidDataException("the example calls no Load(\"file\"):\n" + example);
    }

    /// <summary>Values between 1/16 and 1: variances must be positive, and the scores should differ.</summary>
    private static float[] Values(int seed, int[] shape)
    {
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        uint state = (uint)seed + 1;
        for (int i = 0; i < values.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            values[i] = ((state >> 28) + 1) / 16f;
        }

        return values;
    }

    [GeneratedRegex(@"missing tensor '(?<name>[^']+)' \[(?<shape>[0-9, ]+)\]")]
    private static partial Regex Missing();

    [GeneratedRegex("Load\\(\"(?<file>[^\"]+)\"\\)")]
    private static partial Regex Load();
}
