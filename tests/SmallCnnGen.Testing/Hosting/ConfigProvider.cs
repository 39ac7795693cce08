using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallCnnGen.Testing.Hosting;

/// <summary>Passes build properties the way MSBuild does, and the keys of an .editorconfig.</summary>
internal sealed class ConfigProvider(HostOptions options) : AnalyzerConfigOptionsProvider
{
    /// <inheritdoc/>
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(options.BuildProperties, null);

    /// <summary>What an .editorconfig says of a file.</summary>
    public static AnalyzerConfigOptionsResult Find(HostOptions options, SyntaxTree tree) =>
        AnalyzerConfigSet.Create(new List<AnalyzerConfig> { AnalyzerConfig.Parse(options.EditorConfig, "/.editorconfig") })
            .GetOptionsForSourcePath("/" + tree.FilePath);

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) =>
        options.EditorConfig.Length == 0 ? GlobalOptions : new Options(options.BuildProperties, Find(options, tree).AnalyzerOptions);

    /// <inheritdoc/>
    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Options(IReadOnlyDictionary<string, string> properties, IReadOnlyDictionary<string, string>? keys) : AnalyzerConfigOptions
    {
        private const string Prefix = "build_property.";

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return key.StartsWith(Prefix, StringComparison.Ordinal)
                ? properties.TryGetValue(key[Prefix.Length..], out value)
                : keys is not null && keys.TryGetValue(key, out value);
        }
    }
}

/// <summary>Severities as an .editorconfig sets them.</summary>
internal sealed class ConfigSeverities(HostOptions options) : SyntaxTreeOptionsProvider
{
    /// <inheritdoc/>
    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

    /// <inheritdoc/>
    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        ConfigProvider.Find(options, tree).TreeOptions.TryGetValue(diagnosticId, out severity);

    /// <inheritdoc/>
    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
    {
        severity = ReportDiagnostic.Default;
        return false;
    }
}
