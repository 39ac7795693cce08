using System.IO;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Cli;

/// <summary>Files a command is given.</summary>
internal static class InputFile
{
    /// <summary>Makes sure that a file is there and can be opened without waiting for somebody to write to it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="what">What it should be.</param>
    /// <exception cref="CommandException">It is missing, empty, or a pipe or device.</exception>
    public static void Require(string file, string name, string what = "file")
    {
        // of a symbolic link, FileInfo knows the length of the link
        var info = new FileInfo(file);
        FileSystemInfo target = info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true) ?? info : info;
        if (!target.Exists)
            throw new CommandException($"there is no {what} {Printable.QuotePath(name)}.");

        // pipes and devices have the length 0 too
        if (target is FileInfo { Length: 0 })
            throw new CommandException($"{Printable.QuotePath(name)} has 0 bytes: it is empty, or a pipe or device instead of a file.");
    }
}
