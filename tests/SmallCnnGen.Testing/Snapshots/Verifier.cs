using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace SmallCnnGen.Testing.Snapshots;

/// <summary>
/// Compares generated sources with verified files beside the test, in the file convention of Verify.SourceGenerators,
/// so that call sites and files survive the day we can use that package.
/// </summary>
/// <remarks>
/// <para>Files: <c>_snapshots/{Class}.{Method}[_param=value]#{hint without extension}.verified.cs</c>, UTF-8 with a byte
/// order mark, line feeds, no newline added at the end, <c>//HintName: ...</c> as the first line.</para>
/// <para>A mismatch writes the <c>.received.</c> file and fails. <c>SCNN_ACCEPT=1</c> writes the verified file instead; it is
/// refused where <c>CI</c> is set. A verified file that nothing produces any more fails too. Diagnostics are asserted
/// in code, not here.</para>
/// </remarks>
public static class Verifier
{
    private const string Folder = "_snapshots";
    private static readonly Encoding Utf8WithMark = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);

    // The one thing in our output that changes with every release.
    private static readonly Regex GeneratedCodeVersion = new(
        """(GeneratedCode(?:Attribute)?\("[^"]*", )"[^"]*"\)""", RegexOptions.CultureInvariant);

    /// <summary>Verifies every source a driver generated.</summary>
    /// <param name="driver">A driver that ran.</param>
    /// <param name="parameters">What distinguishes the cases of a theory, if anything.</param>
    /// <param name="sourceFile">The test's file; its name is taken for the class.</param>
    /// <param name="method">The test's method.</param>
    public static Task Verify(
        GeneratorDriver driver,
        IEnumerable<(string Name, object? Value)>? parameters = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string method = "")
    {
        Verify(driver, Path.Combine(Path.GetDirectoryName(sourceFile)!, Folder), Prefix(sourceFile, method, parameters), SnapshotPolicy.FromEnvironment());
        return Task.CompletedTask;
    }

    /// <summary>The same with nothing taken from the caller, for the tests of this class.</summary>
    /// <param name="driver">A driver that ran.</param>
    /// <param name="directory">Where the files are.</param>
    /// <param name="prefix">What their names start with.</param>
    /// <param name="policy">What to do about differences.</param>
    public static void Verify(GeneratorDriver driver, string directory, string prefix, SnapshotPolicy policy)
    {
        var results = driver.GetRunResult().Results;
        foreach (var result in results)
        {
            if (result.Exception is { } exception)
                ExceptionDispatchInfo.Throw(exception);
        }

        Compare(
            results.SelectMany(r => r.GeneratedSources).Select(s => (s.HintName, s.SourceText.ToString())),
            directory,
            prefix,
            policy);
    }

    /// <summary>The common part of a test's file names.</summary>
    public static string Prefix(string sourceFile, string method, IEnumerable<(string Name, object? Value)>? parameters)
    {
        string prefix = Path.GetFileNameWithoutExtension(sourceFile) + "." + method;
        foreach (var (name, value) in parameters ?? [])
            prefix += "_" + name + "=" + Convert.ToString(value ?? "null", CultureInfo.InvariantCulture);
        return string.Concat(prefix.Select(c => c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '#' ? '-' : c));
    }

    private static void Compare(IEnumerable<(string HintName, string Text)> sources, string directory, string prefix, SnapshotPolicy policy)
    {
        if (policy.Accept && policy.IsBuildServer)
            throw new SnapshotException("SCNN_ACCEPT is set on a build server (CI): snapshots are accepted by people");

        // The '#' ends the prefix, so that a method whose name begins with this one's keeps its files.
        Directory.CreateDirectory(directory);
        foreach (string old in Directory.GetFiles(directory, prefix + "#*.received.*"))
            File.Delete(old);

        var expected = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (name, text) in Name(sources))
        {
            string verified = Path.Combine(directory, prefix + "#" + name + ".verified.cs");
            string received = Path.Combine(directory, prefix + "#" + name + ".received.cs");
            expected.Add(Path.GetFileName(verified));
            string? problem = CompareFile(verified, text);
            if (problem is null)
                continue;
            if (policy.Accept)
            {
                File.WriteAllText(verified, text, Utf8WithMark);
                continue;
            }

            File.WriteAllText(received, text, Utf8WithMark);
            problems.Add($"{problem}\n  verified: {verified}\n  received: {received}");
        }

        var stale = Directory.GetFiles(directory, prefix + "#*.verified.*")
            .Concat(Directory.GetFiles(directory, prefix + ".verified.*"))
            .Where(path => !expected.Contains(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal);
        foreach (string path in stale)
        {
            if (policy.Accept)
                File.Delete(path);
            else
                problems.Add($"Nothing was generated for this file any more\n  verified: {path}");
        }

        if (problems.Count > 0)
            throw new SnapshotException(string.Join("\n\n", problems) + "\n\nTo accept: SCNN_ACCEPT=1 dotnet test");
    }

    /// <summary>Names and texts as they are on disk, in the order of the hint names.</summary>
    private static IEnumerable<(string Name, string Text)> Name(IEnumerable<(string HintName, string Text)> sources)
    {
        foreach (var group in sources
            .OrderBy(s => s.HintName, StringComparer.Ordinal)
            .GroupBy(s => Path.GetFileNameWithoutExtension(s.HintName), StringComparer.Ordinal))
        {
            var items = group.ToList();
            for (int i = 0; i < items.Count; i++)
            {
                string suffix = items.Count == 1 ? string.Empty : "." + i.ToString("00", CultureInfo.InvariantCulture);
                yield return (group.Key + suffix, "//HintName: " + items[i].HintName + "\n" + Scrub(items[i].Text));
            }
        }
    }

    private static string Scrub(string text) =>
        GeneratedCodeVersion.Replace(text.Replace("\r\n", "\n").Replace('\r', '\n'), "$1\"{Version}\")");

    private static string? CompareFile(string path, string text)
    {
        if (!File.Exists(path))
            return "New snapshot";

        // Reading drops the byte order mark.
        string verified = File.ReadAllText(path);
        if (verified.Contains('\r'))
            return "The verified file contains carriage returns; check .gitattributes";
        if (string.Equals(verified, text, StringComparison.Ordinal))
            return null;

        string[] left = verified.Split('\n');
        string[] right = text.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
            line++;
        return string.Create(CultureInfo.InvariantCulture,
            $"Snapshot differs at line {line + 1}\n  - {At(left, line)}\n  + {At(right, line)}");
    }

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "(end of file)";
}
