using System;
using System.Collections.Generic;
using System.Linq;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>What the parameters of Run are called.</summary>
internal static class RunInputs
{
    /// <summary>Identifiers for a network's inputs: "input" for the first, which is the network's own, then [Input]'s names.</summary>
    /// <param name="further">Names of the inputs after the first.</param>
    /// <param name="taken">What else the method names: a parameter would hide it.</param>
    public static string[] Names(IEnumerable<string> further, params string[] taken)
    {
        var all = new HashSet<string>(taken, StringComparer.Ordinal) { "output", "observer" };
        return new[] { "input" }.Concat(further).Select((wanted, i) =>
        {
            string name = i == 0 ? wanted : new string(wanted.Select(c => char.IsLetterOrDigit(c) && c < 128 ? c : '_').ToArray());
            if (name.Length == 0 || char.IsDigit(name[0]))
                name = "_" + name;
            while (!all.Add(name))
                name += "_";
            return i == 0 ? name : "@" + name;
        }).ToArray();
    }
}
