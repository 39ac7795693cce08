using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>A network to run: its declaration and what to feed it.</summary>
internal sealed record NetworkCase(NetworkSpec Spec)
{
    public const string Namespace = "RandomNetworks";

    /// <summary>Values at which activations bend, and large ones, among the inputs.</summary>
    public bool SpecialInputs { get; init; }

    /// <summary>Whether the specification says for which widths and threads to compile it; others are compiled for each width.</summary>
    public bool HasOwnOptions { get; init; }

    /// <summary>The declaration as C# to paste.</summary>
    public string Declaration => DeclarationText.Write(Spec);

    public Graph Expand()
    {
        Graph? graph = TryExpand(Spec, out FindingList findings);
        return graph ?? throw new InvalidOperationException(string.Join("; ", findings.Items.Select(f => f.Message)) + "\n" + Declaration);
    }

    public static Graph? TryExpand(NetworkSpec spec, out FindingList findings)
    {
        findings = new FindingList();
        return SpecExpander.Expand(spec, findings);
    }

    /// <summary>Whether the code is for several threads: every other network at every other width.</summary>
    public bool IsThreaded => Spec.Options.Threads > 1;

    /// <summary>What is compiled of it.</summary>
    public IEnumerable<NetworkCase> Variants => HasOwnOptions ? [this] : CompiledNetworks.Widths.Select(WithBits);

    /// <summary>The vector widths it is compiled for and this process can run.</summary>
    public IEnumerable<int> Widths => CompiledNetworks.Widths.Where(w => (Spec.Options.VectorBits & w) != 0);

    public NetworkCase WithBits(int bits) => this with
    {
        Spec = Spec with
        {
            Options = Spec.Options with { VectorBits = bits, Threads = (Spec.TypeName.Sum(c => c) + (bits / 256)) % 2 == 0 ? 3 : 1, SplitsEverything = true, Strips = StripUse.Everywhere },
            TypeName = Spec.TypeName + "_" + bits.ToString(CultureInfo.InvariantCulture),
        },
    };

    public static NetworkSpec Make(string name, TensorShape input, IEnumerable<LayerSpec> layers) => new(
        Namespace,
        default,
        name,
        "public sealed",
        new NetworkOptions(input.Height, input.Width, input.Channels),
        new EquatableArray<LayerSpec>(layers.Select((l, i) => l with { Source = i })),
        default);

    /// <summary>The inputs, HWC.</summary>
    public float[][] Inputs(Graph graph) => graph.Inputs.Select(node =>
    {
        float[] values = TensorRule.Make(new KitTensor(node.Name, [(int)node.Shape.Length], "input"));
        if (SpecialInputs)
        {
            float[] special = [0, -0f, -3, 3, 6, 100, -100, 88.8f, -88.8f, 1e-3f, -1e-3f, 0.625f, -0.34f, 1e-20f];
            for (int i = 0; i < values.Length; i += 2)
                values[i] = i / 2 < special.Length ? special[i / 2] : values[i] * 50;
        }

        return values;
    }).ToArray();
}
