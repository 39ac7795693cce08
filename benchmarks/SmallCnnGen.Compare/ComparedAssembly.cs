using System;
using SmallCnnGen.Tooling.Hosting;

namespace SmallCnnGen.Compare;

/// <summary>Compiles a declared network the way a user does: a one-line variant that emits the kernels.</summary>
internal static class ComparedAssembly
{
    private const string Namespace = "SmallCnnGen.Compared";

    /// <summary>Generates, compiles and loads a network.</summary>
    /// <param name="architecture">The declaration.</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="bits">Vector width.</param>
    /// <param name="traced">Whether its layers can be observed.</param>
    /// <param name="threads">Threads that share a run.</param>
    public static IRunnableNetwork Load(Type architecture, int inputs, int bits, bool traced, int threads = 1)
    {
        string name = architecture.Name;
        string declaration = FormattableString.Invariant($$"""
            using SmallCnnGen;

            namespace {{Namespace}};

            [Network(typeof(global::{{architecture.FullName!.Replace('+', '.')}}), VectorBits = {{bits}}{{(traced ? ", Trace = true" : string.Empty)}}{{(threads > 1 ? FormattableString.Invariant($", Threads = {threads}") : string.Empty)}})]
            internal sealed partial class {{name}};
            """);
        return NetworkHost.Load(declaration, Namespace, name, inputs, traced, [architecture.Assembly]);
    }
}
