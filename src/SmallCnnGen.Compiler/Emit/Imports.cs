using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>
/// The names generated code uses of the framework and of SmallCnnGen. Each is an alias inside the namespace of the generated
/// code, where nothing of the user's stands: an alias comes before whatever the user's namespaces, using directives or global
/// types call the same. Kernels stay readable that way.
/// </summary>
public static class Imports
{
    /// <summary>Namespace of all generated code but the API.</summary>
    public const string Generated = "SmallCnnGen.Generated";

    private const string Intrinsics = "System.Runtime.Intrinsics";

    /// <summary>Short name, and the namespace of what it stands for.</summary>
    private static readonly Dictionary<string, string> Aliases = Table(
        ("System", "ArgumentNullException ArgumentOutOfRangeException Environment IntPtr Math MathF"),
        ("System.Runtime.CompilerServices", "MethodImplOptions"),
        (Intrinsics, "Vector128 Vector256 Vector512"),
        (Intrinsics + ".X86", "Avx Avx512F Fma Sse Sse2"),
        ("SmallCnnGen", "LayerCost NetworkCost NetworkTensor NetworkWeights SafetensorsFile TensorObserver TensorView"),
        ("SmallCnnGen.Runtime", "DebugBuild Guard NetworkInstance StripRows ThreadTeam VectorMath VectorTier WeightBinder"));

    /// <summary>Generic types: C# has no aliases for them, so their namespaces are imported.</summary>
    private static readonly Dictionary<string, string> Generics = Table(
        ("System", "ReadOnlySpan Span"),
        ("System.Collections.Generic", "IReadOnlyList"),
        (Intrinsics, "Vector128 Vector256 Vector512"));

    /// <summary>Types that generated code spells out, and the namespace it is in, which no type may be called.</summary>
    private static readonly string[] Qualified =
    {
        "System.ArgumentException", "System.IDisposable", "System.InvalidOperationException", "System.PlatformNotSupportedException",
        "System.CodeDom.Compiler.GeneratedCodeAttribute", "System.ComponentModel.EditorBrowsableAttribute",
        "System.ComponentModel.EditorBrowsableState", "System.IO.Stream", "System.Runtime.CompilerServices.MethodImplAttribute",
        Generated, "SmallCnnGen.INetwork", "SmallCnnGen.WeightsException",
    };

    /// <summary>
    /// Metadata names of every type that generated code means by a name of the framework's or of SmallCnnGen's, of those that
    /// would make such a name ambiguous, and of their namespaces, which a type can hide. A project that compiles a type of its
    /// own so called cannot have networks.
    /// </summary>
    public static IReadOnlyList<string> Types { get; } = Aliases.Select(alias => alias.Value + "." + alias.Key)
        .Concat(Generics.Values.Distinct().SelectMany(space => Generics.Keys.Select(name => space + "." + name + "`1")))
        .Concat(Qualified)
        .SelectMany(name => Enumerable.Range(0, name.Length + 1).Where(at => at == name.Length || name[at] == '.').Select(at => name.Substring(0, at)))
        .Distinct()
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToArray();

    /// <summary>The using directives that a text needs, in order.</summary>
    /// <param name="text">C# in which these names mean these types.</param>
    internal static IEnumerable<string> For(string text)
    {
        var aliases = new SortedSet<string>(StringComparer.Ordinal);
        var spaces = new SortedSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                at = End(text, at, '\n');
                continue;
            }

            // Literals are on one line each, and quotes inside are escaped.
            if (c == '"')
            {
                for (at++; text[at] != '"'; at++)
                    at += text[at] == '\\' ? 1 : 0;
                continue;
            }

            if (!IsLetter(c))
                continue;
            int start = at;
            while (at < text.Length && IsLetter(text[at]))
                at++;
            string name = text.Substring(start, at - start);
            bool isMember = start > 0 && text[start - 1] is '.' or ':';
            if (!isMember && at < text.Length && text[at] == '<' && Generics.TryGetValue(name, out string? space))
                spaces.Add(space);
            else if (!isMember && Aliases.TryGetValue(name, out space))
                aliases.Add($"using {name} = global::{space}.{name};");
            at--;
        }

        return spaces.Select(space => $"using global::{space};").Concat(aliases);
    }

    private static bool IsLetter(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int End(string text, int from, char end)
    {
        int at = text.IndexOf(end, from);
        return at < 0 ? text.Length : at;
    }

    private static Dictionary<string, string> Table(params (string Namespace, string Names)[] rows)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string space, string names) in rows)
        {
            foreach (string name in names.Split(' '))
                table.Add(name, space);
        }

        return table;
    }
}
