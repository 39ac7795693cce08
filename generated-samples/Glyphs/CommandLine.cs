using System;
using System.Collections.Generic;

namespace Glyphs;

/// <summary>What was asked for on the command line.</summary>
internal sealed class CommandLine
{
    /// <summary>What --help prints.</summary>
    public const string Usage = """
        Classifies pictures of the characters 0-9 and A-Z with two small networks that were compiled to C#.

          dotnet run -c Release --project generated-samples/Glyphs                     the 360 test pictures
          dotnet run -c Release --project generated-samples/Glyphs -- A.png [B.png]    your own pictures (PNG, any size)

          --network mobilenet|shufflenet    only one of the networks
          --help                            this text

        A picture should show one character that fills most of it, upright, dark on light or light on dark.
        Exit code: 0, 1 if a picture could not be read, 2 for a wrong command line.
        """;

    /// <summary>Pictures to classify; empty means the test set.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Part of the name of the only network wanted, or null for both.</summary>
    public string? Network { get; private set; }

    /// <summary>Whether only the usage is wanted.</summary>
    public bool Help { get; private set; }

    /// <summary>What is wrong with the command line, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the arguments.</summary>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        bool optionsEnded = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (optionsEnded || !argument.StartsWith('-') || argument == "-")
                line.Files.Add(argument);
            else if (argument == "--")
                optionsEnded = true;
            else if (argument is "--help" or "-h" or "-?")
                line.Help = true;
            else if (argument == "--network")
                line.SetNetwork(++i < arguments.Count ? arguments[i] : null);
            else if (argument.StartsWith("--network=", StringComparison.Ordinal))
                line.SetNetwork(argument["--network=".Length..]);
            else
                line.Error ??= $"unknown option {argument}";
        }

        return line;
    }

    private void SetNetwork(string? name)
    {
        if (name is "mobilenet" or "shufflenet")
            Network = name;
        else
            Error ??= (name is null ? "--network needs a name" : $"unknown network '{name}'") + ": mobilenet or shufflenet";
    }
}
