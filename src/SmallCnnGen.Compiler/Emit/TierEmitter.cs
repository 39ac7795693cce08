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
/// Writes a network at one vector width: the class Vectors256 (or 128, 512) with the list of kernel calls, the packing of
/// weights and the kernels.
/// </summary>
internal sealed class TierEmitter
{
    private readonly NetworkSpec _spec;
    private readonly Plan _plan;
    private readonly NameTable _names = new();
    private readonly List<EquatableArray<int>> _tables;
    private readonly List<StripChain> _chains;
    private readonly ILookup<KernelSpec, string> _users;
    private readonly Dictionary<int, LayerReport> _reportOf = new();
    private readonly Dictionary<int, Step> _lastCopy = new();
    private readonly ILookup<int, int> _completedBy;

    /// <summary>Prepares the names.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="plan">Its plan at one width.</param>
    /// <param name="declared">The graph before the passes.</param>
    public TierEmitter(NetworkSpec spec, Plan plan, Graph declared)
    {
        _spec = spec;
        _plan = plan;
        foreach (Step step in plan.Steps)
            _ = _names[step.Kernel];
        Report = LayerReport.Create(plan, declared, _names);
        IEnumerable<EquatableArray<int>> read = plan.Steps.Where(s => s.Kernel.HasChannelTable).Select(s => s.Inputs[0].Channels);
        IEnumerable<EquatableArray<int>> shown = spec.Options.Trace ? plan.Places.Select(p => p.Channels).Where(c => c.Count > 0) : Array.Empty<EquatableArray<int>>();
        _tables = read.Concat(shown).Distinct().ToList();
        _chains = plan.Steps.Select(s => s.Chain).OfType<StripChain>().Distinct().ToList();
        _users = plan.Steps.ToLookup(s => s.Kernel, s => s.Node.Name);
        foreach (LayerReport layer in Report.Reverse())
            _reportOf[layer.NodeId] = layer;
        foreach (Step step in plan.Steps.Where(s => s.IsCopy))
            _lastCopy[step.Node.Id] = step;
        _completedBy = Completed(plan);
    }

    /// <summary>The plan.</summary>
    public Plan Plan => _plan;

    /// <summary>The cost table.</summary>
    public IReadOnlyList<LayerReport> Report { get; }

    /// <summary>Name of the class, in the network's namespace of generated code.</summary>
    public string ClassName => "Vectors" + Literal.Of(_plan.Bits);

    private bool IsThreaded => _spec.Options.Threads > 1;

    private bool IsReadyToRun => _spec.Options.ReadyToRunBits == _plan.Bits;

    /// <summary>Name of the parameter for an input's pointer.</summary>
    public static string Pointer(int input) => input == 0 ? "x" : "x_" + Literal.Of(input);

    /// <summary>The files of this width: the plan, then one for each distinct kernel.</summary>
    /// <param name="cancellation">Checked between kernels.</param>
    public IEnumerable<GeneratedFile> Emit(CancellationToken cancellation)
    {
        // No name of a class has a hyphen, so no other network's file is called the same.
        string prefix = $"{_spec.FullName}-{ClassName}.";
        yield return new GeneratedFile(prefix + "g.cs", EmitPlan());
        foreach (KernelSpec kernel in _names.Kernels)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new GeneratedFile($"{prefix}{_names[kernel]}.g.cs", EmitKernel(kernel));
        }
    }

    private string EmitPlan()
    {
        var writer = new CodeWriter(indent: 1);
        writer.Line($"/// <summary>{TypeFrame.Xml(TypeFrame.Plain(_spec.FullName))} on {_plan.Bits}-bit vectors.</summary>");
        writer.Line(TypeFrame.Hidden);
        writer.Open($"internal static unsafe partial class {ClassName}");
        writer.Line("/// <summary>Floats of the packed weights.</summary>");
        writer.Line($"internal const int WeightFloats = {_plan.WeightFloats};");
        writer.Line();
        writer.Line("/// <summary>Of everything that decides how weights are packed.</summary>");
        writer.Line($"internal const ulong Fingerprint = 0x{Fingerprint():x16}UL;");
        writer.Line();
        EmitExecute(writer, false);
        if (_spec.Options.Trace)
            EmitExecute(writer, true);
        EmitTables(writer);
        EmitPack(writer);
        writer.Line();
        writer.Line($"/// <summary>The kernels: equal layers share one, each is a file of its own.{(IsReadyToRun ? " They are in the form that ReadyToRun compiles." : string.Empty)}</summary>");
        writer.Open("private static unsafe partial class Kernels");
        writer.Close();
        writer.Close();
        return File(writer);
    }

    private string EmitKernel(KernelSpec kernel)
    {
        var writer = new CodeWriter(indent: 1) { IsReadyToRun = IsReadyToRun };
        writer.Open($"internal static unsafe partial class {ClassName}");
        writer.Open("private static unsafe partial class Kernels");
        writer.Line("/// <summary>");
        foreach (string line in kernel.Describe())
            writer.Line("/// " + TypeFrame.Xml(line));
        if (kernel.IsSplit)
            writer.Line($"/// Computes a part{(kernel.IsStrip ? ", strip by strip" : " for each thread")}: {kernel.UnitName} <c>from</c> to <c>to</c> - 1 of {Literal.Of(kernel.Units)}.");
        string layers = string.Join(", ", _users[kernel]);
        writer.Line("/// </summary>");
        writer.Line("/// <remarks>Used by " + TypeFrame.Xml(layers) + ".</remarks>");
        kernel.Emit(writer, _names[kernel]);
        writer.Close();
        writer.Close();
        return File(writer);
    }

    private string File(CodeWriter body)
    {
        var writer = new CodeWriter();
        TypeFrame.Head(writer);
        TypeFrame.Own(writer, _spec, body);
        return writer.ToString();
    }

    private void EmitExecute(CodeWriter writer, bool traced)
    {
        bool threaded = IsThreaded && !traced;
        string pointers = string.Join(", ", _plan.Graph.Inputs.Select((_, i) => "float* " + Pointer(i)));
        writer.Line(traced
            ? "/// <summary>The layers in order, each result shown to the observer.</summary>"
            : "/// <summary>The layers in order. x: input, w: packed weights, a: arena, y: output.</summary>");
        if (threaded)
            writer.Line("/// <remarks>Every thread of the team runs this with its number; alone, team is null and part 0.</remarks>");
        writer.OpenUnchecked($"internal static void Execute({pointers}, float* w, float* a, float* y{(traced ? ", TensorObserver observer" : threaded ? ", ThreadTeam.Core? team, int part" : string.Empty)})");
        if (threaded)
            writer.Line("int parts = team is null ? 1 : team.Threads;");
        string tables = string.Join(", ", _tables.Select((_, i) => $"channels{i} = Channels{i}").Concat(_chains.Select((_, i) => $"strips{i} = Strips{i}")));
        if (tables.Length > 0)
            writer.Open($"fixed (int* {tables})");
        bool serial = false;
        for (int at = 0; at < _plan.Steps.Count; at++)
        {
            Step step = _plan.Steps[at];
            bool shared = step.Chain is null ? step.Kernel.IsSplit : step.Chain.Parts > 1;

            // What only one thread computes stands together, so that the others wait once.
            if (threaded && serial == shared)
            {
                if (serial)
                    writer.Close();
                else
                    writer.Open("if (part == 0)");
                if (serial)
                    writer.Line("ThreadTeam.Core.Wait(team);");
                serial = !serial;
            }

            if (step.Chain is not null)
            {
                EmitChain(writer, step.Chain, traced, threaded && shared);
                at += step.Chain.Count - 1;
                continue;
            }

            if (!traced)
                writer.Line("// " + TypeFrame.Comment(Describe(step)));
            string units = Literal.Of(step.Kernel.Units);
            writer.Line(threaded
                ? Call(step, Address(step.Inputs[0]), Address(step.Output), step.Kernel.CutCode("part", "parts"), step.Kernel.CutCode("(part + 1)", "parts"), threaded)
                : Call(step, Address(step.Inputs[0]), Address(step.Output), "0", units));
            if (threaded && shared)
                writer.Line("ThreadTeam.Core.Wait(team);");
            if (traced && !step.IsCopy)
                Observe(writer, step.Node.Id);
            if (traced && step.IsCopy && LastCopy(step))
                Observe(writer, step.Node.Id);
        }

        if (serial)
            writer.Close();
        if (tables.Length > 0)
            writer.Close();
        writer.Close();
        writer.Line();
    }

    /// <summary>Kernels that run a few rows at a time, one after another.</summary>
    private void EmitChain(CodeWriter writer, StripChain chain, bool traced, bool shared)
    {
        string number = Literal.Of(_chains.IndexOf(chain)), table = "strips" + number;
        Step[] steps = Enumerable.Range(chain.First, chain.Count).Select(i => _plan.Steps[i]).ToArray();
        writer.Line($"// {chain.StripCount} strip{(chain.StripCount > 1 || chain.Parts == 1 ? "s" : string.Empty)}{(chain.Parts > 1 ? $" in each of {chain.Parts} parts" : string.Empty)}: {chain.Count} kernels one after another on a few rows, so that the maps between them stay near and small.");
        if (shared)
        {
            // A thread's parts run through the first one's buffers.
            writer.Line($"int first{number} = {chain.Parts} * part / parts, end{number} = {chain.Parts} * (part + 1) / parts;");
            writer.Open($"for (int strip = first{number} * {chain.StripCount}; strip < end{number} * {chain.StripCount}; strip++)");
        }
        else
        {
            writer.Open($"for (int strip = 0; strip < {chain.AllStrips}; strip++)");
        }

        writer.Line($"int* t = {table} + strip * {chain.Columns};");
        for (int k = 0; k < steps.Length; k++)
        {
            Step step = steps[k];
            if (!traced)
                writer.Line("// " + TypeFrame.Comment(Describe(step)));
            bool isLast = k == steps.Length - 1;
            if (!isLast)
            {
                int column = (2 * chain.Count) + (3 * k);
                string own = shared ? $" + first{number} * {Literal.Of(ArenaPlanner.Aligned(chain.BufferRows[k] * step.Output.Tensor.RowPitch))}" : string.Empty;
                writer.Line($"float* rows{k} = StripRows.Advance({Address(step.Output)}{own}, {step.Output.Tensor.RowPitch}, t[{column}], t[{column + 1}], t[{column + 2}]);");
            }

            writer.Line(Call(step, k > 0 ? $"rows{k - 1}" : Address(step.Inputs[0]), isLast ? Address(step.Output) : $"rows{k}", $"t[{2 * k}]", $"t[{(2 * k) + 1}]"));
        }

        writer.Close();
        if (shared)
            writer.Line("ThreadTeam.Core.Wait(team);");
        if (traced)
            Observe(writer, steps[steps.Length - 1].Node.Id);
    }

    /// <summary>The call of a step's kernel.</summary>
    /// <param name="step">The step.</param>
    /// <param name="input">Where its first input lies.</param>
    /// <param name="output">Where it writes.</param>
    /// <param name="from">First unit, where it computes a part.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="threaded">Whether several threads may make the call at once.</param>
    private string Call(Step step, string input, string output, string from, string to, bool threaded = false)
    {
        var arguments = new List<string> { input };
        arguments.AddRange(step.Inputs.Skip(1).Select(Address));
        if (step.Kernel.HasChannelTable)
            arguments.Add("channels" + Literal.Of(_tables.IndexOf(step.Inputs[0].Channels)));
        if (step.WeightOffset >= 0)
            arguments.Add(Offset("w", step.WeightOffset));
        if (step.ScratchOffset >= 0)
            arguments.Add(Offset("a", step.ScratchOffset) + (threaded && step.Parts > 1 ? $" + {Share(step)} * {Literal.Of(step.Kernel.ScratchPitch)}" : string.Empty));
        arguments.Add(output);
        if (step.RowMeans is { } means)
            arguments.Add(Address(means));
        if (step.Kernel.IsSplit)
            arguments.AddRange(new[] { from, to });
        return $"Kernels.{_names[step.Kernel]}({string.Join(", ", arguments)});";
    }

    /// <summary>Which scratch memory is a thread's; with fewer units than threads, that of the unit it computes.</summary>
    private string Share(Step step) => step.Parts < _spec.Options.Threads ? $"({step.Kernel.CutCode("part", "parts")})" : "part";

    private string Describe(Step step)
    {
        if (step.IsCopy)
            return $"{step.Node.Name}: copy of {step.Inputs[0].Tensor}";
        LayerReport? layer = _reportOf.TryGetValue(step.Node.Id, out LayerReport? known) ? known : null;
        return $"{step.Node.Name}: {step.Inputs[0].Tensor} to {step.Output.Tensor}{(layer is { MultiplyAdds: > 0 } ? $", {Literal.Count(layer.MultiplyAdds)} multiply-adds" : string.Empty)}";
    }

    /// <summary>Tables of where the channels of shuffled, split and joined maps lie.</summary>
    private void EmitTables(CodeWriter writer)
    {
        for (int i = 0; i < _tables.Count; i++)
        {
            string readers = string.Join(", ", _plan.Steps.Where(s => s.Kernel.HasChannelTable && s.Inputs[0].Channels == _tables[i]).Select(s => s.Node.Name));
            writer.Line(readers.Length > 0
                ? $"/// <summary>Where the input channels of {TypeFrame.Xml(readers)} lie: joining, splitting and shuffling cost nothing.</summary>"
                : "/// <summary>Where the channels of a map shown to observers lie.</summary>");
            EmitTable(writer, $"Channels{i}", _tables[i], 16);
        }

        for (int i = 0; i < _chains.Count; i++)
        {
            StripChain chain = _chains[i];
            IEnumerable<string> names = Enumerable.Range(chain.First, chain.Count).Select(k => _plan.Steps[k].Node.Name);
            writer.Line($"/// <summary>Strips of {TypeFrame.Xml(string.Join(", ", names))}, a line each: first and end unit of each kernel; then, of each map between, rows its buffer advances, rows kept, row then first.</summary>");
            EmitTable(writer, $"Strips{i}", chain.Table, chain.Columns);
        }
    }

    private static void EmitTable(CodeWriter writer, string name, EquatableArray<int> values, int perLine)
    {
        writer.Line($"private static ReadOnlySpan<int> {name} => new int[]");
        writer.Line("{");
        for (int j = 0; j < values.Count; j += perLine)
            writer.Line("    " + string.Join(", ", values.Skip(j).Take(perLine).Select(c => Literal.Of(c))) + ",");
        writer.Line("};");
        writer.Line();
    }

    private bool LastCopy(Step step) => ReferenceEquals(_lastCopy[step.Node.Id], step);

    private void Observe(CodeWriter writer, int id)
    {
        ObserveOne(writer, id);

        // Maps without a kernel of their own (concatenations in place, slices) exist once their last part does.
        foreach (int node in _completedBy[id])
            ObserveOne(writer, node);
    }

    /// <summary>The maps without a kernel of their own, by the node with a kernel that completes each.</summary>
    private static ILookup<int, int> Completed(Plan plan)
    {
        var withKernel = new HashSet<int>(plan.Steps.Select(s => s.Node.Id));
        var maker = new int[plan.Graph.Nodes.Count];
        foreach (Node node in plan.Graph.Nodes)
            maker[node.Id] = withKernel.Contains(node.Id) || node.Op is InputOp ? node.Id : node.Inputs.Max(i => maker[i]);
        return plan.Graph.Nodes.Where(n => n.Op is ConcatOp or ChannelMapOp && !withKernel.Contains(n.Id)).ToLookup(n => maker[n.Id], n => n.Id);
    }

    private void ObserveOne(CodeWriter writer, int id)
    {
        Node node = _plan.Graph.Nodes[id];
        Placement place = _plan.Places[id];

        TensorRef t = place.Tensor;
        if (place.Channels.Count > 0)
        {
            long span = ((long)(t.Pixels - 1) * t.Pitch) + place.Channels.Max() + 1;
            writer.Line($"observer(new TensorView({Literal.Of(node.Name)}, {t.Height}, {t.Width}, {t.Pitch}, new ReadOnlySpan<float>({Address(place)}, {span}), Channels{_tables.IndexOf(place.Channels)}));");
            return;
        }

        long length = ((long)(t.Pixels - 1) * t.Pitch) + t.Channels;
        writer.Line($"observer(new TensorView({Literal.Of(node.Name)}, {t.Height}, {t.Width}, {t.Channels}, {t.Pitch}, new ReadOnlySpan<float>({Address(place)}, {length})));");
    }

    private void EmitPack(CodeWriter writer)
    {
        writer.Line("/// <summary>Checks every tensor, folds batch normalisation, and packs the weights as the kernels read them.</summary>");
        writer.Open("internal static NetworkWeights Pack(SafetensorsFile file)");
        writer.Line($"WeightBinder binder = new WeightBinder(Network.Name, Fingerprint, WeightFloats, file, {_plan.Bits});");
        writer.Line("Network.Declare(binder);");
        writer.Line("binder.Check();");
        foreach (Step step in _plan.Steps)
        {
            foreach (WeightBinding binding in step.Bindings)
                writer.Line(Bind(binding, step.WeightOffset + binding.Offset));
        }

        writer.Line("return binder.Finish();");
        writer.Close();
    }

    private static string Bind(WeightBinding binding, long offset) => binding switch
    {
        ConvBinding b => $"binder.Conv({offset}, {Source(b.Weight, b.Bias, b.Norm)}, outChannels: {b.OutChannels}, inPerGroup: {b.InPerGroup}, kernelHeight: {b.Kernel.Y}, kernelWidth: {b.Kernel.X}, groups: {b.Groups}, merge: {b.Merge}, lanes: {b.Lanes}, vectors: {b.Vectors}{(b.IsPaired ? ", paired: true" : string.Empty)});",
        DepthwiseBinding b => $"binder.Depthwise({offset}, {Source(b.Weight, b.Bias, b.Norm)}, channels: {b.Channels}, kernelHeight: {b.Kernel.Y}, kernelWidth: {b.Kernel.X}{(b.Order.Count == 0 ? string.Empty : $", order: new[] {{ {b.Order} }}")});",
        ConvTransposeBinding b => $"binder.ConvTranspose({offset}, {Source(b.Weight, b.Bias, b.Norm)}, inChannels: {b.InChannels}, outPerGroup: {b.OutPerGroup}, kernelHeight: {b.Kernel.Y}, kernelWidth: {b.Kernel.X}, groups: {b.Groups});",
        AffineBinding b => $"binder.Affine({offset}, {Literal.Of(b.Norm.Module)}, {Literal.Of(b.Norm.Epsilon)}, channels: {b.Channels});",
        WinogradBinding b => $"binder.Winograd({offset}, {Source(b.Weight, b.Bias, b.Norm)}, outChannels: {b.OutChannels}, inChannels: {b.InChannels}, tile: {b.Tile}, lanes: {b.Lanes}, vectors: {b.Vectors});",
        VectorBinding b => $"binder.Vector({offset}, {Literal.Of(b.Tensor)}, channels: {b.Channels});",
        _ => throw new InvalidOperationException("no binder call for " + binding.GetType().Name),
    };

    private static string Source(string weight, string? bias, BatchNormSpec? norm) =>
        $"{Literal.Of(weight)}, bias: {Literal.Of(bias)}, norm: {Literal.Of(norm?.Module)}, epsilon: {Literal.Of(norm?.Epsilon ?? 0)}";

    private string Address(Placement place) => place.Storage switch
    {
        Storage.Input => Offset(Pointer(place.Input), place.Offset),
        Storage.Output => Offset("y", place.Offset),
        _ => Offset("a", place.Offset),
    };

    private static string Offset(string pointer, int offset) => offset == 0 ? pointer : $"{pointer} + {Literal.Of(offset)}";

    /// <summary>A hash of everything that decides how weights are packed, so that packed weights fit only their network.</summary>
    private ulong Fingerprint()
    {
        ulong hash = 14695981039346656037UL;
        void Add(string text)
        {
            foreach (char c in text)
                hash = unchecked((hash ^ c) * 1099511628211UL);
            hash = unchecked((hash ^ 0xffff) * 1099511628211UL);
        }

        Add(TypeFrame.Plain(_spec.FullName));
        Add(Literal.Of(_plan.Bits));
        foreach (TensorDeclaration tensor in _plan.Tensors)
            Add(tensor.Name + " " + tensor.Shape);
        foreach (Step step in _plan.Steps)
            Add(_names[step.Kernel] + " " + Literal.Of(step.WeightOffset) + string.Concat(step.Bindings.Select(b => " " + Bind(b, b.Offset))));
        return hash;
    }
}
