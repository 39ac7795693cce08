using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Report;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Cli;

/// <summary><c>smallcnn report</c>: a page for each network of an assembly or project.</summary>
internal static class ReportCommand
{
    private const int ShownNames = 12;

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("assembly-or-project") { Description = "A compiled assembly (.dll), or a project, which is built first." };
        var network = new Option<string[]>("--network", "-n") { Description = "Only this network, by its name with or without namespace. May be repeated.", DefaultValueFactory = _ => [] };
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the pages; made if it is not there.", DefaultValueFactory = _ => "smallcnn-report" };
        var bits = new Option<int?>("--vector-bits") { Description = "Vector width of networks that do not set their own: 128, 256 or 512. A project's SmallCnnGenVectorBits, else 256, unless given." };
        bits.AcceptOnlyFromAmong("128", "256", "512");
        var configuration = new Option<string>("--configuration", "-c") { Description = "Configuration to build a project in.", DefaultValueFactory = _ => "Release" };
        var command = new Command("report", "Writes an HTML page for each network: layers, cost over depth, roofline, arena, findings.") { input, network, folder, bits, configuration };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(input),
            parsed.GetRequiredValue(network),
            parsed.GetRequiredValue(folder),
            parsed.GetValue(bits),
            parsed.GetRequiredValue(configuration),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string input, string[] names, string folder, int? bits, string configuration, TextWriter output, TextWriter error)
    {
        string path = input;
        if (ProjectBuild.Find(input) is { } project)
        {
            output.WriteLine($"building {Path.GetFileName(project)} ...");
            (path, int? projectBits) = ProjectBuild.Run(project, configuration);
            bits ??= projectBits;
        }

        using var assembly = NetworkAssembly.Load(path);
        IReadOnlyList<Type> networks = Choose(assembly, names);
        MakeFolder(folder);
        var pages = new List<(NetworkReport Report, string File)>();
        int failures = 0;
        foreach (Type type in networks)
        {
            var findings = new FindingList();
            if (Create(type, bits ?? 256, findings) is not { } report)
            {
                failures++;
                foreach (Finding finding in findings.Items)
                    error.WriteLine($"error {finding.Id}: {Printable.Line(NameOf(type))}: {finding.Message}");
                continue;
            }

            string file = FileName(report.Spec.FullName, pages.Select(p => p.File));
            Write(Path.Combine(folder, file), HtmlReport.Render(report));
            pages.Add((report, file));
            output.WriteLine(FormattableString.Invariant(
                $"{Printable.Line(report.Spec.FullName)}: {report.MultiplyAdds / 1e6:0.0} M multiply-adds, {report.Parameters / 1e6:0.00} M parameters, arena {report.ArenaBytes / 1024.0:0} KiB, {Count(report.Advice.Count, "finding")} -> {Path.Combine(folder, file)}"));
        }

        if (pages.Count > 1)
        {
            string index = Path.Combine(folder, "index.html");
            Write(index, HtmlReport.RenderIndex(Path.GetFileNameWithoutExtension(path), pages));
            output.WriteLine($"{pages.Count} networks -> {index}");
        }

        return failures == 0 ? 0 : 1;
    }

    private static NetworkReport? Create(Type type, int bits, FindingList findings)
    {
        try
        {
            return NetworkReport.Create(ReflectionSpecReader.Read(type, bits), findings);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException or TypeLoadException or IOException or BadImageFormatException or FormatException)
        {
            throw new CommandException($"{Printable.Quote(NameOf(type))} cannot be read: {Printable.Line(problem.Message)}", problem);
        }
    }

    private static IReadOnlyList<Type> Choose(NetworkAssembly assembly, string[] names)
    {
        if (assembly.Networks.Count == 0)
            throw new CommandException($"{Printable.QuotePath(assembly.Path)} has no class with [Network].");
        if (names.Length == 0)
            return assembly.Networks;
        var chosen = new List<Type>();
        foreach (string name in names)
        {
            Type[] exact = assembly.Networks.Where(t => NameOf(t) == name || t.Name == name).ToArray();
            Type[] found = exact.Length > 0 ? exact : assembly.Networks.Where(t => IsCalled(NameOf(t), name) || IsCalled(t.Name, name)).ToArray();
            if (found.Length > 1)
                throw new CommandException($"several networks are called {Printable.Quote(name)}: {string.Join(", ", found.Take(ShownNames).Select(t => Printable.Line(NameOf(t))))}; give the full name.");
            if (found.Length == 0)
            {
                string[] known = assembly.Networks.Select(t => t.Name).ToArray();
                string more = known.Length > ShownNames ? FormattableString.Invariant($" and {known.Length - ShownNames} more") : string.Empty;
                throw new CommandException($"there is no network {Printable.Quote(name)}.{Printable.Line(NameSuggestion.For(name, known))} There are {string.Join(", ", known.Take(ShownNames).Select(n => Printable.Line(n)))}{more}.");
            }

            if (!chosen.Contains(found[0]))
                chosen.Add(found[0]);
        }

        return chosen;
    }

    private static string Count(int number, string what) => FormattableString.Invariant($"{number} {what}{(number == 1 ? string.Empty : "s")}");

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static bool IsCalled(string name, string wanted) => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>A file name that no page has yet, also where case does not count.</summary>
    private static string FileName(string network, IEnumerable<string> taken)
    {
        var name = new StringBuilder();
        foreach (char c in network)
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_');
        string file = name + ".html";
        for (int n = 2; IsCalled(file, "index.html") || taken.Contains(file, StringComparer.OrdinalIgnoreCase); n++)
            file = FormattableString.Invariant($"{name}-{n}.html");
        return file;
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"the folder {Printable.QuotePath(folder)} cannot be made: {Printable.Line(problem.Message)}", problem);
        }
    }

    /// <summary>A page is there whole or not at all: it is written beside its place and then moved.</summary>
    private static void Write(string path, string text)
    {
        string draft = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.WriteAllText(draft, text, new UTF8Encoding(false));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new CommandException($"{Printable.QuotePath(path)} cannot be written: {Printable.Line(problem.Message)}", problem);
        }
    }
}
