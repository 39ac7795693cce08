using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Compiler.Planning;

namespace SmallCnnGen.Tooling.Hosting;

/// <summary>Networks from source text to something that runs, with random weights.</summary>
public static class NetworkHost
{
    private const string Adapter = "NetworkAdapter";

    private static int s_count;

    /// <summary>Generates, compiles and loads a declared class.</summary>
    /// <param name="declaration">Source of the class.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="traced">Whether it was declared with Trace = true.</param>
    /// <param name="references">Assemblies the source refers to.</param>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static IRunnableNetwork Load(string declaration, string space, string name, int inputs, bool traced, IEnumerable<Assembly> references) =>
        Load(declaration, space, name, inputs, traced, references, out _);

    /// <summary>Generates, compiles and loads a declared class.</summary>
    /// <param name="declaration">Source of the class.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="traced">Whether it was declared with Trace = true.</param>
    /// <param name="references">Assemblies the source refers to.</param>
    /// <param name="declared">The class.</param>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static IRunnableNetwork Load(string declaration, string space, string name, int inputs, bool traced, IEnumerable<Assembly> references, out Type declared)
    {
        string list = string.Empty;
        for (int i = 0; i < inputs; i++)
            list += FormattableString.Invariant($"inputs[{i}], ");
        string observed = traced ? $"_network!.Run({list}output, observer)" : "throw new global::System.NotSupportedException()";
        string adapter = $$"""
            namespace {{space}};

            public sealed class {{Adapter}} : global::SmallCnnGen.Tooling.Hosting.IRunnableNetwork
            {
                private {{name}}? _network;

                public long ArenaBytes => {{name}}.ArenaBytes;

                public global::SmallCnnGen.NetworkCost Cost => {{name}}.Cost;

                public void Load(byte[] safetensors) => _network = {{name}}.Load((global::System.ReadOnlySpan<byte>)safetensors);

                public void Run(float[][] inputs, float[] output) => _network!.Run({{list}}output);

                public void Run(float[][] inputs, float[] output, global::SmallCnnGen.TensorObserver observer) => {{observed}};
            }
            """;
        Assembly assembly = RunTimeCompiler.Compile(
            FormattableString.Invariant($"{space}.{name}.{s_count++}"),
            [(name + ".cs", declaration), (Adapter + ".cs", adapter)],
            references.Append(typeof(IRunnableNetwork).Assembly));
        declared = assembly.GetType(space + "." + name, throwOnError: true)!;
        return (IRunnableNetwork)Activator.CreateInstance(assembly.GetType(space + "." + Adapter, throwOnError: true)!)!;
    }

    /// <summary>A declaration's graph.</summary>
    /// <exception cref="InvalidOperationException">The declaration is wrong.</exception>
    public static Graph Declare(Type network)
    {
        var findings = new FindingList();
        Graph? graph = SpecExpander.Expand(ReflectionSpecReader.Read(network), findings);
        return graph is not null && findings.IsEmpty
            ? graph
            : throw new InvalidOperationException(string.Join("\n", findings.Items.Select(f => f.Id + " " + f.Message)));
    }

    /// <summary>Multiply-adds of a graph.</summary>
    public static long MultiplyAdds(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Nodes.Where(n => n.Inputs.Count > 0).Sum(n => CostRule.MultiplyAdds(n.Op, graph.Nodes[n.Inputs[0]].Shape, n.Shape));
    }

    /// <summary>Weights as a safetensors file.</summary>
    public static byte[] Safetensors(IReadOnlyList<NamedTensor> tensors)
    {
        using var file = new MemoryStream();
        SafetensorsWriter.Write(file, tensors);
        return file.ToArray();
    }
}
