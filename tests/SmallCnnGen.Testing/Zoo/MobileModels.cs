using System;
using System.Collections.Generic;
using SmallCnnGen.Zoo;

namespace SmallCnnGen.Testing.Zoo;

/// <summary>MobileNetV2, V3 and their relatives.</summary>
public sealed class MobileModels : IZooModels
{
    /// <inheritdoc/>
    public IEnumerable<(Type Network, string? Reference)> Models =>
    [
        (typeof(MobileNetV2), "mobilenet_v2_1.0"),
        (typeof(MobileNetV2W075), "mobilenet_v2_0.75"),
        (typeof(MobileNetV2W050), "mobilenet_v2_0.5"),
        (typeof(MobileNetV2R192), "mobilenet_v2_1.0_192"),
        (typeof(MobileNetV2R128), "mobilenet_v2_1.0_128"),
        (typeof(MobileNetV2R96), "mobilenet_v2_1.0_96"),
        (typeof(MobileNetV2W140), null),
        (typeof(MobileNetV3Large), "mobilenet_v3_large_1.0"),
        (typeof(MobileNetV3LargeW075), "mobilenet_v3_large_0.75"),
        (typeof(MobileNetV3LargeTorchvision), "mobilenet_v3_large_1.0"),
        (typeof(MobileNetV3LargeTorchvisionW075), null),
        (typeof(MobileNetV3Small), "mobilenet_v3_small_1.0"),
        (typeof(MobileNetV3SmallW075), null),
        (typeof(MobileNetV3SmallTorchvision), "mobilenet_v3_small_1.0"),
        (typeof(MobileNetV3SmallTorchvisionW075), "mobilenet_v3_small_0.75_tv"),
        (typeof(MnasNetA1), "mnasnet_a1"),
        (typeof(MnasNetB1), "mnasnet_1.0_tv"),
        (typeof(MnasNetB1W050), null),
        (typeof(MnasNetB1W075), null),
        (typeof(MnasNetB1W130), null),
        (typeof(EfficientNetB0), "efficientnet_b0"),
        (typeof(Igcv3D), "igcv3_d_1.0"),
        (typeof(ClcNetA), "clcnet_a"),
        (typeof(CondenseNet74G8), "condensenet74_g8"),
        (typeof(CondenseNet74G4), null),
        (typeof(NasNetAMobile), "nasnet_a_mobile"),
        (typeof(PnasNet5Mobile), null),
    ];
}
