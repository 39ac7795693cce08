using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>
/// Writes a planned network as C#: one file for its API, one for each vector width, one for each distinct kernel. Only the
/// API is part of the user's class; all else stands in a namespace of its own (<see cref="TypeFrame.Namespace"/>).
/// </summary>
public sealed class NetworkEmitter
{
    /// <summary>Attributed to generated types.</summary>
    private const string Version = "0.1.0";

    /// <summary>
    /// The one member of the class that is not public; other generated code is outside the class, where it meets no member
    /// of the user's.
    /// </summary>
    private const string Instance = "_networkInstance";

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

    private string Type => TypeFrame.Global(_spec);

    /// <summary>The class behind the API, as the API names it.</summary>
    private string Behind => "global::" + TypeFrame.Namespace(_spec) + ".Network";

    /// <summary>Members every network gets; the user's class must not have its own.</summary>
    /// <remarks><see cref="StubEmitter"/> writes them too, for declarations that are wrong.</remarks>
    public static IReadOnlyList<string> Members { get; } = new[]
    {
        "ArenaBytes", "Cost", "CreateRandom", "Dispose", "InputChannels", "InputHeight", "InputLength", "InputWidth", "Load", "LoadWeights",
        "MultiplyAdds", "OutputLength", "Parameters", "Run", "Tensors", "VectorBits", "Weights", Instance,
    };

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
        TypeFrame.Head(writer, ReportTable.Lines(_spec, _tiers.Select(t => t.Plan).ToList(), _plan, _report, MultiplyAdds, Parameters));
        writer.Line("// The class may derive from what is obsolete, and may leave members null that this constructor does not know.");
        writer.Line("#pragma warning disable 612, 618, 8618");
        writer.Line();
        IEnumerable<string> documented = HoverTable.Summary(TypeFrame.Xml(Summary()), _report)
            .Append($"[global::System.CodeDom.Compiler.GeneratedCode(\"SmallCnnGen\", \"{Version}\")]");
        int depth = TypeFrame.Open(writer, _spec, Inputs.Length == 1 ? " : global::SmallCnnGen.INetwork" : " : global::System.IDisposable", documented);
        EmitConstants(writer);
        EmitLoading(writer);
        EmitRun(writer);
        TypeFrame.Close(writer, depth);
        writer.Line();

        var behind = new CodeWriter(indent: 1);
        behind.Line($"/// <summary>What stands between the API of {TypeFrame.Xml(TypeFrame.Plain(_spec.FullName))} and its kernels.</summary>");
        behind.Line(TypeFrame.Hidden);
        behind.Open("internal static unsafe class Network");
        behind.Line("/// <summary>The network's name in messages.</summary>");
        behind.Line($"internal const string Name = {Literal.Of(TypeFrame.Plain(_spec.TypeName))};");
        behind.Line();
        EmitInstance(behind);
        EmitGuardedRun(behind);
        EmitExecute(behind);
        EmitDeclare(behind);
        EmitCost(behind);
        behind.Close();
        TypeFrame.Own(writer, _spec, behind);
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
        Constant(writer, "long", "MultiplyAdds", MultiplyAdds, "Multiply-adds of one run: convolutions and fully connected layers, as the papers count them.", HoverTable.Reference(Type));
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
        string widths = ReportTable.Widths(_tiers.Select(t => t.Plan.Bits));
        string most = Literal.Of(_spec.Options.Threads);
        string threads = !IsThreaded ? string.Empty : $"/// <param name=\"threads\">Threads that share a run, the caller's included: 1 to {most}; 0 for {most}, or fewer where there are fewer processors.</param>\n";

        // Said in full, so that no constructor of the user's with an optional parameter is as good.
        string all = IsThreaded ? ", 0" : string.Empty;
        const string Weights = "global::SmallCnnGen.NetworkWeights", File = "global::SmallCnnGen.SafetensorsFile", Stream = "global::System.IO.Stream", Bytes = "global::System.ReadOnlySpan<byte>";
        const string Wrong = "/// <exception cref=\"global::SmallCnnGen.WeightsException\">The file is damaged or does not fit this network";
        writer.Lines($$"""
            private readonly global::SmallCnnGen.Runtime.NetworkInstance {{Instance}} = null!;

            /// <summary>Makes an instance: the given weights, which instances share, and an arena of its own.</summary>
            /// <param name="weights">From <see cref="LoadWeights(string)"/> or another instance's <see cref="Weights"/>.</param>
            /// <exception cref="global::System.ArgumentException">The weights belong to another network.</exception>
            {{threads}}/// <exception cref="global::System.PlatformNotSupportedException">The processor, or the way the program was published, lacks {{widths}} vectors.</exception>
            public {{_spec.TypeName}}({{Weights}} weights{{(IsThreaded ? ", int threads = 0" : string.Empty)}})
            {
                {{Instance}} = {{Behind}}.CreateInstance(weights{{(IsThreaded ? ", threads" : string.Empty)}});
            }

            /// <summary>Vector width in bits of the kernels that run: the widest that this process has, or what SMALLCNNGEN_VECTOR_BITS says.</summary>
            public int VectorBits => {{Instance}}.Weights.VectorBits;

            /// <summary>The packed weights, to share with further instances.</summary>
            public {{Weights}} Weights => {{Instance}}.Weights;

            /// <summary>Reads a safetensors file whose tensors are named as in PyTorch's state_dict.</summary>
            /// <param name="path">Path of the file.</param>
            {{Wrong}}; lists everything that is wrong.</exception>
            public static {{Type}} Load(string path) => new {{Type}}(LoadWeights(path){{all}});

            /// <summary>Reads a safetensors file from a stream.</summary>
            /// <param name="stream">The stream, read to its end.</param>
            {{Wrong}}.</exception>
            public static {{Type}} Load({{Stream}} stream) => new {{Type}}(LoadWeights(stream){{all}});

            /// <summary>Reads a safetensors file from memory.</summary>
            /// <param name="safetensors">The bytes of the file.</param>
            {{Wrong}}.</exception>
            public static {{Type}} Load({{Bytes}} safetensors) => new {{Type}}(LoadWeights(safetensors){{all}});

            /// <summary>Takes the tensors of a file that is already open, for example one whose names were changed.</summary>
            /// <param name="file">The file.</param>
            /// <exception cref="global::SmallCnnGen.WeightsException">The file does not fit this network.</exception>
            public static {{Type}} Load({{File}} file) => new {{Type}}(LoadWeights(file){{all}});

            /// <summary>Packs weights without making an instance.</summary>
            /// <param name="file">A safetensors file.</param>
            public static {{Weights}} LoadWeights({{File}} file) => {{Behind}}.Pack(file);

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="path">Path of a safetensors file.</param>
            public static {{Weights}} LoadWeights(string path) => {{Behind}}.Pack({{File}}.Open(path));

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="stream">A safetensors file.</param>
            public static {{Weights}} LoadWeights({{Stream}} stream) => {{Behind}}.Pack({{File}}.Read(stream));

            /// <summary>Reads and packs weights without making an instance.</summary>
            /// <param name="safetensors">The bytes of a safetensors file.</param>
            public static {{Weights}} LoadWeights({{Bytes}} safetensors) => {{Behind}}.Pack({{File}}.Parse(safetensors.ToArray()));

            /// <summary>Makes an instance with random weights, for measuring a design before it is trained. It predicts nothing.</summary>
            /// <param name="seed">The same seed gives the same weights.</param>
            public static {{Type}} CreateRandom(int seed = 0) => new {{Type}}({{Behind}}.RandomWeights(seed){{all}});

            /// <summary>Gives up the arena. A run afterwards throws; shared weights stay usable.</summary>
            public void Dispose() => {{Instance}}.Dispose();

            /// <summary>What each layer costs; ToString() prints the table in full.{{HoverTable.Reference(Type)}}</summary>
            public static global::SmallCnnGen.NetworkCost Cost => {{Behind}}.CostTable.Value;

            /// <summary>The tensors a weights file must have, with their shapes, in the order of the layers.</summary>
            public static global::System.Collections.Generic.IReadOnlyList<global::SmallCnnGen.NetworkTensor> Tensors => {{Behind}}.TensorTable.Value;
            """);
        writer.Line();
        EmitInterface(writer);
    }

    /// <summary>What the interface asks of an instance and the class has as constants. Run and Weights are the class's own.</summary>
    private void EmitInterface(CodeWriter writer)
    {
        if (Inputs.Length > 1)
            return;
        foreach (string name in new[] { "InputHeight", "InputWidth", "InputChannels", "InputLength", "OutputLength" })
            writer.Line($"int global::SmallCnnGen.INetwork.{name} => {name};");
        writer.Line("global::SmallCnnGen.NetworkCost global::SmallCnnGen.INetwork.Cost => Cost;");
        writer.Line("global::System.Collections.Generic.IReadOnlyList<global::SmallCnnGen.NetworkTensor> global::SmallCnnGen.INetwork.Tensors => Tensors;");
        writer.Line();
    }

    /// <summary>Run, with the names users see; the work is behind it.</summary>
    private void EmitRun(CodeWriter writer)
    {
        Node[] inputs = Inputs;
        string[] names = InputNames();
        string parameters = string.Join(", ", names.Select(n => "global::System.ReadOnlySpan<float> " + n)) + ", global::System.Span<float> output";
        foreach (bool traced in IsTraced)
        {
            if (traced)
                writer.Line();
            writer.Line(traced
                ? "/// <summary>Runs the network and shows every map that exists after fusion to an observer, in order.</summary>"
                : "/// <summary>Runs the network on one image. Allocates nothing.</summary>");
            for (int i = 0; i < inputs.Length; i++)
                writer.Line($"/// <param name=\"{TypeFrame.Plain(names[i])}\">{inputs[i].Shape} floats in HWC order: element (row, column, channel) at (row * {inputs[i].Shape.Width} + column) * {inputs[i].Shape.Channels} + channel.</param>");
            writer.Line($"/// <param name=\"output\">Receives {Output.Shape} floats in HWC order.</param>");
            if (traced)
                writer.Line("/// <param name=\"observer\">Called once for each map, while its contents are valid.</param>");
            writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has the wrong length, or input and output overlap.</exception>");
            writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">Another thread is running this instance.</exception>");
            writer.Line($"public void Run({parameters}{(traced ? ", global::SmallCnnGen.TensorObserver observer" : string.Empty)}) =>");
            writer.Line($"    {Behind}.Run({Instance}, {string.Join(", ", names)}, output{(traced ? ", observer" : string.Empty)});");
        }
    }

    private IEnumerable<bool> IsTraced => _spec.Options.Trace ? new[] { false, true } : new[] { false };

    private void EmitInstance(CodeWriter writer)
    {
        string Match(Func<TierEmitter, string> value) =>
            string.Concat(_tiers.Skip(1).Reverse().Select(t => $"bits == {t.Plan.Bits} ? {value(t)} : ")) + value(_tiers[0]);
        string fingerprint = Match(t => t.ClassName + ".Fingerprint"), width = Match(t => Literal.Of(t.Plan.Bits));
        string most = Literal.Of(_spec.Options.Threads);
        writer.Line("/// <summary>An arena to run with the given weights in.</summary>");
        writer.Open($"internal static NetworkInstance CreateInstance(NetworkWeights weights{(IsThreaded ? ", int threads" : string.Empty)})");
        if (IsThreaded)
        {
            writer.Line($"if (threads > {most})");
            writer.Line($"    throw new ArgumentOutOfRangeException(\"threads\", threads, Name + \" was compiled for at most {most} threads.\");");
            writer.Line("if (threads == 0)");
            writer.Line($"    threads = Math.Min({most}, Environment.ProcessorCount);");
        }

        if (_tiers.Count > 1)
            writer.Line("int bits = weights is null ? 0 : weights.VectorBits;");
        writer.Line($"return new NetworkInstance(weights{(_tiers.Count > 1 ? "!" : string.Empty)}, Name, {fingerprint}, {ArenaFloats}, {width}{(IsThreaded ? ", threads, &Share" : string.Empty)});");
        writer.Close();
        writer.Line();
    }

    /// <summary>Checks what a run is given, and pins it.</summary>
    private void EmitGuardedRun(CodeWriter writer)
    {
        Node[] inputs = Inputs;
        string[] names = InputNames();
        string[] spans = inputs.Select((_, i) => i == 0 ? "input" : "input_" + Literal.Of(i)).ToArray();
        string parameters = string.Join(", ", spans.Select(n => "ReadOnlySpan<float> " + n)) + ", Span<float> output";
        foreach (bool traced in IsTraced)
        {
            writer.Line(traced ? "/// <summary>A run that an observer watches.</summary>" : "/// <summary>A run.</summary>");
            writer.Open($"internal static void Run(NetworkInstance instance, {parameters}{(traced ? ", TensorObserver observer" : string.Empty)})");
            if (traced)
                writer.Line("ArgumentNullException.ThrowIfNull(observer);");
            for (int i = 0; i < inputs.Length; i++)
                writer.Line($"Guard.Length({Literal.Of(TypeFrame.Plain(names[i]))}, {spans[i]}.Length, {inputs[i].Shape.Length}, \"{inputs[i].Shape} in HWC order\", Name);");
            writer.Line($"Guard.Length(\"output\", output.Length, {Output.Shape.Length}, \"{Output.Shape} in HWC order\", Name);");
            foreach (string span in spans)
                writer.Line($"Guard.NoOverlap({span}, output);");
            writer.Line("instance.Enter();");
            writer.Open("try");
            writer.Open($"fixed (float* {string.Join(", ", spans.Select((n, i) => $"{TierEmitter.Pointer(i)} = {n}"))}, y = output, w = instance.Weights.Packed, a = instance.Arena)");
            bool threaded = IsThreaded && !traced;
            if (threaded)
            {
                writer.Open("if (instance.Threads > 1)");
                writer.Line($"IntPtr* arguments = stackalloc IntPtr[] {{ (IntPtr)instance.Weights.VectorBits, {string.Join(", ", Pointers.Select(p => "(IntPtr)" + p))} }};");
                writer.Line("instance.Run(arguments);");
                writer.Line("return;");
                writer.Close();
                writer.Line();
            }

            writer.Line($"Execute(instance.Weights.VectorBits, {string.Join(", ", Pointers)}{(traced ? ", observer" : threaded ? ", null, 0" : string.Empty)});");
            writer.Close();
            writer.Close();
            writer.Open("finally");
            writer.Line("instance.Exit();");
            writer.Close();
            writer.Close();
            writer.Line();
        }
    }

    /// <summary>The way from the API to the kernels of the width that runs.</summary>
    private void EmitExecute(CodeWriter writer)
    {
        string declared = string.Join(", ", Pointers.Select(p => "float* " + p));
        foreach (bool traced in IsTraced)
        {
            bool threaded = IsThreaded && !traced;
            writer.Line("/// <summary>Hands on to the kernels of one vector width. Ahead-of-time compilers leave out those that their instruction set lacks.</summary>");
            writer.Open($"private static void Execute(int bits, {declared}{(traced ? ", TensorObserver observer" : threaded ? ", ThreadTeam.Core? team, int part" : string.Empty)})");
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
            writer.Line("private static void Share(ThreadTeam.Core team, IntPtr* p, int part) =>");
            writer.Line($"    Execute((int)p[0], {string.Join(", ", Pointers.Select((_, i) => $"(float*)p[{Literal.Of(i + 1)}]"))}, team, part);");
            writer.Line();
        }

        writer.Line("/// <summary>Checks every tensor, folds batch normalisation, and packs the weights as the kernels of the widest supported vectors read them.</summary>");
        writer.Open("internal static NetworkWeights Pack(SafetensorsFile file)");
        writer.Line("ArgumentNullException.ThrowIfNull(file);");
        if (_spec.Options.IsDebug)
            writer.Line("DebugBuild.Say(Name);");
        if (_tiers.Count == 1)
        {
            writer.Line($"return {_tiers[0].ClassName}.Pack(file);");
        }
        else
        {
            writer.Line($"int bits = VectorTier.Choose(Name, {string.Join(" | ", _tiers.Select(t => Literal.Of(t.Plan.Bits)))});");
            writer.Line($"return {string.Concat(_tiers.Skip(1).Reverse().Select(t => $"bits == {t.Plan.Bits} ? {t.ClassName}.Pack(file) : "))}{_tiers[0].ClassName}.Pack(file);");
        }

        writer.Close();
        writer.Line();
        writer.Line("/// <summary>Weights that predict nothing.</summary>");
        writer.Line("internal static NetworkWeights RandomWeights(int seed) => Pack(WeightBinder.RandomFile(seed, Declare));");
        writer.Line();
        writer.Line("/// <summary>The tensors a weights file must have. Listed when first asked for.</summary>");
        writer.Open("internal static class TensorTable");
        writer.Line("internal static readonly IReadOnlyList<NetworkTensor> Value = WeightBinder.List(Declare);");
        writer.Close();
    }

    /// <summary>The tensors a weights file must have.</summary>
    private void EmitDeclare(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <summary>The tensors a weights file must have, by their names in PyTorch's state_dict.</summary>");
        writer.Open("internal static void Declare(WeightBinder binder)");
        foreach (TensorDeclaration tensor in _plan.Tensors)
            writer.Line($"binder.Expect({Literal.Of(tensor.Name)}, new[] {{ {string.Join(", ", tensor.Shape.Select(d => Literal.Of(d)))} }});");
        writer.Close();
    }

    private void EmitCost(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <summary>What each layer costs. Made when first asked for, so that a program that never asks does not pay.</summary>");
        writer.Open("internal static class CostTable");
        writer.Open($"internal static readonly NetworkCost Value = new NetworkCost(Name, {ArenaFloats * 4L}, {_plan.WeightFloats * 4L}L, new LayerCost[]");
        foreach (LayerReport l in _report)
        {
            writer.Line($"new LayerCost({Literal.Of(l.Name)}, {Literal.Of(l.Op)}, {Literal.Of(l.Window)}, \"{l.Input}\", \"{l.Output}\", {l.ReceptiveField}, {l.MultiplyAdds}, {l.Parameters}, {l.ActivationBytes}, {Literal.Of(l.MemoryAccessCost)}, {Literal.Of(l.MemoryAccessBound)}, {Literal.Of(l.Kernel)}, {Literal.Of(l.Fused)}),");
        }

        writer.Close(_spec.Options.IsDebug ? ") { Note = DebugBuild.Note };" : ");");
        writer.Close();
    }

    private string[] InputNames() => RunInputs.Names(Inputs.Skip(1).Select(n => n.Name), Instance);
}
