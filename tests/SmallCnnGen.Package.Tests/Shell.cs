using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace SmallCnnGen.Package.Tests;

/// <summary>What a finished process left behind.</summary>
/// <param name="Command">Its command line, for messages.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Finished(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>All it printed.</summary>
    public string Text => Output + Error;

    /// <summary>Itself, when it succeeded.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it printed.</exception>
    public Finished Succeeded() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    /// <inheritdoc/>
    public override string ToString() => $"'{Command}' ended with exit code {ExitCode.ToString(CultureInfo.InvariantCulture)}:\n{Text}";
}

/// <summary>Runs programs.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs dotnet in a folder.</summary>
    public static Finished Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    /// <summary>Runs a program in a folder.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static Finished Run(string folder, string program, params string[] arguments) => Run(folder, [], program, arguments);

    /// <summary>Runs a program in a folder, with variables of the environment.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static Finished Run(string folder, (string Name, string Value)[] variables, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // The dotnet command we run under tells its children which SDK and build it is; ours are builds of their own.
        foreach (string name in start.Environment.Keys.Where(IsInherited).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";

        // A build node that outlived its build would hold our pipes, and the files of a folder that is to be deleted.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";

        foreach ((string name, string value) in variables)
            start.Environment[name] = value;

        string command = program + " " + string.Join(' ', arguments);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{command}' did not start");
        var output = new Reader(process, error: false);
        var error = new Reader(process, error: true);
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{command}' did not end within {s_patience}:\n{output.Text}{error.Text}");
        }

        output.WaitForEnd();
        error.WaitForEnd();
        return new Finished(command, process.ExitCode, output.Text, error.Text);
    }

    private static bool IsInherited(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || variable is "DOTNET_HOST_PATH" or "DOTNET_CLI_CONTEXT_ANSI_PASS_THRU";

    /// <summary>Collects lines.</summary>
    private sealed class Reader
    {
        private readonly Lock _lock = new();
        private readonly ManualResetEventSlim _ended = new();
        private readonly List<string> _lines = [];

        public Reader(Process process, bool error)
        {
            if (error)
            {
                process.ErrorDataReceived += Add;
                process.BeginErrorReadLine();
            }
            else
            {
                process.OutputDataReceived += Add;
                process.BeginOutputReadLine();
            }
        }

        public string Text
        {
            get
            {
                lock (_lock)
                    return string.Concat(_lines.Select(static line => line + "\n"));
            }
        }

        /// <summary>Waits for the end of the stream, but not for ever: a surviving grandchild may hold it open.</summary>
        public void WaitForEnd() => _ended.Wait(TimeSpan.FromSeconds(5));

        private void Add(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null)
            {
                _ended.Set();
                return;
            }

            lock (_lock)
                _lines.Add(e.Data);
        }
    }
}
