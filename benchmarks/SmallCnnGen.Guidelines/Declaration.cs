using System;

namespace SmallCnnGen.Guidelines;

/// <summary>A network as source text, without what the benchmark adds: its name and the vector width.</summary>
/// <param name="Network">Arguments of [Network].</param>
/// <param name="Layers">Its layer attributes.</param>
internal sealed record Declaration(string Network, string Layers)
{
    /// <summary>Layers on an input.</summary>
    public static Declaration On(int size, int channels, string layers) =>
        new(FormattableString.Invariant($"Height = {size}, Width = {size}, Channels = {channels}"), layers);

    /// <summary>A network of the Zoo, perhaps with other arguments.</summary>
    public static Declaration Zoo(string name, string arguments = "") =>
        new($"typeof(global::SmallCnnGen.Zoo.{name}){(arguments.Length > 0 ? ", " + arguments : string.Empty)}", string.Empty);
}
