using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using SmallCnnGen.Compiler;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Hosting;

namespace SmallCnnGen.Generators.Tests.Support;

/// <summary>
/// <see cref="GeneratorHost"/> with a compiler that accepts everything and emits a comment: these tests are about the
/// pipeline, and Roslyn records a step only if some output was reached through it.
/// </summary>
internal static class TestHost
{
    /// <summary>Compiles one source.</summary>
    public static HostResult Run(string source, HostOptions? options = null) => Run([("Source.cs", source)], options);

    /// <summary>Compiles sources.</summary>
    public static HostResult Run(IEnumerable<(string Path, string Text)> sources, HostOptions? options = null)
    {
        options ??= HostOptions.Default;
        return GeneratorHost.Run(sources, options with { Generator = options.Generator ?? new SmallCnnGenerator(Accept) });
    }

    /// <summary>Whether a generated file stands in for those of a declaration that is wrong.</summary>
    public static bool IsStub(GeneratedSourceResult source) => source.SourceText.ToString().Contains("// The declaration is wrong", StringComparison.Ordinal);

    /// <summary>The compiler.</summary>
    public static CompileResult Accept(NetworkSpec spec, CancellationToken cancellation) => new(
        new EquatableArray<GeneratedFile>(new GeneratedFile(spec.FullName + ".g.cs", "// " + spec.Options + "\n")),
        default);
}
