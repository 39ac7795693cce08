using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen;

namespace Glyphs;

/// <summary>The sample's program.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => Run(arguments, Console.Out, Console.Error, Console.IsErrorRedirected);

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">Command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and progress go.</param>
    /// <param name="plain">True when nobody watches <paramref name="error"/>: progress is then left out.</param>
    /// <returns>Exit code.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error, bool plain)
    {
        CommandLine line = CommandLine.Parse(arguments);
        if (line.Help)
        {
            output.WriteLine(CommandLine.Usage);
            return 0;
        }

        if (line.Error is not null)
        {
            error.WriteLine($"error: {line.Error} (--help lists what there is)");
            return 2;
        }

        string data = Path.Combine(AppContext.BaseDirectory, "data");
        var networks = new List<NamedNetwork>();
        try
        {
            if (line.Network is null or "mobilenet")
                networks.Add(new("GlyphMobileNetV2", GlyphMobileNetV2.Load(Path.Combine(data, "glyph_mobilenet_v2.safetensors")), GlyphMobileNetV2.Cost));
            if (line.Network is null or "shufflenet")
                networks.Add(new("GlyphShuffleNetV2", GlyphShuffleNetV2.Load(Path.Combine(data, "glyph_shufflenet_v2.safetensors")), GlyphShuffleNetV2.Cost));
            return line.Files.Count > 0
                ? ClassifyFiles(line.Files, networks, output, error)
                : Demonstrate(Path.Combine(data, "test"), networks, output, plain ? null : error);
        }
        catch (Exception e) when (e is WeightsException or IOException or UnauthorizedAccessException or PictureException or PlatformNotSupportedException)
        {
            error.WriteLine("error: " + e.Message);
            return 1;
        }
        finally
        {
            foreach (NamedNetwork network in networks)
                network.Network.Dispose();
        }
    }

    private static int Demonstrate(string folder, List<NamedNetwork> networks, TextWriter output, TextWriter? progress)
    {
        TestSet set = TestSet.Load(folder);
        foreach (NamedNetwork network in networks)
        {
            Measurement result = Measurement.Of(network.Network, set, text => progress?.Write($"\r{network.Name}: {text}".PadRight(60)));
            progress?.Write("\r".PadRight(61) + "\r");

            int[] wrong = Enumerable.Range(0, set.Labels.Length).Where(i => result.Predictions[i] != set.Labels[i]).ToArray();
            int right = set.Labels.Length - wrong.Length;
            output.WriteLine(network.Name);
            output.WriteLine(FormattableString.Invariant($"  correct    {right} of {set.Labels.Length} ({100.0 * right / set.Labels.Length:F2} %); wrong: {string.Join(", ", wrong.Select(i => $"{set.Files[i]} as {result.Predictions[i]}"))}"));
            output.WriteLine(FormattableString.Invariant($"  latency    median {result.MedianMicroseconds:F1} us, min {result.MinMicroseconds:F1} us per picture ({result.Runs} runs, one thread)"));
            output.WriteLine(FormattableString.Invariant($"  allocated  {result.BytesPerRun:0.###} bytes per run"));
            output.WriteLine();
        }

        foreach (NamedNetwork network in networks)
            output.WriteLine(network.Cost);
        return 0;
    }

    private static int ClassifyFiles(List<string> files, List<NamedNetwork> networks, TextWriter output, TextWriter error)
    {
        int exit = 0;
        var input = new float[GlyphMobileNetV2.InputLength];
        var logits = new float[GlyphMobileNetV2.OutputLength];
        foreach (string file in files)
        {
            string done;
            try
            {
                done = GlyphInput.Fill(ReadPicture(file), input);
            }
            catch (PictureException e)
            {
                error.WriteLine($"error: {Printable(file)}: {e.Message}");
                exit = 1;
                continue;
            }

            output.WriteLine(Printable(file) + (done.Length > 0 ? $" ({done})" : string.Empty));
            foreach (NamedNetwork network in networks)
            {
                network.Network.Run(input, logits);
                double[] probabilities = GlyphClasses.Softmax(logits);
                IEnumerable<string> best = Enumerable.Range(0, probabilities.Length)
                    .OrderByDescending(i => probabilities[i])
                    .Take(5)
                    .Select(i => FormattableString.Invariant($"{GlyphClasses.Characters[i]} {probabilities[i] * 100,5:F1} %"));
                output.WriteLine($"  {network.Name,-18} {string.Join("   ", best)}");
            }
        }

        return exit;
    }

    /// <summary>Reads a picture; whatever goes wrong becomes one line of text.</summary>
    private static GreyImage ReadPicture(string file)
    {
        try
        {
            if (Directory.Exists(file))
                throw new PictureException("this is a folder; name the pictures in it");
            return GreyImage.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PictureException("there is no such file; check the path (it is relative to the current folder)");
        }
        catch (UnauthorizedAccessException)
        {
            throw new PictureException("no permission to read it");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw new PictureException("it cannot be read: " + e.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>A file name that cannot break the line or control a terminal.</summary>
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));

    private sealed record NamedNetwork(string Name, IGlyphNetwork Network, NetworkCost Cost);
}
