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

    /// <summary>Loads weights and makes an instance.</summary>
    public Running Load(NetworkCase one, Graph graph, GraphWeights weights)
    {
        Type host = _assembly.GetType(NetworkCase.Namespace + "." + one.Spec.TypeName + "_Host", throwOnError: true)!;
        return new Running(
            host.GetMethod("Load")!.CreateDelegate<Func<byte[], object>>()(weights.File()),
            one.IsThreaded ? Teams(one.Spec.Options.Threads).Select(t => (t, host.GetMethod("LoadThreaded")!.CreateDelegate<Func<byte[], int, object>>()(weights.File(), t))).ToArray() : [],
            host.GetMethod("Run")!.CreateDelegate<Action<object, nint[], nint>>(),
            graph);
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
        object network = Open(one, weights, 1).Network;
        return ((NetworkWeights)network.GetType().GetProperty("Weights")!.GetValue(network)!).Packed.ToArray();
    }

    /// <summary>The method of a kernel of a network with one width.</summary>
    public MethodInfo Kernel(string name, NetworkCase one) => _assembly.GetTypes()
        .Where(t => t.FullName!.Contains(one.Spec.TypeName, StringComparison.Ordinal))
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
        return $$"""
            namespace {{one.Spec.Namespace}}
            {
                public sealed partial class {{type}} { }

                public static unsafe class {{type}}_Host
                {
                    public static object Load(byte[] file) => {{(one.IsThreaded ? $"new {type}({type}.LoadWeights((global::System.ReadOnlySpan<byte>)file), 1)" : $"{type}.Load((global::System.ReadOnlySpan<byte>)file)")}};
            {{(one.IsThreaded ? $"public static object LoadThreaded(byte[] file, int threads) => new {type}({type}.LoadWeights((global::System.ReadOnlySpan<byte>)file), threads);" : string.Empty)}}

                    public static void Run(object network, nint[] inputs, nint output) =>
                        (({{type}})network).Run({{arguments}}, new global::System.Span<float>((void*)output, {{type}}.OutputLength));
                }
            }
            """;
    }

    /// <summary>An instance, run between guard pages.</summary>
    public sealed class Running(object network, (int Threads, object Network)[] teams, Action<object, nint[], nint> run, Graph graph) : IDisposable
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
