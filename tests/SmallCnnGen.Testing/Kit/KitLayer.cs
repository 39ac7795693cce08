using System;
using System.Linq;
using System.Text.Json;

namespace SmallCnnGen.Testing.Kit;

/// <summary>One layer of a kit graph: the fields all ops share, and the op's own attributes by name.</summary>
public sealed class KitLayer
{
    private readonly JsonElement _json;

    /// <summary>Reads a layer.</summary>
    public KitLayer(JsonElement json)
    {
        _json = json;
        Name = Required("name").GetString()!;
        Op = Required("op").GetString()!;
        Module = json.TryGetProperty("module", out JsonElement module) ? module.GetString() : null;
        Inputs = Required("inputs").EnumerateArray().Select(i => i.GetString()!).ToArray();
        OutShape = Integers("out_shape");
    }

    /// <summary>Name of the result.</summary>
    public string Name { get; }

    /// <summary>Operation.</summary>
    public string Op { get; }

    /// <summary>Prefix of its tensors, if it has one.</summary>
    public string? Module { get; }

    /// <summary>Names of the layers (or inputs) read.</summary>
    public string[] Inputs { get; }

    /// <summary>[N, C, H, W] or [N, C].</summary>
    public int[] OutShape { get; }

    /// <summary>Names of the attributes that only this op has.</summary>
    public string[] Attributes => _json.EnumerateObject().Select(p => p.Name)
        .Except(["name", "op", "module", "inputs", "out_shape", "in_shape", "madds", "params"]).ToArray();

    /// <summary>Whether an attribute is there.</summary>
    public bool Has(string name) => _json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A list of integers; a single number counts as a list of one.</summary>
    public int[] Integers(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(i => i.GetInt32()).ToArray() : [value.GetInt32()];
    }

    /// <summary>An integer.</summary>
    public int Integer(string name) => Required(name).GetInt32();

    /// <summary>An integer, or a default.</summary>
    public int Integer(string name, int otherwise) => Has(name) ? Integer(name) : otherwise;

    /// <summary>A number, or a default.</summary>
    public double Number(string name, double otherwise) => Has(name) ? Required(name).GetDouble() : otherwise;

    /// <summary>A truth value, or a default.</summary>
    public bool Flag(string name, bool otherwise = false) => Has(name) ? Required(name).GetBoolean() : otherwise;

    /// <summary>A string, or a default.</summary>
    public string Text(string name, string otherwise) => Has(name) ? Required(name).GetString()! : otherwise;

    private JsonElement Required(string name) =>
        _json.TryGetProperty(name, out JsonElement value) ? value : throw new FormatException($"a kit layer has no '{name}': {_json.GetRawText()}");
}
