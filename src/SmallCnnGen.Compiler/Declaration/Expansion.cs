using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Emit;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using static System.FormattableString;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// One run of <see cref="SpecExpander"/>: walks layers and blocks, resolves names, and hands each primitive layer to
/// <see cref="PrimitiveLowering"/>. A layer that fails gets the result <see cref="ExpansionScope.Failed"/> and the walk
/// goes on, so that one build shows every mistake once.
/// </summary>
internal sealed class Expansion
{
    private const int MaxThreads = 64;
    private const int MaxDepth = 32;
    private const int MaxSteps = 3 * PrimitiveLowering.MaxNodes;
    private const int MaxBlockCopies = PrimitiveLowering.MaxNodes;
    private const int MaxFindings = 100;
    private const double MaxMultiplier = 16;

    private readonly NetworkSpec _spec;
    private readonly NetworkOptions _options;
    private readonly FindingList _findings;
    private readonly Dictionary<string, BlockSpec> _blocks = new(StringComparer.Ordinal);
    private readonly HashSet<(string Id, int Source, string? Argument, LayerSpec? Layer)> _reported = new();
    private readonly GraphBuilder _builder = new();
    private readonly PrimitiveLowering _lowering;
    private readonly Dictionary<int, LayerSpec> _inputLayers = new();
    private readonly Dictionary<int, LayerOrigin> _origins = new();
    private int _errors;
    private int _steps;
    private int _blockCopies;
    private int _emitted;

    public Expansion(NetworkSpec spec, FindingList findings)
    {
        _spec = spec;
        _findings = findings;
        foreach (BlockSpec block in spec.Blocks)
            _blocks[block.Id] = block;

        // What [Network] says of channels may be wrong, which is a finding of its own; layers are then checked as they are written.
        _options = IsMultiplier(spec.Options.WidthMultiplier) && IsDivisor(spec.Options.ChannelDivisor)
            ? spec.Options
            : spec.Options with { WidthMultiplier = 1, ChannelDivisor = 8 };
        _lowering = new PrimitiveLowering(_builder, _options);
    }

    /// <summary>For each node of the result, the layer it came from; null for inputs.</summary>
    public IReadOnlyList<LayerOrigin?> Origins { get; private set; } = Array.Empty<LayerOrigin?>();

    /// <summary>Expands; null after an error.</summary>
    public Graph? Run()
    {
        try
        {
            return Walk();
        }
        catch (ExpansionStoppedException)
        {
            return null;
        }
    }

    private Graph? Walk()
    {
        int input = ExpansionScope.Failed;
        if (CheckOptions() is { } shape)
            input = _builder.AddInput("input", 0, shape).Id;
        var parameters = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        var root = new ExpansionScope(_spec.Layers, input, parameters);

        // What layers say of a parameter without a value would mislead.
        if (!NetworkParameters.Bind(_spec.Parameters, parameters, root, ReportParameter))
            return null;
        _lowering.Claim("input");
        foreach (LayerSpec layer in _spec.Layers)
        {
            if (IsInput(layer))
                DeclareInput(root, layer);
        }

        foreach (LayerSpec layer in _spec.Layers)
        {
            if (!IsInput(layer))
                Visit(root, layer);
        }

        if (_emitted == 0 && _errors == 0)
        {
            string problem = _spec.Layers.Any(l => !IsInput(l)) ? "every layer is left out by its When or Repeat" : "there are no layer attributes";
            Report(DiagnosticIds.EmptyNetwork, $"Network '{_spec.TypeName}' has no layer: {problem}; add at least one below [Network].", -1, null, null);
        }

        // Only a block can come to nothing: a layer makes a node.
        if (_errors == 0 && root.Previous >= 0 && _builder.Nodes[root.Previous].Op is InputOp && _spec.Layers.LastOrDefault(l => l.IsBlock) is { } empty)
            Report(DiagnosticIds.EmptyNetwork, $"Network '{_spec.TypeName}': its output is its input, because every layer of [{_blocks[empty.Kind].Name}] is left out by its When or Repeat.", empty, root, null);

        if (_errors > 0)
            return null;
        if (root.Previous == ExpansionScope.Failed)
            throw new InvalidOperationException($"network '{_spec.TypeName}' failed to expand without a finding");
        return Finish(root.Previous);
    }

    private TensorShape? CheckOptions()
    {
        NetworkOptions options = _spec.Options;
        int before = _errors;
        CheckSize("Height", options.Height, LayerKinds.MaxSize);
        CheckSize("Width", options.Width, LayerKinds.MaxSize);
        CheckSize("Channels", options.Channels, LayerKinds.MaxChannels);
        CheckMultiplier("WidthMultiplier", options.WidthMultiplier);
        CheckMultiplier("ResolutionMultiplier", options.ResolutionMultiplier);
        if (!IsDivisor(options.ChannelDivisor))
            ReportOption(DiagnosticIds.BadArgument, "ChannelDivisor", Invariant($"ChannelDivisor = {options.ChannelDivisor} is out of range; use 1 to {LayerKinds.MaxChannels}, 8 as the papers do."), Repair.SetArgument("ChannelDivisor", "8"));
        if (options.VectorBits <= 0 || (options.VectorBits & ~(128 | 256 | 512)) != 0)
            ReportOption(DiagnosticIds.BadArgument, "VectorBits", Invariant($"VectorBits = {options.VectorBits} is no vector width; use 128, 256 or 512, or several of them: 256 | 512."), Repair.SetArgument("VectorBits", options.VectorBits <= 192 ? "128" : options.VectorBits < 384 ? "256" : "512"));
        if (options.Threads is < 1 or > MaxThreads)
            ReportOption(DiagnosticIds.BadArgument, "Threads", Invariant($"Threads = {options.Threads} lies out of range; a run is shared by 1 to {MaxThreads} threads."), Repair.SetArgument("Threads", options.Threads < 1 ? "1" : Literal.Of(MaxThreads)));
        if (_errors > before)
            return null;

        var shape = new TensorShape(ScaleSize(options.Height), ScaleSize(options.Width), options.Channels);
        if (shape.Height > LayerKinds.MaxSize || shape.Width > LayerKinds.MaxSize || shape.Length > ShapeRule.MaxElements)
        {
            ReportOption(
                DiagnosticIds.TooLarge,
                "Height",
                Invariant($"the input would be {shape}, {shape.Length} elements; sides of {LayerKinds.MaxSize} and {ShapeRule.MaxElements} elements are the most supported."));
            return null;
        }

        return shape;
    }

    private void CheckSize(string name, int value, int max)
    {
        EquatableArray<FindingProperty> repair = Repair.SetArgument(name, UsualSize(name).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (value == 0)
            ReportOption(DiagnosticIds.EmptyNetwork, null, Invariant($"the input has no {name}; write [Network({name} = ...)] with 1 to {max}."), repair);
        else if (value < 0 || value > max)
            ReportOption(DiagnosticIds.EmptyNetwork, name, Invariant($"{name} = {value} is no input size; use 1 to {max}."), repair);
    }

    /// <summary>What a missing size most likely is: a square of the side that is known, else ImageNet's colour pictures.</summary>
    private int UsualSize(string name)
    {
        if (name == "Channels")
            return 3;
        int other = name == "Height" ? _spec.Options.Width : _spec.Options.Height;
        return other is > 0 and <= LayerKinds.MaxSize ? other : 224;
    }

    private static bool IsMultiplier(double value) => value > 0 && value <= MaxMultiplier;

    private static bool IsDivisor(int value) => value is >= 1 and <= LayerKinds.MaxChannels;

    private void CheckMultiplier(string name, double value)
    {
        if (!IsMultiplier(value))
            ReportOption(DiagnosticIds.BadArgument, name, Invariant($"{name} = {value:R} is out of range; use a number above 0 and up to {MaxMultiplier}, 1 to change nothing."), Repair.SetArgument(name, value > MaxMultiplier ? MaxMultiplier.ToString(System.Globalization.CultureInfo.InvariantCulture) : "1"));
    }

    private void ReportParameter(ParameterSpec parameter, string id, string argument, string problem, EquatableArray<FindingProperty> repair) =>
        Report(id, $"Network '{_spec.TypeName}' [Parameter]: {problem}", parameter.Source, parameter.Source >= 0 ? argument : null, null, repair);

    private void ReportOption(string id, string? argument, string problem, EquatableArray<FindingProperty> repair = default)
    {
        _errors++;
        _findings.Add(id, $"Network '{_spec.TypeName}': {problem}", -1, argument, repair);
    }

    private int ScaleSize(int size) =>
        Math.Max(1, (int)Math.Round(size * _spec.Options.ResolutionMultiplier, MidpointRounding.AwayFromZero));

    private static bool IsInput(LayerSpec layer) => !layer.IsBlock && layer.Kind == "Input";

    /// <summary>Inputs are declared before any layer, so that they can be read wherever their attribute stands.</summary>
    private void DeclareInput(ExpansionScope root, LayerSpec layer)
    {
        Step(root, layer);
        var arguments = new LayerArguments(layer, LayerKinds.Find("Input")!, root, "[Input]", Reporter(root, layer));
        arguments.RefuseUnknown("Input", Array.Empty<string>());
        foreach (string useless in new[] { "Name", "From", "Module", "Repeat", "When" })
            arguments.RefuseUseless(useless, "an input is no layer");
        string? name = arguments.Text("name");
        if (name is not null && LayerPath.ProblemOfName(name) is { } problem)
        {
            arguments.Fail(DiagnosticIds.BadArgument, "name", $"name = \"{name}\": {problem}.");
            name = null;
        }

        if (!arguments.IsWritten("Channels"))
            arguments.Fail(DiagnosticIds.BadArgument, null, Invariant($"the input has no Channels; write Channels = 1 to {LayerKinds.MaxChannels}."));
        var shape = new TensorShape(arguments.Int("Height"), arguments.Int("Width"), arguments.IsWritten("Channels") ? arguments.Int("Channels") : 1);
        if (shape.Length > ShapeRule.MaxElements)
            arguments.Fail(DiagnosticIds.TooLarge, null, Invariant($"the input would be {shape}, {shape.Length} elements; at most {ShapeRule.MaxElements} are supported."));
        if (name is null)
            return;
        if (!root.Declare(name))
        {
            arguments.Fail(DiagnosticIds.DuplicateName, "name", $"there is another input called '{name}'; choose another name (\"input\" is the network's first).", Rename("name", name, root));
            return;
        }

        if (arguments.HasErrors)
            return;
        _lowering.Claim(name);
        Node node = _builder.AddInput(name, _builder.Nodes.Count, shape);
        _inputLayers.Add(node.Id, layer);
        root.Define(name, node.Id);
    }

    private void Visit(ExpansionScope scope, LayerSpec layer)
    {
        Step(scope, layer);
        string? written = layer.Arguments.FirstOrDefault(a => a.Name == "Name")?.Value is { Kind: ArgumentKind.Text } text ? text.Text : null;
        string shortKind = layer.Kind.Substring(layer.Kind.LastIndexOfAny(new[] { '.', '+' }) + 1);
        string attribute = layer.IsBlock && _blocks.TryGetValue(layer.Kind, out BlockSpec? block) ? block.Name : shortKind;
        if (written?.Length > LayerPath.MaxLength)
            written = written.Substring(0, LayerPath.MaxLength) + "...";
        string label = Invariant($"Layer '{LayerPath.Join(scope.Path, written ?? scope.Position.ToString(System.Globalization.CultureInfo.InvariantCulture))}' [{attribute}]");
        LayerKind? kind = KindOf(scope, layer, label, out block);
        var arguments = new LayerArguments(layer, kind ?? LayerKinds.Block, scope, label, Reporter(scope, layer));
        string[] parameters = block is null ? Array.Empty<string>() : block.Parameters.Select(p => p.Name).ToArray();
        arguments.TakeProperties(parameters);
        if (kind is not null)
            arguments.RefuseUnknown(attribute, parameters);

        string? pattern = arguments.Text("Name");
        if (pattern is not null && LayerPath.ProblemOfName(pattern) is { } problem)
        {
            arguments.Fail(DiagnosticIds.BadArgument, "Name", $"Name = \"{pattern}\": {problem}.");
            pattern = null;
        }

        int copies = arguments.Condition("When") ? arguments.Int("Repeat") : 0;
        if (copies == 0)
        {
            if (pattern is not null)
                scope.LeaveOut(pattern);
            return;
        }

        bool counted = pattern is not null && pattern.Contains('#');
        bool alias = pattern is not null && !counted && copies > 1;
        if (alias && !scope.Declare(pattern!))
        {
            FailDuplicate(scope, arguments, pattern!);
            scope.Previous = ExpansionScope.Failed;
            return;
        }

        for (int copy = 0; copy < copies; copy++)
        {
            Step(scope, layer);
            string local = pattern is null ? scope.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : counted ? LayerPath.Numbered(pattern, scope.Count(pattern))
                : copies > 1 ? Invariant($"{pattern}.{copy}")
                : pattern;
            scope.Position++;
            _emitted++;
            int before = _errors;
            if (!scope.Declare(local))
            {
                FailDuplicate(scope, arguments, local);
                scope.Previous = ExpansionScope.Failed;
                break;
            }

            int result = Emit(scope, layer, kind, block, arguments, local, copy, copies);
            scope.Define(local, result);
            scope.Previous = result;

            // The other copies would fail the same way.
            if (_errors > before || arguments.HasErrors)
                break;
        }

        if (alias)
            scope.Define(pattern!, scope.Previous);
    }

    private LayerKind? KindOf(ExpansionScope scope, LayerSpec layer, string label, out BlockSpec? block)
    {
        block = null;
        if (layer.IsBlock)
        {
            if (_blocks.TryGetValue(layer.Kind, out block))
                return LayerKinds.Block;
            Report(DiagnosticIds.BadArgument, $"{label}: the block '{layer.Kind}' is not known; derive its class from BlockAttribute.", layer, scope, null);
            return null;
        }

        LayerKind? kind = LayerKinds.Find(layer.Kind);
        if (kind is null)
        {
            string suggestion = NameSuggestion.For(layer.Kind, LayerKinds.All.Select(k => k.Name));
            Report(DiagnosticIds.BadArgument, $"{label}: '{layer.Kind}' is no layer; blocks derive from BlockAttribute.{suggestion}", layer, scope, null);
        }
        else if (layer.Kind == "Input")
        {
            Report(DiagnosticIds.BadArgument, $"{label}: a block has one input, called \"input\"; put [Input] on the network.", layer, scope, null);
            kind = null;
        }

        return kind;
    }

    /// <summary>Emits one copy; the node of its result, or Failed.</summary>
    private int Emit(ExpansionScope scope, LayerSpec layer, LayerKind? kind, BlockSpec? block, LayerArguments arguments, string local, int copy, int copies)
    {
        if (kind is null)
            return ExpansionScope.Failed;
        IReadOnlyList<int> inputs = ResolveInputs(scope, layer, arguments, copy);
        string? module = Module(scope, arguments, "Module", copy, copies);
        bool hasOwnModules = block is null && kind.Find("ActivationModule") is not null;
        var item = new LayerCopy(
            layer,
            arguments,
            scope,
            copy,
            LayerPath.Join(scope.Path, local),
            module ?? LayerPath.Join(scope.ModulePath, local),
            hasOwnModules && kind.Find("BatchNormModule") is not null ? Module(scope, arguments, "BatchNormModule", copy, copies) : null,
            hasOwnModules ? Module(scope, arguments, "ActivationModule", copy, copies) : null,
            inputs,
            scope.SourceOf(layer));
        var origin = new LayerOrigin(layer, item.Name, scope.Block, scope.Origin);
        int before = _builder.Nodes.Count;
        try
        {
            if (block is not null)
                return ExpandBlock(item, block, origin);
            int result = kind.Name == "MaxUnpool" ? _lowering.LowerMaxUnpool(item, FindPool(item)) : _lowering.Lower(item);
            for (int id = before; id < _builder.Nodes.Count; id++)
                _origins[id] = origin;
            return result;
        }
        catch (FindingException e)
        {
            // A block's body serves uses of other shapes too: what would fit here may not fit there.
            EquatableArray<FindingProperty> repair = scope.Block is null ? e.Finding.Properties : default;
            if (e.Finding.Id == DiagnosticIds.TensorConflict && arguments.Written("Module") is { Kind: ArgumentKind.Text } shared)
                repair = Rename("Module", shared.Text, scope);
            Report(e.Finding.Id, e.Finding.Message, layer, scope, e.Finding.Argument, repair);
            if (e.Finding.Id == DiagnosticIds.TooLarge && _builder.Nodes.Count >= PrimitiveLowering.MaxNodes)
                throw new ExpansionStoppedException();
            return ExpansionScope.Failed;
        }
    }

    private int ExpandBlock(LayerCopy use, BlockSpec block, LayerOrigin origin)
    {
        var chain = new List<string> { block.Name };
        for (ExpansionScope? s = use.Scope; s?.Block is not null; s = s.Parent)
        {
            chain.Insert(0, s.Block.Name);
            if (s.Block.Id == block.Id)
            {
                use.Arguments.Fail(DiagnosticIds.RecursiveBlock, null, $"a block must not contain itself: {string.Join(" > ", chain)}; use Repeat for several copies.");
                return ExpansionScope.Failed;
            }
        }

        if (chain.Count > MaxDepth)
        {
            use.Arguments.Fail(DiagnosticIds.RecursiveBlock, null, Invariant($"blocks are nested more than {MaxDepth} deep; flatten some of them."));
            return ExpansionScope.Failed;
        }

        if (++_blockCopies > MaxBlockCopies)
        {
            Report(DiagnosticIds.TooLarge, Invariant($"Network '{_spec.TypeName}' expands to more than {MaxBlockCopies} copies of blocks; lower a Repeat."), use.Layer, use.Scope, null);
            throw new ExpansionStoppedException();
        }

        if (block.Layers.Count == 0)
        {
            use.Arguments.Fail(DiagnosticIds.EmptyNetwork, null, $"the block [{block.Name}] has no layers; put layer attributes, such as [Conv(32)], on its class.");
            return ExpansionScope.Failed;
        }

        Dictionary<string, ParameterValue> parameters = BindParameters(use, block);
        IReadOnlyList<(string Name, int Node)> layers = BindLayers(use, block);
        if (use.Arguments.HasErrors || layers.Any(l => l.Node == ExpansionScope.Failed) || use.Inputs[0] == ExpansionScope.Failed)
            return ExpansionScope.Failed;
        int input = use.Inputs[0];
        var scope = new ExpansionScope(use.Scope, use.Layer, block, use.Name, use.Module, parameters, input, _builder.Nodes[input].Shape, use.Index) { Origin = origin };
        foreach ((string name, int node) in layers)
            scope.AddInput(name, node, _builder.Nodes[node].Shape);
        foreach (LayerSpec layer in block.Layers)
            Visit(scope, layer);
        return scope.Previous;
    }

    /// <summary>The further inputs of a block: the layers its [LayerInput] parameters name. One given null is left out.</summary>
    private IReadOnlyList<(string Name, int Node)> BindLayers(LayerCopy use, BlockSpec block)
    {
        var layers = new List<(string, int)>();
        foreach (BlockParameter parameter in block.Parameters)
        {
            if (!parameter.IsLayerInput)
                continue;
            if (parameter.Name is "input" or "in")
                use.Arguments.Fail(DiagnosticIds.BadArgument, null, $"[{block.Name}] has a [LayerInput] parameter called '{parameter.Name}', as the block's first input is; choose another name.");
            ArgumentValue? written = use.Arguments.Written(parameter.Name) ?? parameter.Default;
            if (written is null || written.Kind == ArgumentKind.Null)
                continue;
            if (use.Arguments.NameOf(parameter.Name, written) is { } name)
                layers.Add((parameter.Name, Find(use.Scope, use.Arguments, parameter.Name, name)));
        }

        return layers;
    }

    private Dictionary<string, ParameterValue> BindParameters(LayerCopy use, BlockSpec block)
    {
        var parameters = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (BlockParameter parameter in block.Parameters)
        {
            ArgumentValue? written = use.Arguments.Written(parameter.Name) ?? parameter.Default;
            if (written is null)
            {
                use.Arguments.Fail(DiagnosticIds.BadArgument, null, $"the argument '{parameter.Name}' is missing; [{block.Name}] needs it.");
                continue;
            }

            if (parameter.IsLayerInput)
                continue;
            ParameterValue value = use.Arguments.Bind(written);
            if (parameter.IsStageStride && use.Index > 0)
                value = use.Arguments.Bind(ArgumentValue.Of(1L));
            if (parameter.IsChannelCount && use.IsNetworkLevel && value.Numbers is { Count: 1 } numbers && numbers[0] > 0)
                value = use.Arguments.Bind(ArgumentValue.Of(ChannelRounding.Scale(numbers[0], _options.WidthMultiplier, _options.ChannelDivisor)));
            parameters[parameter.Name] = value;
        }

        return parameters;
    }

    /// <summary>The nodes a layer reads: for a merging layer all of them in order, for any other just one.</summary>
    private IReadOnlyList<int> ResolveInputs(ExpansionScope scope, LayerSpec layer, LayerArguments arguments, int copy)
    {
        bool merges = !layer.IsBlock && layer.Kind is "Add" or "Multiply" or "Concat";

        // Only the first copy reads elsewhere; the others follow each other.
        IReadOnlyList<string> from = copy == 0 ? arguments.Names("From") : Array.Empty<string>();
        if (!merges)
        {
            if (from.Count > 1)
                arguments.Fail(DiagnosticIds.BadArgument, "From", Invariant($"From names {from.Count} layers, but [{layer.Kind}] reads one; join them with [Add], [Concat] or [Multiply] first."));
            return new[] { from.Count == 0 ? scope.Previous : Find(scope, arguments, "From", from[0]) };
        }

        IReadOnlyList<string> listed = arguments.Names("inputs");
        int[] others = listed.Select(name => Find(scope, arguments, "inputs", name)).ToArray();
        int[] first = from.Select(name => Find(scope, arguments, "From", name)).ToArray();
        if (listed.Count > 1 && from.Count > 0)
            arguments.Fail(DiagnosticIds.BadArgument, "From", $"the inputs are listed already; leave From out, or list them all in one place.");
        if (listed.Count == 0)
        {
            // From alone is just another place to write the list.
            others = first;
            first = Array.Empty<int>();
        }

        switch (others.Length)
        {
            case 0:
                if (!arguments.HasErrors)
                    arguments.Fail(DiagnosticIds.BadArgument, null, $"[{layer.Kind}] names no layer; write one to join it with the layer before, or several.");
                return new[] { ExpansionScope.Failed, ExpansionScope.Failed };
            case 1:
                if (first.Length == 0)
                    first = new[] { scope.Previous };

                // Concat is where order shows: the one name goes before the layer before (a dense connection).
                return (layer.Kind == "Concat" ? others.Concat(first) : first.Concat(others)).ToArray();
            default:
                return others;
        }
    }

    private int Find(ExpansionScope scope, LayerArguments arguments, string argument, string name)
    {
        if (scope.TryFind(name, out int node))
            return node;
        const int shown = 10;
        IEnumerable<string> known = scope.Names.Skip(Math.Max(0, scope.Names.Count - shown));
        string reason = scope.IsPending(name) ? $"the layer '{name}' cannot read itself"
            : scope.WasLeftOut(name) ? $"the layer '{name}' is left out here by its When or Repeat"
            : scope.IsWritten(name) ? $"the layer '{name}' comes later; move it up"
            : scope.Parent is not null && scope.Parent.TryFind(name, out _) ? $"the layer '{name}' lies outside the block; a block sees its own layers and \"input\""
            : $"there is no layer '{name}'";
        string? meant = NameSuggestion.Nearest(name, scope.Names);
        arguments.Fail(
            DiagnosticIds.UnknownName,
            argument,
            $"{reason}.{NameSuggestion.For(name, scope.Names)} Known here: {string.Join(", ", known)}{(scope.Names.Count > shown ? ", and earlier ones" : string.Empty)}.",
            meant is null ? default : Repair.ReplaceWord(argument, name, meant));
        return ExpansionScope.Failed;
    }

    private int FindPool(LayerCopy item)
    {
        string? pool = item.Arguments.Text("pool");
        return pool is null ? ExpansionScope.Failed : Find(item.Scope, item.Arguments, "pool", pool.Trim());
    }

    /// <summary>A tensor path as written, made full; null when it is not written.</summary>
    private static string? Module(ExpansionScope scope, LayerArguments arguments, string argument, int copy, int copies)
    {
        string? written = arguments.Text(argument);
        if (written is null)
            return null;
        if (LayerPath.ProblemOfModule(written) is { } problem)
        {
            arguments.Fail(DiagnosticIds.BadArgument, argument, $"{argument} = \"{written}\": {problem}.");
            return null;
        }

        // Copies have weights of their own, so their paths are told apart as their names are.
        string path = written.Contains('#') ? LayerPath.Numbered(written, scope.Count(argument + "=" + written))
            : copies > 1 ? LayerPath.Join(written, copy.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : written;
        return LayerPath.Join(scope.ModulePath, path);
    }

    private static void FailDuplicate(ExpansionScope scope, LayerArguments arguments, string name)
    {
        string problem = name == "input"
            ? "'input' is what the network or block reads; choose another Name."
            : $"there is another layer called '{LayerPath.Join(scope.Path, name)}'; choose another Name, or count with '#'.";
        bool isPlain = arguments.Written("Name") is { Kind: ArgumentKind.Text } written && written.Text == name;
        arguments.Fail(DiagnosticIds.DuplicateName, arguments.IsWritten("Name") ? "Name" : null, problem, isPlain ? Rename("Name", name, scope) : default);
    }

    private static EquatableArray<FindingProperty> Rename(string argument, string name, ExpansionScope scope) =>
        Repair.SetArgument(argument, Literal.Of(scope.NextFree(name)), name);

    /// <summary>Drops what the output does not need and says so. Inputs stay: they are part of the network's signature.</summary>
    private Graph Finish(int output)
    {
        Graph full = _builder.Build(output);
        int[] uses = full.CountUses();
        var needed = new bool[full.Nodes.Count];
        needed[output] = true;
        for (int id = full.Nodes.Count - 1; id >= 0; id--)
        {
            needed[id] |= full.Nodes[id].Op is InputOp;
            if (!needed[id])
                continue;
            foreach (int read in full.Nodes[id].Inputs)
                needed[read] = true;
        }

        // An attribute can go if nothing it stands for is needed: none of its copies, no layer of its block.
        var neededLayers = new HashSet<LayerSpec>(full.Nodes.Where(n => needed[n.Id] && _origins.ContainsKey(n.Id)).Select(n => _origins[n.Id].Outermost.Layer));
        var warned = new HashSet<(int Source, string Name)>();
        foreach (Node node in full.Nodes)
        {
            if (uses[node.Id] > 0)
                continue;
            int source = _inputLayers.TryGetValue(node.Id, out LayerSpec? layer) ? layer.Source : node.Source;

            // A layer of a block is unused in every use of the block; one warning is enough.
            if (warned.Count >= MaxFindings || !warned.Add((source, source < 0 ? node.Name : string.Empty)))
                continue;
            string message = node.Op is InputOp
                ? $"Input '{node.Name}' is read by no layer; remove it, or name it in From, Add, Concat or Multiply."
                : $"Layer '{node.Name}': its result is read by nothing and is not the network's output (the last layer is); remove it, or name it in From, Add, Concat or Multiply.";
            LayerSpec? whole = layer ?? (_origins.TryGetValue(node.Id, out LayerOrigin? origin) ? origin.Outermost.Layer : null);
            bool canGo = source >= 0 && whole?.Source == source && !neededLayers.Contains(whole);
            _findings.Add(DiagnosticIds.UnusedLayer, message, source, null, canGo ? Repair.RemoveLayer() : default);
        }

        var renumbered = new int[full.Nodes.Count];
        var nodes = new List<Node>();
        foreach (Node node in full.Nodes)
        {
            if (!needed[node.Id])
                continue;
            renumbered[node.Id] = nodes.Count;
            nodes.Add(node with { Id = nodes.Count, Inputs = new EquatableArray<int>(node.Inputs.Select(i => renumbered[i])) });
        }

        Origins = full.Nodes.Where(n => needed[n.Id]).Select(n => _origins.TryGetValue(n.Id, out LayerOrigin? origin) ? origin : null).ToArray();
        return new Graph(new EquatableArray<Node>(nodes), renumbered[output]);
    }

    /// <summary>Blocks in blocks with repeats multiply; this ends what a person would not wait for.</summary>
    private void Step(ExpansionScope scope, LayerSpec layer)
    {
        if (++_steps <= MaxSteps)
            return;
        Report(DiagnosticIds.TooLarge, Invariant($"Network '{_spec.TypeName}' expands to more than {MaxSteps} layers, those left out counted; lower a Repeat."), layer, scope, null);
        throw new ExpansionStoppedException();
    }

    private Action<string, string, string?, EquatableArray<FindingProperty>> Reporter(ExpansionScope scope, LayerSpec layer) =>
        (id, message, argument, repair) => Report(id, message, layer, scope, argument, repair);

    /// <summary>A layer in another assembly is reported at the block's use, whose arguments are not the layer's: nothing to repair there.</summary>
    private void Report(string id, string message, LayerSpec layer, ExpansionScope scope, string? argument, EquatableArray<FindingProperty> repair = default) =>
        Report(id, message, scope.SourceOf(layer), layer.Source >= 0 ? argument : null, layer, layer.Source >= 0 ? repair : default);

    /// <summary>A layer of a block fails in every use of the block; the first report is enough.</summary>
    private void Report(string id, string message, int source, string? argument, LayerSpec? layer, EquatableArray<FindingProperty> repair = default)
    {
        if (DiagnosticIds.IsWarning(id))
        {
            if (_reported.Count < MaxFindings && _reported.Add((id, source, argument, layer)))
                _findings.Add(id, message, source, argument, repair);
            return;
        }

        _errors++;
        if (!_reported.Add((id, source, argument, layer)))
            return;
        _findings.Add(id, message, source, argument, repair);
        if (_reported.Count >= MaxFindings)
            throw new ExpansionStoppedException();
    }
}
