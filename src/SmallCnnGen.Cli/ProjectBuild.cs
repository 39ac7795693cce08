using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Cli;

/// <summary>Builds a project and finds what came out.</summary>
internal static class ProjectBuild
{
    private const int ShownErrors = 10;
    private const int LongestLine = 1000;

    /// <summary>The project that a path means: a project file, or a folder with just one. Null when it means no project.</summary>
    public static string? Find(string path)
    {
        if (Path.GetExtension(path) is ".csproj" or ".fsproj" or ".vbproj" && !Directory.Exists(path))
        {
            InputFile.Require(path, path, "project");
            return path;
        }

        if (!Directory.Exists(path))
            return null;
        string[] projects = Directory.GetFiles(path, "*.csproj");
        return projects.Length == 1 ? projects[0] : null;
    }

    /// <summary>Builds.</summary>
    /// <returns>The assembly, and the vector width the project asks for.</returns>
    public static (string Assembly, int? VectorBits) Run(string project, string configuration)
    {
        string[] common = [project, "-p:Configuration=" + configuration, "-nologo"];
        Dictionary<string, string> properties = Evaluate(common);
        if (properties["TargetPath"].Length == 0 && properties["TargetFrameworks"].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., { } last])
        {
            // Of several frameworks any will do: the declarations are the same.
            common = [.. common, "-p:TargetFramework=" + last];
            properties = Evaluate(common);
        }

        if (properties["TargetPath"].Length == 0)
            throw new CommandException($"{Printable.QuotePath(project)} builds no assembly.");
        (int code, string output, _) = Start(["build", .. common, "-v:q", "-clp:NoSummary"]);
        if (code != 0)
        {
            string[] errors = output.Split('\n').Select(l => l.Trim()).Where(l => l.Contains("error ", StringComparison.Ordinal)).Distinct().Take(ShownErrors).ToArray();
            throw new CommandException($"{Printable.QuotePath(project)} does not build:\n{(errors.Length > 0 ? string.Join("\n", errors.Select(e => Printable.Line(e, LongestLine))) : Lines(output))}");
        }

        bool hasBits = int.TryParse(properties["SmallCnnGenVectorBits"], NumberStyles.None, CultureInfo.InvariantCulture, out int bits);
        return (properties["TargetPath"], hasBits ? bits : null);
    }

    private static Dictionary<string, string> Evaluate(string[] common)
    {
        (int code, string output, string error) = Start(["msbuild", .. common, "-getProperty:TargetPath", "-getProperty:TargetFrameworks", "-getProperty:SmallCnnGenVectorBits"]);
        if (code != 0)
            throw new CommandException($"{Printable.QuotePath(common[0])} cannot be read: {Lines(output + error)}");
        try
        {
            using JsonDocument json = JsonDocument.Parse(output);
            return json.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? string.Empty);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // a target of the project's own, or a message of the SDK, wrote to the output
            throw new CommandException($"{Printable.QuotePath(common[0])} cannot be read: 'dotnet msbuild -getProperty' answered {Lines(output)}", problem);
        }
    }

    /// <summary>The first lines of what another program wrote.</summary>
    private static string Lines(string output) =>
        string.Join("\n", output.Trim().Split('\n').Take(ShownErrors).Select(l => Printable.Line(l.Trim(), LongestLine)));

    private static (int Code, string Output, string Error) Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new CommandException("the program 'dotnet' was not found; install the .NET SDK, or give the compiled assembly instead of the project.", problem);
        }
    }
}
