using System;
using System.Collections.Generic;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>
/// A list of Zoo declarations and the reference models they must reproduce; every implementation in this assembly is
/// tested, through the interpreter and through the generator. Declarations without a reference model have null and are checked for validity and cost only.
/// </summary>
public interface IZooModels
{
    /// <summary>Declaration, and the id of the reference model (the file name in models/).</summary>
    IEnumerable<(Type Network, string? Reference)> Models { get; }
}
