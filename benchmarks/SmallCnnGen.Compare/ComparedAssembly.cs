using System;
using System.Reflection;
using SmallCnnGen.Tooling.Hosting;

namespace SmallCnnGen.Compare;

/// <summary>Compiles a declared network the way a user does: a one-line variant that emits the kernels.</summary>
internal static class ComparedAssembly
{
    private const string Namespace = "SmallCnnGen.Compared";

    private static int s_count;

    /// <summary>Generates, compiles and loads a network.</summary>
    /// <param name="architecture">The declaration.</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="bits">Vector width.</param>
    /// <param name="traced">Whether its layers can be observed.</param>
    /// <param name="threads">Threads that share a run.</param>
    public static IComparedNetwork Load(Type architecture, int inputs, int bits, bool traced, int threads = 1)
    {
        string list = string.Empty;
        for (int i = 0; i < inputs; i++)
            list += FormattableString.Invariant($"inputs[{i}], ");
        string name = architecture.Name;
        string declaration = FormattableString.Invariant($$"""
            using SmallCnnGen;

            namespace {{Namespace}};

            [Network(typeof(global::{{architecture.FullName!.Replace('+', '.')}}), VectorBits = {{bits}}{{(traced ? ", Trace = true" : string.Empty)}}{{(threads > 1 ? FormattableString.Invariant($", Threads = {threads}") : string.Empty)}})]
            internal sealed partial class {{name}};
            """);
        string observed = traced ? $"_network!.Run({list}output, observer)" : "throw new global::System.NotSupportedException()";
        string adapter = $$"""
            namespace {{Namespace}};

            public sealed class Adapter : global::SmallCnnGen.Compare.IComparedNetwork
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
            FormattableString.Invariant($"{Namespace}.{name}.{s_count++}"),
            [(name + ".cs", declaration), ("Adapter.cs", adapter)],
            [architecture.Assembly, typeof(IComparedNetwork).Assembly]);
        return (IComparedNetwork)Activator.CreateInstance(assembly.GetType(Namespace + ".Adapter", throwOnError: true)!)!;
    }
}
