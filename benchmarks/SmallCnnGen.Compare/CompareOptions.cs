using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace SmallCnnGen.Compare;

/// <summary>The command line.</summary>
internal sealed record CompareOptions
{
    public const string Usage = """
        SmallCnnGen.Compare [NETWORK ...] [--rounds N] [--threads N] [--bits 128|256|512|auto] [--cpu N]
                            [--rival onnxruntime|none] [--assembly FILE] [--profile] [--svg FILE] [--list]

          NETWORK       name of a network of the Zoo, * and ? allowed, case ignored (default: all of them)
          --assembly F  networks of another assembly instead (public classes with [Network])
          --rounds N    rounds to keep (default 11); up to three times as many are tried
          --threads N   threads of both sides (default 1)
          --bits W      vector width of our kernels (default: the widest this machine has)
          --cpu N       core to run on (default: the last one allowed)
          --rival R     onnxruntime (default) or none
          --profile     also a table of our layers: time, GFLOP/s, percent of peak
          --svg FILE    also a plot: time of both as a multiple of the limit
          --list        print the networks and stop

        Weights and input are random and the same for both; outputs are compared before anything is timed.
        """;

    public List<string> Patterns { get; } = [];

    public int Rounds { get; private set; } = 11;

    public int Threads { get; private set; } = 1;

    public int Bits { get; private set; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public int? Cpu { get; private set; }

    public bool WithRival { get; private set; } = true;

    public string? Assembly { get; private set; }

    public bool Profile { get; private set; }

    public string? Svg { get; private set; }

    public bool List { get; private set; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It asks for something impossible.</exception>
    public static CompareOptions Parse(string[] args)
    {
        var options = new CompareOptions();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--rounds":
                    options.Rounds = Number(1, 1000);
                    break;
                case "--threads":
                    options.Threads = Number(1, 256);
                    break;
                case "--cpu":
                    options.Cpu = Number(0, 1023);
                    break;
                case "--bits":
                    string bits = Next();
                    if (bits != "auto")
                        options.Bits = bits is "128" or "256" or "512" ? int.Parse(bits, CultureInfo.InvariantCulture) : throw new ArgumentException($"--bits is 128, 256, 512 or auto, not '{bits}'");
                    break;
                case "--rival":
                    options.WithRival = Next() switch
                    {
                        "onnxruntime" => true,
                        "none" => false,
                        string other => throw new ArgumentException($"--rival is onnxruntime or none, not '{other}'"),
                    };
                    break;
                case "--assembly":
                    options.Assembly = Next();
                    break;
                case "--profile":
                    options.Profile = true;
                    break;
                case "--svg":
                    options.Svg = Next();
                    break;
                case "--list":
                    options.List = true;
                    break;
                default:
                    if (args[i].StartsWith('-'))
                        throw new ArgumentException($"unknown argument '{args[i]}'");
                    options.Patterns.Add(args[i]);
                    break;
            }

            string Next() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value");

            int Number(int least, int most)
            {
                string name = args[i], text = Next();
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                    ? value
                    : throw new ArgumentException($"{name} is a number from {least} to {most}, not '{text}'");
            }
        }

        bool canRun = options.Bits switch { 512 => Vector512.IsHardwareAccelerated, 256 => Vector256.IsHardwareAccelerated, _ => Vector128.IsHardwareAccelerated };
        return canRun ? options : throw new ArgumentException($"this machine (or a runtime setting) has no {options.Bits}-bit vectors");
    }
}
