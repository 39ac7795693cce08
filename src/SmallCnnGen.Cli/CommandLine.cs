using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.IO;

namespace SmallCnnGen.Cli;

/// <summary>The commands of <c>smallcnn</c>.</summary>
public static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Arguments as the shell splits them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where problems go.</param>
    /// <returns>0 when all went well.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);

        // A RootCommand would call itself by the file that was started, which is a .dll where dotnet starts the tool.
        var root = new Command("smallcnn", "Tools for networks declared with SmallCnnGen.") { ReportCommand.Create(), new HelpOption(), new VersionOption() };
        try
        {
            return root.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (CommandException problem)
        {
            error.WriteLine("error: " + problem.Message);
            return 1;
        }
    }
}
