using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Runtime;
using SmallCnnGen.Testing.Hosting;
using SmallCnnGen.Testing.Kit;

namespace SmallCnnGen.Compiler.Tests.Support;

/// <summary>
/// Networks compiled together, straight from their specifications: starting the C# compiler costs far more than one
/// network does.
/// </summary>
internal sealed class CompiledNetworks : IDisposable
{
    private static readonly object s_environment = new();

    private readonly AssemblyLoadContext _context;
    private readonly Assembly _assembly;

    private CompiledNetworks(byte[] image)
    {
        _context = new AssemblyLoadContext("networks", isCollectible: true);
        _assembly = _context.LoadFromStream(new MemoryStream(image));
    }

    /// <summary>Widths that this process can run.</summary>
    public static int[] Widths => new[] { 128, 256, 512 }
        .Where(w => w == 128 || (w == 256 ? Vector256.IsHardwareAccelerated : Vector512.IsHardwareAccelerated)).ToArray();

    /// <summary>Compiles; any finding, error or warning fails with the declaration it belongs to.</summary>
    /// <param name="cases">The networks.</param>
    /// <param name="checkOverflow">Whether arithmetic is checked where the code does not say otherwise.</param>
    public static CompiledNetworks Compile(IReadOnlyCollection<NetworkCase> cases, bool checkOverflow = false)
    {
        var sources = new List<(string Path, string Text)>();
        foreach (NetworkCase one in cases)
        {
            sources.AddRange(Generate(one.Spec).Select(f => (f.HintName, f.Text)));
            sources.Add((one.Spec.TypeName + ".cs", Host(one)));
        }

        CSharpCompilation compilation = GeneratorHost.CreateCompilation(sources, new HostOptions { CheckOverflow = checkOverflow });
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Diagnostic[] wrong = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).ToArray();
        if (wrong.Length > 0)
        {
            string path = wrong[0].Location.SourceTree?.FilePath ?? string.Empty;
            NetworkCase? owner = cases.FirstOrDefault(c => path.Contains("." + c.Spec.TypeName + ".", StringComparison.Ordinal));
            throw new InvalidOperationException(HostResult.Describe(wrong) + owner?.Declaration);
        }

        return new CompiledNetworks(stream.ToArray());
    }

    /// <summary>The generated files of a specification, which must be right.</summary>
    public static IReadOnlyList<GeneratedFile> Generate(NetworkSpec spec)
    {
        CompileResult result = NetworkCompiler.Compile(spec);
        if (result.Files.Count == 0)
            throw new InvalidOperationException(string.Join("; ", result.Findings.Select(f => f.Id + " " + f.Message)) + "\n" + KitDeclaration.Write(spec));
        return result.Files;
    }

    /// <summary>Loads weights and makes instances.</summary>
    /// <param name="one">The network.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="weights">Its tensors.</param>
    /// <param name="bits">Which of the widths it was compiled for; 0 for the only one.</param>
    public Running Load(NetworkCase one, Graph graph, GraphWeights weights, int bits = 0)
    {
        Type host = _assembly.GetType(NetworkCase.Namespace + "." + one.Spec.TypeName + "_Host", throwOnError: true)!;
        byte[] file = weights.File();
        bool asks = bits != 0 && bits != one.Spec.Options.VectorBits;
        lock (s_environment)
        {
            // As a user asks for a width; networks of other tests have one only and do not read it.
            if (asks)
                Environment.SetEnvironmentVariable(VectorTier.Variable, bits.ToString(System.Globalization.CultureInfo.InvariantCulture));
            try
            {
                return new Running(
                    host.GetMethod("Load")!.CreateDelegate<Func<byte[], object>>()(file),
                    one.IsThreaded ? Teams(one.Spec.Options.Threads).Select(t => (t, host.GetMethod("LoadThreaded")!.CreateDelegate<Func<byte[], int, object>>()(file, t))).ToArray() : [],
                    host.GetMethod("Run")!.CreateDelegate<Action<object, nint[], nint>>(),
                    host.GetMethod("Trace")?.CreateDelegate<Action<object, nint[], nint, Action<string, int, int, int, float[]>>>(),
                    graph);
            }
            finally
            {
                if (asks)
                    Environment.SetEnvironmentVariable(VectorTier.Variable, null);
            }
        }
    }

    /// <summary>Makes one instance for a number of threads, and a way to run it on memory of the caller's.</summary>
    public (IDisposable Network, Action<nint[], nint> Run) Open(NetworkCase one, GraphWeights weights, int threads)
    {
        Type host = _assembly.GetType(NetworkCase.Namespace + "." + one.Spec.TypeName + "_Host", throwOnError: true)!;
        object network = host.GetMethod("LoadThreaded")!.CreateDelegate<Func<byte[], int, object>>()(weights.File(), threads);
        var run = host.GetMethod("Run")!.CreateDelegate<Action<object, nint[], nint>>();
        return ((IDisposable)network, (inputs, output) => run(network, inputs, output));
    }

    /// <summary>Weights as a network packs them.</summary>
    public float[] Packed(NetworkCase one, GraphWeights weights)
    {
        using IDisposable network = Open(one, weights, 1).Network;
        return ((NetworkWeights)network.GetType().GetProperty("Weights")!.GetValue(network)!).Packed.ToArray();
    }

    /// <summary>The method of a kernel of a network with one width.</summary>
    public MethodInfo Kernel(string name, NetworkCase one) => _assembly.GetTypes()
        .Where(t => t.FullName!.Contains("." + (NetworkCase.Namespace + "." + one.Spec.TypeName).Replace("_", "_1", StringComparison.Ordinal).Replace('.', '_') + ".", StringComparison.Ordinal))
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Single(m => m.Name == name);

    public void Dispose() => _context.Unload();

    /// <summary>The most threads a network was compiled for, and one less: then some compute several of the planned shares.</summary>
    private static IEnumerable<int> Teams(int most) => new[] { most, most - 1 }.Where(t => t > 1);

    /// <summary>The user's half of the class, and a way in that needs no reflection on spans.</summary>
    private static string Host(NetworkCase one)
    {
        string type = one.Spec.TypeName;
        Graph graph = one.Expand();
        string arguments = string.Join(", ", graph.Inputs.Select((n, i) => $"new global::System.ReadOnlySpan<float>((void*)inputs[{i}], {n.Shape.Length})"));
        string trace = !one.Spec.Options.Trace ? string.Empty : $$"""
                    public static void Trace(object network, nint[] inputs, nint output, global::System.Action<string, int, int, int, float[]> observer) =>
                        (({{type}})network).Run({{arguments}}, new global::System.Span<float>((void*)output, {{type}}.OutputLength), (in global::SmallCnnGen.TensorView tensor) =>
                        {
                            float[] values = new float[tensor.Height * tensor.Width * tensor.Channels];
                            tensor.CopyTo(values);
                            observer(tensor.Name, tensor.Height, tensor.Width, tensor.Channels, values);
                        });

            """;
        return $$"""
            namespace {{one.Spec.Namespace}}
            {
                public sealed partial class {{type}} { }

                public static unsafe class {{type}}_Host
                {
                    public static object Load(byte[] file) => {{(one.IsThreaded ? $"new {type}({type}.LoadWeights((global::System.ReadOnlySpan<byte>)file), 1)" : $"{type}.Load((global::System.ReadOnlySpan<byte>)file)")}};
            {{(one.IsThreaded ? $"public static object LoadThreaded(byte[] file, int threads) => new {type}({type}.LoadWeights((global::System.ReadOnlySpan<byte>)file), threads);" : string.Empty)}}

            {{trace}}
                    public static void Run(object network, nint[] inputs, nint output) =>
                        (({{type}})network).Run({{arguments}}, new global::System.Span<float>((void*)output, {{type}}.OutputLength));
                }
            }
            """;
    }

    /// <summary>An instance, run between guard pages.</summary>
    public sealed class Running(
        object network,
        (int Threads, object Network)[] teams,
        Action<object, nint[], nint> run,
        Action<object, nint[], nint, Action<string, int, int, int, float[]>>? trace,
        Graph graph) : IDisposable
    {
        private const float Canary = 12345.678f;

        /// <summary>
        /// Runs with inputs and output at the end of accessible memory, then at its start. The arena holds NaN before each
        /// run, so that reading what was not written shows, and the floats around it must stay as they are.
        /// </summary>
        /// <returns>The output; a second run with other bits, a run of several threads with other bits, or a damaged canary, is reported as a problem.</returns>
        public float[] Run(float[][] inputs, List<string> problems)
        {
            float[] result = Run(network, inputs, problems);
            foreach ((int threads, object team) in teams)
            {
                if (!MemoryMarshal.AsBytes<float>(result).SequenceEqual(MemoryMarshal.AsBytes<float>(Run(team, inputs, problems))))
                    problems.Add($"{threads} threads gave other bits");
            }

            return result;
        }

        /// <summary>
        /// Lets teams of threads run so often that a race shows: threads are found spinning, waking up or asleep by turns, so
        /// that they begin at different times. Other bits than one thread's are a problem.
        /// </summary>
        /// <param name="inputs">The inputs.</param>
        /// <param name="expected">What one thread gives.</param>
        /// <param name="runs">How often each team runs.</param>
        /// <param name="problems">Receives what is wrong.</param>
        public void Race(float[][] inputs, float[] expected, int runs, List<string> problems)
        {
            if (teams.Length == 0)
                return;
            using Places places = new(inputs, expected.Length);
            foreach ((int threads, object team) in teams)
            {
                (float[] array, int start, int length) = Arena(team);
                int wrong = 0;
                string? first = null;
                for (int i = 0; i < runs; i++)
                {
                    if (i % 4 == 0)
                        array.AsSpan(start, length).Fill(float.NaN);
                    Span<float> output = places.Output.Span(places.To);
                    output.Fill(float.NaN);

                    // They spin for some 50 microseconds before they sleep.
                    long pause = System.Diagnostics.Stopwatch.GetTimestamp() + (i % 5 * System.Diagnostics.Stopwatch.Frequency / 30_000);
                    while (System.Diagnostics.Stopwatch.GetTimestamp() < pause)
                        System.Threading.Thread.SpinWait(8);
                    run(team, places.At, places.To);
                    if (MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(output)))
                        continue;
                    wrong++;
                    int at = Enumerable.Range(0, expected.Length).First(k => BitConverter.SingleToInt32Bits(expected[k]) != BitConverter.SingleToInt32Bits(places.Output.Span(places.To)[k]));
                    first ??= FormattableString.Invariant($"output {at} is {output[at]:G9}, not {expected[at]:G9}");
                }

                if (wrong > 0)
                    problems.Add($"{wrong} of {runs} runs of {threads} threads gave other bits: {first}");
            }
        }

        /// <summary>Runs with an observer, if the network has one. The output must not change by it.</summary>
        /// <param name="inputs">The inputs.</param>
        /// <param name="expected">What a run without gives.</param>
        /// <param name="problems">Receives what is wrong.</param>
        /// <param name="observer">Sees name, height, width, channels and values of each map.</param>
        public void Trace(float[][] inputs, float[] expected, List<string> problems, Action<string, int, int, int, float[]> observer)
        {
            if (trace is null)
                return;
            using Places places = new(inputs, expected.Length);
            (float[] array, int start, int length) = Arena(network);
            array.AsSpan(start, length).Fill(float.NaN);
            trace(network, places.At, places.To, observer);
            if (!MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(places.Output.Span(places.To))))
                problems.Add("a run with an observer gave other bits");
        }

        /// <summary>Inputs and output between guard pages, at the end of accessible memory.</summary>
        private sealed class Places : IDisposable
        {
            private readonly GuardedFloats[] _inputs;

            public Places(float[][] inputs, int outputs)
            {
                _inputs = inputs.Select(i => new GuardedFloats(i.Length)).ToArray();
                for (int i = 0; i < inputs.Length; i++)
                    inputs[i].CopyTo(_inputs[i].Span(_inputs[i].AtEnd));
                At = _inputs.Select(p => p.AtEnd).ToArray();
                Output = new GuardedFloats(outputs);
            }

            public nint[] At { get; }

            public GuardedFloats Output { get; }

            public nint To => Output.AtEnd;

            public void Dispose()
            {
                foreach (GuardedFloats input in _inputs)
                    input.Dispose();
                Output.Dispose();
            }
        }

        public void Dispose()
        {
            ((IDisposable)network).Dispose();
            foreach ((_, object team) in teams)
                ((IDisposable)team).Dispose();
        }

        private float[] Run(object network, float[][] inputs, List<string> problems)
        {
            (float[] array, int start, int length) = Arena(network);
            GuardedFloats[] places = inputs.Select(i => new GuardedFloats(i.Length)).ToArray();
            using var output = new GuardedFloats((int)graph.Nodes[graph.Output].Shape.Length);
            var results = new float[2][];
            for (int side = 0; side < 2; side++)
            {
                Span<float> arena = array.AsSpan(start, length);
                array.AsSpan().Fill(Canary);
                arena.Fill(float.NaN);
                nint[] at = places.Select(p => side == 0 ? p.AtEnd : p.AtStart).ToArray();
                for (int i = 0; i < at.Length; i++)
                    inputs[i].CopyTo(places[i].Span(at[i]));
                nint to = side == 0 ? output.AtEnd : output.AtStart;
                output.Span(to).Fill(float.NaN);
                run(network, at, to);
                results[side] = output.Span(to).ToArray();
                for (int i = 0; i < at.Length; i++)
                {
                    if (!inputs[i].AsSpan().SequenceEqual(places[i].Span(at[i])))
                        problems.Add("it wrote to its input");
                }

                if (array.AsSpan(0, start).ContainsAnyExcept(Canary) || array.AsSpan(start + length).ContainsAnyExcept(Canary))
                    problems.Add("it wrote outside the arena");
            }

            foreach (GuardedFloats place in places)
                place.Dispose();
            if (!MemoryMarshal.AsBytes<float>(results[0]).SequenceEqual(MemoryMarshal.AsBytes<float>(results[1])))
                problems.Add("a second run gave other bits");
            return results[0];
        }

        private static (float[] Array, int Start, int Length) Arena(object network)
        {
            const BindingFlags hidden = BindingFlags.Instance | BindingFlags.NonPublic;
            object instance = network.GetType().GetField("_networkInstance", hidden)!.GetValue(network)!;
            return (
                (float[])typeof(NetworkInstance).GetField("_array", hidden)!.GetValue(instance)!,
                (int)typeof(NetworkInstance).GetField("_start", hidden)!.GetValue(instance)!,
                (int)typeof(NetworkInstance).GetField("_length", hidden)!.GetValue(instance)!);
        }
    }
}
