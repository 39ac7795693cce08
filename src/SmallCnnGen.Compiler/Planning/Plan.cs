using System.Collections.Generic;
using SmallCnnGen.Compiler.Ir;
using SmallCnnGen.Compiler.Kernels;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Planning;

/// <summary>Where a map lives.</summary>
public enum Storage
{
    /// <summary>The caller's input span.</summary>
    Input,

    /// <summary>The caller's output span.</summary>
    Output,

    /// <summary>The instance's arena.</summary>
    Arena,
}

/// <summary>The place of a map: all of a buffer, or some channels of each of its pixels.</summary>
/// <param name="Storage">Which memory.</param>
/// <param name="Input">For <see cref="Storage.Input"/>: which input.</param>
/// <param name="Offset">Floats from the start of that memory to the map's first element.</param>
/// <param name="Tensor">Shape and pitch.</param>
public readonly record struct Placement(Storage Storage, int Input, int Offset, TensorRef Tensor)
{
    /// <summary>
    /// Floats from <see cref="Offset"/> to each channel, for a map whose channels do not lie side by side in order (a
    /// shuffled, split or joined one that takes no memory of its own); empty for others.
    /// </summary>
    public EquatableArray<int> Channels { get; init; }
}

/// <summary>One kernel call.</summary>
/// <param name="Node">Node whose result it makes.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Inputs">Maps it reads.</param>
/// <param name="Output">Map it writes.</param>
/// <param name="WeightOffset">Floats from the start of the packed weights; -1 without weights.</param>
/// <param name="Bindings">How its weights are packed.</param>
/// <param name="IsCopy">Whether it only moves data that a better plan would have in place.</param>
public sealed record Step(
    Node Node,
    KernelSpec Kernel,
    IReadOnlyList<Placement> Inputs,
    Placement Output,
    int WeightOffset,
    IReadOnlyList<WeightBinding> Bindings,
    bool IsCopy)
{
    /// <summary>Floats from the start of the arena to the kernel's scratch memory, the first thread's; -1 without.</summary>
    public int ScratchOffset { get; init; } = -1;

    /// <summary>How many threads may compute it at once, each with scratch memory of its own.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Where the kernel also writes the mean of each row of its result, one pixel a row; null where it does not.</summary>
    public Placement? RowMeans { get; init; }

    /// <summary>The chain it runs in strip by strip, or null.</summary>
    public StripChain? Chain { get; init; }
}

/// <summary>A region of the arena and the steps during which it is in use.</summary>
/// <param name="Name">Node it was made for.</param>
/// <param name="Offset">Floats from the start of the arena.</param>
/// <param name="Length">Floats.</param>
/// <param name="FirstStep">Step that writes it first.</param>
/// <param name="LastStep">Step that reads it last.</param>
public sealed record ArenaRegion(string Name, int Offset, int Length, int FirstStep, int LastStep);

/// <summary>Everything the emitter needs: kernels chosen, places fixed, weights laid out.</summary>
/// <param name="Graph">The optimised graph.</param>
/// <param name="Bits">Register width in bits.</param>
/// <param name="Steps">Kernel calls in order.</param>
/// <param name="Places">Place of each node's result, by node id.</param>
/// <param name="Regions">Regions of the arena.</param>
/// <param name="ArenaFloats">Size of the arena.</param>
/// <param name="ArenaLowerBound">Largest sum of regions in use at once: no plan can need less.</param>
/// <param name="WeightFloats">Size of the packed weights.</param>
/// <param name="Tensors">Tensors the weights file must have, in order of first use.</param>
public sealed record Plan(
    Graph Graph,
    int Bits,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<Placement> Places,
    IReadOnlyList<ArenaRegion> Regions,
    int ArenaFloats,
    int ArenaLowerBound,
    int WeightFloats,
    EquatableArray<TensorDeclaration> Tensors)
{
    /// <summary>The lower bound if every map existed whole: what row strips save is measured against it.</summary>
    public int WholeMapsLowerBound { get; init; }
}
