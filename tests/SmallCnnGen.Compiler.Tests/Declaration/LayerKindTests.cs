using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using SmallCnnGen.Compiler.Declaration;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Tooling;
using Xunit;

namespace SmallCnnGen.Compiler.Tests.Declaration;

/// <summary>The compiler's table of layers against the attribute classes a user sees.</summary>
public class LayerKindTests
{
    private static readonly Type[] Attributes = typeof(LayerAttribute).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(LayerAttribute)) && !t.IsAbstract && !t.IsSubclassOf(typeof(BlockAttribute)))
        .ToArray();

    [Fact]
    public void EveryAttribute_IsAKindAndEveryKindAnAttribute() =>
        Assert.Equal(
            Attributes.Select(t => t.Name[..^"Attribute".Length]).Order(StringComparer.Ordinal),
            LayerKinds.All.Select(k => k.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryArgument_HasItsNameAndDefault()
    {
        foreach (Type type in Attributes)
        {
            LayerKind kind = LayerKinds.Find(type.Name[..^"Attribute".Length])!;
            ConstructorInfo constructor = Assert.Single(type.GetConstructors());
            ParameterInfo[] parameters = constructor.GetParameters();
            PropertyInfo[] properties = type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ToArray();

            IEnumerable<string> declared = parameters.Select(p => p.Name!).Concat(properties.Select(p => p.Name));
            Assert.Equal(declared.Order(StringComparer.Ordinal), kind.Arguments.Select(a => a.Name).Order(StringComparer.Ordinal));

            object?[] values = parameters.Select(p => p.ParameterType.IsArray ? Array.CreateInstance(p.ParameterType.GetElementType()!, 0) : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();
            object instance = constructor.Invoke(values);
            foreach (PropertyInfo property in properties)
            {
                ArgumentValue expected = ReflectionSpecReader.Convert(property.GetValue(instance));
                Assert.True(expected == kind.Find(property.Name)!.Default, $"{type.Name}.{property.Name}: {expected} but the table has {kind.Find(property.Name)!.Default}");
            }
        }
    }
}
