using System;

namespace SmallCnnGen;

/// <summary>What every layer attribute shares: its name, its inputs and how often it is repeated.</summary>
/// <remarks>
/// Properties of type <see cref="object"/> take an <c>int</c> or a <c>string</c> with an integer expression over the
/// parameters of the block ("in * expand") or, outside a block, of the network (<see cref="ParameterAttribute"/>).
/// Sizes with two directions also take "height x width" ("1x7").
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    /// <summary>
    /// Name of the layer's result, for <see cref="From"/> and for the weights file. Names nest with dots and a
    /// <c>#</c> counts up ("blocks.#" becomes blocks.0, blocks.1, ...), from a number written after it ("layer#1" becomes
    /// layer1, layer2, ...). An unnamed layer is called by its position.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// Name of the layer whose result is the input, or several separated by commas. "input" is the input of the
    /// network (or, inside a block, of the block). Without it, the input is the layer before.
    /// </summary>
    public string? From { get; set; }

    /// <summary>
    /// Path of the layer's tensors in the weights file, as in PyTorch's state_dict, where it is not the layer's name.
    /// Inside a block it is relative to the block's own path.
    /// </summary>
    public string? Module { get; set; }

    /// <summary>How many copies of the layer follow each other: an <c>int</c> or an expression. The stride belongs to the first.</summary>
    public object Repeat { get; set; } = 1;

    /// <summary>A condition ("stride == 1"); when it is false the layer is left out. Useful inside blocks.</summary>
    public string? When { get; set; }
}
