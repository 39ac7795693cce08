using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Cli;

/// <summary>A compiled assembly whose declarations are read; its own code never runs.</summary>
internal sealed class NetworkAssembly : IDisposable
{
    private readonly Context _context;

    private NetworkAssembly(string path, Context context, IReadOnlyList<Type> networks)
    {
        Path = path;
        _context = context;
        Networks = networks;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Every class with [Network], by name.</summary>
    public IReadOnlyList<Type> Networks { get; }

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">It is missing, no .NET assembly, or needs what cannot be found.</exception>
    public static NetworkAssembly Load(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new CommandException($"{Printable.QuotePath(path)} is a folder without a single project in it; name the project or the assembly.");
        InputFile.Require(full, path);
        var context = new Context(full);
        try
        {
            Assembly assembly = context.LoadFromAssemblyPath(full);
            Type[] networks = Types(assembly)
                .Where(t => t.CustomAttributes.Any(a => a.AttributeType == typeof(NetworkAttribute)))
                .OrderBy(t => t.FullName, StringComparer.Ordinal)
                .ToArray();
            return new NetworkAssembly(path, context, networks);
        }
        catch (BadImageFormatException problem)
        {
            context.Unload();
            throw new CommandException($"{Printable.QuotePath(path)} is not a .NET assembly.", problem);
        }
        catch (Exception problem) when (problem is FileNotFoundException or FileLoadException or TypeLoadException)
        {
            context.Unload();
            throw new CommandException($"{Printable.QuotePath(path)} cannot be loaded: {Printable.Line(problem.Message)} Its references must lie beside it.", problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();

    /// <summary>The classes that load; one that does not, because something it uses is not here, is no reason to stop.</summary>
    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partial)
        {
            return partial.Types.Where(t => t is not null)!;
        }
    }

    /// <summary>Finds references beside the assembly. SmallCnnGen is this program's own, so that attributes are the same types.</summary>
    private sealed class Context(string path) : AssemblyLoadContext(isCollectible: true)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);
        private readonly string _folder = System.IO.Path.GetDirectoryName(path)!;

        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name == typeof(NetworkAttribute).Assembly.GetName().Name)
                return typeof(NetworkAttribute).Assembly;
            string? file = _resolver.ResolveAssemblyToPath(name);
            string beside = System.IO.Path.Combine(_folder, name.Name + ".dll");
            return file is not null ? LoadFromAssemblyPath(file) : File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
        }
    }
}
