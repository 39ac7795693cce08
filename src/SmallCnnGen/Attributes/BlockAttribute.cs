using System;

namespace SmallCnnGen;

/// <summary>
/// Base of blocks: an attribute class whose own layer attributes are its body. The constructor's parameters can be
/// used in the body's expressions; <c>in</c> is the block's input channels, <c>inHeight</c> and <c>inWidth</c> its size,
/// and <c>index</c> the number of the copy, from 0, where the block is repeated.
/// </summary>
/// <example>
/// <code>
/// [Conv("squeeze", Kernel = 1, Name = "s")]
/// [Conv("expand", Kernel = 1, From = "s", Name = "e1")]
/// [Conv("expand", Kernel = 3, From = "s", Name = "e3")]
/// [Concat("e1", "e3")]
/// public sealed class FireAttribute(int squeeze, int expand) : BlockAttribute;
/// </code>
/// </example>
public abstract class BlockAttribute : LayerAttribute;

/// <summary>Marks a block's parameter as a channel count: the network's width multiplier scales what is passed to it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ChannelCountAttribute : Attribute;

/// <summary>
/// Marks a block's string parameter as a further input of the block: it is given the name of a layer, and in the body it
/// stands for that layer's result. In the body's expressions it is that layer's channels; the same name followed by
/// <c>Height</c> and <c>Width</c> is its size.
/// </summary>
/// <example>
/// <code>
/// [Conv("previous", Kernel = 1, Stride = "inHeight == previousHeight ? 1 : 2", From = "previous", Name = "skip")]
/// [Add("input")]
/// public sealed class CellAttribute([LayerInput] string previous) : BlockAttribute;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LayerInputAttribute : Attribute;

/// <summary>Marks a block's parameter as a stride: with <see cref="LayerAttribute.Repeat"/>, copies after the first get 1.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StageStrideAttribute : Attribute;
