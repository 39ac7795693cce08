using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using SmallCnnGen;
using SmallCnnGen.Compare;
using SmallCnnGen.Tooling.Hosting;
using SmallCnnGen.Tooling.Measuring;
using SmallCnnGen.Rivals;

CompareOptions options;
Type[] networks;
try
{
    options = CompareOptions.Parse(args);
    networks = Select(options);
}
catch (ArgumentException e)
{
    return Refuse(e.Message);
}
catch (Exception e) when (e is TypeLoadException or FileNotFoundException or CustomAttributeFormatException)
{
    return Refuse($"the assembly was built with another version of SmallCnnGen, or something it needs is missing: {e.Message}");
}

if (options.List)
{
    var list = new TextTable("network", "madds M", "input");
    foreach (Type network in networks)
    {
        try
        {
            var graph = NetworkHost.Declare(network);
            list.Add(network.Name, TextTable.Number(NetworkHost.MultiplyAdds(graph) / 1e6, 1), string.Join(" ", graph.Inputs.Select(i => i.Shape.ToString())));
        }
        catch (Exception e) when (IsRefusal(e))
        {
            list.Add(network.Name, "-", e.Message);
        }
    }

    Console.Write(list);
    return 0;
}

string where;
try
{
    where = Core.CanPin
        ? "core " + string.Join(", ", Core.Pin(options.Cpu, options.Threads))
        : options.Cpu is null ? "not pinned (only Linux can)" : throw new ArgumentException("--cpu works on Linux only");
}
catch (ArgumentException e)
{
    return Refuse(e.Message);
}

string? rivalName = options.WithRival ? "ONNX Runtime " + OnnxRuntimeSession.Version : null;
Console.WriteLine(FormattableString.Invariant($"{Core.Name()}, {where}; ours: {options.Bits}-bit vectors{(rivalName is null ? string.Empty : $"; rival: {rivalName}")}; {options.Threads} thread(s); batch 1, float32"));
var results = new List<Result>();
int failures = 0;
foreach (Type network in networks)
{
    try
    {
        Result result = Contest.Run(network, options, out TextTable? profile);
        results.Add(result);
        Console.WriteLine(FormattableString.Invariant($"{result.Name}: {Milliseconds(result.OursMedian)} ms, rival {Milliseconds(result.TheirsMedian)} ms, ratio {TextTable.Number(result.Ratio, 3)}, outputs differ by {result.Difference:G2}, {result.Measurement.Quiet} of {result.Measurement.Tried} rounds undisturbed{result.Mark}"));
        if (profile is not null)
            Console.WriteLine("\n" + profile);
    }
    catch (Exception e) when (IsRefusal(e))
    {
        failures++;
        Console.WriteLine($"{network.Name}: FAILED: {e.Message}");
    }

    // A large network's weights are worth giving back before the next.
    GC.Collect();
}

if (results.Count > 0)
    Print(results);
if (options.Svg is not null && results.Count > 0)
{
    File.WriteAllText(options.Svg, SvgPlot.Draw(results, $"Time against the {options.Bits}-bit FMA limit, batch 1, float32, one core", rivalName));
    Console.WriteLine("plot: " + options.Svg);
}

return failures == 0 ? 0 : 1;

void Print(IReadOnlyList<Result> all)
{
    var table = new TextTable(
        "network", "madds M", "ours ms", "min", "theirs ms", "min", "ratio", "of min", "GFLOP/s", "% peak", "x limit", "theirs x limit",
        "load ms", "theirs", "first ms", "theirs", "differ", "rounds");
    foreach (Result r in all)
    {
        table.Add(
            r.Name + r.Mark,
            TextTable.Number(r.MultiplyAdds / 1e6, 1),
            Milliseconds(r.OursMedian),
            Milliseconds(r.Measurement.OursMin),
            Milliseconds(r.TheirsMedian),
            Milliseconds(r.Measurement.TheirsMin),
            TextTable.Number(r.Ratio, 3),
            TextTable.Number(r.Measurement.OursMin / r.Measurement.TheirsMin, 3),
            TextTable.Number(2 * r.MultiplyAdds / r.OursMedian / 1e9, 1),
            TextTable.Number(100 * r.PartOfPeak, 1),
            TextTable.Number(r.OursToLimit, 2),
            TextTable.Number(r.TheirsToLimit, 2),
            TextTable.Number(r.Ours.Load * 1e3, 1),
            TextTable.Number(r.Theirs?.Load * 1e3 ?? double.NaN, 1),
            TextTable.Number(r.Ours.FirstCall * 1e3, 1),
            TextTable.Number(r.Theirs?.FirstCall * 1e3 ?? double.NaN, 1),
            double.IsNaN(r.Difference) ? "-" : FormattableString.Invariant($"{r.Difference:E0}"),
            FormattableString.Invariant($"{r.Measurement.Quiet}/{r.Measurement.Tried}"));
    }

    Console.WriteLine();
    Console.Write(table);
    Console.WriteLine();
    double peak256 = TimedRuns.Middle(all.Select(r => r.Measurement.Median(m => m.Peak256))), peak512 = TimedRuns.Middle(all.Select(r => r.Measurement.Median(m => m.Peak512)));
    Console.WriteLine(FormattableString.Invariant($"FMA peak of this core in the same rounds: {peak256 / 1e9:F0} GFLOP/s at 256 bits, {(peak512 > 0 ? $"{peak512 / 1e9:F0}" : "none")} at 512. Limit: 2 x multiply-adds / peak at {options.Bits} bits, for both sides. Ratio: ours / theirs, median of the rounds' ratios (of min: of the shortest runs). Load: from bytes in memory; load and first call of ours include JIT compilation."));
    double[] ratios = all.Select(r => r.Ratio).Where(double.IsFinite).ToArray();
    if (ratios.Length > 0)
        Console.WriteLine(FormattableString.Invariant($"geometric mean of the ratios over {ratios.Length} of {all.Count} networks: {Math.Exp(ratios.Average(Math.Log)):F3}"));
    string share = FormattableString.Invariant($"{100 * TimedRuns.LeastShare:F0} % of the core");
    if (all.Any(r => r.Measurement.Quality == Quality.UndisturbedRuns))
        Console.WriteLine($"*  no round had {share}: figures of the single runs that had, in rounds that had not. Repeat when the machine is quiet.");
    if (all.Any(r => r.Measurement.Quality == Quality.Disturbed))
        Console.WriteLine($"** not even a single run had {share}: only the shortest runs are shown. Repeat when the machine is quiet.");
}

static bool IsRefusal(Exception e) => e is InvalidOperationException or NotSupportedException or CustomAttributeFormatException or TypeLoadException or WeightsException or OutOfMemoryException;

static string Milliseconds(double seconds) => TextTable.Number(seconds * 1e3, seconds < 0.1 ? 3 : 2);

static Type[] Select(CompareOptions options)
{
    Type[] all = Declarations(options.Assembly).GetTypes()
        .Where(t => t.IsVisible && t.GetCustomAttribute<NetworkAttribute>() is not null)
        .OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase)
        .ToArray();
    foreach (string pattern in options.Patterns)
    {
        if (!all.Any(t => Matches(pattern, t)))
            throw new ArgumentException($"no network is called '{pattern}'; --list shows them");
    }

    return options.Patterns.Count == 0 ? all : all.Where(t => options.Patterns.Any(p => Matches(p, t))).ToArray();

    static bool Matches(string pattern, Type type) => FileSystemName.MatchesSimpleExpression(pattern, type.Name, ignoreCase: true);
}

static Assembly Declarations(string? path)
{
    if (path is null)
        return Assembly.Load("SmallCnnGen.Zoo");
    try
    {
        // A context of its own: the assembly may be another build of one that this program has. SmallCnnGen itself comes
        // from the program all the same, so that attributes are the ones it knows.
        string file = Path.GetFullPath(path);
        var context = new AssemblyLoadContext("declarations");
        context.Resolving += (c, name) =>
        {
            string beside = Path.Combine(Path.GetDirectoryName(file)!, name.Name + ".dll");
            return File.Exists(beside) ? c.LoadFromAssemblyPath(beside) : null;
        };
        return context.LoadFromAssemblyPath(file);
    }
    catch (Exception e) when (e is IOException or BadImageFormatException)
    {
        throw new ArgumentException($"'{path}' cannot be read as an assembly: {e.Message}", e);
    }
}

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(CompareOptions.Usage);
    return 2;
}
