using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>An assembly compiled in memory; disposing it lets the runtime unload it once nothing of it is in use.</summary>
public sealed class LoadedAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context;

    /// <summary>Loads an assembly.</summary>
    internal LoadedAssembly(Stream image, string name)
    {
        // What it references is not found here and so comes from the test process: SmallCnnGen's types are the same.
        _context = new AssemblyLoadContext(name, isCollectible: true);
        Assembly = _context.LoadFromStream(image);
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>A type by its full name; throws when there is none.</summary>
    public Type GetType(string fullName) => Assembly.GetType(fullName, throwOnError: true)!;

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();
}
