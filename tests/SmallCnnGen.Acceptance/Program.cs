using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SmallCnnGen.Acceptance;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Testing.Zoo;

Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

(string[] modelFiles, string? opsFile) = KitCase.Find(options.Kit);

// A model is read when its turn comes; only names are needed to count. The file's name is the model's.
string[] models = options.Models ? modelFiles.Where(f => options.Wants(Path.GetFileNameWithoutExtension(f))).ToArray() : [];
var unreadable = new List<(string Id, Exception Reason)>();
KitCase[] ops = options.Ops && opsFile is not null
    ? KitCase.ReadOps(opsFile, (id, reason) => unreadable.Add((id, reason))).Where(o => options.Wants(o.Id)).ToArray()
    : [];
unreadable.RemoveAll(u => !options.Wants(u.Id));

// Declarations without a reference model have nothing to be compared with.
(Type Network, string Reference)[] zoo = options.Zoo
    ? ZooModels.All().Where(m => m.Reference is not null).Select(m => (m.Network, m.Reference!))
        .Where(m => options.Wants(AcceptanceCase.ZooId(m.Network)) || options.Wants(m.Item2)).ToArray()
    : [];
int count = models.Length + ops.Length + zoo.Length + unreadable.Count;
if (count == 0)
{
    Console.Error.WriteLine($"no case of '{options.Kit}' matches" + (options.Filter is null ? string.Empty : $" '{options.Filter}'"));
    return 2;
}

if (options.List)
{
    foreach (string id in ops.Select(o => o.Id).Concat(models.Select(m => Path.GetFileNameWithoutExtension(m))).Concat(zoo.Select(z => AcceptanceCase.ZooId(z.Network) + " = " + z.Reference)))
        Console.WriteLine(id);
    return 0;
}

string[] variants = options.Oracle ? [string.Empty] : options.Widths.Select(w => $" @{w}").ToArray();
var report = new Report(count * variants.Length);
foreach ((string id, Exception reason) in unreadable)
    Unreadable(id, reason);

IEnumerable<AcceptanceCase> cases = ops.Select(o => new AcceptanceCase(o))
    .Concat(models.Select(m => ReadModel(m, Path.GetFileNameWithoutExtension(m), null)).OfType<AcceptanceCase>())
    .Concat(zoo.Select(z => ReadModel(Path.Combine(options.Kit, "models", z.Reference + ".json"), AcceptanceCase.ZooId(z.Network), z.Network)).OfType<AcceptanceCase>());
if (options.Oracle)
    OracleRunner.Run(cases, report);
else
    GeneratedRunner.Run(cases, options.Widths, report);

report.PrintSummary();
return report.ExitCode;

AcceptanceCase? ReadModel(string file, string id, Type? network)
{
    try
    {
        return new AcceptanceCase(id, KitCase.ReadModel(file), network);
    }
    catch (Exception e)
    {
        Unreadable(id, e);
        return null;
    }
}

void Unreadable(string id, Exception reason)
{
    foreach (string variant in variants)
        report.Add(id + variant, Outcome.Fail("reading: " + reason.Message), true);
}
