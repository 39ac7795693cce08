using System.Linq;
using SmallCnnGen.Compiler.Ir;

namespace SmallCnnGen.Compiler.Critique;

/// <summary>A 1x1 convolution that widens, a depthwise convolution, and a 1x1 convolution that narrows again.</summary>
/// <param name="Expand">The first.</param>
/// <param name="Depthwise">The second.</param>
/// <param name="Project">The third.</param>
internal sealed record InvertedResidual(CritiqueLayer Expand, CritiqueLayer Depthwise, CritiqueLayer Project)
{
    /// <summary>The unit that begins with a layer, or null. Squeeze-and-excitation may stand before the projection.</summary>
    public static InvertedResidual? Find(CritiqueContext context, CritiqueLayer expand)
    {
        if (!expand.IsPointwise || expand.Output.Channels <= expand.Input.Channels)
            return null;
        CritiqueLayer? depthwise = context.Readers(expand).FirstOrDefault(r => r.IsDepthwise);
        if (depthwise is null || context.Readers(expand).Count != 1)
            return null;
        foreach (CritiqueLayer reader in context.Readers(depthwise))
        {
            CritiqueLayer? project = reader.Node.Op is MultiplyOp ? context.Readers(reader).FirstOrDefault() : reader;
            if (project is { IsPointwise: true } && project.Output.Pixels > 1 && project.Output.Channels < project.Input.Channels)
                return new InvertedResidual(expand, depthwise, project);
        }

        return null;
    }
}
