using System.Collections.Generic;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Generators.Parsing;
using SmallCnnGen.Generators.Positions;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>Where findings and source positions, which part after parsing, meet again.</summary>
internal static class FindingLocator
{
    /// <summary>The findings of a network as diagnostics.</summary>
    public static IEnumerable<DiagnosticInfo> Locate(ParsedNetwork network, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var position = network.Positions.Find(finding.Source);

            // The architecture is a network too and says this itself; twenty variants need not repeat it.
            if (DiagnosticIds.IsWarning(finding.Id) && position.Origin == AttributeOrigin.Architecture)
                continue;

            // Where the squiggle is not under the network that has the problem, the message must name it.
            string message = position.Origin == AttributeOrigin.Own
                ? finding.Message
                : finding.Message + " (in network '" + network.Name + "')";

            // An architecture is right by itself where it says nothing: a variant must not repair it.
            var properties = position.Origin == AttributeOrigin.Architecture ? default : finding.Properties;
            yield return new DiagnosticInfo(finding.Id, message, position.Find(finding.Argument), properties);
        }
    }
}
