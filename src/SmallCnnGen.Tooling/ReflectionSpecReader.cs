using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Reflection;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Tooling;

/// <summary>
/// Reads a compiled, annotated type into a <see cref="NetworkSpec"/>: what the Roslyn parser does, without Roslyn, so that tools and
/// tests can take networks declared as users declare them. Attributes are read in metadata order, which is source order.
/// </summary>
public static class ReflectionSpecReader
{
    /// <summary>Reads a network.</summary>
    /// <typeparam name="T">A class with [Network].</typeparam>
    public static NetworkSpec Read<T>() => Read(typeof(T));

    /// <summary>Reads a network.</summary>
    /// <param name="type">A class with [Network].</param>
    /// <param name="vectorBits">Vector width of a network that does not set its own.</param>
    public static NetworkSpec Read(Type type, int vectorBits = 256)
    {
        var blocks = new SortedDictionary<string, BlockSpec?>(StringComparer.Ordinal);
        int source = 0;
        RefuseCircle(type);
        Type architecture = Architecture(type);
        EquatableArray<LayerSpec> layers = ReadLayers(architecture, type.Assembly, blocks, ref source);
        return new NetworkSpec(
            type.Namespace ?? string.Empty,
            new EquatableArray<string>(ContainingTypes(type)),
            type.Name,
            "public sealed",
            ReadOptions(type, vectorBits),
            layers,
            new EquatableArray<BlockSpec>(blocks.Values.Select(b => b!)),
            new EquatableArray<ParameterSpec>(ReadParameters(type, type.Assembly, ref source)),
            ReadBudget(type, ref source));
    }

    /// <summary>Reads one layer attribute; the blocks it needs are not collected.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="source">Its source index.</param>
    public static LayerSpec ReadLayer(CustomAttributeData attribute, int source)
    {
        Type type = attribute.AttributeType;
        bool isBlock = type.IsSubclassOf(typeof(BlockAttribute));
        ParameterInfo[] parameters = attribute.Constructor.GetParameters();
        IEnumerable<ArgumentSpec> positional = attribute.ConstructorArguments.Select((a, i) => new ArgumentSpec(parameters[i].Name!, Convert(a)));
        IEnumerable<ArgumentSpec> named = attribute.NamedArguments.Select(a => new ArgumentSpec(a.MemberName, Convert(a.TypedValue)));
        return new LayerSpec(
            isBlock ? type.FullName! : ShortName(type),
            isBlock,
            new EquatableArray<ArgumentSpec>(positional.Concat(named)),
            source);
    }

    /// <summary>Reads a block's declaration.</summary>
    /// <param name="type">A class derived from <see cref="BlockAttribute"/>.</param>
    public static BlockSpec ReadBlock(Type type)
    {
        int source = 0;
        return ReadBlock(type, type.Assembly, new SortedDictionary<string, BlockSpec?>(StringComparer.Ordinal), ref source);
    }

    /// <summary>A constant as the model has it.</summary>
    /// <param name="value">null, an integer, an enum's member, a real number, a bool, a string, or an array of these.</param>
    public static ArgumentValue Convert(object? value) => value switch
    {
        null => ArgumentValue.Null,
        bool b => ArgumentValue.Of(b),
        string s => ArgumentValue.Of(s),
        float f => ArgumentValue.Of((double)f),
        double d => ArgumentValue.Of(d),
        Enum e => OfType(Convert(System.Convert.ChangeType(e, Enum.GetUnderlyingType(e.GetType()), System.Globalization.CultureInfo.InvariantCulture)), e.GetType()),
        sbyte or byte or short or ushort or int or uint or long => ArgumentValue.Of(System.Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        Array items => ArgumentValue.Of(new EquatableArray<ArgumentValue>(items.Cast<object?>().Select(Convert))),
        _ => new ArgumentValue(ArgumentKind.Other, Text: value.ToString() ?? string.Empty),
    };

    private static ArgumentValue Convert(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        ReadOnlyCollection<CustomAttributeTypedArgument> items => ArgumentValue.Of(new EquatableArray<ArgumentValue>(items.Select(Convert))),
        { } value => OfType(Convert(value), argument.ArgumentType),
        null => ArgumentValue.Null,
    };

    // Metadata has an enum's member as its underlying integer.
    private static ArgumentValue OfType(ArgumentValue value, Type type) =>
        value.Kind == ArgumentKind.Integer && type.IsEnum ? ArgumentValue.Of(value.Integer, type.FullName!.Replace('+', '.')) : value;

    private static string ShortName(Type type) =>
        type.Name.EndsWith("Attribute", StringComparison.Ordinal) ? type.Name[..^"Attribute".Length] : type.Name;

    private static EquatableArray<LayerSpec> ReadLayers(Type type, Assembly home, SortedDictionary<string, BlockSpec?> blocks, ref int source)
    {
        var layers = new List<LayerSpec>();
        foreach (CustomAttributeData attribute in type.GetCustomAttributesData())
        {
            if (!attribute.AttributeType.IsSubclassOf(typeof(LayerAttribute)))
                continue;
            LayerSpec layer = ReadLayer(attribute, type.Assembly == home ? source++ : -1);
            layers.Add(layer);
            if (layer.IsBlock && !blocks.ContainsKey(layer.Kind))
            {
                // The entry exists before the body is read, so that a block inside itself ends.
                blocks.Add(layer.Kind, null);
                blocks[layer.Kind] = ReadBlock(attribute.AttributeType, home, blocks, ref source);
            }
        }

        return new EquatableArray<LayerSpec>(layers);
    }

    private static BlockSpec ReadBlock(Type type, Assembly home, SortedDictionary<string, BlockSpec?> blocks, ref int source)
    {
        ParameterInfo[] parameters = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters() ?? [];
        return new BlockSpec(
            type.FullName!,
            ShortName(type),
            new EquatableArray<BlockParameter>(parameters.Select(p => new BlockParameter(
                p.Name!,
                p.HasDefaultValue ? OfType(Convert(p.RawDefaultValue), p.ParameterType) : null,
                p.IsDefined(typeof(ChannelCountAttribute)),
                p.IsDefined(typeof(StageStrideAttribute)),
                p.IsDefined(typeof(LayerInputAttribute))))),
            ReadLayers(type, home, blocks, ref source));
    }

    private static List<ParameterSpec> ReadParameters(Type type, Assembly home, ref int source)
    {
        Type? parent = Network(type).Architecture;
        List<ParameterSpec> parameters = parent is null ? [] : ReadParameters(parent, home, ref source);
        int level = parent is null ? 0 : Level(parent) + 1;
        foreach (CustomAttributeData attribute in type.GetCustomAttributesData().Where(a => a.AttributeType == typeof(ParameterAttribute)))
        {
            parameters.Add(new ParameterSpec(
                attribute.ConstructorArguments[0].Value as string ?? string.Empty,
                Convert(attribute.ConstructorArguments[1]),
                level,
                type.Assembly == home ? source++ : -1));
        }

        return parameters;
    }

    private static BudgetSpec? ReadBudget(Type type, ref int source)
    {
        CustomAttributeData? budget = type.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType == typeof(BudgetAttribute));
        if (budget is null)
            return null;
        long? Limit(string name) => budget.NamedArguments.Where(a => a.MemberName == name).Select(a => (long?)a.TypedValue.Value).FirstOrDefault();
        return new BudgetSpec(Limit("MultiplyAdds"), Limit("Parameters"), Limit("ArenaBytes"), Limit("WeightBytes"), source++);
    }

    /// <summary>The generator refuses a network that is a variant of itself, but an assembly may come from elsewhere.</summary>
    private static void RefuseCircle(Type type)
    {
        var seen = new HashSet<Type>();
        for (Type? next = type; next is not null; next = Network(next).Architecture)
        {
            if (!seen.Add(next))
                throw new ArgumentException($"{type} is a variant of itself: {string.Join(" -> ", seen.Select(t => t.Name))} -> {next.Name}");
        }
    }

    private static int Level(Type type) => Network(type).Architecture is { } architecture ? Level(architecture) + 1 : 0;

    private static Type Architecture(Type type) => Network(type).Architecture is { } architecture ? Architecture(architecture) : type;

    private static NetworkAttribute Network(Type type) =>
        type.GetCustomAttribute<NetworkAttribute>() ?? throw new ArgumentException($"{type} has no [Network]");

    private static IEnumerable<string> ContainingTypes(Type type)
    {
        var types = new List<string>();
        for (Type? outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            types.Insert(0, "partial class " + outer.Name);
        return types;
    }

    private static NetworkOptions ReadOptions(Type type, int vectorBits)
    {
        CustomAttributeData data = type.GetCustomAttributesData().First(a => a.AttributeType == typeof(NetworkAttribute));
        Type? parent = Network(type).Architecture;
        NetworkOptions options = parent is null ? new NetworkOptions(0, 0, 0, VectorBits: vectorBits) : ReadOptions(parent, vectorBits);
        foreach (CustomAttributeNamedArgument argument in data.NamedArguments)
        {
            object value = argument.TypedValue.Value!;
            options = argument.MemberName switch
            {
                nameof(NetworkAttribute.Height) => options with { Height = (int)value },
                nameof(NetworkAttribute.Width) => options with { Width = (int)value },
                nameof(NetworkAttribute.Channels) => options with { Channels = (int)value },
                nameof(NetworkAttribute.WidthMultiplier) => options with { WidthMultiplier = (double)value },
                nameof(NetworkAttribute.ChannelDivisor) => options with { ChannelDivisor = (int)value },
                nameof(NetworkAttribute.ResolutionMultiplier) => options with { ResolutionMultiplier = (double)value },
                nameof(NetworkAttribute.VectorBits) => options with { VectorBits = (int)value },
                nameof(NetworkAttribute.SmallArena) => options with { Strips = (bool)value ? StripUse.SmallArena : StripUse.WhereFaster },
                nameof(NetworkAttribute.Threads) => options with { Threads = (int)value },
                nameof(NetworkAttribute.Trace) => options with { Trace = (bool)value },
                nameof(NetworkAttribute.Winograd) => options with { Winograd = (bool)value ? WinogradUse.WhereFaster : WinogradUse.Never },
                _ => throw new NotSupportedException($"[Network({argument.MemberName})]"),
            };
        }

        return options;
    }
}
