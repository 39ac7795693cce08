using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Critique;
using SmallCnnGen.Guidelines;
using SmallCnnGen.Tooling.Measuring;

const string Footnote = "rounds: quiet/tried; * where too few were quiet, all rounds count, by the time each run had of the core.";
string[] rules = Critic.Rules.Select(r => r.Descriptor.Id).ToArray();
GuidelineOptions options;
string where;
try
{
    options = GuidelineOptions.Parse(args, PaperTables.All.Select(t => t.Id).Concat(rules).ToArray());
    where = Core.CanPin
        ? "core " + string.Join(", ", Core.Pin(options.Cpu, 1))
        : options.Cpu is null ? "not pinned (only Linux can)" : throw new ArgumentException("--cpu works on Linux only");
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(GuidelineOptions.Usage);
    return 2;
}

IReadOnlyList<RulePair> pairs = RulePairs.All;
if (options.List)
{
    foreach (PaperTable table in PaperTables.All)
        Console.WriteLine($"{table.Id}        {table.Title}");
    foreach (RulePair pair in pairs)
        Console.WriteLine($"{pair.Rule}  {pair.What}");
    return 0;
}

Console.WriteLine(FormattableString.Invariant($"{Core.Name()}, {where}, {options.Bits}-bit vectors, FMA peak {FmaPeak.Measure(options.Bits) / 1e9:F0} GFLOP/s; batch 1, float32, {DateTime.UtcNow:yyyy-MM-dd}"));
if (options.Tiles)
{
    Show("Register tiles (pixels x vectors of channels)", TileSweep.Measure(options.Bits, options.Rounds, Progress), "off best: how much longer the chosen tile takes than the fastest, median over the rounds.");
    return 0;
}

if (options.Siblings)
{
    Show("Sibling pointwise convolutions", Siblings.Measure(options.Bits, options.Rounds, Progress), "joined / apart: median over the rounds.");
    return 0;
}

foreach (PaperTable table in PaperTables.All.Where(t => options.Wants(t.Id)))
    Measure(table);
RulePair[] wanted = pairs.Where(p => options.Wants(p.Rule)).ToArray();
return wanted.Length == 0 ? 0 : MeasurePairs(wanted);

void Measure(PaperTable table)
{
    var text = new TextTable("size", "variant", "channels", "madds M", "ms", "images/s", "ours", "spread %", "paper ARM", "paper GPU", "rounds");
    for (int s = 0; s < table.Sizes.Count; s++)
    {
        Progress($"{table.Id} {table.Sizes[s]}");
        Candidate[] candidates = table.Rows.Select(r => Candidate.Load(r.Sizes[s].Network, options.Bits)).ToArray();
        VariantRounds rounds = VariantRounds.Take(candidates.Select(c => c.Run).ToArray(), options.Rounds);
        for (int i = 0; i < candidates.Length; i++)
        {
            PaperRow row = table.Rows[i], first = table.Rows[0];
            text.Add(
                table.Sizes[s],
                row.Name,
                row.Sizes[s].Channels,
                TextTable.Number(candidates[i].MultiplyAdds / 1e6, 1),
                TextTable.Number(rounds.Seconds(i) * 1e3, 3),
                TextTable.Number(1 / rounds.Seconds(i), 0),
                TextTable.Number(rounds.Ratio(0, i), 2),
                TextTable.Number(100 * rounds.Spread(0, i), 1),
                Paper(row.Arm, first.Arm, s),
                Paper(row.Gpu, first.Gpu, s),
                rounds.Counts);
        }

        GC.Collect();
    }

    Show(table.Id + ", " + table.Title, text, "ours, paper: speed as a multiple of the first row's (images/s over images/s). ours: median of the rounds' ratios; half of them lie within the spread.");
}

int MeasurePairs(RulePair[] measured)
{
    var text = new TextTable("rule", "as criticised / as advised", "madds M", "advised", "params k", "advised ", "arena KiB", "advised  ", "ms", "advised   ", "gain %", "spread %", "rounds");
    int wrong = 0;
    foreach (RulePair pair in measured)
    {
        Progress(pair.Rule + " " + pair.What);
        Candidate before = Candidate.Load(pair.Criticised, options.Bits), after = Candidate.Load(pair.Advised, options.Bits);
        if (!before.IsCriticised(pair.Rule) || after.IsCriticised(pair.Rule))
        {
            // A pair that the rule does not tell apart measures something else.
            Console.Error.WriteLine($"{pair.Rule} {pair.What}: the critic {(before.IsCriticised(pair.Rule) ? "still speaks of the second" : "has nothing to say of the first")}");
            wrong++;
        }

        VariantRounds rounds = VariantRounds.Take([before.Run, after.Run], options.Rounds);
        text.Add(
            pair.Rule,
            pair.What,
            Millions(before.MultiplyAdds),
            Millions(after.MultiplyAdds),
            TextTable.Number(before.Parameters / 1e3, 1),
            TextTable.Number(after.Parameters / 1e3, 1),
            TextTable.Number(before.ArenaBytes / 1024.0, 0),
            TextTable.Number(after.ArenaBytes / 1024.0, 0),
            TextTable.Number(rounds.Seconds(0) * 1e3, 3),
            TextTable.Number(rounds.Seconds(1) * 1e3, 3),
            TextTable.Number(100 * (1 - rounds.Ratio(1, 0)), 1),
            TextTable.Number(100 * rounds.Spread(1, 0), 1),
            rounds.Counts);
        GC.Collect();
    }

    Show("Rules", text, "gain: part of the time that following the advice saves (negative: it costs time), median over the rounds; half of the rounds' ratios lie within the spread.");
    return wrong == 0 ? 0 : 1;
}

void Show(string title, TextTable table, string legend)
{
    Console.WriteLine();
    Console.WriteLine(options.Markdown ? "### " + title + "\n" : title);
    Console.Write(table);
    Console.WriteLine();
    Console.WriteLine(legend + " " + Footnote);
}

void Progress(string what)
{
    if (!options.Markdown)
        Console.Error.WriteLine(what);
}

static string Millions(long count) => (count / 1e6).ToString("F2", CultureInfo.InvariantCulture);

static string Paper(IReadOnlyList<double> row, IReadOnlyList<double> first, int size) =>
    row.Count == 0 ? "-" : TextTable.Number(row[size] / first[size], 2);
