using System;
using System.Collections.Generic;
using System.Linq;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Turns an optimised graph into a plan: places, kernels, weights.</summary>
public static class Planner
{
    /// <summary>Plans a graph for every vector width that is asked for, narrow ones first.</summary>
    /// <param name="graph">The optimised graph.</param>
    /// <param name="options">What [Network] says.</param>
    /// <exception cref="FindingException">The network does not fit the addressing of one instance.</exception>
    public static List<Plan> Create(Graph graph, NetworkOptions options)
    {
        var views = new ChannelViews(graph);
        return new[] { 128, 256, 512 }.Where(b => (options.VectorBits & b) != 0).Select(b => Create(graph, views, b, options)).ToList();
    }

    /// <summary>Plans a graph for one register width and one thread.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="bits">Register width in bits.</param>
    /// <param name="winograd">Which convolutions may use Winograd's method.</param>
    /// <exception cref="FindingException">The network does not fit the addressing of one instance.</exception>
    public static Plan Create(Graph graph, int bits, WinogradUse winograd = WinogradUse.WhereFaster) =>
        Create(graph, new ChannelViews(graph), bits, new NetworkOptions(0, 0, 0, Winograd: winograd, Strips: StripUse.Never));

    private static Plan Create(Graph graph, ChannelViews views, int bits, NetworkOptions options)
    {
        // Chosen as for one thread: a network gives the same bits however many threads it was compiled for.
        WinogradUse winograd = options.Winograd ?? WinogradUse.WhereFaster;
        var drafts = new List<Draft>();
        foreach (Node node in graph.Nodes)
            AddSteps(graph, views, node, drafts);

        Dictionary<int, int> inputIndex = graph.Inputs.ToDictionary(n => n.Id, n => ((InputOp)n.Op).Index);
        KernelSpec?[] early = drafts.Select(d => EarlyKernel(graph, views, d, bits, winograd, options)).ToArray();
        long[] scratch = early.Select(k => k is null ? 0 : ArenaPlanner.Copies(k.ScratchFloats, ThreadRule.Parts(k, options))).ToArray();
        HashSet<int> averaged = Averaged(graph, views, drafts, early);
        (IReadOnlyList<StripChain> chains, (IReadOnlyList<ArenaRegion> regions, int arena, int bound, Dictionary<int, int> offsets, int[] scratchOffsets, Dictionary<int, int> meansOffsets)) =
            StripChoice.Choices(Candidates(graph, views, drafts, early), graph, options.Strips, options.Threads)
                .Select(c => (Chains: c, Arena: PlaceArena(graph, views, drafts, scratch, averaged, c)))
                .OrderBy(c => c.Arena.Size).First();

        (Storage Storage, int Input, int Offset) Home(int root) =>
            inputIndex.TryGetValue(root, out int index) ? (Storage.Input, index, 0)
            : root == graph.Output ? (Storage.Output, 0, 0)
            : (Storage.Arena, 0, offsets[root]);

        Placement Place(int id)
        {
            TensorShape shape = graph.Nodes[id].Shape;
            ChannelRuns channels = views.Channels(id);
            var tensor = new TensorRef(shape.Height, shape.Width, shape.Channels, views.Pitch(channels.Runs[0].Root));
            if (views.Contiguous(id) is { } place)
            {
                (Storage storage, int input, int offset) = Home(place.Root);
                return new Placement(storage, input, offset + place.Channel, tensor);
            }

            int[] at = channels.Channels.Select(c => offsets[c.Root] + c.Channel).ToArray();
            int first = at.Min();
            return new Placement(Storage.Arena, 0, first, tensor) { Channels = new EquatableArray<int>(at.Select(a => a - first)) };
        }

        // The means of a map's rows, which global pooling reads in its place.
        Placement RowMeans(int id)
        {
            TensorShape shape = graph.Nodes[id].Shape;
            return new Placement(Storage.Arena, 0, meansOffsets[id], new TensorRef(shape.Height, 1, shape.Channels, shape.Channels));
        }

        // A kernel writes its own map side by side, also when readers see it in another order.
        Placement Own(int id) => views.StorageOrder(id) is null ? Place(id) : Place(id) with { Offset = offsets[id], Channels = default };

        var chainOf = new StripChain?[drafts.Count];
        foreach (StripChain chain in chains)
        {
            for (int i = 0; i < chain.Count; i++)
                chainOf[chain.First + i] = chain;
        }

        var steps = new List<Step>();
        var tensors = new Dictionary<string, TensorDeclaration>(StringComparer.Ordinal);
        long weights = 0;
        foreach (Draft draft in drafts)
        {
            List<Placement> inputs = draft.Inputs.Select(Place).ToList();
            if (IsGlobalMean(draft.Node.Op) && averaged.Contains(draft.Inputs[0]))
                inputs[0] = RowMeans(draft.Inputs[0]);
            Placement output = draft.CopyInto is { } target ? CopyTarget(Place(draft.Node.Id), target, graph.Nodes[draft.Inputs[0]].Shape) : Own(draft.Node.Id);
            if (draft.IsCopy)
            {
                steps.Add(new Step(draft.Node, KernelSelector.Copy(bits, inputs[0].Tensor, output.Tensor), inputs, output, -1, Array.Empty<WeightBinding>(), true));
                continue;
            }

            int[] order = views.StorageOrder(draft.Node.Id)?.ToArray() ?? Array.Empty<int>();
            if (order.Length > 0 && inputs[0].Channels.Count > 0)
            {
                // A depthwise convolution reads its channels in the order it stores them.
                EquatableArray<int> declared = inputs[0].Channels;
                inputs[0] = inputs[0] with { Channels = new EquatableArray<int>(order.Select(c => declared[c])) };
            }

            StripChain? chain = chainOf[steps.Count];
            (KernelSpec kernel, IReadOnlyList<WeightBinding> bindings) = KernelSelector.Select(
                bits, draft.Node.Op, inputs.Select(i => i.Tensor).ToList(), output.Tensor, inputs[0].Channels, new EquatableArray<int>(order), winograd, chain is not null);
            kernel = ThreadRule.Share(kernel, draft.Node.Op, inputs[0].Tensor, output.Tensor, options);
            if (averaged.Contains(draft.Node.Id))
                kernel = kernel with { HasRowMeans = true };
            if (inputs.Count > 1 && KernelSelector.SwapsOperands(draft.Node.Op, graph.Nodes[draft.Inputs[0]].Shape, graph.Nodes[draft.Inputs[1]].Shape))
                inputs.Reverse(0, 2);
            int offset = -1;
            if (kernel.WeightFloats > 0)
            {
                offset = (int)Math.Min(int.MaxValue, weights);
                weights += ArenaPlanner.Aligned(kernel.WeightFloats);
            }

            foreach (TensorDeclaration tensor in CostRule.Tensors(draft.Node.Op, graph.Nodes[draft.Inputs[0]].Shape, draft.Node.Shape))
            {
                if (!tensors.TryGetValue(tensor.Name, out TensorDeclaration? known))
                    tensors.Add(tensor.Name, tensor);
                else if (known.Shape != tensor.Shape)
                    throw new FindingException(new Finding(DiagnosticIds.TensorConflict, $"Tensor '{tensor.Name}' would be [{known.Shape}] and [{tensor.Shape}]; give one of the layers another Module.", draft.Node.Source, "Module"));
            }

            steps.Add(new Step(draft.Node, kernel, inputs, output, offset, bindings, false) { ScratchOffset = scratchOffsets[steps.Count], Parts = chain?.Parts ?? ThreadRule.Parts(kernel, options), Chain = chain, RowMeans = kernel.HasRowMeans ? RowMeans(draft.Node.Id) : null });
        }

        OwnershipCheck.Run(steps, options.Threads);
        if (weights > int.MaxValue / sizeof(float))
            throw new FindingException(new Finding(DiagnosticIds.TooLarge, $"The packed weights would take {weights * sizeof(float) / (1 << 20)} MB; at most 2048 MB are supported.", -1));
        List<Placement> places = graph.Nodes.Select(n => Place(n.Id)).ToList();
        int whole = chains.Count == 0 ? bound : PlaceArena(graph, views, drafts, scratch, averaged, Array.Empty<StripChain>()).Bound;
        return new Plan(graph, bits, steps, places, regions, arena, bound, (int)weights, new EquatableArray<TensorDeclaration>(tensors.Values)) { WholeMapsLowerBound = whole };
    }

    private static Placement CopyTarget(Placement concat, int channel, TensorShape shape) =>
        concat with
        {
            Offset = concat.Offset + channel,
            Tensor = new TensorRef(shape.Height, shape.Width, shape.Channels, concat.Tensor.Pitch),
        };

    /// <summary>The kernel calls of a node, before places are known.</summary>
    private static void AddSteps(Graph graph, ChannelViews views, Node node, List<Draft> drafts)
    {
        if (node.Op is InputOp)
        {
            // A network that returns its input still fills the caller's output.
            if (node.Id == graph.Output)
                throw new FindingException(new Finding(DiagnosticIds.EmptyNetwork, "The network's output is its input: nothing would be computed.", -1));
            return;
        }

        if (views.HasNoKernel(node.Id))
            return;
        if (node.Op is not ConcatOp)
        {
            drafts.Add(new Draft(node, node.Inputs.ToArray(), null, false));
            return;
        }

        (int root, int start) = views.Contiguous(node.Id)!.Value;
        int channel = 0;
        foreach (int input in node.Inputs)
        {
            if (views.Contiguous(input) != (root, start + channel))
                drafts.Add(new Draft(node, new[] { input }, channel, true));
            channel += graph.Nodes[input].Shape.Channels;
        }
    }

    /// <summary>What the choice of strips must know of each kernel call.</summary>
    private static IReadOnlyList<StripCandidate> Candidates(Graph graph, ChannelViews views, List<Draft> drafts, KernelSpec?[] early)
    {
        var readers = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            foreach (int input in node.Inputs)
                readers[input]++;
        }

        return drafts.Select((draft, i) =>
        {
            KernelSpec? kernel = early[i] is { HasStrips: true, ScratchFloats: 0 } k && views.StorageOrder(draft.Node.Id) is null ? k with { IsSplit = true, IsStrip = true } : null;
            int from = draft.Inputs[0];
            bool alone = i > 0 && readers[from] == 1 && from != graph.Output && views.Contiguous(from) == (from, 0) && views.Channels(from).Count == graph.Nodes[from].Shape.Channels;
            return new StripCandidate(draft.Node, draft.Inputs, kernel, alone, early[i]?.IsSplit ?? false);
        }).ToList();
    }

    /// <summary>A convolution's or pooling's kernel. Which it is depends on shapes and pitches only, so it can be asked before places are known.</summary>
    private static KernelSpec? EarlyKernel(Graph graph, ChannelViews views, Draft draft, int bits, WinogradUse winograd, NetworkOptions options)
    {
        // Kernels that find their channels through tables need none.
        if (draft.Node.Op is not (ConvOp or PoolOp) || draft.IsCopy || draft.Inputs.Any(i => views.Contiguous(i) is null) || views.Contiguous(draft.Node.Id) is null)
            return null;
        List<TensorRef> inputs = draft.Inputs.Select(Tensor).ToList();
        KernelSpec kernel = KernelSelector.Select(bits, draft.Node.Op, inputs, Tensor(draft.Node.Id), winograd: winograd).Kernel;
        return ThreadRule.Share(kernel, draft.Node.Op, inputs[0], Tensor(draft.Node.Id), options);

        TensorRef Tensor(int id)
        {
            TensorShape shape = graph.Nodes[id].Shape;
            return new TensorRef(shape.Height, shape.Width, shape.Channels, views.Pitch(views.Channels(id).Runs[0].Root));
        }
    }

    private static bool IsGlobalMean(Op op) => op is AdaptivePoolOp { IsMax: false } pool && pool.Size == new Pair(1, 1);

    /// <summary>
    /// Maps whose kernel makes the means of their rows as well, because global pooling reads them: squeeze-and-excitation
    /// otherwise fetches a large map again for one number a channel.
    /// </summary>
    private static HashSet<int> Averaged(Graph graph, ChannelViews views, List<Draft> drafts, KernelSpec?[] early)
    {
        var pooled = new HashSet<int>(drafts.Where(d => IsGlobalMean(d.Node.Op)).Select(d => d.Inputs[0]));
        return new HashSet<int>(Enumerable.Range(0, drafts.Count)
            .Where(i => early[i] is { CanMakeRowMeans: true } && pooled.Contains(drafts[i].Node.Id) && drafts[i].Node.Shape.Width > 1 && views.StorageOrder(drafts[i].Node.Id) is null)
            .Select(i => drafts[i].Node.Id));
    }

    private static (IReadOnlyList<ArenaRegion> Regions, int Size, int Bound, Dictionary<int, int> Offsets, int[] Scratch, Dictionary<int, int> Means) PlaceArena(
        Graph graph, ChannelViews views, List<Draft> drafts, long[] scratch, HashSet<int> averaged, IReadOnlyList<StripChain> chains)
    {
        // A chain's maps are all in use as long as it runs; of those between its kernels a few rows.
        var buffers = new Dictionary<int, int>();
        var first = new Dictionary<int, int>();
        var last = new Dictionary<int, int>();
        void Touch(int id, int step)
        {
            foreach (int root in views.Channels(id).Runs.Select(c => c.Root).Distinct())
            {
                if (graph.Nodes[root].Op is InputOp || root == graph.Output)
                    continue;
                first[root] = first.TryGetValue(root, out int earliest) ? Math.Min(earliest, step) : step;
                last[root] = last.TryGetValue(root, out int latest) ? Math.Max(latest, step) : step;
            }
        }

        for (int step = 0; step < drafts.Count; step++)
        {
            foreach (int input in drafts[step].Inputs)
                Touch(input, step);
            Touch(drafts[step].Node.Id, step);
        }

        foreach (StripChain chain in chains)
        {
            for (int i = 0; i < chain.Count; i++)
            {
                Draft draft = drafts[chain.First + i];
                foreach (int id in draft.Inputs.Concat(new[] { draft.Node.Id }))
                {
                    Touch(id, chain.First);
                    Touch(id, chain.First + chain.Count - 1);
                }

                // Each thread has buffers of its own.
                if (i < chain.Count - 1)
                {
                    long floats = (long)chain.BufferRows[i] * draft.Node.Shape.Width * views.Pitch(draft.Node.Id);
                    buffers[draft.Node.Id] = AtMostInt(ArenaPlanner.Copies(floats, chain.Parts));
                }
            }
        }

        var lastMean = new Dictionary<int, int>();
        for (int d = 0; d < drafts.Count; d++)
        {
            if (IsGlobalMean(drafts[d].Node.Op))
                lastMean[drafts[d].Inputs[0]] = d;
        }

        int[] roots = first.Keys.OrderBy(r => r).ToArray();
        ArenaPlanner.Request[] requests = roots.Select(r => new ArenaPlanner.Request(graph.Nodes[r].Name, buffers.TryGetValue(r, out int floats) ? floats : graph.Nodes[r].Shape.Pixels * views.Pitch(r), first[r], last[r]))
            .Concat(Enumerable.Range(0, drafts.Count).Where(d => scratch[d] > 0).Select(d => new ArenaPlanner.Request(drafts[d].Node.Name + " (scratch)", AtMostInt(scratch[d]), d, d)))
            .Concat(Enumerable.Range(0, drafts.Count).Where(d => averaged.Contains(drafts[d].Node.Id)).Select(Means))
            .ToArray();
        if (requests.Sum(r => (double)r.Length) > int.MaxValue / sizeof(float) && ArenaPlanner.LowerBound(requests) > int.MaxValue / sizeof(float))
            throw new FindingException(new Finding(DiagnosticIds.TooLarge, "The activations alive at once would take more than 2 GB.", -1));
        IReadOnlyList<ArenaRegion> regions;
        int size;
        try
        {
            (regions, size) = ArenaPlanner.Place(requests);
        }
        catch (OverflowException)
        {
            throw new FindingException(new Finding(DiagnosticIds.TooLarge, "The activations of this network would take more than 2 GB.", -1));
        }

        var offsets = new Dictionary<int, int>();
        for (int i = 0; i < roots.Length; i++)
            offsets[roots[i]] = regions[i].Offset;
        int next = roots.Length;
        int[] scratchOffsets = scratch.Select(s => s > 0 ? regions[next++].Offset : -1).ToArray();
        var means = new Dictionary<int, int>();
        foreach (Draft draft in drafts.Where(d => averaged.Contains(d.Node.Id)))
            means[draft.Node.Id] = regions[next++].Offset;
        return (regions, size, ArenaPlanner.LowerBound(requests), offsets, scratchOffsets, means);

        // Rows of a chain are made from its first strip on.
        ArenaPlanner.Request Means(int maker)
        {
            Node node = drafts[maker].Node;
            int from = chains.FirstOrDefault(c => c.Contains(maker))?.First ?? maker;
            return new ArenaPlanner.Request(node.Name + " (row means)", AtMostInt((long)node.Shape.Height * node.Shape.Channels), from, lastMean[node.Id]);
        }
    }

    /// <summary>A request that is refused for its size must not overflow before.</summary>
    private static int AtMostInt(long floats) => (int)Math.Min(int.MaxValue - ArenaPlanner.AlignmentFloats, floats);

    /// <summary>A kernel call before places are known.</summary>
    /// <param name="Node">Node.</param>
    /// <param name="Inputs">Nodes it reads.</param>
    /// <param name="CopyInto">For a copy: channel of the node's map it goes to.</param>
    /// <param name="IsCopy">Whether it is a copy.</param>
    private sealed record Draft(Node Node, int[] Inputs, int? CopyInto, bool IsCopy);
}
