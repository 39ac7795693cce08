using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Writes a planned network as C#: one file for its API, one for each distinct kernel.</summary>
public sealed class NetworkEmitter
{
    /// <summary>Attributed to generated types.</summary>
    private const string Version = "0.1.0";

    private static readonly string[] NetworkUsings =
    {
        "using global::System;",
        "using global::System.IO;",
        "using global::System.Runtime.Intrinsics;",
        "using global::System.Runtime.Intrinsics.X86;",
        "using global::SmallCnnGen;",
        "using global::SmallCnnGen.Runtime;",
    };

    private readonly NetworkSpec _spec;
    private readonly IReadOnlyList<TierEmitter> _tiers;
    private readonly Plan _plan;
    private readonly IReadOnlyList<LayerReport> _report;

    private NetworkEmitter(NetworkSpec spec, IReadOnlyList<Plan> plans, Graph declared)
    {
        _spec = spec;
        _tiers = plans.Select(p => new TierEmitter(spec, p, declared)).ToList();

        // The one whose kernels the tables name.
        TierEmitter shown = _tiers.FirstOrDefault(t => t.Plan.Bits == 256) ?? _tiers[0];
        _plan = shown.Plan;
        _report = shown.Report;
    }

    private Node[] Inputs => _plan.Graph.Inputs.ToArray();

    private Node Output => _plan.Graph.Nodes[_plan.Graph.Output];

    private long MultiplyAdds => _report.Sum(l => l.MultiplyAdds);

    private long Parameters => _plan.Tensors.Where(t => t.IsLearned).Sum(t => t.Length);

    private int ArenaFloats => _tiers.Max(t => t.Plan.ArenaFloats);

    /// <summary>Parameters of every Execute: inputs, packed weights, arena, output.</summary>
    private IEnumerable<string> Pointers => Inputs.Select((_, i) => TierEmitter.Pointer(i)).Concat(new[] { "w", "a", "y" });

    private bool IsThreaded => _spec.Options.Threads > 1;

    /// <summary>Emits all files.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="plans">Its plans, one for each vector width, narrow ones first.</param>
    /// <param name="declared">The graph before the passes, for the cost table.</param>
    /// <param name="cancellation">Checked between kernels.</param>
    public static IReadOnlyList<GeneratedFile> Emit(NetworkSpec spec, IReadOnlyList<Plan> plans, Graph declared, CancellationToken cancellation)
    {
        var emitter = new NetworkEmitter(spec, plans, declared);
        var files = new List<GeneratedFile> { new(spec.FullName + ".g.cs", emitter.EmitNetwork()) };
        foreach (TierEmitter tier in emitter._tiers)
            files.AddRange(tier.Emit(cancellation));
        return files;
    }

    private string EmitNetwork()
    {
        var writer = new CodeWriter();
        string[] documented = HoverTable.Summary(TypeFrame.Xml(Summary()), _report)
            .Append($"[global::System.CodeDom.Compiler.GeneratedCode(\"SmallCnnGen\", \"{Version}\")]")
            .ToArray();
        int depth = TypeFrame.Open(writer, _spec, " : IDisposable", documented, NetworkUsings, ReportTable.Lines(_spec, _tiers.Select(t => t.Plan).ToList(), _plan, _report, MultiplyAdds, Parameters));
        EmitConstants(writer);
        EmitLoading(writer);
        EmitRun(writer);
        EmitExecute(writer);
        EmitDeclare(writer);
        EmitCost(writer);
        TypeFrame.Close(writer, depth);
        return writer.ToString();
    }

    private string Summary() =>
        $"{Inputs[0].Shape} to {Output.Shape}, {Literal.Count(MultiplyAdds)} multiply-adds, {Literal.Count(Parameters)} parameters, {Literal.Count(ArenaFloats * 4L)} bytes of arena, {ReportTable.Widths(_tiers.Select(t => t.Plan.Bits))} vectors.";

    private void EmitConstants(CodeWriter writer)
    {
        TensorShape input = Inputs[0].Shape;
        Constant(writer, "int", "InputHeight", input.Height, "Input height in pixels.");
        Constant(writer, "int", "InputWidth", input.Width, "Input width in pixels.");
        Constant(writer, "int", "InputChannels", input.Channels, "Input channels.");
        Constant(writer, "int", "InputLength", input.Length, "Floats of one input: height x width x channels, channels innermost.");
        Constant(writer, "int", "OutputLength", Output.Shape.Length, $"Floats of one output: {Output.Shape}.");
        Constant(writer, "int", "ArenaBytes", ArenaFloats * 4L, "Bytes of activations an instance allocates, once.");
        Constant(writer, "long", "MultiplyAdds", MultiplyAdds, "Multiply-adds of one run: convolutions and fully connected layers, as the papers count them.", HoverTable.Reference(_spec.TypeName));
        Constant(writer, "long", "Parameters", Parameters, "Learned parameters: weights, biases, batch normalisation's scale and shift, PReLU slopes.");
    }

    private static void Constant(CodeWriter writer, string type, string name, long value, string summary, string table = "")
    {
        writer.Line($"/// <summary>{TypeFrame.Xml(summary)}{table}</summary>");
        writer.Line($"public const {type} {name} = {Literal.Of(value)};");
        writer.Line();
    }

    private void EmitLoading(CodeWriter writer)
    {
        string type = _spec.TypeName;
        string widths = ReportTable.Widths(_tiers.Select(t => t.Plan.Bits));
        string Match(Func<TierEmitter, string> value) => _tiers.Count == 1
            ? value(_tiers[0])
            : $"weights?.VectorBits switch {{ {string.Concat(_tiers.Skip(1).Reverse().Select(t => $"{t.Plan.Bits} => {value(t)}, "))}_ => {value(_tiers[0])} }}";
        string fingerprint = Match(t => t.ClassName + ".Fingerprint"), bits = Match(t => Literal.Of(t.Plan.Bits));
        string most = Literal.Of(_spec.Options.Threads);
        string threads = !IsThreaded ? string.Empty : $"/// <param name=\"threads\">Threads that share a run, the caller's included: 1 to {most}; 0 for {most}, or fewer where there are fewer processors.</param>\n";
        string team = !IsThreaded ? string.Empty : $", threads == 0 ? Math.Min({most}, Environment.ProcessorCount) : threads <= {most} ? threads : throw new ArgumentOutOfRangeException(nameof(threads), threads, \"{type} was compiled for at most {most} threads.\"), &Share";
        writer.Lines($$"""
            private readonly NetworkInstance _instance;

            /// <summary>Makes an instance: the given weights, which instances share, and an arena of its own.</summary>
            /// <param name="weights">From <see cref="LoadWeights(string)"/> or another instance's <see cref="Weights"/>.</param>
            /// <exception cref="ArgumentException">The weights belong to another network.</exception>
            {{threads}}/// <exception cref="PlatformNotSupportedException">The processor, or the way the program was published, lacks {{widths}} vectors.</exception>
            public {{(IsThreaded ? "unsafe " : string.Empty)}}{{type}}(NetworkWeights weights{{(IsThreaded ? ", int threads = 0" : string.Empty)}}) =>
                _instance = new NetworkInstance(weights, "{{type}}", {{fingerprint}}, {{ArenaFloats}}, {{bits}}{{team}});

            /// <summary>Vector width in bits of the kernels that run: the widest that this process has, or what SMALLCNNGEN_VECTOR_BITS says.</summary>
            public int VectorBits => Weights.VectorBits;

            /// <summary>The packed weights, to share with further instances.</summary>
            public NetworkWeights Weights => _instance.Weights;

            /// <summary>Reads a safetensors file whose tensors are named as in PyTorch's state_dict.</summary>
            /// <param name="path">Path of the file.</param>
            /// <exception cref="WeightsException">The file is damaged or does not fit this network; lists everything that is wrong.</exception>
            public static {{type}} Load(string path) => new(LoadWeights(path));

            /// <summary>Reads a safetensors file from a stream.</summary>
            /// <param name="stream">The stream, read to its end.</param>
            /// <exception cref="WeightsException">The file is damaged or does not fit this network.</exception>
            public static {{type}} Load(Stream stream) => new(LoadWeights(stream));

            /// <summary>Reads a safetensors file from memory.</summary>
            /// <param name="safetensors">The bytes of the file.</param>
            /// <exception cref="WeightsException">The file is damaged or does not fit this network.</exception>
            public static {{type}} Load(ReadOnlySpan<byte> safetensors) => new(LoadWeights(safetensors));

            /// <summary>Takes the tensors of a file that is already open, for example one whose names were changed.</summary>
            /// <param name="file">The file.</param>
            /// <exception cref="WeightsException">The file does not fit this network.</exception>
            public static {{type}} Load(SafetensorsFile file) => new(LoadWeights(file));

            /// <summary>Packs weights without making an instance.</summary>
            /// <param name="file">A safetensors file.</param>
            public static NetworkWeights LoadWeights(SafetensorsFile file)
            {
                ArgumentNullException.ThrowIfNull(file);
                return Pack(file);
            }

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="path">Path of a safetensors file.</param>
            public static NetworkWeights LoadWeights(string path) => Pack(SafetensorsFile.Open(path));

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="stream">A safetensors file.</param>
            public static NetworkWeights LoadWeights(Stream stream) => Pack(SafetensorsFile.Read(stream));

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="safetensors">The bytes of a safetensors file.</param>
            public static NetworkWeights LoadWeights(ReadOnlySpan<byte> safetensors) => Pack(SafetensorsFile.Parse(safetensors.ToArray()));

            /// <summary>Makes an instance with random weights, for measuring a design before it is trained. It predicts nothing.</summary>
            /// <param name="seed">The same seed gives the same weights.</param>
            public static {{type}} CreateRandom(int seed = 0) => new(Pack(WeightBinder.RandomFile(seed, Declare)));

            /// <summary>Gives up the arena. A run afterwards throws; shared weights stay usable.</summary>
            public void Dispose() => _instance.Dispose();
            """);
        writer.Line();
    }

    private void EmitRun(CodeWriter writer)
    {
        Node[] inputs = Inputs;
        string[] names = InputNames();
        string parameters = string.Join(", ", names.Select(n => "ReadOnlySpan<float> " + n)) + ", Span<float> output";
        void Method(bool traced)
        {
            writer.Line(traced
                ? "/// <summary>Runs the network and shows every map that exists after fusion to an observer, in order.</summary>"
                : "/// <summary>Runs the network on one image. Allocates nothing.</summary>");
            for (int i = 0; i < inputs.Length; i++)
                writer.Line($"/// <param name=\"{names[i].TrimStart('@')}\">{inputs[i].Shape} floats in HWC order: element (row, column, channel) at (row * {inputs[i].Shape.Width} + column) * {inputs[i].Shape.Channels} + channel.</param>");
            writer.Line($"/// <param name=\"output\">Receives {Output.Shape} floats in HWC order.</param>");
            if (traced)
                writer.Line("/// <param name=\"observer\">Called once for each map, while its contents are valid.</param>");
            writer.Line("/// <exception cref=\"ArgumentException\">A span has the wrong length, or input and output overlap.</exception>");
            writer.Line("/// <exception cref=\"InvalidOperationException\">Another thread is running this instance.</exception>");
            writer.Open($"public unsafe void Run({parameters}{(traced ? ", TensorObserver observer" : string.Empty)})");
            if (traced)
                writer.Line("ArgumentNullException.ThrowIfNull(observer);");
            for (int i = 0; i < inputs.Length; i++)
            {
                string expected = i == 0 ? "InputLength" : Literal.Of(inputs[i].Shape.Length);
                writer.Line($"Guard.Length(nameof({names[i]}), {names[i]}.Length, {expected}, \"{inputs[i].Shape} in HWC order\", \"{_spec.TypeName}\");");
            }

            writer.Line($"Guard.Length(nameof(output), output.Length, OutputLength, \"{Output.Shape} in HWC order\", \"{_spec.TypeName}\");");
            foreach (string name in names)
                writer.Line($"Guard.NoOverlap({name}, output);");
            writer.Line("_instance.Enter();");
            writer.Open("try");
            writer.Open($"fixed (float* {string.Join(", ", names.Select((n, i) => $"{TierEmitter.Pointer(i)} = {n}"))}, y = output, w = _instance.Weights.Packed, a = _instance.Arena)");
            string pointers = string.Join(", ", Pointers);
            bool threaded = IsThreaded && !traced;
            if (threaded)
            {
                writer.Open("if (_instance.Threads > 1)");
                writer.Line($"nint* arguments = stackalloc nint[] {{ VectorBits, {string.Join(", ", Pointers.Select(p => "(nint)" + p))} }};");
                writer.Line("_instance.Run(arguments);");
                writer.Line("return;");
                writer.Close();
                writer.Line();
            }

            writer.Line($"Execute(VectorBits, {pointers}{(traced ? ", observer" : threaded ? ", null, 0" : string.Empty)});");
            writer.Close();
            writer.Close();
            writer.Open("finally");
            writer.Line("_instance.Exit();");
            writer.Close();
            writer.Close();
            writer.Line();
        }

        Method(false);
        if (_spec.Options.Trace)
            Method(true);
    }

    /// <summary>The way from the API to the kernels of the width that runs.</summary>
    private void EmitExecute(CodeWriter writer)
    {
        string declared = string.Join(", ", Pointers.Select(p => "float* " + p));
        foreach (bool traced in _spec.Options.Trace ? new[] { false, true } : new[] { false })
        {
            bool threaded = IsThreaded && !traced;
            writer.Line("/// <summary>Hands on to the kernels of one vector width. Ahead-of-time compilers leave out those that their instruction set lacks.</summary>");
            writer.Open($"private static unsafe void Execute(int bits, {declared}{(traced ? ", TensorObserver observer" : threaded ? ", ThreadTeam.Core? team, int part" : string.Empty)})");
            string arguments = string.Join(", ", Pointers) + (traced ? ", observer" : threaded ? ", team, part" : string.Empty);
            foreach (TierEmitter tier in _tiers.Reverse())
            {
                string supported = tier.Plan.Bits switch { 512 => "Avx512F.IsSupported", 256 => "Fma.IsSupported", _ => "Vector128.IsHardwareAccelerated" };
                writer.Line($"{(ReferenceEquals(tier, _tiers[_tiers.Count - 1]) ? string.Empty : "else ")}if ({supported} && bits == {tier.Plan.Bits})");
                writer.Line($"    {tier.ClassName}.Execute({arguments});");
            }

            writer.Close();
            writer.Line();
        }

        if (IsThreaded)
        {
            writer.Line("/// <summary>One thread's share of a run, its arguments as Run packed them.</summary>");
            writer.Line("private static unsafe void Share(ThreadTeam.Core team, nint* p, int part) =>");
            writer.Line($"    Execute((int)p[0], {string.Join(", ", Pointers.Select((_, i) => $"(float*)p[{Literal.Of(i + 1)}]"))}, team, part);");
            writer.Line();
        }

        writer.Line("/// <summary>Checks every tensor, folds batch normalisation, and packs the weights as the kernels of the widest supported vectors read them.</summary>");
        if (_tiers.Count == 1)
        {
            writer.Line($"private static NetworkWeights Pack(SafetensorsFile file) => {_tiers[0].ClassName}.Pack(file);");
        }
        else
        {
            writer.Line($"private static NetworkWeights Pack(SafetensorsFile file) => VectorTier.Choose(\"{_spec.TypeName}\", {string.Join(" | ", _tiers.Select(t => Literal.Of(t.Plan.Bits)))}) switch");
            writer.Line("{");
            foreach (TierEmitter tier in _tiers.Skip(1).Reverse())
                writer.Line($"    {tier.Plan.Bits} => {tier.ClassName}.Pack(file),");
            writer.Line($"    _ => {_tiers[0].ClassName}.Pack(file),");
            writer.Line("};");
        }
    }

    /// <summary>The tensors a weights file must have.</summary>
    private void EmitDeclare(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <summary>The tensors a weights file must have, by their names in PyTorch's state_dict.</summary>");
        writer.Open("private static void Declare(WeightBinder binder)");
        foreach (TensorDeclaration tensor in _plan.Tensors)
            writer.Line($"binder.Expect({Literal.Of(tensor.Name)}, new[] {{ {string.Join(", ", tensor.Shape.Select(d => Literal.Of(d)))} }});");
        writer.Close();
    }

    private void EmitCost(CodeWriter writer)
    {
        writer.Line();
        writer.Line($"/// <summary>What each layer costs; ToString() prints the table in full.{HoverTable.Reference(_spec.TypeName)}</summary>");
        writer.Line("public static NetworkCost Cost => CostTable.Value;");
        writer.Line();
        writer.Line("/// <summary>Made when first asked for, so that a program that never asks does not pay.</summary>");
        writer.Open("private static class CostTable");
        writer.Open($"internal static readonly NetworkCost Value = new(\"{_spec.TypeName}\", ArenaBytes, {_plan.WeightFloats * 4L}L, new LayerCost[]");
        foreach (LayerReport l in _report)
        {
            writer.Line($"new({Literal.Of(l.Name)}, {Literal.Of(l.Op)}, {Literal.Of(l.Window)}, \"{l.Input}\", \"{l.Output}\", {l.ReceptiveField}, {l.MultiplyAdds}, {l.Parameters}, {l.ActivationBytes}, {Literal.Of(l.MemoryAccessCost)}, {Literal.Of(l.MemoryAccessBound)}, {Literal.Of(l.Kernel)}, {Literal.Of(l.Fused)}),");
        }

        writer.Close(");");
        writer.Close();
    }

    private string[] InputNames()
    {
        // Everything that Run names: a parameter would hide it.
        var taken = new HashSet<string>(StringComparer.Ordinal)
        {
            "output", "observer", "w", "a", "y", "Guard", "InputLength", "OutputLength", "Execute", "_instance", "ArgumentNullException", "arguments", "VectorBits",
        };
        for (int i = 0; i < Inputs.Length; i++)
            taken.Add(TierEmitter.Pointer(i));
        return Inputs.Select((n, i) =>
        {
            string name = i == 0 ? "input" : new string(n.Name.Select(c => char.IsLetterOrDigit(c) && c < 128 ? c : '_').ToArray());
            if (name.Length == 0 || char.IsDigit(name[0]))
                name = "_" + name;
            while (!taken.Add(name))
                name += "_";
            return i == 0 ? name : "@" + name;
        }).ToArray();
    }
}
