using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels.Winograd;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Passes;
using SmallCnnGen.Compiler.Planning;
using SmallCnnGen.Compiler.Tests.Support;
using SmallCnnGen.Testing.Hosting;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Kernels;

/// <summary>What random declarations are worth: they reach the whole language, and print as what they are.</summary>
public class RandomDeclarationTests
{
    [Fact]
    public void Random_declarations_reach_the_whole_language()
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int seed = 0; seed < 250; seed++)
        {
            foreach (string feature in Features(RandomDeclarations.Make(seed)).Distinct())
                reached[feature] = reached.GetValueOrDefault(feature) + 1;
        }

        string[] wanted =
        [
            "MaxUnpool", "further input", "Trace", "block", "nested block", "block with Repeat", "block with When", "layer with Repeat", "WidthMultiplier", "ResolutionMultiplier",
            "Padding half", "Padding same", "Padding valid", "Epsilon", "Alpha in a convolution", "Slice of large step", "kernel above 7 in one direction", "stride above 4",
            "map above 20", "map above 48", "channels above 300", "computed Gather", "several widths", "ReadyToRun", "SmallArena", "Winograd off", "shared tensors",
            "strips by choice", "Winograd by choice", "threads 1", "threads 2", "threads 3", "threads 4", "threads 5", "threads 6", "threads 7", "threads 8",
        ];
        string[] missing = wanted.Except(reached.Keys).ToArray();
        Assert.True(missing.Length == 0, "not reached: " + string.Join("; ", missing));
    }

    /// <summary>The real generator, given the printed text, emits what the compiler emits for the declaration drawn.</summary>
    [Fact]
    public void Printed_declarations_mean_what_was_drawn()
    {
        NetworkSpec[] specs = Enumerable.Range(0, 24).Select(RandomDeclarations.Make).Select(c => c.Spec with
        {
            // What only tests and build properties can say is left out.
            Options = c.Spec.Options with
            {
                SplitsEverything = false,
                ReadyToRunBits = 0,
                Strips = c.Spec.Options.Strips == StripUse.SmallArena ? StripUse.SmallArena : StripUse.WhereFaster,
                Winograd = c.Spec.Options.Winograd == WinogradUse.Never ? WinogradUse.Never : null,
            },
        }).ToArray();
        HostResult result = GeneratorHost.Run(specs.Select(s => (s.TypeName + ".cs", DeclarationText.Write(s))));
        Assert.Empty(result.GeneratorDiagnostics.Where(d => d.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning && d.Id != DiagnosticIds.UnusedLayer).Select(d => d.ToString()));
        Dictionary<string, string> texts = result.GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());
        foreach (GeneratedFile file in specs.SelectMany(CompiledNetworks.Generate))
        {
            Assert.True(texts.TryGetValue(file.HintName, out string? text), file.HintName + " is missing");
            Assert.Equal(file.Text, text);
        }
    }

    private static IEnumerable<string> Features(NetworkCase one)
    {
        NetworkSpec spec = one.Spec;
        NetworkOptions options = spec.Options;
        Graph graph = one.Expand();
        LayerSpec[] layers = spec.Layers.ToArray(), uses = layers.Where(l => l.IsBlock).ToArray();
        bool Has(IEnumerable<LayerSpec> of, string argument, string? text = null) => of.Any(l => l.Arguments.Any(a => a.Name == argument && (text is null || a.Value.Text == text)));
        LayerSpec[] convolutions = layers.Where(l => l.Kind.EndsWith("Conv", StringComparison.Ordinal)).ToArray();
        Window[] windows = graph.Nodes.Select(n => n.Op switch { ConvOp conv => conv.Window, ConvTransposeOp conv => conv.Window, PoolOp pool => pool.Window, _ => (Window?)null }).OfType<Window>().ToArray();
        Plan[] plans = Planner.Create(PassPipeline.Run(graph), options).ToArray();
        Dictionary<string, bool> features = new()
        {
            ["MaxUnpool"] = graph.Nodes.Any(n => n.Op is MaxUnpoolOp),
            ["further input"] = graph.Inputs.Count() > 1,
            ["Trace"] = options.Trace,
            ["block"] = uses.Length > 0,
            ["nested block"] = uses.Any(u => spec.Blocks.First(b => b.Id == u.Kind).Layers.Any(l => l.IsBlock)),
            ["block with Repeat"] = Has(uses, "Repeat"),
            ["block with When"] = Has(uses, "When") || uses.Any(u => Has(spec.Blocks.First(b => b.Id == u.Kind).Layers, "When")),
            ["layer with Repeat"] = Has(convolutions, "Repeat"),
            ["WidthMultiplier"] = options.WidthMultiplier != 1,
            ["ResolutionMultiplier"] = options.ResolutionMultiplier != 1,
            ["Padding half"] = Has(layers, "Padding", "half"),
            ["Padding same"] = Has(layers, "Padding", "same"),
            ["Padding valid"] = Has(layers, "Padding", "valid"),
            ["Epsilon"] = Has(convolutions, "Epsilon"),
            ["Alpha in a convolution"] = Has(convolutions, "Alpha"),
            ["Slice of large step"] = layers.Any(l => l.Kind == "Slice" && l.Arguments.Any(a => a.Name == "Step" && a.Value.Integer > 4)),
            ["kernel above 7 in one direction"] = windows.Any(w => Math.Max(w.Kernel.Y, w.Kernel.X) > 7 && Math.Min(w.Kernel.Y, w.Kernel.X) < 3),
            ["stride above 4"] = windows.Any(w => Math.Max(w.Stride.Y, w.Stride.X) > 4),
            ["map above 20"] = graph.Nodes.Any(n => Math.Min(n.Shape.Height, n.Shape.Width) > 20),
            ["map above 48"] = graph.Nodes.Any(n => Math.Min(n.Shape.Height, n.Shape.Width) > 48),
            ["channels above 300"] = graph.Nodes.Any(n => n.Op is ConvOp && n.Shape.Channels > 300),
            ["computed Gather"] = Has(layers, "Channel"),
            ["several widths"] = plans.Length > 1,
            ["ReadyToRun"] = options.ReadyToRunBits != 0,
            ["SmallArena"] = options.Strips == StripUse.SmallArena,
            ["Winograd off"] = options.Winograd == WinogradUse.Never,
            ["shared tensors"] = Has(layers, "Module"),
            ["strips by choice"] = options.Strips == StripUse.WhereFaster && plans.Any(p => p.Steps.Any(s => s.Chain is not null)),
            ["Winograd by choice"] = options.Winograd is null or WinogradUse.WhereFaster && plans.Any(p => p.Steps.Any(s => s.Kernel is WinogradKernel)),
            ["threads " + options.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture)] = true,
        };
        return features.Where(f => f.Value).Select(f => f.Key);
    }
}
