using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>The descendants of ResNet.</summary>
public sealed class ResNetDescendantModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(ResNeXt50), "resnext50_32x4d"),
        (typeof(ResNeXt101), null),
        (typeof(WideResNet22x1), null),
        (typeof(WideResNet22x2), "resnet_cifar_22_2"),
        (typeof(WideResNet22x4), null),
        (typeof(WideResNet50x2), null),
        (typeof(PyramidNet), "pyramidnet_cifar"),
        (typeof(SeResNet50), null),
        (typeof(DenseNet121), "densenet121"),
        (typeof(DenseNet169), null),
        (typeof(DenseNet201), null),
    ];
}
