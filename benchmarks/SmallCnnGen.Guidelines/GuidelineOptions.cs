using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Intrinsics;

namespace SmallCnnGen.Guidelines;

/// <summary>The command line.</summary>
internal sealed record GuidelineOptions
{
    public const string Usage = """
        SmallCnnGen.Guidelines [--only G1|SCNN4001 ...] [--bits 128|256|512] [--rounds N] [--cpu N] [--markdown] [--list]
        SmallCnnGen.Guidelines --tiles | --siblings [--bits 128|256|512] [--rounds N] [--cpu N]

          --only X      one guideline of ShuffleNet V2 (G1 to G4) or one rule; may be repeated (default: everything)
          --bits W      vector width (default: the widest this machine has)
          --rounds N    rounds to keep (default 11); up to three times as many are tried
          --cpu N       core to run on (default: the last one allowed)
          --markdown    tables only, with headings
          --tiles       instead: the model that picks register tiles of convolutions, beside every tile measured
          --siblings    instead: pointwise convolutions on one input, one by one and joined
          --list        print what there is and stop

        Variants of a table, and the two sides of a pair, are timed in turn on one core; ratios are medians of the rounds' ratios.
        """;

    private readonly List<string> _only = [];

    public int Bits { get; private set; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public int Rounds { get; private set; } = 11;

    public int? Cpu { get; private set; }

    public bool Markdown { get; private set; }

    public bool List { get; private set; }

    public bool Tiles { get; private set; }

    public bool Siblings { get; private set; }

    /// <summary>Whether an experiment was asked for.</summary>
    public bool Wants(string id) => _only.Count == 0 || _only.Contains(id, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the command line.</summary>
    /// <param name="args">Its words.</param>
    /// <param name="known">Ids of the experiments.</param>
    /// <exception cref="ArgumentException">It asks for something impossible.</exception>
    public static GuidelineOptions Parse(string[] args, IReadOnlyCollection<string> known)
    {
        var options = new GuidelineOptions();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--only":
                    string id = Next();
                    options._only.Add(known.Contains(id, StringComparer.OrdinalIgnoreCase) ? id : throw new ArgumentException($"there is no experiment '{id}'; --list shows them"));
                    break;
                case "--bits":
                    options.Bits = Number(128, 512);
                    break;
                case "--rounds":
                    options.Rounds = Number(1, 1000);
                    break;
                case "--cpu":
                    options.Cpu = Number(0, 1023);
                    break;
                case "--markdown":
                    options.Markdown = true;
                    break;
                case "--tiles":
                    options.Tiles = true;
                    break;
                case "--siblings":
                    options.Siblings = true;
                    break;
                case "--list":
                    options.List = true;
                    break;
                default:
                    throw new ArgumentException($"unknown argument '{args[i]}'");
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

        bool canRun = options.Bits switch { 512 => Vector512.IsHardwareAccelerated, 256 => Vector256.IsHardwareAccelerated, 128 => Vector128.IsHardwareAccelerated, _ => false };
        return canRun ? options : throw new ArgumentException($"this machine (or a runtime setting) has no {options.Bits}-bit vectors");
    }
}
