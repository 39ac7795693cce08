using System.Collections.Generic;
using System.Text;
using SmallCnnGen.Compiler.Kernels;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Gives each distinct kernel one method name; equal kernels share theirs.</summary>
public sealed class NameTable
{
    private readonly Dictionary<KernelSpec, string> _names = new();
    private readonly HashSet<string> _taken = new(System.StringComparer.Ordinal);
    private readonly List<KernelSpec> _order = new();

    /// <summary>Kernels in order of first use.</summary>
    public IReadOnlyList<KernelSpec> Kernels => _order;

    /// <summary>Name of a kernel.</summary>
    public string this[KernelSpec kernel]
    {
        get
        {
            if (_names.TryGetValue(kernel, out string? name))
                return name;
            string wanted = Identifier(kernel.Name);
            name = wanted;

            // File names must differ on case-insensitive file systems too.
            for (int n = 2; !_taken.Add(name.ToUpperInvariant()); n++)
                name = wanted + "_v" + Literal.Of(n);
            _names.Add(kernel, name);
            _order.Add(kernel);
            return name;
        }
    }

    private static string Identifier(string text)
    {
        var result = new StringBuilder();
        foreach (char c in text)
            result.Append(char.IsLetterOrDigit(c) && c < 128 ? c : '_');
        return result.ToString();
    }
}
