using System;
using System.Globalization;
using System.IO;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Acceptance;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(string Kit, string? Filter, int[] Widths, bool Models, bool Ops, bool Zoo, bool List, bool Oracle)
{
    public const string Usage = """
        usage: SmallCnnGen.Acceptance [--kit FOLDER] [--filter TEXT] [--width 128|256|512|all] [--models | --ops | --zoo] [--oracle] [--list]

          --kit FOLDER    the reference kit: a folder with models/*.json and ops.json
                          (default: shared/reference beside the repository or a parent of it)
          --filter TEXT   only cases whose id contains TEXT, or with =TEXT is TEXT (several: TEXT,=TEXT);
                          a declaration of the Zoo has two: Zoo.<class> and that of its reference model
          --width W       vector width of the generated kernels, or all three (default 256)
          --models        models only
          --ops           op cases only
          --zoo           the Zoo's declarations, each as [Network(typeof(...))], instead of the kit's descriptions
          --oracle        the double-precision interpreter instead of generated code
          --list          print the cases and stop
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It asks for something impossible.</exception>
    public static Options Parse(string[] args)
    {
        string? kit = null, filter = null;
        int[] widths = [256];
        bool models = false, ops = false, zoo = false, list = false, oracle = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--kit":
                    kit = Next();
                    break;
                case "--filter":
                    filter = Next();
                    break;
                case "--width":
                    string width = Next();
                    widths = width switch
                    {
                        "all" => [128, 256, 512],
                        "128" or "256" or "512" => [int.Parse(width, CultureInfo.InvariantCulture)],
                        _ => throw new ArgumentException($"--width is 128, 256, 512 or all, not '{width}'"),
                    };
                    break;
                case "--models":
                    models = true;
                    break;
                case "--ops":
                    ops = true;
                    break;
                case "--zoo":
                    zoo = true;
                    break;
                case "--list":
                    list = true;
                    break;
                case "--oracle":
                    oracle = true;
                    break;
                default:
                    throw new ArgumentException($"unknown argument '{args[i]}'");
            }

            string Next() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value");
        }

        if ((models && ops) || (zoo && (models || ops)))
            throw new ArgumentException("--models, --ops and --zoo exclude each other; without any, models and op cases run");

        kit ??= KitCase.Locate(AppContext.BaseDirectory) ?? KitCase.Locate(Directory.GetCurrentDirectory());
        if (kit is null || !Directory.Exists(kit))
        {
            throw new ArgumentException(
                (kit is null ? "no reference kit was found" : $"there is no folder '{Path.GetFullPath(kit)}'")
                + ": the kit is a folder with models/*.json, ops.json and README.md; put it at shared/reference beside the repository or name it with --kit");
        }

        (string[] modelFiles, string? opsFile) = KitCase.Find(kit);
        if (modelFiles.Length == 0 && opsFile is null)
            throw new ArgumentException($"'{Path.GetFullPath(kit)}' holds neither models/*.json nor ops.json: it is not the reference kit");
        return new Options(kit, filter, widths, !ops && !zoo, !models && !zoo, zoo, list, oracle);
    }

    /// <summary>Whether a case is wanted.</summary>
    public bool Wants(string id)
    {
        if (Filter is null)
            return true;
        foreach (string part in Filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part[0] == '=' ? id.Equals(part[1..], StringComparison.OrdinalIgnoreCase) : id.Contains(part, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
