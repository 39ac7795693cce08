using System.Collections.Generic;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>One layer about to be emitted: an attribute, or one of its repeated copies.</summary>
/// <param name="Layer">The attribute.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Scope">Where it stands.</param>
/// <param name="Index">0, or the number of the copy.</param>
/// <param name="Name">Full name.</param>
/// <param name="Module">Tensor path.</param>
/// <param name="BatchNormModule">Tensor path of the normalisation where one is written.</param>
/// <param name="ActivationModule">Tensor path of the slopes where one is written.</param>
/// <param name="Inputs">Nodes it reads; <see cref="ExpansionScope.Failed"/> where that is unknown.</param>
/// <param name="Source">Source index of its findings.</param>
internal sealed record LayerCopy(
    LayerSpec Layer,
    LayerArguments Arguments,
    ExpansionScope Scope,
    int Index,
    string Name,
    string Module,
    string? BatchNormModule,
    string? ActivationModule,
    IReadOnlyList<int> Inputs,
    int Source)
{
    /// <summary>Whether it stands on the network itself, where the width multiplier applies.</summary>
    public bool IsNetworkLevel => Scope.Parent is null;
}
